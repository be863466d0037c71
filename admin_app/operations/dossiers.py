"""The life of a dossier: filing, lending, giving back; and what a case's dossier still lacks (M20)."""

from functools import partial

from sqlalchemy.orm import Session

from admin_app.models.cases import Case
from admin_app.models.codes import codebook
from admin_app.models.dossiers import Dossier, DossierStep
from admin_app.models.units import Unit
from admin_app.operations import numbers, steps
from admin_app.operations.steps import Life, Passing
from admin_app.rules import dossiers as rules
from admin_app.rules.dates import today
from admin_app.rules.findings import Finding
from admin_app.rules.numbers import Series


def missing_findings(session: Session, case: Case) -> list[Finding]:
    """The documents that the dossier of a case must hold and does not, each as a finding."""
    return []


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
