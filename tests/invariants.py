"""What holds of every database, seeded or walked: pure questions to a session, `faults` asks them all.

A fault names its record (`case 12: …`), never its details that change, so that two lists can be compared:
the small world of the tests begins with a few (its cases stand at stages to which no step has led), and a
walk must add none.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from admin_app import search, tally
from admin_app.models.assessments import Assessment
from admin_app.models.assistances import Assistance
from admin_app.models.awards import AwardApplication
from admin_app.models.cases import Case
from admin_app.models.committees import Committee
from admin_app.models.deadlines import Deadline
from admin_app.models.dossiers import Dossier
from admin_app.models.hand_overs import HandOver
from admin_app.models.lookbacks import Lookback
from admin_app.models.major_reports import MajorReport
from admin_app.models.meetings import MeetingTask
from admin_app.models.referrals import Referral
from admin_app.models.registry import REGISTERS, register_of
from admin_app.models.search import BITS, SearchEntry
from admin_app.models.subsidies import Subsidy
from admin_app.models.trainings import Training
from admin_app.models.units import Unit
from admin_app.models.urgings import Urging
from admin_app.models.warnings import EarlyWarning
from admin_app.operations.lives import LIVES
from admin_app.operations.numbers import HELD
from admin_app.operations.steps import Life
from admin_app.rules.assistances import AssistanceState
from admin_app.rules.awards import HELD as HELD_NOW
from admin_app.rules.awards import AwardState
from admin_app.rules.cases import LIVE, NOT_SUCCEEDED, SUCCEEDED, WRITTEN, Stage
from admin_app.rules.choices import Choice
from admin_app.rules.deadlines import DeadlineKind
from admin_app.rules.dossiers import DossierState
from admin_app.rules.hand_overs import HandOverState
from admin_app.rules.lookbacks import Fault
from admin_app.rules.major_reports import ReportState
from admin_app.rules.meeting_tasks import TaskState
from admin_app.rules.numbers import Series
from admin_app.rules.referrals import UNDER_WAY, ReferralState
from admin_app.rules.subsidies import SubsidyState
from admin_app.rules.tiers import PATH_WIDTH, Tier
from admin_app.rules.trainings import TrainingState
from admin_app.rules.urgings import UrgingState
from admin_app.rules.warnings import UNCLOSED

_RUN = re.compile(r"(.*第)(\d+)(号)")
_ARRIVED = frozenset({ReferralState.RECEIVED, ReferralState.ANSWERED, ReferralState.CLOSED})


@dataclass(frozen=True)
class Stock:
    """A database, with what many checks ask about read once."""

    session: Session
    cases: list[Case]
    living: list[tuple[Life, Any]]  # every record that has a life


def faults(session: Session) -> list[str]:
    """Everything that should not be; an empty list is what one hopes for."""
    session.flush()
    session.expire_all()
    stock = Stock(session, _cases(session), list(_living(session)))
    return sorted({fault for check in CHECKS for fault in check(stock)})


def steps_lead_to_the_state(stock: Stock) -> Iterator[str]:
    """Each row starts and ends as its step says, each begins where the one before ended, in time too."""
    for life, record in stock.living:
        came_from: list[tuple[Choice, Choice]] = []
        for before, row in zip([None, *record.steps], record.steps, strict=False):
            step = life.steps.get(row.name)
            if step is None or row.source not in step.sources:
                yield _of(record, f"step {row.name} starts where it may not")
                continue
            if step.lands:
                wanted = row.target if row.target in step.lands else None
            elif step.back:
                wanted = next((s for s, t in reversed(came_from) if t is row.source is not s), None)
            else:
                wanted = step.to or row.source
            if row.target is not wanted:
                yield _of(record, f"step {row.name} ends where it may not")
            if before is not None and before.target is not row.source:
                yield _of(record, f"step {row.name} does not begin where the one before ended")
            if before is not None and before.at.astimezone(UTC) > row.at.astimezone(UTC):
                yield _of(record, f"step {row.name} is older than the one before")
            came_from.append((row.source, row.target))
        if record.steps and record.steps[-1].target is not life.stands(record):
            yield _of(record, "state is not where the last step led")


ANEW = frozenset({"reopen", "revive", "submit"})


def steps_leave_what_they_need(stock: Stock) -> Iterator[str]:
    """What a step needs stands on the record; what it gave names its own facts; its line exists.

    What begins or is handed in anew wipes some facts of the time before: only the rows since then count.
    """
    for life, record in stock.living:
        rows = list(record.steps)
        anew = max((index for index, row in enumerate(rows) if row.name in ANEW), default=0)
        for index, row in enumerate(rows):
            step = life.steps[row.name]
            lacking = [each for each in step.needs if getattr(record, each) in (None, "", False)]
            if index >= anew and lacking:
                yield _of(record, f"step {row.name} left no {', '.join(lacking)}")
            if set(row.facts) - {*step.needs, *step.asks, "line"}:
                yield _of(record, f"step {row.name} gave facts that are not its own")
            if "line" in row.facts:
                lines = {line.id for line in getattr(record, step.line)} if step.line else set()
                if row.facts["line"] not in lines:
                    yield _of(record, f"step {row.name} names a line that does not exist")


def a_case_has_one_custodian(stock: Stock) -> Iterator[str]:
    """Unit and path are those of the committee that holds it."""
    for case in stock.cases:
        committee = case.committee
        if (case.unit_id, case.path) != (committee.unit_id, committee.path):
            yield _of(case, "is not where its committee is")


def on_its_way_means_one_referral_under_way(stock: Stock) -> Iterator[str]:
    """In transfer, and only then, exactly one referral is asked for or sent, by whoever holds the case."""
    for case in stock.cases:
        on_the_way = [each for each in case.referrals if each.state in UNDER_WAY and not each.removed_at]
        if len(on_the_way) != (case.stage is Stage.IN_TRANSFER):
            yield _of(case, "in transfer and referrals under way do not agree")
        elif on_the_way and on_the_way[0].path != case.path:
            yield _of(case, "is on its way from where it is not")


def a_referral_says_where_it_stands(stock: Stock) -> Iterator[str]:
    """Numbered once sent; signed for by a committee of the receiving unit."""
    query = select(Referral).options(selectinload(Referral.to_unit))
    committees: dict[int | None, int] = dict(
        stock.session.execute(select(Committee.id, Committee.unit_id)).all()
    )
    for each in stock.session.scalars(query):
        if (each.number is None) != (each.sent_at is None):
            yield _of(each, "number and sending do not agree")
        if (each.state in _ARRIVED) != (each.received_at is not None):
            yield _of(each, "state and receipt do not agree")
        if each.received_at and committees.get(each.to_committee_id) != each.to_unit_id:
            yield _of(each, "was signed for by a committee of another unit")


def archived_means_filed(stock: Stock) -> Iterator[str]:
    """一案一卷: a dossier for each archived case and for no other."""
    for case in stock.cases:
        live = [each for each in case.dossiers if not each.removed_at]
        if len(live) != (case.stage is Stage.ARCHIVED):
            yield _of(case, "archived and dossiers do not agree")


def lent_means_one_loan_is_out(stock: Stock) -> Iterator[str]:
    """And a dossier that is kept has none out."""
    for dossier in stock.session.scalars(select(Dossier).options(selectinload(Dossier.loans))):
        out = sum(1 for each in dossier.loans if each.returned_on is None)
        if out != (dossier.state is DossierState.LENT):
            yield _of(dossier, "lent and loans do not agree")


def results_agree_with_stages(stock: Stock) -> Iterator[str]:
    """A case that was settled succeeded, one that failed did not, one mediated anew is open again."""
    results = {"settle": SUCCEEDED, "fail": NOT_SUCCEEDED, "reopen": None}
    for case in stock.cases:
        last = next((row.name for row in reversed(case.steps) if row.name in results), None)
        if last and case.result != results[last]:
            yield _of(case, "result is not what its last step says")
        if any(row.name == "accept" for row in case.steps) and case.number is None:
            yield _of(case, "was accepted without a number")
        of_old = any(row.name == "import" for row in case.steps)  # the book may not tell its number
        if case.form is not None and case.agreement_number is None and not of_old:
            yield _of(case, "has an agreement without a number")


def numbers_run_without_a_gap(stock: Stock) -> Iterator[str]:
    """Per series, unit and year, from 1 on, none twice.

    Not asked of letters, as among them are those of other agencies, nor whether agreements have gaps: that
    of a case which is mediated anew gives its number up.
    """
    for series, column in HELD.items():
        if series is Series.LETTER:
            continue
        runs: dict[str, list[int]] = defaultdict(list)
        for number in stock.session.scalars(select(column).where(column.is_not(None))):
            found = _RUN.fullmatch(number or "")
            if found:
                runs[found[1]].append(int(found[2]))
        for before, run in runs.items():
            if len(set(run)) < len(run):
                yield f"{series.value} {before}: a number stands twice"
            if series is not Series.AGREEMENT and max(run) > len(run):
                yield f"{series.value} {before}: numbers do not run without a gap"


def clocks_run_while_somebody_is_waited_for(stock: Stock) -> Iterator[str]:
    """A deadline is open if and only if the state of its thing waits; it is whoever holds the thing's."""
    open_ = {
        (each.word, each.record_id, each.kind): each
        for each in stock.session.scalars(select(Deadline).where(Deadline.done_at.is_(None)))
    }
    wanted = dict(_awaited(stock))
    for key in open_.keys() - wanted.keys():
        yield f"{key[0]} {key[1]}: clock {key[2].value} runs, and nobody is waited for"
    for key in wanted.keys() - open_.keys():
        if wanted[key].must:
            yield f"{key[0]} {key[1]}: clock {key[2].value} does not run"
    for key in wanted.keys() & open_.keys():
        deadline, (unit_id, path, due_on, _) = open_[key], wanted[key]
        if (deadline.unit_id, deadline.path) != (unit_id, path):
            yield f"{key[0]} {key[1]}: clock {key[2].value} is not that of whoever must act"
        if due_on is not None and deadline.due_on != due_on:
            yield f"{key[0]} {key[1]}: clock {key[2].value} runs to another day"


class Awaited(NamedTuple):
    """Who must act and until when (None: not checked); some clocks may run and need not."""

    unit_id: int
    path: str
    due_on: date | None
    must: bool = True


_Key = tuple[str, int, DeadlineKind]


_REVIEWERS = {
    SubsidyState.APPLIED: (DeadlineKind.SUBSIDY_FIRST, Tier.TOWNSHIP),
    SubsidyState.FIRST_REVIEWED: (DeadlineKind.SUBSIDY_REVIEW, Tier.COUNTY),
    SubsidyState.NOTICED: (DeadlineKind.SUBSIDY_PAY, Tier.COUNTY),
}


def _subsidies(stock: Stock) -> Iterator[tuple[_Key, Awaited]]:
    """A batch waits for the unit over its own that reviews it, or pays."""
    ids = {unit.path: unit.id for unit in stock.session.scalars(select(Unit))}
    for each in stock.session.scalars(select(Subsidy).where(Subsidy.state.in_(_REVIEWERS))):
        kind, tier = _REVIEWERS[each.state]
        path = each.path[: PATH_WIDTH[tier]]
        yield ("subsidy", each.id, kind), Awaited(ids[path], path, None, bool(each.steps))


def _awaited(stock: Stock) -> Iterator[tuple[_Key, Awaited]]:
    """What somebody is waited for.

    Need not run: the term of a case that no step has accepted, and the visit that the daily job asks for
    once more when the day of performance has passed.
    """
    for case in stock.cases:
        here = case.unit_id, case.path
        names = [row.name for row in case.steps]
        if case.stage in LIVE:
            must = "accept" in names
            yield ("case", case.id, DeadlineKind.FINISH), Awaited(*here, case.due_on, must)
        if case.stage in (Stage.SETTLED, Stage.CLOSED):
            since = names[_last(names, "settle") :] if "settle" in names else []
            must = bool(since) and not {"follow_up", "reopen"} & set(since)
            yield ("case", case.id, DeadlineKind.FOLLOW_UP), Awaited(*here, None, must)
            if case.form == WRITTEN and since and "confirm" not in since:
                yield ("case", case.id, DeadlineKind.CONFIRM), Awaited(*here, None)
    yield from _subsidies(stock)
    for referral in stock.session.scalars(select(Referral)):
        there = referral.to_unit_id, referral.to_path
        if referral.state is ReferralState.SENT:
            yield ("referral", referral.id, DeadlineKind.SIGN), Awaited(*there, None)
        if referral.state is ReferralState.RECEIVED:
            yield ("referral", referral.id, DeadlineKind.ANSWER), Awaited(*there, referral.due_on)
    for each in stock.session.scalars(select(Assistance).options(selectinload(Assistance.expert))):
        if each.state is AssistanceState.ASKED and each.due_on:
            unit_id = each.unit_id or each.expert.unit_id
            yield ("assistance", each.id, DeadlineKind.ASSIST), Awaited(unit_id, each.path, each.due_on)
    for letter in stock.session.scalars(select(HandOver)):
        if letter.state is HandOverState.OPEN and letter.due_on:
            here = letter.unit_id, letter.path
            yield ("hand_over", letter.id, DeadlineKind.FEED_BACK), Awaited(*here, letter.due_on)
    for urging in stock.session.scalars(select(Urging)):
        if urging.state is UrgingState.ISSUED:
            there = urging.to_unit_id, urging.to_path
            yield ("urging", urging.id, DeadlineKind.URGE), Awaited(*there, urging.due_on)
    for warning in stock.session.scalars(select(EarlyWarning)):
        if warning.state in UNCLOSED:
            own = warning.owner_id, warning.owner_path
            # The daily job starts the clock of whatever it raises.
            yield (
                ("warning", warning.id, DeadlineKind.WARN_HANDLE),
                Awaited(*own, warning.due_on, must=any(row.name != "urge" for row in warning.steps)),
            )
    yield from _awaited_of_meetings(stock)
    for training in stock.session.scalars(select(Training)):
        if training.state is TrainingState.PLANNED and training.held_from:
            # The daily job starts those that were planned before it ran.
            here = training.unit_id, training.path
            yield ("training", training.id, DeadlineKind.TRAIN), Awaited(*here, None, must=False)
    for assessment in stock.session.scalars(select(Assessment)):
        if assessment.waits and assessment.follow_by:
            key = ("assessment", assessment.id, DeadlineKind.ASSESS_FOLLOW)
            here = assessment.unit_id, assessment.path
            yield key, Awaited(*here, assessment.follow_by)
    yield from _awaited_of_awards(stock)


def _awaited_of_meetings(stock: Stock) -> Iterator[tuple[_Key, Awaited]]:
    """What meetings asked for; of major disputes the first report, the next, and the reader's signature."""
    for task in stock.session.scalars(select(MeetingTask).where(MeetingTask.state == TaskState.OPEN)):
        key = ("meeting_task", task.id, DeadlineKind.MEETING_TASK)
        yield key, Awaited(task.unit_id, task.path, task.due_on, must=False)
    for report in stock.session.scalars(select(MajorReport)):
        here, there = (report.unit_id, report.path), (report.to_unit_id, report.to_path)
        state, word = report.state, ("major_report", report.id)
        if state is ReportState.DUE:
            yield (*word, DeadlineKind.MAJOR_FIRST), Awaited(*here, None, must=False)
        if state in (ReportState.SENT, ReportState.READ):
            yield (*word, DeadlineKind.MAJOR_FOLLOW), Awaited(*here, None, must=False)
        if state in (ReportState.SENT, ReportState.FINAL):
            yield (*word, DeadlineKind.MAJOR_SIGN), Awaited(*there, None, must=False)


def _awaited_of_awards(stock: Stock) -> Iterator[tuple[_Key, Awaited]]:
    """Whoever decides must decide once the notice is over, and look again every year."""
    units = {each.path: each.id for each in stock.session.scalars(select(Unit))}
    for award in stock.session.scalars(select(AwardApplication)):
        here = units[award.decided_path], award.decided_path
        if award.state is AwardState.NOTICED:
            yield ("award", award.id, DeadlineKind.DECIDE), Awaited(*here, None, must=False)
        if award.state in HELD_NOW:
            yield ("award", award.id, DeadlineKind.RECHECK), Awaited(*here, None, must=False)


def what_went_wrong_is_noted(stock: Stock) -> Iterator[str]:
    """责任倒查: declined, sent back and reopened cases have left their evidence."""
    noted = {
        (case_id, fault) for case_id, fault in stock.session.execute(select(Lookback.case_id, Lookback.fault))
    }
    of_step = {"decline": Fault.DECLINED, "send_back": Fault.RETURNED, "reopen": Fault.REOPENED}
    for case in stock.cases:
        for name in {row.name for row in case.steps} & of_step.keys():
            if (case.id, of_step[name]) not in noted:
                yield _of(case, f"nothing is noted of {name}")


def the_tally_is_what_a_recount_gives(stock: Stock) -> Iterator[str]:
    """Nothing that has been done to a case has left the sums of its committee's month behind."""
    for committee, month in tally.faults(stock.session):
        yield f"tally {committee}: month {month} is not what its cases add up to"


def nothing_is_gravely_wrong(stock: Stock) -> Iterator[str]:
    """No record of any register breaks its own rules."""
    for register in REGISTERS.values():
        lists = [getattr(register.model, part.name) for part in register.part_lists()]
        for record in stock.session.scalars(select(register.model).options(*map(selectinload, lists))):
            for found in register.rules(record):
                if found.grave:
                    yield _of(record, f"{found.field}: {found.sentence}")


def the_search_says_what_the_records_say(stock: Stock) -> Iterator[str]:
    """Each record that is searched has its words in the index, and nothing else has any."""
    session = stock.session
    search.write(session)
    kept = {
        number: _words(words) for number, words in session.execute(select(SearchEntry.id, SearchEntry.words))
    }
    for model in search.sources():
        ids = list(session.scalars(select(model.id)))
        for number, text in search.texts(session, model, ids).items():
            if kept.pop(number, None) != set(text.split()):
                yield f"{register_of(model).word} {number >> BITS}: its words in the search are not its own"
    yield from (f"entry {number}: of no record" for number in kept)


def _words(kept: str) -> set[str]:
    """As SQLite keeps them, or PostgreSQL in quotes."""
    return {each.strip("'") for each in kept.split()}


CHECKS: tuple[Callable[[Stock], Iterator[str]], ...] = (
    steps_lead_to_the_state,
    steps_leave_what_they_need,
    a_case_has_one_custodian,
    on_its_way_means_one_referral_under_way,
    a_referral_says_where_it_stands,
    archived_means_filed,
    lent_means_one_loan_is_out,
    results_agree_with_stages,
    numbers_run_without_a_gap,
    clocks_run_while_somebody_is_waited_for,
    what_went_wrong_is_noted,
    the_tally_is_what_a_recount_gives,
    nothing_is_gravely_wrong,
    the_search_says_what_the_records_say,
)


def _of(record: Any, words: str) -> str:
    return f"{register_of(type(record)).word} {record.id}: {words}"


def _last(names: list[str], name: str) -> int:
    return len(names) - 1 - names[::-1].index(name)


def _cases(session: Session) -> list[Case]:
    lists = (Case.steps, Case.referrals, Case.dossiers)
    query = select(Case).options(selectinload(Case.committee), *map(selectinload, lists))
    return list(session.scalars(query.where(Case.removed_at.is_(None))))


def _living(session: Session) -> Iterator[tuple[Life, Any]]:
    """Every record that has a life, with its steps and the lists to which they add lines."""
    for life in LIVES.values():
        model = REGISTERS[life.word].model
        lists = {"steps", *(each.line for each in life.steps.values() if each.line)}
        query = select(model).options(*(selectinload(getattr(model, name)) for name in sorted(lists)))
        for record in session.scalars(query):
            yield life, record
