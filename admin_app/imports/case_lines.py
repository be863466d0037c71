"""What the books of cases share: finding a case again, its parties and mediators, how it enters its life."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from admin_app import policy
from admin_app.imports.cells import Misread, Reading, day_of, names_of, narrow, squeezed, text_of
from admin_app.imports.reader import Raw
from admin_app.imports.sheet import Asking, Item, Values
from admin_app.models.cases import Case, CaseMediator, Party
from admin_app.models.fields import field_of
from admin_app.models.mediators import Mediator
from admin_app.operations.cases import arrived
from admin_app.operations.given import Given, Line
from admin_app.rules.cases import APPLICANT, RESPONDENT

NO_BRIEF = "原《调解案件登记册》没有记载纠纷简要情况。"
PERSON, ORGANISATION = "01", "02"  # code table party_kind
_ORGANISATION = re.compile(r"(公司|厂|医院|学校|委员会|合作社|中心|局|政府|银行|店|社)$")
_LIMIT = re.compile(r"(?:于|在|限)?(\d{2,4}[-./年]\d{1,2}[-./月]\d{1,2}日?|\d{8})(?:之前|以前|前|止)?")
SIDES = (("applicant", "申请人", APPLICANT), ("respondent", "被申请人", RESPONDENT))
BLOCK = ("sex", "id_number", "phone", "address", "occupation", "birth_on", "ethnicity")  # asked of each side
_CALLED = {
    "applicant": ("申请人", "甲方", "当事人甲", "当事人1", "当事人一", "当事人"),
    "respondent": ("被申请人", "乙方", "当事人乙", "当事人2", "当事人二", "对方当事人"),
}
PARTS = {
    "parties": "parties",
    "parties-0": "applicant_name",
    "mediators": "mediators",
    "performance": "terms",
    "perform_by": "terms",
}  # where the findings of the rules stand in the books
_MADE_UP = frozenset({"parties", "mediators"})
_BLOCKS = tuple(f"{side}_" for side, _, _ in SIDES)


def sides(*asked: str, more: Mapping[str, tuple[str, ...]] | None = None) -> tuple[Item, ...]:
    """The columns of both sides, as the registers of acceptance and of oral cases have them."""
    found = []
    for side, label, _ in SIDES:
        also = tuple(f"{each}{tail}" for each in _CALLED[side] for tail in ("", "姓名"))
        found.append(
            Item(f"{side}_name", f"{label}姓名", also=also, needed=side == "applicant", take=_name(side))
        )
        for each in asked:
            field = field_of(Party, each)
            spelt = tuple(f"{label}{word}" for word in (more or {}).get(each, ()))
            found.append(Item(f"{side}_{each}", f"{label}{field.label}", field, spelt))
        found.append(Item("", f"{label}年龄", told=True))
    return tuple(found)


def _name(side: str) -> Any:
    def take(reading: Reading, raw: Raw) -> Values:
        name = squeezed(text_of(raw))
        return {f"{side}_name": name} if name else {}

    return take


def parties_of(values: Values) -> list[str]:
    """Who quarrels, however the book tells it."""
    if "parties" in values:
        return list(values["parties"])
    return [values[f"{side}_name"] for side, _, _ in SIDES if values.get(f"{side}_name")]


def names(name: str) -> Any:
    def take(reading: Reading, raw: Raw) -> Values:
        names = names_of(text_of(raw))
        return {name: names} if names else {}

    return take


def terms(reading: Reading, raw: Raw) -> Values:
    """履行方式、时限 in one cell: a day is the limit, what else there is the way."""
    text = squeezed(text_of(raw))
    values: Values = {}
    found = _LIMIT.search(narrow(text))
    if found:
        try:
            values["perform_by"] = day_of(found[1])
            text = _LIMIT.sub("", narrow(text), count=1)
        except Misread:
            pass
    way = text.strip(" \n、，,;；。（）()")
    if way:
        values["performance"] = reading.word("performance_way", way)
    return values


def key(values: Values) -> Any:
    """The number; else place, day and names. Two like lines without a place cannot be told apart."""
    if values.get("number"):
        return values["number"]
    return (
        values.get("committee_id"),
        values.get("accepted_on"),
        tuple(parties_of(values)),
        values.get("kind"),
    )


def find(asking: Asking, rows: Sequence[Values]) -> list[Any]:
    """By the number; a line without one by its committee, its day and its parties."""
    numbers = {row["number"] for row in rows if row.get("number")}
    by_number = {each.number: each for each in _seen(asking, Case.number.in_(numbers))} if numbers else {}
    nameless = [row for row in rows if not row.get("number") and row.get("committee_id")]
    by_names: dict[Any, list[Case]] = defaultdict(list)
    if nameless:
        days = {row.get("accepted_on") for row in nameless}
        where = Case.accepted_on.in_(days), Case.committee_id.in_({row["committee_id"] for row in nameless})
        for case in _seen(asking, *where):
            by_names[case.committee_id, case.accepted_on, case.names, case.kind].append(case)
    found = []
    for row in rows:
        if row.get("number"):
            found.append(by_number.get(row["number"]))
            continue
        names = "、".join(parties_of(row))[:300]
        same = by_names.get((row.get("committee_id"), row.get("accepted_on"), names, row.get("kind")), [])
        found.append(same[0] if len(same) == 1 else None)
    return found


def _seen(asking: Asking, *where: Any) -> Iterable[Case]:
    visible = policy.visible(Case, asking.actor, "case.import")
    query = select(Case).where(*where, visible, Case.removed_at.is_(None)).order_by(Case.id)
    return asking.session.scalars(
        query.options(
            selectinload(Case.parties), selectinload(Case.mediators).selectinload(CaseMediator.mediator)
        )
    )


def present(asking: Asking, case: Any, names: Iterable[str]) -> Values:
    """What a record says to the same columns."""
    found: Values = {}
    for name in names:
        if name == "parties":
            found[name] = [each.name for each in case.parties]
        elif name == "mediators":
            found[name] = [each.mediator.name for each in case.mediators]
        elif name.startswith(_BLOCKS):
            side, _, field = name.partition("_")
            party = _of_side(case, side)
            found[name] = getattr(party, field) if party is not None else None
        else:
            found[name] = getattr(case, name)
    return found


def _of_side(case: Any, side: str) -> Any:
    """The first party of a side."""
    code = {name: code for name, _, code in SIDES}[side]
    return next((each for each in case.parties if each.side == code), None)


def given(asking: Asking, values: Values, case: Any) -> Given:
    """As a form would give it. The first party applies, the others answer."""
    plain = {n: v for n, v in values.items() if n not in _MADE_UP and not n.startswith(_BLOCKS)}
    lines: dict[str, list[Line]] = {}
    if case is None:
        parties = parties_of(values)
        plain.setdefault("registered_on", plain["accepted_on"])
        plain.setdefault("brief", NO_BRIEF)
        if plain.get("people") is not None:
            plain["people"] = max(plain["people"], len(parties))
    if "parties" in values:
        lines["parties"] = _parties(values["parties"], case)
    elif any(name.startswith(_BLOCKS) for name in values):
        lines["parties"] = _blocks(values, case)
    if "mediators" in values:
        committee = case.committee_id if case is not None else plain["committee_id"]
        lines["mediators"] = _mediators(asking, values["mediators"], committee, case)
    return Given(plain, lines)


def _blocks(values: Values, case: Any) -> list[Line]:
    """Each side with what the book tells of it; parties beside the first of a known case stay as they are."""
    lines = [] if case is None else [Line(each.id, {}) for each in case.parties]
    known = {line.id: line for line in lines}
    for side, _, code in SIDES:
        told = {
            name.partition("_")[2]: value for name, value in values.items() if name.startswith(f"{side}_")
        }
        if not told:
            continue
        party = _of_side(case, side) if case is not None else None
        if party is not None:
            known[party.id].values.update(told)
        elif told.get("name"):
            lines.append(Line(None, {"side": code, "kind": _kind(told["name"]), **told}))
    return lines


def _kind(name: str) -> str:
    return ORGANISATION if _ORGANISATION.search(name) else PERSON


def _parties(names: list[str], case: Any) -> list[Line]:
    if case is None:
        return [
            Line(
                None,
                {
                    "side": RESPONDENT if index else APPLICANT,
                    "kind": _kind(name),
                    "name": name,
                },
            )
            for index, name in enumerate(names)
        ]
    if len(names) != len(case.parties):
        raise Misread(
            f"当事人原来是 {len(case.parties)} 方，表里是 {len(names)} 方：请在案件页面上修改", item="parties"
        )
    return [Line(party.id, {"name": name}) for party, name in zip(case.parties, names, strict=True)]


def _mediators(asking: Asking, names: list[str], committee_id: int, case: Any) -> list[Line]:
    known = {each.mediator_id: each.id for each in case.mediators} if case is not None else {}
    roster = _roster(asking)
    lines = []
    for name in names:
        ids = roster.get((committee_id, narrow(name)), [])
        if len(ids) != 1:
            why = "不止一个" if ids else "名册里没有"
            raise Misread(
                f"承办调委会叫“{name[:20]}”的调解员{why}：请先导入或登记调解员，再导入案件", item="mediators"
            )
        line = Line(known.get(ids[0]), {} if ids[0] in known else {"mediator_id": ids[0]})
        lines.append(line)
    return lines


def _roster(asking: Asking) -> dict[tuple[int, str], list[int]]:
    """Mediators by committee and name, read once for an import; those who have left, too."""
    if "roster" not in asking.kept:
        roster: dict[tuple[int, str], list[int]] = defaultdict(list)
        visible = policy.visible(Mediator, asking.actor)
        query = select(Mediator.id, Mediator.committee_id, Mediator.name)
        for row in asking.session.execute(query.where(visible, Mediator.removed_at.is_(None))):
            roster[row.committee_id, narrow(row.name)].append(row.id)
        asking.kept["roster"] = roster
    found: dict[tuple[int, str], list[int]] = asking.kept["roster"]
    return found


def taken(asking: Asking, rows: Sequence[Values]) -> list[tuple[str, str] | None]:
    """A number stands once, wherever it stands; what has it is not told."""
    numbers = {row["number"] for row in rows if row.get("number")}
    held = (
        set(asking.session.scalars(select(Case.number).where(Case.number.in_(numbers)))) if numbers else set()
    )
    sentence = "这个案号不能用，请核对（回收站里的案件也占着案号）"
    return [("number", sentence) if row.get("number") in held else None for row in rows]


def alike(asking: Asking, rows: Sequence[Values]) -> list[str]:
    """New lines whose parties have a case of the same kind accepted on the same day, under another number."""
    days = {row.get("accepted_on") for row in rows} - {None}
    if not days:
        return [""] * len(rows)
    visible = policy.visible(Case, asking.actor, "case.import")
    names = {"、".join(parties_of(row))[:300] for row in rows}
    query = select(Case.names, Case.accepted_on, Case.kind, Case.number).where(
        Case.accepted_on.in_(days), Case.names.in_(names), visible, Case.removed_at.is_(None)
    )
    known = {(each.names, each.accepted_on, each.kind): each.number for each in asking.session.execute(query)}
    found = []
    for row in rows:
        key = "、".join(parties_of(row))[:300], row.get("accepted_on"), row.get("kind")
        found.append(f"可能重复：同一天、同样当事人的案件已有{known[key] or ''}" if key in known else "")
    return found


def enters(asking: Asking, case: Any, words: str) -> None:
    arrived(asking.session, asking.actor, case, note=words)
