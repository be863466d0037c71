"""《调解案件登记册》 E3: closed cases of old books come in with their facts, as far as the book tells them.

The columns are the ledger's own. The book names neither the committee nor the facts of the dispute: the
committee is chosen at the upload or written in a column more, a brief that is missing is said to be missing.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from admin_app import policy
from admin_app.exports.ledgers.case_register import CASE_REGISTER
from admin_app.imports.cells import Misread, Reading, day_of, names_of, narrow, squeezed, text_of
from admin_app.imports.reader import Raw
from admin_app.imports.sheet import Asking, Item, Sheet, Values, declare, items
from admin_app.models.cases import Case, CaseMediator
from admin_app.models.fields import field_of
from admin_app.models.mediators import Mediator
from admin_app.operations.cases import arrived
from admin_app.operations.given import Given, Line
from admin_app.rules.cases import APPLICANT, RESPONDENT

NO_BRIEF = "原《调解案件登记册》没有记载纠纷简要情况。"
PERSON, ORGANISATION = "01", "02"  # code table party_kind
_ORGANISATION = re.compile(r"(公司|厂|医院|学校|委员会|合作社|中心|局|政府|银行|店|社)$")
_LIMIT = re.compile(r"(?:于|在|限)?(\d{2,4}[-./年]\d{1,2}[-./月]\d{1,2}日?|\d{8})(?:之前|以前|前|止)?")
_MADE_UP = frozenset({"parties", "mediators"})


def _names(name: str) -> Any:
    def take(reading: Reading, raw: Raw) -> Values:
        names = names_of(text_of(raw))
        return {name: names} if names else {}

    return take


def _terms(reading: Reading, raw: Raw) -> Values:
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


ITEMS = items(
    CASE_REGISTER.columns,
    Item("committee_id", "承办调委会", field_of(Case, "committee_id"), ("调委会", "调解组织", "承办单位")),
    Item(
        "brief", "纠纷简要情况", field_of(Case, "brief"), ("简要情况", "案情", "案情简介", "纠纷事由", "事由")
    ),
    Item("registered_on", "登记日期", field_of(Case, "registered_on"), ("登记时间",)),
    Item("agreed_on", "协议日期", field_of(Case, "agreed_on"), ("达成协议日期", "协议签订日期")),
    Item("agreement", "协议内容", field_of(Case, "agreement"), ("协议主要内容",)),
    needed=("accepted_on", "kind", "source"),
    also={
        "number": ("案件编号", "编号", "卷号", "受理编号", "案件号"),
        "accepted_on": ("受理时间", "受案时间", "受案日期", "受理登记日期"),
        "kind": ("纠纷类别", "案件类型", "纠纷种类", "类型"),
        "source": ("来源", "受理方式"),
        "difficulty": ("难度等级", "难度", "难易程度"),
        "people": ("当事人数", "人数", "涉及当事人数"),
        "mediated_on": ("调解时间", "调处日期"),
        "place": ("地点",),
        "result": ("结果", "调处结果", "是否成功"),
        "form": ("协议类型",),
        "agreement_number": ("协议书编号", "调解协议编号"),
        "amount": ("协议涉及金额", "涉案金额", "金额", "标的", "标的额"),
        "fulfilment": ("协议履行情况", "是否履行"),
        "confirmation": ("是否司法确认",),
        "visited_on": ("回访时间",),
        "closed_on": ("结案时间", "办结日期", "办结时间"),
    },
    read={
        "当事人": Item(
            "parties",
            "当事人",
            also=("当事人姓名", "双方当事人", "当事人双方", "纠纷当事人"),
            needed=True,
            take=_names("parties"),
        ),
        "人民调解员": Item(
            "mediators",
            "人民调解员",
            also=("调解员", "调解员姓名", "承办调解员", "调解人", "承办人", "主持人"),
            take=_names("mediators"),
        ),
        "履行方式、时限": Item(
            "terms", "履行方式、时限", also=("履行方式", "履行期限", "履行时限"), take=_terms
        ),
    },
)


def _key(values: Values) -> Any:
    """The number; else place, day and names. Two like lines without a place cannot be told apart."""
    if values.get("number"):
        return values["number"]
    return (
        values.get("committee_id"),
        values.get("accepted_on"),
        tuple(values.get("parties", ())),
        values.get("kind"),
    )


def _find(asking: Asking, rows: Sequence[Values]) -> list[Any]:
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
        names = "、".join(row.get("parties", ()))[:300]
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


def _present(asking: Asking, case: Any, names: Iterable[str]) -> Values:
    """What a record says to the same columns."""
    values = {name: getattr(case, name) for name in names if name not in _MADE_UP}
    if "parties" in names:
        values["parties"] = [each.name for each in case.parties]
    if "mediators" in names:
        values["mediators"] = [each.mediator.name for each in case.mediators]
    return values


def _given(asking: Asking, values: Values, case: Any) -> Given:
    """As a form would give it. The first party applies, the others answer."""
    plain = {name: value for name, value in values.items() if name not in _MADE_UP}
    lines: dict[str, list[Line]] = {}
    if case is None:
        plain.setdefault("registered_on", plain["accepted_on"])
        plain.setdefault("brief", NO_BRIEF)
        if plain.get("people") is not None:
            plain["people"] = max(plain["people"], len(values["parties"]))
    if "parties" in values:
        lines["parties"] = _parties(values["parties"], case)
    if "mediators" in values:
        committee = case.committee_id if case is not None else plain["committee_id"]
        lines["mediators"] = _mediators(asking, values["mediators"], committee, case)
    return Given(plain, lines)


def _parties(names: list[str], case: Any) -> list[Line]:
    if case is None:
        return [
            Line(
                None,
                {
                    "side": RESPONDENT if index else APPLICANT,
                    "kind": ORGANISATION if _ORGANISATION.search(name) else PERSON,
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


def _taken(asking: Asking, rows: Sequence[Values]) -> list[tuple[str, str] | None]:
    """A number stands once, wherever it stands; what has it is not told."""
    numbers = {row["number"] for row in rows if row.get("number")}
    held = (
        set(asking.session.scalars(select(Case.number).where(Case.number.in_(numbers)))) if numbers else set()
    )
    sentence = "这个案号不能用，请核对（回收站里的案件也占着案号）"
    return [("number", sentence) if row.get("number") in held else None for row in rows]


def _alike(asking: Asking, rows: Sequence[Values]) -> list[str]:
    """New lines whose parties have a case of the same kind accepted on the same day, under another number."""
    days = {row.get("accepted_on") for row in rows} - {None}
    if not days:
        return [""] * len(rows)
    visible = policy.visible(Case, asking.actor, "case.import")
    names = {"、".join(row.get("parties", ()))[:300] for row in rows}
    query = select(Case.names, Case.accepted_on, Case.kind, Case.number).where(
        Case.accepted_on.in_(days), Case.names.in_(names), visible, Case.removed_at.is_(None)
    )
    known = {(each.names, each.accepted_on, each.kind): each.number for each in asking.session.execute(query)}
    found = []
    for row in rows:
        key = "、".join(row.get("parties", ()))[:300], row.get("accepted_on"), row.get("kind")
        found.append(f"可能重复：同一天、同样当事人的案件已有{known[key] or ''}" if key in known else "")
    return found


def _enters(asking: Asking, case: Any, words: str) -> None:
    arrived(asking.session, asking.actor, case, note=words)


CASES = declare(
    Sheet(
        name="cases",
        label="调解案件登记册",
        word="case",
        items=ITEMS,
        key=_key,
        find=_find,
        given=_given,
        present=_present,
        alike=_alike,
        taken=_taken,
        enters=_enters,
        placed="committee_id",
        parts={"parties": "parties", "mediators": "mediators", "performance": "terms", "perform_by": "terms"},
        blank={"difficulty": "1", "risk": "1"},
        note="按案号认案件；没有案号的，按承办调委会、受理日期、当事人和纠纷类型认。有结案日期的导入为“已结案”，"
        "其余按调解结果和日期定阶段。已结案的案件不能再用导入修改。",
        examples=(
            {
                "number": "（2019）某某村人调字第0001号",
                "accepted_on": "2019年3月5日",
                "parties": "王某某、赵某某",
                "kind": "2",
                "source": "1",
                "difficulty": "1",
                "people": 2,
                "mediators": "张某某",
                "mediated_on": "2019.3.8",
                "place": "村调解室",
                "result": "1",
                "form": "1",
                "amount": 2000,
                "terms": "赔偿损失，2019-04-01前",
                "fulfilment": "03",
                "closed_on": "20190410",
                "committee_id": "某某村人民调解委员会",
            },
            {
                "accepted_on": "19-5-6",
                "parties": "钱某某、某某公司",
                "kind": "10",
                "source": "2",
                "result": "2",
                "closed_on": "2019-06-01",
                "committee_id": "某某村人民调解委员会",
            },
        ),
    )
)
