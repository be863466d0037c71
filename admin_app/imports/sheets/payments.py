"""《以前已发补贴台账》 as a book of what was paid on paper: a case in it is never paid for again (M09)."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from admin_app import policy
from admin_app.exports.ledgers.payments import PAYMENT_REGISTER
from admin_app.imports.cells import Misread
from admin_app.imports.people import mediator_named
from admin_app.imports.sheet import Asking, Item, Sheet, Values, declare, items
from admin_app.models.cases import Case
from admin_app.models.fields import field_of
from admin_app.models.mediators import Mediator
from admin_app.models.payments import Payment
from admin_app.operations import paying
from admin_app.operations.given import Given

_MADE_UP = frozenset({"number", "mediator"})


def _key(values: Values) -> Any:
    return values.get("number"), values.get("mediator")


def _find(asking: Asking, rows: Sequence[Values]) -> list[Any]:
    """By the case and by whom it was paid to. What the lines name of cases is read beside."""
    paying.queue(asking.session)  # before the first line of the history, which has a queue of its own
    numbers = {row["number"] for row in rows if row.get("number")}
    _read_cases(asking, numbers)
    query = (
        select(Payment)
        .join(Case, Case.id == Payment.case_id)
        .where(
            or_(Case.number.in_(numbers), Case.agreement_number.in_(numbers)),
            policy.visible(Payment, asking.actor, "payment.import"),
            Payment.removed_at.is_(None),
        )
        .options(joinedload(Payment.mediator))
    )
    known = {(each.number, each.mediator.name): each for each in asking.session.scalars(query)}
    return [known.get(_key(row)) for row in rows]


def _read_cases(asking: Asking, numbers: set[str]) -> None:
    query = select(Case).where(
        or_(Case.number.in_(numbers), Case.agreement_number.in_(numbers)),
        policy.visible(Case, asking.actor, "payment.import"),
        Case.removed_at.is_(None),
    )
    asking.kept["cases"] = {
        number: case
        for case in asking.session.scalars(query)
        for number in (case.agreement_number, case.number)
        if number
    }


def _present(asking: Asking, payment: Any, names: Iterable[str]) -> Values:
    return {name: payment.mediator.name if name == "mediator" else getattr(payment, name) for name in names}


def _given(asking: Asking, values: Values, payment: Any) -> Given:
    plain = {name: value for name, value in values.items() if name not in _MADE_UP}
    if payment is not None:
        return Given(plain)
    case = asking.kept["cases"].get(values["number"])
    if case is None:
        sentence = f"没有找到案号（协议编号）是“{values['number'][:40]}”的案件：请先登记或导入这件案件"
        raise Misread(sentence, item="number")
    payee = mediator_named(asking, case.committee_id, values["mediator"], item="mediator")
    return Given({**plain, "case_id": case.id, "mediator_id": payee})


PAYMENTS = declare(
    Sheet(
        name="payments",
        label="以前已发补贴台账",
        word="payment",
        items=items(
            PAYMENT_REGISTER.columns,
            needed=("number", "mediator", "amount", "paid_on"),
            also={
                "number": ("案件编号", "协议编号", "编号", "卷号"),
                "mediator": ("调解员姓名", "人民调解员", "领款人", "姓名", "领取人", "承办调解员"),
                "amount": (
                    "实发金额（元）",
                    "补贴金额（元）",
                    "金额",
                    "补贴金额",
                    "实发金额",
                    "发放金额",
                    "金额（元）",
                ),
                "paid_on": ("发放时间", "领取日期", "支付日期", "日期"),
                "remark": ("说明", "批次"),
            },
            told=("纠纷类型", "结案日期"),
            read={
                "案号": Item("number", "案号", field_of(Case, "number")),
                "调解员": Item("mediator", "调解员", field_of(Mediator, "name")),
            },
        ),
        key=_key,
        find=_find,
        given=_given,
        present=_present,
        parts={"case_id": "number", "mediator_id": "mediator"},
        note="登记系统启用以前在纸面上已经发过的以案定补：一案一人一行，案件要先在系统里（按案号或协议编号认）。"
        "导入以后，这些案件不会再列入任何补贴批次。已经列在批次里的案件不能导入。",
        examples=(
            {
                "number": "（2025）某某村人调字第0001号",
                "mediator": "张某某",
                "amount": 100,
                "paid_on": "2025年10月20日",
                "remark": "2025 年第三季度发放表",
            },
        ),
    )
)
