"""A list: its whole state in the URL, one scoped query, stable order, a capped count."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import Session, selectinload
from werkzeug.datastructures import MultiDict

from admin_app import policy
from admin_app.models.base import Named
from admin_app.models.codes import codebook
from admin_app.models.fields import Field
from admin_app.models.registry import Register
from admin_app.models.units import Unit
from admin_app.models.users import User
from admin_app.models.wording import wording
from admin_app.operations.inbox import GROUP, Group, groups_of
from admin_app.operations.inbox import conditions as waits_in
from admin_app.rules.choices import Choice
from admin_app.rules.dates import SOON, parse_day, today
from admin_app.views.addresses import address
from admin_app.views.typed import clean, whole

SIZES = (10, 20, 50, 100)
USUAL_SIZE = 20
LONGEST_TYPED = 100
COUNT_CAP = 10_000  # beyond it the count reads 「10000+」 and the list asks to be narrowed
_KEPT = ("unit", "todo", "sort", "size", "page")


class Due(Choice):
    """How a list asks for deadlines that still run."""

    LATE = "late", "已超期"
    SOON = "soon", "快到期或已超期"


@dataclass
class ListState:
    """What the URL of a list says, cleaned: filters, unit, order, page; `notices` tell what was ignored.

    `todo` narrows it to a group of the person's inbox.
    """

    register: Register
    filters: dict[str, Any] = field(default_factory=dict)
    typed: MultiDict[str, str] = field(default_factory=MultiDict)
    unit: Unit | None = None
    todo: Group | None = None
    sort: str = ""
    size: int = USUAL_SIZE
    page: int = 1
    bin: bool = False
    notices: list[str] = field(default_factory=list)

    def pairs(self, **changes: Any) -> list[tuple[str, str]]:
        """The state as query parameters; a change of anything but the page goes back to page one."""
        state: dict[str, Any] = {
            "unit": self.unit.id if self.unit else None,
            "todo": self.todo.name if self.todo else None,
            "sort": self.sort or None,
            "size": self.size if self.size != USUAL_SIZE else None,
            "page": self.page if self.page > 1 and not changes else None,
        }
        state.update(changes)
        kept = [(name, str(value)) for name, value in state.items() if value is not None]
        return [*((name, value) for name, value in self.typed.items(multi=True) if value), *kept]

    def url(self, **changes: Any) -> str:
        """The address of this list with some of its state changed."""
        view = "bin" if self.bin else "index"
        return address(f"{self.register.word}.{view}", self.pairs(**changes))


def queried(register: Register) -> list[Field]:
    """The fields of the query bar."""
    return [each for each in register.fields if each.say.queried]


def sortable(register: Register) -> set[str]:
    """The fields a list may be sorted by: their order is served by an index or the register is small."""
    return {each.name for each in register.fields if each.say.sortable}


def read_state(
    session: Session, user: User, register: Register, args: MultiDict[str, str], *, bin_: bool = False
) -> ListState:
    """The state in the URL. What is unknown or makes no sense is ignored, and said."""
    state = ListState(register, bin=bin_)
    fields = {each.name: each for each in queried(register)}
    known = {*_KEPT, *(name for each in fields.values() for name in parameters(each))}
    for name in args:
        if name not in known:
            state.notices.append(f"网址里有不认识的条件“{name[:20]}”，已忽略。")
    for each in fields.values():
        _read_filter(session, user, state, each, args)
    _read_unit(session, user, state, args.get("unit", ""))
    _read_todo(user, state, args.get("todo", ""))
    _read_sort(state, args.get("sort", ""))
    size = whole(args.get("size"))
    state.size = size if size in SIZES else USUAL_SIZE
    state.page = max(1, whole(args.get("page")) or 1)
    return state


def _read_filter(
    session: Session, user: User, state: ListState, each: Field, args: MultiDict[str, str]
) -> None:
    for name in parameters(each):
        text = clean(args.get(name), LONGEST_TYPED)
        if not text:
            continue
        try:
            value = _parse(session, each, text)
        except ValueError:
            state.notices.append(f"查询条件“{each.label}”填得不对，已忽略：{text[:20]}")
            continue
        if each.kind == "link" and not _seen(session, user, each, value):
            state.notices.append(f"查询条件“{each.label}”不在您的管辖范围内，已忽略。")
            continue
        state.typed[name], state.filters[name] = text, value


def _seen(session: Session, user: User, each: Field, record_id: int) -> bool:
    """Whether a list may be narrowed to this record: its title stands in the query bar."""
    target: Any = each.target
    query = select(target.id).where(target.id == record_id, policy.visible(target, user))
    return session.scalar(query) is not None


def parameters(each: Field) -> tuple[str, ...]:
    """The names under which a field is asked for: a day has two ends, a deadline is late or soon."""
    if each.kind == "date" and not each.say.deadline:
        return f"{each.name}_from", f"{each.name}_to"
    return (each.name,)


def _parse(session: Session, each: Field, text: str) -> Any:
    if each.say.deadline:
        return Due(text)
    match each.kind:
        case "date":
            return parse_day(text)
        case "integer" | "link":
            number = whole(text)
            if number is None:
                raise ValueError(text)
            return number
        case "yes":
            if text not in ("1", "0"):
                raise ValueError(text)
            return text == "1"
        case "code" if not codebook(session).knows(each.say.codes, text):
            raise ValueError(text)
        case "choice":
            assert each.choices is not None
            return each.choices(text)
        case _:
            return text


def _read_unit(session: Session, user: User, state: ListState, text: str) -> None:
    if not text:
        return
    if not hasattr(state.register.model, "under"):
        state.notices.append("这张表不按单位筛选，单位条件已忽略。")
        return
    state.unit = policy.find(session, user, Unit, whole(text))


def _read_todo(user: User, state: ListState, text: str) -> None:
    if not text:
        return
    group = GROUP.get(text)
    if group is None or group.word != state.register.word or state.bin or group not in groups_of(user):
        state.notices.append("没有这一类待办，已显示全部。")
        return
    state.todo = group


def _read_sort(state: ListState, text: str) -> None:
    if not text:
        return
    if text.removeprefix("-") in sortable(state.register):
        state.sort = text
    else:
        state.notices.append("不能按这一列排序，已按默认顺序显示。")


def conditions(state: ListState, *, unit: bool = True) -> list[ColumnElement[bool]]:
    """The filters of the state as SQL over the register's own columns; `unit` False leaves the unit out."""
    model = state.register.model
    found: list[ColumnElement[bool]] = []
    if unit and state.unit is not None:
        found.append(model.under(state.unit.path))
    for name, value in state.filters.items():
        found.append(_condition(state.register, name, value))
    return found


def _condition(register: Register, name: str, value: Any) -> ColumnElement[bool]:
    model = register.model
    if name.endswith("_from") and isinstance(value, date):
        return getattr(model, name.removesuffix("_from")) >= value
    if name.endswith("_to") and isinstance(value, date):
        return getattr(model, name.removesuffix("_to")) <= value
    column = getattr(model, name)
    if isinstance(value, Due):
        until = today() if value is Due.LATE else today() + timedelta(days=SOON + 1)
        return and_(model.waiting(), column < until)
    kind = next(each.kind for each in register.fields if each.name == name)
    if kind == "text":
        return column.contains(value, autoescape=True)
    return column == value


def query(user: User, state: ListState) -> Select[Any]:
    """The scoped rows of the list, unordered: the one source for rows, count and export."""
    model = state.register.model
    removed = model.removed_at.is_not(None) if state.bin else model.removed_at.is_(None)
    action = f"{state.register.word}.restore" if state.bin else ""
    todo = waits_in(user, state.todo) if state.todo else []
    return select(model).where(policy.visible(model, user, action), removed, *todo, *conditions(state))


def order(state: ListState) -> list[ColumnElement[Any]]:
    """The order with the id as tie-break, in the direction of the last column so that one index serves it.

    A list asked for by a deadline begins with what is late longest.
    """
    deadlines = [name for name, value in state.filters.items() if isinstance(value, Due)]
    names = [state.sort] if state.sort else deadlines or list(state.register.order)
    columns, down = [], False
    for name in names:
        down = name.startswith("-")
        column = _sorted_by(state.register.model, name.removeprefix("-"))
        columns.append(column.desc() if down else column.asc())
    if names[-1].removeprefix("-") != "id":
        tie = state.register.model.id
        columns.append(tie.desc() if down else tie.asc())
    return columns


def _sorted_by(model: Any, name: str) -> Any:
    """The column behind an order: names stand in the order of their pinyin."""
    return model.spelling if name == "name" and issubclass(model, Named) else getattr(model, name)


@dataclass(frozen=True)
class Found:
    """One page of rows. `count` is exact up to `COUNT_CAP`; above it `capped`."""

    rows: list[Any]
    count: int
    capped: bool
    pages: int


def fetch(session: Session, user: User, state: ListState, shown: list[Field]) -> Found:
    """The page the state asks for; a page beyond the end becomes the last one."""
    base = query(user, state)
    capped = base.with_only_columns(state.register.model.id).limit(COUNT_CAP + 1).subquery()
    count = session.scalar(select(func.count()).select_from(capped)) or 0
    over = count > COUNT_CAP
    count = min(count, COUNT_CAP)
    pages = max(1, -(-count // state.size))
    state.page = min(state.page, pages)
    links = [
        selectinload(getattr(state.register.model, each.relation)) for each in shown if each.kind == "link"
    ]
    rows = session.scalars(
        base.options(*links).order_by(*order(state)).limit(state.size).offset((state.page - 1) * state.size)
    ).all()
    return Found(list(rows), count, over, pages)


def filter_words(session: Session, state: ListState) -> tuple[str, ...]:
    """The filters as people read them: 「阶段：调解中」."""
    fields = {each.name: each for each in queried(state.register)}
    found = []
    for name, value in state.filters.items():
        stem, end = (name[:-5], "不早于 ") if name.endswith("_from") else (name, "")
        if name.endswith("_to"):
            stem, end = name[:-3], "不晚于 "
        each = fields[stem if stem in fields else name]
        words = value.label if isinstance(value, Due) else wording(session, each, value)
        found.append(f"{each.label}：{end}{words}")
    return tuple(found)
