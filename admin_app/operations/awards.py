"""The life of an application 评定申报: its door `advance`, its panel, its notice, its certificate (M28, M29).

The score is reckoned from frozen evidence alone (operations/eligibility.py). Nobody judges their own: the
policy's reach leaves out whoever applies, and the panel refuses them by name.
"""

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from functools import partial
from typing import Any

from sqlalchemy import and_, inspect, or_, select
from sqlalchemy.orm import Session

from admin_app.models.awards import (
    AwardApplication,
    AwardJudge,
    AwardObjection,
    AwardReview,
    AwardStep,
)
from admin_app.models.holidays import calendar
from admin_app.models.standards import Standard, StandardLevel
from admin_app.models.units import Unit
from admin_app.models.users import Role, User
from admin_app.operations import clocks, eligibility, notices, numbers, steps
from admin_app.operations.applications import old_grant
from admin_app.operations.steps import Life, Passing
from admin_app.rules import awards as rules
from admin_app.rules.awards import HELD, AwardState, Judge, Outcome, Recheck
from admin_app.rules.dates import in_turn, now, today
from admin_app.rules.deadlines import DeadlineKind
from admin_app.rules.findings import Finding
from admin_app.rules.measures import Subject
from admin_app.rules.numbers import Series
from admin_app.rules.refusals import NotNow
from admin_app.rules.standards import StandardKind

LEAST_DAYS = 1  # working days of a notice, where a standard says none
DECIDE_DAYS = 5  # working days after the notice in which it is to be decided
YEAR = 12
OFFICES = (Role.BUREAU, Role.OFFICE)

# ---------------------------------------------------------------- checks


def _scored(passing: Passing) -> list[Finding]:
    """The panel may judge, everything it was asked for is given, and a level is reached."""
    award = passing.record
    early = in_turn("panel_on", award.panel_on, steps.moved_on(award), "初审通过")
    if early:
        return early
    judges = [_judge(award, each) for each in award.panel]
    if not judges and not award.manuals:
        return [Finding("panel", "请登记评委；标准不要评委评分的，请办“免评委评审”")]
    most = eligibility.panel_most(award.standard)
    found = rules.panel_findings(judges, award.standard.panel_least, most)
    found += [
        Finding(f"manuals-{index}-given", f"请填写“{each.label}”")
        for index, each in enumerate(award.manuals)
        if each.given is None
    ]
    return found or _levelled(award)


def _judge(award: AwardApplication, line: AwardJudge) -> Judge:
    """A member of the panel; the applicant is known by the record, and by the name."""
    applicant = award.mediator
    own = applicant is not None and (line.mediator_id == applicant.id or line.name == applicant.name)
    return Judge(line.name or "", line.attendance, line.points, line.reason or "", own)


def _levelled(award: AwardApplication) -> list[Finding]:
    reckoned = eligibility.reckon(award)
    if eligibility.reached(award, reckoned) is not None:
        return []
    sentence = f"总得分 {reckoned.score} 分，够不上任何等级的条件或最低分；请先不办，改办“评审不通过”"
    return [Finding("", sentence)]


def _passed_on(passing: Passing) -> list[Finding]:
    award = passing.record
    if award.standard.panel_least or award.manuals:
        raise NotNow("这个标准要评委打分或者有人工项目，请办“登记评审”。")
    return _levelled(award)


def _answered(passing: Passing) -> list[Finding]:
    """An answer says both what was found and why; one at least is given, and none is given twice."""
    award, found = passing.record, []
    if any(each.answered_at and _changed(each, "outcome", "answer") for each in award.objections):
        raise NotNow("这条异议已经答复过，不能再改答复；有补充情况的，请另行登记异议再答复。")
    if award.objections and all(each.answered_at for each in award.objections):
        raise NotNow("异议都已经答复过，没有要答复的。")
    for index, each in enumerate(award.objections):
        if each.outcome is not None and not each.answer:
            found.append(Finding(f"objections-{index}-answer", "请填写答复"))
        if each.outcome is None and each.answer:
            found.append(Finding(f"objections-{index}-outcome", "请选择核查结论"))
    if not any(each.outcome for each in award.objections):
        found.append(Finding("objections", "请先登记异议，再答复"))
    return found


def _changed(line: AwardObjection, *names: str) -> bool:
    return any(inspect(line).attrs[name].history.has_changes() for name in names)


def _objected_in_time(passing: Passing) -> list[Finding]:
    line, since = passing.line, passing.record.notice_from
    return in_turn("objections-0-raised_on", line.raised_on, since, "公示开始")


def _filed(passing: Passing) -> list[Finding]:
    award = passing.record
    return in_turn("filed_on", award.filed_on, award.granted_on, "授予")


def _upheld(passing: Passing) -> list[Finding]:
    if Outcome.UPHELD not in outcomes(passing.record):
        raise NotNow("只有异议成立，才能退回重评。")
    return []


def _noticed_long_enough(passing: Passing) -> list[Finding]:
    award = passing.record
    sentence = rules.grant_refusal(award.notice_until, today(), outcomes(award))
    if sentence:
        raise NotNow(sentence)
    return []


def outcomes(award: AwardApplication) -> list[Outcome | None]:
    """Of the objections to the present notice."""
    return [each.outcome for each in award.objections if each.turn == award.turn]


def _rechecked(passing: Passing) -> list[Finding]:
    """Another level is named when it is raised or lowered, and it is another one in that direction."""
    award, line = passing.record, passing.line
    line.reviewed_on, line.before = today(), award.level
    level = eligibility.level_named(award.standard, line.level)
    if line.outcome is Recheck.KEPT:
        return [Finding("reviews-0-level", "保留等级的不用填等级，请清空")] if line.level else []
    if level is None:
        return [Finding("reviews-0-level", f"请填写复核后的等级：{eligibility.level_names(award.standard)}")]
    higher = level.rank > award.rank
    if level.rank == award.rank or higher is not (line.outcome is Recheck.RAISED):
        return [Finding("reviews-0-level", f"“{level.name}”不比现在的“{award.level}”{_than(line.outcome)}")]
    return []


def _than(outcome: Recheck) -> str:
    return "高" if outcome is Recheck.RAISED else "低"


# ---------------------------------------------------------------- effects


def _reviewed(passing: Passing) -> None:
    award, session = passing.record, passing.session
    eligibility.freeze(session, award)
    _tell_applicant(session, award, "初审通过，等待评审")
    decider = session.scalar(select(Unit).where(Unit.path == award.decided_path))
    notices.tell(
        session,
        notices.people_at(session, decider.id if decider else None, OFFICES),
        f"{award}：初审通过，请组织评审",
        award,
    )


def _told(words: str, reason: str = "") -> Callable[[Passing], None]:
    """The applicant is told, with the reason where the step gives one."""

    def effect(passing: Passing) -> None:
        why = getattr(passing.record, reason) if reason else ""
        _tell_applicant(passing.session, passing.record, "：".join(filter(None, (words, why))))

    return effect


def _resubmitted(passing: Passing) -> None:
    award, session = passing.record, passing.session
    notices.tell(
        session, notices.people_at(session, award.unit_id, OFFICES), f"{award}：已补正，请初审", award
    )


def _concluded(passing: Passing) -> None:
    """The score stands, and with it the level, which may be lower than the one applied for."""
    award = passing.record
    reckoned = eligibility.reckon(award)
    level = eligibility.reached(award, reckoned)
    assert level is not None
    award.reckoned, award.panel_mean, award.score = reckoned.points, reckoned.mean, reckoned.score
    award.level, award.rank = level.name, level.rank
    for line, verdict in zip(award.evidence, reckoned.verdicts, strict=True):
        eligibility.tell(line, verdict)
    award.decided_path = eligibility.decided_path(award.standard, award.rank, award.path)


def _published(passing: Passing) -> None:
    award, session = passing.record, passing.session
    working = calendar(session)
    award.turn += 1
    award.notice_from = today()
    award.notice_until = working.after(today(), max(award.standard.notice_days, LEAST_DAYS))
    clocks.of_award(session, award, DeadlineKind.DECIDE, working.after(award.notice_until, DECIDE_DAYS))
    _tell_applicant(session, award, f"已公示，到 {award.notice_until:%Y-%m-%d} 为止")


def _objected(passing: Passing) -> None:
    passing.line.turn = passing.record.turn


def _replied(passing: Passing) -> None:
    answered: Iterable[AwardObjection] = passing.record.objections
    for each in answered:
        if each.outcome is not None and each.answered_at is None:
            each.answered_at = now()


def _again(passing: Passing) -> None:
    """Back before the panel: what it reckoned before is void; the history keeps it."""
    award, session = passing.record, passing.session
    award.reckoned = award.panel_mean = award.score = None
    award.notice_from = award.notice_until = None
    clocks.done(session, DeadlineKind.DECIDE, award)
    _tell_applicant(session, award, f"异议成立，退回重评：{award.again_reason}")


def _failed(passing: Passing) -> None:
    clocks.done(passing.session, DeadlineKind.DECIDE, passing.record)
    _tell_applicant(passing.session, passing.record, f"没有通过：{passing.record.refusal}")


def _granted(passing: Passing) -> None:
    """The certificate: its number, its check code, its term; what was held before gives way."""
    award, session = passing.record, passing.session
    award.granted_on = today()
    months = award.standard.valid_months
    award.valid_until = rules.months_after(today(), months) - timedelta(days=1) if months else None
    decider = session.scalars(select(Unit).where(Unit.path == award.decided_path)).one()
    clocks.done(session, DeadlineKind.DECIDE, award)
    clocks.of_award(session, award, DeadlineKind.RECHECK, rules.months_after(today(), YEAR))
    _give_way(session, award)
    _tell_applicant(session, award, f"已授予“{award.level}”，可以下载证书")
    award.number = numbers.take(session, Series.AWARD, decider, today())
    award.check_code = code_of(session, award)


def code_of(session: Session, award: AwardApplication) -> str:
    """The check code that its certificate must bear."""
    assert award.number is not None
    assert award.granted_on is not None
    subject = f"{award.mediator_id or ''}/{award.committee_id}"
    return rules.check_code(session.info["seal"], award.number, subject, award.granted_on)


def _give_way(session: Session, award: AwardApplication) -> None:
    if award.kind not in rules.ALONE:
        return
    before = select(AwardApplication).where(
        AwardApplication.kind == award.kind,
        AwardApplication.mediator_id == award.mediator_id,
        AwardApplication.committee_id == award.committee_id,
        AwardApplication.state.in_(HELD),
        AwardApplication.removed_at.is_(None),
        AwardApplication.id != award.id,
    )
    for each in session.scalars(before):
        advance(session, None, each, "expire", note=f"已授予新的“{award.level}”", led=True)


def _renewed(passing: Passing) -> None:
    award, line, session = passing.record, passing.line, passing.session
    level = eligibility.level_named(award.standard, line.level)
    if level is not None:
        award.level, award.rank = level.name, level.rank
    clocks.of_award(session, award, DeadlineKind.RECHECK, rules.months_after(today(), YEAR))
    _tell_applicant(session, award, f"年度复核：{line.outcome.label}（{award.level}）")


def _over(passing: Passing) -> None:
    award, session = passing.record, passing.session
    award.ended_on = today()
    clocks.done(session, DeadlineKind.RECHECK, award)
    _tell_applicant(session, award, f"{award.state.label}：{award.revoke_note or award.level}")


# ---------------------------------------------------------------- people


def _tell_applicant(session: Session, award: AwardApplication, words: str) -> None:
    people = notices.of_mediator(session, award.mediator_id)
    people += notices.people_of(session, award.committee_id, (Role.COMMITTEE,))
    notices.tell(session, people, f"{award}：{words}", award)


# ---------------------------------------------------------------- daily, and asked by others


def expire(session: Session, day: date) -> int:
    """Daily: what was valid until before a day has expired."""
    past = and_(AwardApplication.state.in_(HELD), AwardApplication.valid_until < day)
    found = session.scalars(
        select(AwardApplication).where(past, AwardApplication.removed_at.is_(None)).with_for_update()
    ).all()
    for each in found:
        advance(session, None, each, "expire", note="有效期满", led=True)
    return len(found)


def arrived(session: Session, actor: User, award: AwardApplication, *, note: str = "") -> None:
    """What was granted on paper takes up its life as far as the book tells; its paper needs no check code."""
    old = old_grant(award)
    award.applied_on, award.ended_on = old.applied_on, old.ended(today())
    steps.land(LIFE, session, actor, award, "import", old.state(today()), note=note)


def grade_of(
    session: Session,
    mediator_ids: Iterable[int],
    day: date,
    kind: StandardKind = StandardKind.GRADE,
) -> dict[int, tuple[StandardKind, str, int]]:
    """{mediator: (kind, level, rank)} of those who bear a grade on a day; the highest of several.

    Of a day gone by it is the level borne then, whatever reviews have raised or lowered since.
    """
    ended = and_(
        AwardApplication.state.in_((AwardState.EXPIRED, AwardState.REVOKED)), AwardApplication.ended_on > day
    )
    query = (
        select(AwardApplication)
        .join(Standard, Standard.id == AwardApplication.standard_id)
        .where(
            AwardApplication.kind == kind,
            AwardApplication.mediator_id.in_(list(mediator_ids)),
            Standard.subject == Subject.MEDIATOR,
            or_(AwardApplication.state.in_(HELD), ended),
            AwardApplication.granted_on <= day,
            or_(AwardApplication.valid_until.is_(None), AwardApplication.valid_until >= day),
            AwardApplication.removed_at.is_(None),
        )
        .order_by(AwardApplication.id)
    )
    facts = (AwardApplication.id, AwardApplication.standard_id, AwardApplication.mediator_id)
    own = (AwardApplication.level, AwardApplication.rank)
    rows = session.execute(query.with_only_columns(*facts, *own)).all()
    levels = _levels_then(session, query.with_only_columns(AwardApplication.id).order_by(None), day)
    borne: dict[int, tuple[StandardKind, str, int]] = {}
    for row in rows:
        level, rank = levels.get(row.id) or (row.level, row.rank)
        if row.mediator_id not in borne or rank >= borne[row.mediator_id][2]:
            borne[row.mediator_id] = kind, level, rank
    return borne


def _levels_then(session: Session, ids: Any, day: date) -> dict[int, tuple[str, int]]:
    """{application: (level, rank)} of those that a review after a day has changed: what it was before."""
    query = (
        select(AwardReview.award_id, AwardReview.before, StandardLevel.rank)
        .join(AwardApplication, AwardApplication.id == AwardReview.award_id)
        .join(
            StandardLevel,
            and_(
                StandardLevel.standard_id == AwardApplication.standard_id,
                StandardLevel.name == AwardReview.before,
            ),
        )
        .where(AwardReview.award_id.in_(ids), AwardReview.reviewed_on > day)
        .order_by(AwardReview.reviewed_on.desc(), AwardReview.id.desc())
    )
    rows = session.execute(query)
    return {award_id: (before, rank) for award_id, before, rank in rows if before is not None}


def _move(award: AwardApplication, state: AwardState) -> None:
    award.state = state


LIFE = Life(
    word="award",
    steps=rules.STEP,
    row=AwardStep,
    stands=lambda award: award.state,
    move=_move,
    checks={
        "score": _scored,
        "pass_on": _passed_on,
        "object": _objected_in_time,
        "answer": _answered,
        "file": _filed,
        "score_again": _upheld,
        "grant": _noticed_long_enough,
        "recheck": _rechecked,
    },
    effects={
        "review": _reviewed,
        "send_back": _told("退回补正", "return_reason"),
        "refuse": _told("初审没有通过", "refusal"),
        "resubmit": _resubmitted,
        "score": _concluded,
        "pass_on": _concluded,
        "publish": _published,
        "object": _objected,
        "answer": _replied,
        "score_again": _again,
        "fail": _failed,
        "grant": _granted,
        "file": _told("已上报备案"),
        "recheck": _renewed,
        "revoke": _over,
        "expire": _over,
    },
)

advance = partial(steps.advance, LIFE)
