"""A pasted list of people becomes lines of a training: looked at as a whole, then written as a whole."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, selectinload

from admin_app import history, policy
from admin_app.models.mediators import Mediator
from admin_app.models.trainings import Attendance, Training
from admin_app.models.users import User
from admin_app.operations import rolls
from admin_app.operations.records import saved_once
from admin_app.rules import name_lists as rules
from admin_app.rules.findings import Finding
from admin_app.rules.name_lists import Named
from admin_app.rules.refusals import NotNow, RecordRefused
from admin_app.rules.scans import Reads
from admin_app.rules.trainings import Mark


@dataclass(frozen=True)
class Entry:
    """One line of the list: whom it means, or why that cannot be told. `known`: stands there already."""

    place: int
    text: str
    person: Mediator | None = None
    mark: Mark = Mark.CAME
    hours: Decimal = Decimal(0)
    known: bool = False
    fault: str = ""


def look(session: Session, actor: User, training: Training, text: str) -> list[Entry]:
    """Every line of the list with what would become of it."""
    policy.demand(actor, "training.attend", training)
    if len(text) > rules.LONGEST:
        raise RecordRefused([Finding("text", "名单太长了，请分几次粘贴")])
    found = [
        (place, cells)
        for place, cells in enumerate(rules.lines(text), start=1)
        if any(cells) and not (place == 1 and rules.is_heading(cells))
    ]
    if not found:
        raise RecordRefused([Finding("text", "名单是空的，请先粘贴，一人一行")])
    if len(found) > rules.MOST_LINES:
        raise RecordRefused([Finding("text", f"一次最多 {rules.MOST_LINES} 行，请分几次粘贴")])
    read = [(place, cells, rules.named(cells)) for place, cells in found]
    people = _People(session, actor, [named for _, _, named in read])
    listed = session.scalars(select(Attendance.mediator_id).where(Attendance.training_id == training.id))
    return _entries(training, read, people, set(listed))


def _entries(
    training: Training, read: Sequence[tuple[int, list[str], Named]], people: "_People", listed: set[int]
) -> list[Entry]:
    entries: list[Entry] = []
    first: dict[int, int] = {}
    for place, cells, named in read:
        text = "　".join(cells)[:80]
        person, fault = people.meant(named)
        if person is None:
            entries.append(Entry(place, text, fault=fault))
            continue
        if person.id in first:
            entries.append(Entry(place, text, fault=f"和第 {first[person.id]} 行是同一个人"))
            continue
        first[person.id] = place
        hours = training.hours if named.hours is None else named.hours
        entries.append(Entry(place, text, person, named.mark or Mark.CAME, hours, person.id in listed))
    return entries


class _People:
    """The mediators whom a list may mean, read at once."""

    def __init__(self, session: Session, actor: User, names: Sequence[Named]) -> None:
        self._by: dict[tuple[Reads, str], list[Mediator]] = defaultdict(list)
        wanted: dict[Reads, set[str]] = defaultdict(set)
        for each in names:
            if each.number:
                wanted[each.number.reads].add(each.number.text)
            if each.name:
                wanted[Reads.NAME].add(each.name)
        columns = {
            Reads.PHONE: Mediator.phone,
            Reads.ID_NUMBER: Mediator.id_number,
            Reads.NAME: Mediator.name,
        }
        where = [columns[reads].in_(texts) for reads, texts in wanted.items() if texts]
        query = (
            select(Mediator)
            .where(policy.visible(Mediator, actor), Mediator.removed_at.is_(None), or_(*where))
            .options(selectinload(Mediator.committee))
            .order_by(Mediator.id)
        )
        for person in session.scalars(query) if where else ():
            for reads, column in columns.items():
                self._by[reads, getattr(person, column.key) or ""].append(person)

    def meant(self, named: Named) -> tuple[Mediator | None, str]:
        """The one person, or why there is none."""
        if named.fault:
            return None, named.fault
        if named.number:
            found = self._by[named.number.reads, named.number.text]
            same = [each for each in found if not named.name or each.name == named.name]
            if found and not same:
                return None, f"{named.number.reads.label}是{found[0].name}的，姓名不同，请核对"
        else:
            same = self._by[Reads.NAME, named.name]
            if len(same) > 1 and named.place:
                same = [each for each in same if named.place in str(each.committee)]
        if not same:
            return None, "名册里没有找到，或者不在您的管辖范围内"
        if len(same) > 1:
            return None, f"有 {len(same)} 个同名的，请加上手机号或身份证号"
        return same[0], ""


def write(session: Session, actor: User, training: Training, text: str) -> int:
    """Put everybody of the list on it; who stands there already is marked as the list says. All or nobody."""
    rolls.demand_open(session, actor, training)
    entries = look(session, actor, training, text)
    wrong = [each for each in entries if each.person is None]
    if wrong:
        raise NotNow(f"名单里有 {len(wrong)} 行还有问题，一行也没有登记。请改好再试。")
    for each in entries:
        assert each.person is not None
        line = rolls.line_of(session, training, each.person.id) if each.known else None
        line = line or Attendance(training=training, mediator=each.person)
        line.mark, line.hours = each.mark, each.hours
        session.add(line)
    history.note(session, history.Action.ATTEND, record=training, words=f"粘贴名单，{len(entries)} 人")
    with saved_once():
        session.flush()
    return len(entries)
