"""What the books of cases share: finding a case again, its parties and mediators, how it enters its life."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import selectinload

from admin_app import policy
from admin_app.exports.columns import Column, Part, labels, leaves
from admin_app.imports.cells import Misread, Reading, day_of, names_of, narrow, squeezed, text_of
from admin_app.imports.people import mediator_named
from admin_app.imports.reader import Raw
from admin_app.imports.sheet import Asking, Item, Take, Values
from admin_app.models.cases import Case, CaseMediator, Party
from admin_app.models.fields import Field, field_of
from admin_app.operations.cases import arrived
from admin_app.operations.checks import STARS
from admin_app.operations.given import Given, Line
from admin_app.rules.cases import APPLICANT, RESPONDENT

NO_BRIEF = "原《调解案件登记册》没有记载纠纷简要情况。"
NOT_TOLD = "原登记册没有记载"
PERSON, ORGANISATION = "01", "02"  # code table party_kind
_ORGANISATION = re.compile(r"(公司|厂|医院|学校|委员会|合作社|中心|局|政府|银行|店|社)$")
_LIMIT = re.compile(r"(?:于|在|限)?(\d{2,4}[-./年]\d{1,2}[-./月]\d{1,2}日?|\d{8})(?:之前|以前|前|止)?")
_DECLINED = re.compile(
    r"不(?:予)?受理[\s：:，,、；;（(]*(.*?)[）)。]*(?:[；;，,。]\s*已告知[：:]?\s*(.*))?", re.DOTALL
)
# The sides of a case, and what their columns are called; "people" are the parties of both.
_LABELS = {"people": "", "applicant": "申请人", "respondent": "被申请人"}
_SIDES = {"applicant": APPLICANT, "respondent": RESPONDENT}
_CALLED = {
    "people": ("当事人", "双方当事人"),
    "applicant": ("申请人", "甲方", "当事人甲", "当事人1", "当事人一"),
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
_BLOCKS = tuple(f"{side}_" for side in _LABELS)


def sides(columns: Sequence[Part], also: Mapping[str, tuple[str, ...]] | None = None) -> dict[str, Item]:
    """The items of a ledger's columns of parties by their headings: one party a line in the cell."""
    found = {}
    for label, column in zip(labels(columns), leaves(columns), strict=True):
        if column.stacked:
            side = next((each for each, word in _LABELS.items() if word and label.startswith(word)), "people")
            found[label] = _of_party(side, label, column, also or {})
    return found


def _of_party(side: str, label: str, column: Column, also: Mapping[str, tuple[str, ...]]) -> Item:
    if column.field is not None:
        return of_side(side, column.field.name, label, also)
    if column.kind == "integer":  # the age follows from the birth date
        return Item("", label, told=True)
    called = (label, *(f"{each}{tail}" for each in _CALLED[side] for tail in ("", "姓名")))
    head = f"{_LABELS[side] or '当事人'}姓名"
    return Item(f"{side}_name", head, also=called, take=_lines(side, field_of(Party, "name")))


def of_side(side: str, name: str, label: str = "", also: Mapping[str, tuple[str, ...]] | None = None) -> Item:
    """The column of one fact of a side's parties."""
    field, word = field_of(Party, name), _LABELS[side]
    spelt = tuple(f"{word}{each}" for each in (field.label, *(also or {}).get(name, ())))
    return Item(f"{side}_{name}", label or f"{word}{field.label}", field, spelt, take=_lines(side, field))


def _lines(side: str, field: Field) -> Take:
    """One party a line; what is blank of one keeps its place. Names may stand side by side, too."""
    item = Item(field.name, field.label, field)

    def take(reading: Reading, raw: Raw) -> Values:
        texts = [squeezed(each) for each in raw.split("\n")] if isinstance(raw, str) else [raw]
        if field.name == "name" and len(texts) == 1:
            texts = list(names_of(text_of(raw)))
        told = [reading.value(item, each, None) for each in texts]
        return {f"{side}_{field.name}": told} if any(told) else {}

    return take


def lacks(values: Values) -> list[tuple[str, str]]:
    """A case without parties is none; one that was not taken up was registered on some day."""
    found = [] if parties_of(values) else [("applicant_name", "请填写当事人的姓名")]
    if "decline_reason" in values and "registered_on" not in values:
        found.append(("accepted_on", "不予受理的，请在受理日期这一列填登记的日期"))
    return found


def parties_of(values: Values) -> list[str]:
    """Who quarrels, however the book tells it."""
    if "parties" in values:
        return list(values["parties"])
    return [name for side in _LABELS for name in values.get(f"{side}_name", ()) if name]


def names(name: str) -> Any:
    def take(reading: Reading, raw: Raw) -> Values:
        names = names_of(text_of(raw))
        return {name: names} if names else {}

    return take


def terms(reading: Reading, raw: Raw) -> Values:
    """履行方式、时限 in one cell: a day is the limit, what else there is the way."""
    text = squeezed(text_of(raw))
    values: Values = {}
    found = _LIMIT.search(tight := narrow(text))
    if found:
        try:
            values["perform_by"] = day_of(found[1])
            text = tight[: found.start()] + tight[found.end() :]
        except Misread:
            pass
    way = text.strip(" \n、，,;；。（）()")
    if way:
        values["performance"] = reading.word("performance_way", way)
    return values


def decision(reading: Reading, raw: Raw) -> Values:
    """受理, or 不予受理 with its reason and where else the people were told to turn."""
    found = _DECLINED.fullmatch(squeezed(text_of(raw)))
    if found is None:
        return {}
    if not found[1]:
        raise Misread("不予受理的，请写明理由，例如：不予受理：一方当事人明确拒绝调解")
    values: Values = {"decline_reason": reading.word("decline_reason", found[1])}
    return values | ({"told_channel": found[2]} if found[2] else {})


def tidy(values: Values) -> Values:
    """Whoever was turned away has a day of registration and none of acceptance."""
    if "decline_reason" in values and "accepted_on" in values:
        values.setdefault("registered_on", values.pop("accepted_on"))
    return values


def excused(values: Values) -> frozenset[str]:
    """What the book need not tell of a case that was not taken up."""
    return frozenset({"accepted_on"} if "decline_reason" in values else ())


def key(values: Values) -> Any:
    """The number; else place, day and names. Two like lines without a place cannot be told apart."""
    if values.get("number"):
        return values["number"]
    if "accepted_on" not in values:
        return None
    return (
        values.get("committee_id"),
        values.get("accepted_on"),
        tuple(parties_of(values)),
        values.get("kind"),
        values.get("agreement_number"),
    )


def find(asking: Asking, rows: Sequence[Values]) -> list[Any]:
    """By the number, the agreement's number; else by committee, day, parties and kind.

    Lines that are not taken up yet have neither: each stands for one case of its parties.
    """
    by_number = _by(asking, rows, "number")
    unnumbered = [row for row in rows if not row.get("number")]
    by_agreement = _by(asking, unnumbered, "agreement_number")
    by_names = _by_names(asking, unnumbered)
    found = []
    for row in rows:
        same = by_number.get(row.get("number"), [])
        if not row.get("number"):
            same = by_agreement.get(row.get("agreement_number"), []) or by_names.get(_named(row), [])
        undated = "accepted_on" not in row
        found.append(same.pop(0) if len(same) == 1 or (same and undated) else None)
    return found


def _by(asking: Asking, rows: Sequence[Values], name: str) -> dict[Any, list[Case]]:
    told = {row[name] for row in rows if row.get(name)}
    found: dict[Any, list[Case]] = defaultdict(list)
    for case in _seen(asking, getattr(Case, name).in_(told)) if told else ():
        found[getattr(case, name)].append(case)
    return found


def _by_names(asking: Asking, rows: Sequence[Values]) -> dict[Any, list[Case]]:
    found: dict[Any, list[Case]] = defaultdict(list)
    placed = [row for row in rows if row.get("committee_id")]
    if placed:
        committees = {row["committee_id"] for row in placed}
        days = {row["accepted_on"] for row in placed if row.get("accepted_on")}
        when = or_(Case.accepted_on.in_(days), Case.accepted_on.is_(None))
        for case in _seen(asking, Case.committee_id.in_(committees), _of_parties(placed), when):
            found[case.committee_id, case.accepted_on, case.names, case.kind].append(case)
    return found


def _of_parties(rows: Sequence[Values]) -> ColumnElement[bool]:
    """The cases of just these parties, found by the names of the first: many cases share a day."""
    first = {names[0] for row in rows if (names := parties_of(row))}
    theirs = select(Party.case_id).where(Party.name.in_(first))
    return and_(Case.id.in_(theirs), Case.names.in_({_joined(row) for row in rows}))


def _named(row: Values) -> Any:
    return row.get("committee_id"), row.get("accepted_on"), _joined(row), row.get("kind")


def _joined(row: Values) -> str:
    """The parties as a case bears them."""
    return "、".join(parties_of(row))[:300]


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
            found[name] = [getattr(each, field) for each in _of_side(case, side)]
        else:
            found[name] = getattr(case, name)
    return found


def _of_side(case: Any, side: str) -> list[Any]:
    """The parties of a side, or of all."""
    return [each for each in case.parties if side == "people" or each.side == _SIDES[side]]


def given(asking: Asking, values: Values, case: Any) -> Given:
    """As a form would give it. The first party applies, the others answer."""
    plain = {n: v for n, v in values.items() if n not in _MADE_UP and not n.startswith(_BLOCKS)}
    lines: dict[str, list[Line]] = {}
    if case is None:
        parties = parties_of(values)
        plain.setdefault("registered_on", plain.get("accepted_on"))
        if "decline_reason" in plain:
            plain.setdefault("told_channel", NOT_TOLD)
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
    """Each party with what the book tells of it; a known case keeps its parties."""
    lines = [] if case is None else [Line(each.id, {}) for each in case.parties]
    known = {line.id: line for line in lines}
    for side in _LABELS:
        told = {n.partition("_")[2]: v for n, v in values.items() if n.startswith(f"{side}_")}
        if told and case is not None:
            for party, own in zip(_of_side(case, side), _each(told, side, _of_side(case, side)), strict=True):
                known[party.id].values.update(own)
        elif told.get("name"):
            for index, own in enumerate(_each(told, side, told["name"])):
                part = _SIDES.get(side) or (RESPONDENT if index else APPLICANT)
                lines.append(Line(None, {"side": part, "kind": _kind(own["name"]), **own}))
    return lines


def _each(told: dict[str, list[Any]], side: str, people: Sequence[Any]) -> list[Values]:
    """What is told of each party; blanks and masked values tell nothing new."""
    if any(len(lines) > len(people) for lines in told.values()):
        label = _LABELS[side] or "当事人"
        raise Misread(
            f"{label}是 {len(people)} 方，这里写了更多行，请核对", item=f"{side}_{next(iter(told))}"
        )
    return [
        {
            name: lines[index]
            for name, lines in told.items()
            if index < len(lines) and lines[index] is not None and STARS not in str(lines[index])
        }
        for index in range(len(people))
    ]


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
    ids = [mediator_named(asking, committee_id, name, item="mediators") for name in names]
    return [Line(known.get(each), {} if each in known else {"mediator_id": each}) for each in ids]


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
    query = select(Case.names, Case.accepted_on, Case.kind, Case.number).where(
        _of_parties(rows), Case.accepted_on.in_(days), visible, Case.removed_at.is_(None)
    )
    known = {(each.names, each.accepted_on, each.kind): each.number for each in asking.session.execute(query)}
    found = []
    for row in rows:
        key = _joined(row), row.get("accepted_on"), row.get("kind")
        found.append(f"可能重复：同一天、同样当事人的案件已有{known[key] or ''}" if key in known else "")
    return found


def enters(asking: Asking, case: Any, words: str) -> None:
    arrived(asking.session, asking.actor, case, note=words)
