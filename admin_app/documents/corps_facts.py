"""The facts of an evaluation 考核 for its form, and of a subsidy batch 补贴批次 for its public notice."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import inspect

from admin_app.documents.facts import Fact, Listing, fact, of_field
from admin_app.documents.said import Saying, clean
from admin_app.models.committees import Committee
from admin_app.models.evaluation_plans import EvaluationPlan
from admin_app.models.evaluations import Evaluation, EvaluationItem
from admin_app.models.subsidies import Subsidy, SubsidyItem
from admin_app.models.units import Unit
from admin_app.operations.subsidies import title_of
from admin_app.rules.standards import CONDITIONS, amount, plain, wants


def _name_of(saying: Saying, thing: Any, model: type[Any], name: str) -> str:
    """What stands beside a record; a made-up one carries it, a real one names it by its id."""
    if not inspect(thing).persistent:
        beside = getattr(thing, name)
    else:
        number = getattr(thing, f"{name}_id")
        beside = saying.session.get(model, number) if number else None
    return clean(str(beside)) if beside else ""


def _figure(saying: Saying, line: EvaluationItem) -> str:
    """What was counted, or given by a person."""
    if line.value is not None:
        return amount(line.value, line.measure)
    return plain(line.given) if line.given is not None else ""


def _got(saying: Saying, line: EvaluationItem) -> str:
    return "" if line.way in CONDITIONS else plain(line.got)


EVALUATION: tuple[Fact, ...] = (
    *(of_field(Evaluation, name) for name in ("who", "year", "half", "score", "level", "coefficient")),
    *(of_field(Evaluation, name) for name in ("evaluated_on", "comment", "appeal", "answer")),
    fact("committee", "所属调委会", lambda saying, one: _name_of(saying, one, Committee, "committee")),
    fact("plan", "考核计划", lambda saying, one: _name_of(saying, one, EvaluationPlan, "plan")),
)
EVALUATION_ITEMS = Listing(
    "lines",
    "考核项目，一项一行",
    lambda evaluation: evaluation.items,
    (
        fact("label", "项目", lambda saying, line: clean(line.label)),
        fact("wants", "要求", lambda saying, line: wants(line.item)),
        fact("figure", "数据或评分", _figure),
        fact("got", "得分", _got),
        fact("reason", "说明", lambda saying, line: clean(line.reason or "")),
    ),
    least=1,
)


def _payees(saying: Saying, item: SubsidyItem) -> str:
    several = len(item.shares) > 1
    return "、".join(
        clean(f"{each.mediator} {each.amount:,.2f}" if several else str(each.mediator))
        for each in item.shares
    )


def _numbered(subsidy: Subsidy) -> Sequence[tuple[int, SubsidyItem]]:
    return list(enumerate(subsidy.items, start=1))


SUBSIDY: tuple[Fact, ...] = (
    *(of_field(Subsidy, name) for name in ("title", "counted", "noticed_on", "notice_until")),
    fact("total", "合计（元）", lambda saying, subsidy: f"{subsidy.total:,.2f}"),
    fact("unit", "申报单位", lambda saying, subsidy: _name_of(saying, subsidy, Unit, "unit")),
)
SUBSIDY_ITEMS = Listing(
    "lines",
    "列入的项目，一项一行",
    _numbered,
    (
        fact("ordinal", "序号", lambda saying, line: str(line[0])),
        fact("committee", "调委会", lambda saying, line: clean(str(line[1].committee))),
        fact("title", "案件或调解员", lambda saying, line: clean(title_of(line[1]))),
        fact("payees", "发给谁", lambda saying, line: _payees(saying, line[1])),
        fact("payable", "金额（元）", lambda saying, line: f"{line[1].payable:,.2f}"),
    ),
    least=1,
)
