"""A list: its whole state in the URL, one scoped query, a total order, pages of one cost at any depth."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, inspect, select
from sqlalchemy.orm import Session, load_only, selectinload
from sqlalchemy.sql.base import ExecutableOption
from werkzeug.datastructures import MultiDict

from admin_app import policy
from admin_app.models.base import Named
from admin_app.models.codes import codebook
from admin_app.models.fields import Field, fields_of
from admin_app.models.registry import Register
from admin_app.models.units import Unit
from admin_app.models.users import User
from admin_app.models.wording import wording
from admin_app.operations.edges import Key, Order, read_edge
from admin_app.operations.inbox import GROUP, Group, groups_of
from admin_app.operations.inbox import conditions as waits_in
from admin_app.operations.pages import COUNT_CAP, Lines, Page, Turning, alternatives
from admin_app.operations.search import matches, searched
from admin_app.rules.choices import Choice
from admin_app.rules.dates import SOON, parse_day, today
from admin_app.rules.search import LONGEST_ASKED, asked
from admin_app.views.addresses import address
from admin_app.views.typed import clean, whole

SIZES = (10, 20, 50, 100)
USUAL_SIZE = 20
LONGEST_TYPED = 100
LAST = "last"
FARTHEST = 2**31  # a page beyond the end becomes the last one
_KEPT = ("unit", "todo", "q", "sort", "size", "page", "edge")


class Due(Choice):
    """How a list asks for deadlines that still run."""

    LATE = "late", "已超期"
    SOON = "soon", "快到期或已超期"


@dataclass(frozen=True)
class Question:
    """What was asked of the search of everything, and, as SQL, that a record was found by it."""

    typed: str
    found: ColumnElement[bool]


@dataclass
class ListState:
    """What the URL of a list says, cleaned: filters, unit, order, page; `notices` tell what was ignored.

    `todo` narrows it to a group of the person's inbox; `edge` is the line from which the page is reached;
    `found` are the filters that the search answers, as SQL.
    """

    register: Register
    filters: dict[str, Any] = field(default_factory=dict)
    typed: MultiDict[str, str] = field(default_factory=MultiDict)
    unit: Unit | None = None
    todo: Group | None = None
    question: Question | None = None
    sort: str = ""
    size: int = USUAL_SIZE
    page: int = 1
    edge: str = ""
    bin: bool = False
    found: dict[str, ColumnElement[bool]] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)

    def pairs(self, **changes: Any) -> list[tuple[str, str]]:
        """The state as query parameters; a change of anything but the page goes back to page one."""
        state: dict[str, Any] = {
            "unit": self.unit.id if self.unit else None,
            "todo": self.todo.name if self.todo else None,
            "q": self.question.typed if self.question else None,
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
    _search(session, user, state)
    _read_question(session, user, state, clean(args.get("q"), LONGEST_ASKED))
    _read_sort(state, args.get("sort", ""))
    size = whole(args.get("size"))
    state.size = size if size in SIZES else USUAL_SIZE
    state.page = FARTHEST if args.get("page") == LAST else max(1, whole(args.get("page")) or 1)
    state.edge = args.get("edge", "")
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


def _search(session: Session, user: User, state: ListState) -> None:
    """What is sought by a name or number is asked of the index, within the scope of the list."""
    action = f"{state.register.word}.{'restore' if state.bin else 'see'}"
    path = state.unit.path if state.unit else ""
    for each in queried(state.register):
        if each.say.sought and each.name in state.filters:
            groups = asked(state.filters[each.name], (each.say.sought,))
            if groups:
                state.found[each.name] = matches(session, user, state.register, groups, (action,), path)
            else:
                del state.filters[each.name]
                text = state.typed.pop(each.name)
                state.notices.append(
                    f"“{each.label}”要写一个汉字、两个字母或一个数字以上，已忽略：{text[:20]}"
                )


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


def _read_question(session: Session, user: User, state: ListState, typed: str) -> None:
    groups = asked(typed)
    if groups and state.register in searched() and not state.bin:
        path, actions = state.unit.path if state.unit else "", (f"{state.register.word}.see",)
        state.question = Question(typed, matches(session, user, state.register, groups, actions, path))
    elif typed:
        state.notices.append(f"这里不能按“{typed[:20]}”搜索，已显示全部。")


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
        found.append(
            _condition(state.register, name, value) if name not in state.found else state.found[name]
        )
    if state.question is not None:
        found.append(state.question.found)
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


def lines(user: User, state: ListState) -> Lines:
    """The rows of the list within its person's scope: the one source of its pages and of their count."""
    model = state.register.model
    removed = model.removed_at.is_not(None) if state.bin else model.removed_at.is_(None)
    scope = policy.visible(model, user, f"{state.register.word}.restore" if state.bin else "")
    todo = waits_in(user, state.todo) if state.todo else []
    return Lines(model, alternatives(scope), (removed, *todo, *conditions(state)))


def order(state: ListState) -> Order:
    """The order with the id as tie-break, in the direction of the last column so that one index serves it.

    A list asked for by a deadline begins with what is late longest.
    """
    return _keys(state.register.model, [state.sort] if state.sort else _usual(state))


def _usual(state: ListState) -> list[str]:
    deadlines = [name for name, value in state.filters.items() if isinstance(value, Due)]
    return deadlines or list(state.register.order)


def _keys(model: Any, names: list[str]) -> Order:
    keys = [Key(_sorted_by(model, each.removeprefix("-")), each.startswith("-")) for each in names]
    if names[-1].removeprefix("-") != "id":
        keys.append(Key(model.id, keys[-1].down))
    return tuple(keys)


def _sorted_by(model: Any, name: str) -> Any:
    """The column behind an order: names stand in the order of their pinyin."""
    return model.spelling if name == "name" and issubclass(model, Named) else getattr(model, name)


def served(state: ListState) -> bool:
    """Whether the indexes of the scope have the order that was chosen."""
    names = tuple(each.column.key for each in order(state))
    late = any(isinstance(value, Due) for value in state.filters.values())
    kept = (index.info for index in state.register.model.__table__.indexes if "order" in index.info)
    return any(each["order"] == names and each["by"] == ("waiting" if late else "") for each in kept)


def fetch(session: Session, user: User, state: ListState, shown: list[Field]) -> Page:
    """The page the state asks for."""
    found = lines(user, state)
    if state.sort and not served(state):
        if found.count(session, COUNT_CAP + 1) > COUNT_CAP:
            state.notices.append(f"超过 {COUNT_CAP} 条，不能按这一列排序；请先选单位或者加条件。")
            state.sort = ""
        else:
            found = found.few(_keys(state.register.model, _usual(state)))
    keys = order(state)
    turning = Turning(session, found, keys, state.size, _loaded(state, shown, keys))
    page = turning.page(state.page, read_edge(state.edge, keys))
    state.page = page.number
    return page


def _loaded(state: ListState, shown: list[Field], keys: Order) -> tuple[ExecutableOption, ...]:
    """Only the columns that the list shows, sorts by or is titled with; of the links theirs."""
    model = state.register.model
    names = {each.name for each in shown} | {each.column.key for each in keys}
    links = [
        selectinload(getattr(model, each.relation)).load_only(*_columns(each.target, set()))
        for each in shown
        if each.kind == "link"
    ]
    return load_only(*_columns(model, names)), *links


def _columns(model: Any, names: set[str]) -> list[Any]:
    """These columns of a model, and those that its verbs set: they tell what a record is. No others."""
    filled = (each for each in fields_of(model) if not each.say.listed and each.say.form != "never")
    left = {each.name for each in filled} - names - {model.dated}
    return [getattr(model, name) for name, _ in inspect(model).columns.items() if name not in left]


def filter_words(session: Session, state: ListState) -> tuple[str, ...]:
    """The filters as people read them: 「阶段：调解中」."""
    fields = {each.name: each for each in queried(state.register)}
    found = [f"搜索：{state.question.typed}"] if state.question else []
    for name, value in state.filters.items():
        stem, end = (name[:-5], "不早于 ") if name.endswith("_from") else (name, "")
        if name.endswith("_to"):
            stem, end = name[:-3], "不晚于 "
        each = fields[stem if stem in fields else name]
        words = value.label if isinstance(value, Due) else wording(session, each, value)
        found.append(f"{each.label}：{end}{words}")
    return tuple(found)
