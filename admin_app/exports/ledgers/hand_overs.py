"""《移送委托登记册》 and the letters with their receipts (formats.md 3.4; no public sample: [C])."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.exports.columns import Group, Line, asked_of, column, ordinal, said
from admin_app.exports.joining import mediator_names
from admin_app.exports.layout import Block, Box, Layout
from admin_app.exports.ledger import Ledger, Records, declare
from admin_app.exports.sides import group, sides
from admin_app.models.cases import Case
from admin_app.models.committees import Committee
from admin_app.models.fields import field_of
from admin_app.models.hand_overs import HandOver
from admin_app.models.wording import wording
from admin_app.rules.cases import Stage
from admin_app.rules.hand_overs import LINKED, Way

_PERSON = (
    ("name", "姓名", 8),
    ("sex", "性别", 4),
    ("age", "年龄", 4),
    ("address", "住址", 14),
    ("phone", "电话", 12.5),
)
LETTER = (
    said(HandOver, "number", 13, "编号"),
    column("to", "致（接收单位）", 12),
    column("from", "移送单位", 12),
    said(Case, "kind", 8.5, "案由"),
    column("linked", "移送类别", 8.5),
    group("申请人", "applicant", *_PERSON),
    group("被申请人", "respondent", *_PERSON),
    column("situation", "基本情况", 24),
    said(HandOver, "agreed", 6, "当事人是否同意调解", centred=True),
    said(HandOver, "enclosed", 12),
    said(HandOver, "due_on", 10.2),
    said(HandOver, "contact", 10),
    said(HandOver, "sent_on", 10.2, "日期"),
)
RECEIPT = (
    column("received_on", "收到日期", 10.2, kind="date"),
    column("accepted", "是否受理", 5, centred=True),
    column("refusal", "不予受理理由", 12),
    column("mediators", "承办调解员", 8),
    said(Case, "result", 6, centred=True),
    said(Case, "agreement_number", 13),
    said(Case, "closed_on", 10.2),
    said(HandOver, "answer", 14),
    said(HandOver, "answered_on", 10.2),
)
COLUMNS = (ordinal(), *LETTER, Group("回执", RECEIPT))
_FACTS = (
    *asked_of(HandOver, COLUMNS),
    *(HandOver.id, HandOver.case_id, HandOver.way, HandOver.agency, HandOver.agency_kind),
    *asked_of(Case, COLUMNS),
    *(HandOver.explanation, Case.brief, Case.stage, Case.registered_on, Case.accepted_on),
    *(Case.decline_reason, Committee.name.label("committee")),
)


def load(session: Session, ids: Sequence[int]) -> dict[int, Line]:
    """The lines of these hand-overs: three queries, however many."""
    query = (
        select(*_FACTS)
        .join(Case, Case.id == HandOver.case_id)
        .join(Committee, Committee.id == HandOver.committee_id)
        .where(HandOver.id.in_(ids))
    )
    rows = session.execute(query).all()
    cases = [row.case_id for row in rows]
    people, mediators = sides(session, cases), mediator_names(session, cases)
    return {row.id: _line(session, row, people[row.case_id], mediators[row.case_id]) for row in rows}


def _line(session: Session, row: Any, people: Line, mediators: str) -> Line:
    came = row.way is Way.IN
    return {
        **row._mapping,
        **people,
        "day": row.registered_on,
        "from": row.agency if came else row.committee,
        "to": row.committee if came else row.agency,
        "linked": LINKED.get(row.agency_kind)
        or wording(session, field_of(HandOver, "agency_kind"), row.agency_kind, on=row.registered_on),
        "situation": row.explanation or row.brief,
        **(_taken_up(session, row, mediators) if came else _NOT_OURS),
    }


# What an agency does with a case that went to it stands in its answer.
_NOT_OURS: Line = {"received_on": None, "accepted": "", "refusal": "", "mediators": ""} | dict.fromkeys(
    ("result", "agreement_number", "closed_on")
)


def _taken_up(session: Session, row: Any, mediators: str) -> Line:
    declined = row.stage is Stage.DECLINED
    reason = wording(session, field_of(Case, "decline_reason"), row.decline_reason, on=row.registered_on)
    return {
        "received_on": row.registered_on,
        "accepted": "否" if declined else "是" if row.accepted_on else "",
        "refusal": reason if declined else "",
        "mediators": mediators,
    }


HAND_OVERS = Records(load=load, period=HandOver.sent_on, order=(HandOver.sent_on, HandOver.id))

HAND_OVER_REGISTER = declare(
    Ledger(
        name="hand-over-register",
        label="移送委托登记册",
        word="hand_over",
        source=HAND_OVERS,
        layout=Layout(columns=COLUMNS, reference=True, counted="件", paper="A3"),
        note="法院、公安等移送来的和移送出去的，一函一行，按函件日期排列。未见公开的官方样式，栏目为参考格式。",
    )
)


def _same(label: str, column: str = "", lines: int = 1) -> Box:
    return Box(label, column or label, lines)


def _person(side: str) -> tuple[tuple[Box, ...], ...]:
    return (
        (
            _same(side, f"{side}姓名"),
            *(_same(label, f"{side}{label}") for label in ("性别", "年龄", "电话")),
        ),
        (_same(f"{side}住址"),),
    )


BLOCKS = (
    Block(
        "移送（委托）调解函",
        (
            (_same("编号"), _same("移送类别")),
            (_same("致", "致（接收单位）"), _same("移送单位")),
            (_same("案由"), _same("反馈期限")),
            *_person("申请人"),
            *_person("被申请人"),
            (_same("基本情况", lines=12),),
            (_same("当事人是否同意调解"), _same("附件清单")),
            (Box("移送单位（印章）", lines=4), _same("经办人", "经办人和电话")),
            (_same("日期"),),
        ),
    ),
    Block(
        "移送（委托）调解函（回执）",
        (
            (_same("收到日期"), _same("是否受理")),
            (_same("不予受理理由"), _same("承办调解员")),
            (_same("调解结果"), _same("协议编号")),
            (_same("结案日期"), Box("调委会（印章）", lines=4)),
            (_same("反馈内容", lines=5),),
        ),
    ),
)

HAND_OVER_LETTERS = declare(
    Ledger(
        name="hand-over-letters",
        label="移送（委托）调解函",
        word="hand_over",
        source=HAND_OVERS,
        layout=Layout(columns=COLUMNS, reference=True, counted="张", blocks=BLOCKS),
        note="移送一次一张，有函和回执，沿裁剪线分开。未见公开的官方样式，栏目为参考格式。",
        main=False,
    )
)
