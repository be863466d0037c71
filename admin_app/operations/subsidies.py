"""The life of a subsidy batch 补贴批次: drawn, applied for, reviewed twice, made public, paid (M09)."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Any

from sqlalchemy import delete, func, insert, inspect, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from admin_app import policy
from admin_app.models.budgets import Budget
from admin_app.models.cases import Case
from admin_app.models.holidays import calendar
from admin_app.models.jobs import Job
from admin_app.models.parameters import whole
from admin_app.models.subsidies import Subsidy, SubsidyItem, SubsidyShare, SubsidyStep
from admin_app.models.units import Unit
from admin_app.models.users import User
from admin_app.operations import clocks, jobs, paying, steps, tidings
from admin_app.operations.steps import Life, Passing
from admin_app.operations.subsidy_draws import Plan, paid_on_paper, planned
from admin_app.rules import subsidies as rules
from admin_app.rules.cases import Stage
from admin_app.rules.dates import in_turn, today
from admin_app.rules.deadlines import DeadlineKind
from admin_app.rules.findings import Finding
from admin_app.rules.parameters import Setting
from admin_app.rules.refusals import NotNow
from admin_app.rules.subsidies import ItemState
from admin_app.rules.tiers import PATH_WIDTH, Tier, covers, tier_of

OVERTAKEN = "有案件或调解员刚被另一批提取，请重新提取。"
_WAITED = (DeadlineKind.SUBSIDY_FIRST, DeadlineKind.SUBSIDY_REVIEW, DeadlineKind.SUBSIDY_PAY)


# ---------------------------------------------------------------- drawing


def _drawn(passing: Passing) -> None:
    write(passing, planned(passing.session, passing.record))


def write(passing: Passing, plan: Plan) -> None:
    """The items anew. The database keeps a case out that another batch has drawn in the meantime."""
    session, subsidy = passing.session, passing.record
    session.flush()  # whoever draws the same batch waits for its row first, then for the queue
    paying.queue(session)
    _empty(session, subsidy)
    try:
        fill(session, subsidy, plan)
    except IntegrityError:
        raise NotNow(OVERTAKEN) from None
    _refuse_paid_on_paper(session, subsidy)
    add_up(session, subsidy)
    refused = len([each for each in plan.rows if each["standing"] is ItemState.REFUSED])
    words = f"列入 {subsidy.counted} 项，合计 {subsidy.total:,.2f} 元；不列入 {refused} 项"
    words += f"；另有 {plan.unrated} 人没有对应的标准" if plan.unrated else ""
    subsidy.steps[-1].note = words


def _refuse_paid_on_paper(session: Session, subsidy: Subsidy) -> None:
    """Asked when nobody else can register a payment any more: some may have, since the cases were read."""
    live = select(SubsidyItem.id).where(
        SubsidyItem.subsidy_id == subsidy.id,
        SubsidyItem.standing.in_(rules.LIVE),
        SubsidyItem.case_id.in_(paid_on_paper()),
    )
    if session.scalar(live.limit(1)) is not None:
        raise NotNow(OVERTAKEN)


def fill(session: Session, subsidy: Subsidy, plan: Plan) -> None:
    """Write the items and shares of a batch that has none."""
    if not plan.rows:
        return
    rows = [{**row, "subsidy_id": subsidy.id} for row in plan.rows]
    query = insert(SubsidyItem).returning(SubsidyItem.id, sort_by_parameter_order=True)
    ids = session.scalars(query, rows).all()
    shares = [
        {
            "item_id": item_id,
            "subsidy_id": subsidy.id,
            "committee_id": row["committee_id"],
            "mediator_id": mediator_id,
            "amount": amount,
        }
        for item_id, row, parts in zip(ids, plan.rows, plan.shares, strict=True)
        for mediator_id, amount in parts
    ]
    if shares:
        session.execute(insert(SubsidyShare), shares)


def _empty(session: Session, subsidy: Subsidy) -> None:
    session.execute(delete(SubsidyShare).where(SubsidyShare.subsidy_id == subsidy.id))
    session.execute(delete(SubsidyItem).where(SubsidyItem.subsidy_id == subsidy.id))


def _cleared(passing: Passing) -> None:
    _empty(passing.session, passing.record)
    add_up(passing.session, passing.record)


def add_up(session: Session, subsidy: Subsidy) -> None:
    """The batch's sums are those of its items, always."""
    paid = (SubsidyItem.subsidy_id == subsidy.id, SubsidyItem.standing.in_(rules.LIVE))
    sums = select(func.count(), func.sum(SubsidyItem.amount - SubsidyItem.cut)).where(*paid)
    count, total = session.execute(sums).one()
    subsidy.counted, subsidy.total = count, total or Decimal(0)


def _work(session: Session, job: Job, progress: jobs.Progress) -> jobs.Result:
    """A large draw: read first, then write at once, so that on SQLite nobody waits for the reading."""
    actor, subsidy_id = job.user, int(job.given["subsidy"])
    plan = planned(session, policy.find(session, actor, Subsidy, subsidy_id))
    progress(len(plan.rows), len(plan.rows))
    session.rollback()
    subsidy = policy.find(session, actor, Subsidy, subsidy_id)
    effects = {**LIFE.effects, "draw": lambda passing: write(passing, plan)}
    steps.advance(replace(LIFE, effects=effects), session, actor, subsidy, "draw")
    return jobs.Result(words=subsidy.steps[-1].note)


jobs.register_kind(jobs.Kind("subsidy_draw", "提取补贴明细", lambda given: "subsidy.draw", _work))


# ---------------------------------------------------------------- one item


def _change(
    session: Session, actor: User, subsidy: Subsidy, item: SubsidyItem, name: str, words: str
) -> None:
    policy.demand(actor, f"subsidy.{rules.CHANGING.get(subsidy.state, 'review')}", subsidy)
    if item.standing is not ItemState.DUE:
        raise NotNow(f"这一项现在是“{item.standing.label}”，不能再改。")
    steps.advance(LIFE, session, actor, subsidy, name, note=words, led=True)


def cut(
    session: Session, actor: User, subsidy: Subsidy, item: SubsidyItem, amount: Decimal, reason: str
) -> None:
    """Pay so much less for an item, with a reason; what was cut before is not given back."""
    least = item.cut
    if not least < amount < item.amount or amount != round(amount, 2):
        raise NotNow(f"核减金额应大于 {least:.2f}、小于 {item.amount:.2f} 元；一分不发请用“移出”。")
    words = f"{title_of(item)}核减到 {item.amount - amount:.2f} 元：{reason}"
    _change(session, actor, subsidy, item, "cut", words)
    item.cut, item.cut_reason = amount, reason
    for share, part in zip(item.shares, rules.split(item.payable, len(item.shares)), strict=True):
        share.amount = part
    session.flush()
    add_up(session, subsidy)
    session.flush()


def take_out(session: Session, actor: User, subsidy: Subsidy, item: SubsidyItem, reason: str) -> None:
    """Pay nothing for an item; it may be drawn by another batch."""
    _change(session, actor, subsidy, item, "take_out", f"{title_of(item)}移出：{reason}")
    item.standing, item.cut_reason = ItemState.OUT, reason  # free for another batch
    for share in item.shares:
        share.amount = Decimal(0)
    session.flush()
    add_up(session, subsidy)
    session.flush()


def title_of(item: SubsidyItem) -> str:
    """What an item is called."""
    thing: Any = item.case or item.mediator
    return str(thing)


# ---------------------------------------------------------------- steps


def _applied(passing: Passing) -> list[Finding]:
    if not passing.record.counted:
        return [Finding("", "还没有列入任何一项：请先“提取明细”，再申报")]
    return _open_cases(passing)


def _open_cases(passing: Passing) -> list[Finding]:
    """A case that is mediated anew is neither applied nor paid for."""
    open_again = reopened(passing.session, passing.record)
    if not open_again:
        return []
    names = "、".join(str(each) for each in open_again[:3])
    return [Finding("", f"有 {len(open_again)} 件案件又重新调解（{names}），请先移出")]


def reopened(session: Session, subsidy: Subsidy) -> list[Case]:
    """The cases of a batch that are not closed any more."""
    query = (
        select(Case)
        .join(SubsidyItem, SubsidyItem.case_id == Case.id)
        .where(
            SubsidyItem.subsidy_id == subsidy.id,
            SubsidyItem.standing.in_(rules.LIVE),
            Case.stage.not_in((Stage.CLOSED, Stage.ARCHIVED)) | Case.removed_at.is_not(None),
        )
    )
    return list(session.scalars(query.order_by(Case.id)))


def _noticed(passing: Passing) -> list[Finding]:
    """From the day of the second review on: what has not been reviewed cannot have hung on the wall."""
    subsidy, session = passing.record, passing.session
    early = in_turn("noticed_on", subsidy.noticed_on, steps.moved_on(subsidy), "复核通过")
    if early:
        return early
    if subsidy.noticed_on is not None:
        days = whole(session, Setting.SUBSIDY_NOTICE_DAYS, subsidy.noticed_on)
        subsidy.notice_until = calendar(session).after(subsidy.noticed_on, days)
    return []


def _payable(passing: Passing) -> list[Finding]:
    """Not before the notice has ended, with no objection open, out of a budget of the unit or above."""
    subsidy, session = passing.record, passing.session
    budget = session.get(Budget, subsidy.budget_id or 0)
    open_ones = [each for each in subsidy.objections if not each.answer]
    found = _open_cases(passing) + in_turn("paid_on", subsidy.paid_on, None, "公示截止")
    if subsidy.paid_on is not None and subsidy.paid_on <= subsidy.notice_until:
        sentence = f"公示到 {subsidy.notice_until:%Y-%m-%d} 为止，期满第二天起才能发放"
        found.append(Finding("paid_on", sentence))
    if open_ones:
        found.append(Finding("", f"还有 {len(open_ones)} 条异议没有答复，请先“答复异议”"))
    if budget is not None and not covers(budget.path, subsidy.path):
        found.append(Finding("budget_id", "要选本单位或者上级单位的预算"))
    return found


def _objected_in_time(passing: Passing) -> list[Finding]:
    line, since = passing.line, passing.record.noticed_on
    return in_turn("objections-0-raised_on", line.raised_on, since, "公示开始")


def _answered(passing: Passing) -> list[Finding]:
    """Each objection is answered once; what was answered before stays as it was."""
    answers = [inspect(each).attrs.answer.history for each in passing.record.objections]
    if any(each.has_changes() and each.deleted and each.deleted[0] for each in answers):
        raise NotNow("这条异议已经答复过，不能再改答复；有补充情况的，请另行登记异议再答复。")
    if not any(each.has_changes() for each in answers):
        if answers and all(each.answer for each in passing.record.objections):
            raise NotNow("异议都已经答复过，没有要答复的。")
        return [Finding("objections", "请填写核查结果和答复")]
    return []


def _waits_for_first(passing: Passing) -> None:
    subsidy = passing.record
    town = _unit_at(passing.session, subsidy, Tier.TOWNSHIP)
    _fall_due(passing, DeadlineKind.SUBSIDY_FIRST, town)
    tidings.to_superior(passing.session, subsidy, town.path, f"补贴待初审：{subsidy}")


def _waits_for_review(passing: Passing) -> None:
    subsidy = passing.record
    county = _unit_at(passing.session, subsidy, Tier.COUNTY)
    clocks.done(passing.session, DeadlineKind.SUBSIDY_FIRST, subsidy)
    _fall_due(passing, DeadlineKind.SUBSIDY_REVIEW, county)
    tidings.to_superior(passing.session, subsidy, county.path, f"补贴待复核：{subsidy}")


def _reviewed(passing: Passing) -> None:
    clocks.done(passing.session, DeadlineKind.SUBSIDY_REVIEW, passing.record)


def _made_public(passing: Passing) -> None:
    subsidy, session = passing.record, passing.session
    days = whole(session, Setting.SUBSIDY_PAY_DAYS, subsidy.noticed_on)
    county = _unit_at(session, subsidy, Tier.COUNTY)
    until = calendar(session).after(subsidy.notice_until, days)
    clocks.of_subsidy(session, subsidy, DeadlineKind.SUBSIDY_PAY, county, until)
    tidings.to_applicant(session, subsidy, f"补贴公示到 {subsidy.notice_until:%Y-%m-%d}：{subsidy}")


def _handed_back(passing: Passing) -> None:
    subsidy = passing.record
    _stop(passing)
    tidings.to_applicant(passing.session, subsidy, f"补贴退回：{subsidy}，{subsidy.return_reason or ''}")


def _stop(passing: Passing) -> None:
    for kind in _WAITED:
        clocks.done(passing.session, kind, passing.record)


def _paid(passing: Passing) -> None:
    subsidy, session = passing.record, passing.session
    _stop(passing)
    due = (SubsidyItem.subsidy_id == subsidy.id, SubsidyItem.standing == ItemState.DUE)
    session.execute(update(SubsidyItem).where(*due).values({"standing": ItemState.PAID}))
    tidings.to_payees(session, subsidy, f"补贴已发放：{subsidy}")
    tidings.to_applicant(session, subsidy, f"补贴已发放：{subsidy}")


def _fall_due(passing: Passing, kind: DeadlineKind, unit: Unit) -> None:
    session = passing.session
    days = whole(session, Setting.SUBSIDY_REVIEW_DAYS)
    clocks.of_subsidy(session, passing.record, kind, unit, calendar(session).after(today(), days))


def _unit_at(session: Session, subsidy: Subsidy, tier: Tier) -> Unit:
    """The unit of a tier over the batch's; the batch's own where it stands higher already."""
    width = min(PATH_WIDTH[tier], PATH_WIDTH[tier_of(subsidy.path)])
    return session.scalars(select(Unit).where(Unit.path == subsidy.path[:width])).one()


def _move(subsidy: Subsidy, state: rules.SubsidyState) -> None:
    subsidy.state = state


_EFFECTS: dict[str, Callable[[Passing], None]] = {
    "draw": _drawn,
    "clear": _cleared,
    "apply": _waits_for_first,
    "first_review": _waits_for_review,
    "review": _reviewed,
    "notice": _made_public,
    "pay": _paid,
    "withdraw": _stop,
    "send_back": _handed_back,
    "reject": _handed_back,
}
LIFE = Life(
    word="subsidy",
    steps=rules.STEP,
    row=SubsidyStep,
    stands=lambda subsidy: subsidy.state,
    move=_move,
    checks={
        "apply": _applied,
        "notice": _noticed,
        "object": _objected_in_time,
        "answer": _answered,
        "pay": _payable,
    },
    effects=_EFFECTS,
)

advance = partial(steps.advance, LIFE)
