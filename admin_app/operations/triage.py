"""What is proposed for the grading of a case, by the parameters in force."""

from sqlalchemy.orm import Session

from admin_app.models.cases import Case
from admin_app.models.codes import codebook
from admin_app.models.parameters import money, whole
from admin_app.rules import triage
from admin_app.rules.parameters import Setting
from admin_app.rules.tiers import tier_of
from admin_app.rules.triage import Proposal


def proposed(session: Session, case: Case) -> Proposal:
    """The grading that the facts of a case propose."""
    facts = triage.Facts(
        amount=case.amount,
        people=case.people,
        kind=case.kind,
        risk=case.risk,
        crossing=any(each.reason == triage.CROSSING for each in case.referrals),
    )
    return triage.propose(
        facts,
        triage.Thresholds(
            common_amount=money(session, Setting.TRIAGE_COMMON_AMOUNT),
            grave_amount=money(session, Setting.TRIAGE_GRAVE_AMOUNT),
            grave_people=whole(session, Setting.TRIAGE_GRAVE_PEOPLE),
        ),
    )


def sentence(session: Session, proposal: Proposal) -> str:
    """The proposal in words."""
    return proposal.sentence(codebook(session).label("difficulty", proposal.difficulty))


def confirmed(case: Case) -> bool:
    """Whether a person has graded the case."""
    return any(row.name == "triage" for row in case.steps)


def in_question(case: Case, proposal: Proposal) -> bool:
    """Whether nobody has graded the case and the facts propose something else than what stands."""
    return not confirmed(case) and triage.differs(
        proposal, difficulty=case.difficulty, here=tier_of(case.path)
    )
