"""The life of a dossier: filing, lending, giving back; and what a case's dossier still lacks (M20)."""

from datetime import date, timedelta
from functools import partial

from sqlalchemy.orm import Session

from admin_app.models.cases import Case
from admin_app.models.codes import codebook
from admin_app.models.dossiers import Dossier, DossierStep
from admin_app.models.hand_overs import HandOver
from admin_app.models.parameters import whole
from admin_app.models.referrals import Referral
from admin_app.models.requirements import demands
from admin_app.models.units import Unit
from admin_app.operations import numbers, steps
from admin_app.operations.steps import Life, Passing
from admin_app.rules import dossiers as rules
from admin_app.rules.cases import NOT_SUCCEEDED, SUCCEEDED, Stage
from admin_app.rules.choices import Choice
from admin_app.rules.dates import today
from admin_app.rules.findings import Finding
from admin_app.rules.numbers import Series
from admin_app.rules.parameters import Setting

_SESSION, _INQUIRY = "01", "02"  # codes of `session_kind`


class Standing(Choice):
    """How a document of the dossier stands."""

    UPLOADED = "uploaded", "已上传"
    WRITTEN = "written", "系统里已有，签字后请扫描上传"
    MISSING = "missing", "还缺"


def checklist(session: Session, case: Case) -> list[tuple[str, Standing]]:
    """[(label of the document, how it stands)]: what the dossier of a case must hold."""
    uploaded, written = {each.kind for each in case.attachments}, papers(case)
    return [
        (
            _label(session, case, kind),
            Standing.UPLOADED
            if kind in uploaded
            else Standing.WRITTEN
            if written.get(kind)
            else Standing.MISSING,
        )
        for kind in _needed(session, case)
    ]


def missing_findings(session: Session, case: Case) -> list[Finding]:
    """The documents that the dossier of a case must hold and does not, each as a finding."""
    return [rules.missing_finding(kind, _label(session, case, kind)) for kind in lacking(session, case)]


def lacking(session: Session, case: Case) -> list[str]:
    """The kinds of documents that the dossier of a case must hold and does not."""
    present = {kind for kind, count in papers(case).items() if count}
    present |= {each.kind for each in case.attachments}
    return rules.missing(_needed(session, case), present)


def papers(case: Case) -> dict[str, int]:
    """How many papers of each kind the panel itself can print, as the facts for them are there."""
    kinds = [each.kind for each in case.sessions]
    return {
        rules.APPLICATION: int(case.accepted_on is not None),
        rules.RIGHTS: int(case.rights_told_on is not None),
        rules.INQUIRY: kinds.count(_INQUIRY),
        rules.RECORD: kinds.count(_SESSION),
        rules.AGREEMENT: int(bool(case.agreement and case.agreement_number)),
        rules.FOLLOW_UP: len(case.follow_ups),
        rules.LETTER: len(_letters(case)),
    }


def contents(session: Session, case: Case) -> list[rules.Entry]:
    """卷内目录 (F02): the scans, and the panel's own papers that no scan stands for yet."""
    written = papers(case)
    labels = {kind: _label(session, case, kind) for kind in written}
    scans = [rules.Sheet(each.kind, each.title, each.pages) for each in case.attachments]
    return rules.contents([*scans, *rules.own_papers(written, [each.kind for each in scans], labels)])


def _needed(session: Session, case: Case) -> list[str]:
    day = today()
    facts = rules.Facts(
        difficulty=case.difficulty,
        form=case.form,
        outcome=outcome_of(case),
        follow_up_due=_follow_up_due(session, case, day),
        handed_over=bool(_letters(case)),
    )
    return rules.required(demands(session), facts, day)


def outcome_of(case: Case) -> rules.Outcome | None:
    """How mediation ended; None while it goes on."""
    if case.stage.value in {each.value for each in rules.Outcome}:
        return rules.Outcome(case.stage.value)
    if case.stage not in (Stage.CLOSED, Stage.ARCHIVED):
        return None
    ends = (row.target.value for row in reversed(case.steps) if row.target.value in set(rules.Outcome))
    by_result = {SUCCEEDED: "settled", NOT_SUCCEEDED: "failed"}.get(case.result or "")
    value = next(ends, by_result)
    return rules.Outcome(value) if value else None


def _follow_up_due(session: Session, case: Case, day: date) -> bool:
    if case.agreed_on is None:
        return False
    return case.agreed_on + timedelta(days=whole(session, Setting.FOLLOW_UP_DAYS)) <= day


def _letters(case: Case) -> list[Referral | HandOver]:
    """Transfers that were sent and hand-overs to and from agencies: each has a letter with a number."""
    sent: list[Referral | HandOver] = [*case.referrals, *case.hand_overs]
    return [each for each in sent if each.number and each.removed_at is None]


def _label(session: Session, case: Case, kind: str) -> str:
    return codebook(session).label("document_kind", kind, case.registered_on)


def filed(passing: Passing) -> list[Finding]:
    """Archiving makes the dossier: 卷名 is the parties and the kind of dispute (F01)."""
    case, dossier, session = passing.record, passing.line, passing.session
    kind = codebook(session).label("dispute_kind", case.kind, case.registered_on)
    dossier.title = f"{case.names}{kind}"[:300]
    if dossier.filed_on and dossier.filed_on < (case.closed_on or dossier.filed_on):
        return [Finding("dossiers-0-filed_on", f"立卷日期不能早于结案日期（{case.closed_on}）")]
    unit = session.get_one(Unit, case.unit_id)
    dossier.number = numbers.take(session, Series.DOSSIER, unit, dossier.filed_on or today())
    return []


def _given_back(passing: Passing) -> None:
    for loan in passing.record.loans:
        loan.returned_on = loan.returned_on or today()


def _move(dossier: Dossier, state: rules.DossierState) -> None:
    dossier.state = state


LIFE = Life(
    word="dossier",
    steps=rules.STEP,
    row=DossierStep,
    stands=lambda dossier: dossier.state,
    move=_move,
    effects={"give_back": _given_back},
)

advance = partial(steps.advance, LIFE)
