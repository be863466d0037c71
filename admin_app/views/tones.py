"""The colours of states and findings; every tag carries its word, so the colour is never alone.

Told by the kind of thing as well as by its word: what is "due" is money to one life and a delay to another.
"""

from admin_app.rules.assessments import AssessmentState, Decision, RiskLevel
from admin_app.rules.assistances import AssistanceState
from admin_app.rules.awards import AwardState
from admin_app.rules.cases import Stage
from admin_app.rules.choices import Choice
from admin_app.rules.circulars import CircularState
from admin_app.rules.committees import CommitteeStatus
from admin_app.rules.dossiers import Outcome
from admin_app.rules.evaluation_plans import PlanState
from admin_app.rules.evaluations import EvaluationState, Level
from admin_app.rules.finds import FindState
from admin_app.rules.hand_overs import HandOverState
from admin_app.rules.major_reports import ReportState
from admin_app.rules.mediators import MediatorStatus
from admin_app.rules.meeting_tasks import TaskState
from admin_app.rules.meetings import MeetingState
from admin_app.rules.referrals import ReferralState
from admin_app.rules.screenings import Found, ScreeningState
from admin_app.rules.seasons import SeasonState
from admin_app.rules.standards import StandardState
from admin_app.rules.subsidies import ItemState, SubsidyState
from admin_app.rules.typical_cases import TypicalState
from admin_app.rules.urgings import UrgingState
from admin_app.rules.warnings import Outcome as WarningOutcome
from admin_app.rules.warnings import Severity, WarningState

_OK: tuple[Choice, ...] = (
    *(Stage.SETTLED, Stage.CLOSED, Stage.ARCHIVED, Outcome.SETTLED),
    *(CommitteeStatus.ACTIVE, MediatorStatus.APPOINTED, StandardState.PUBLISHED),
    *(ReferralState.ANSWERED, ReferralState.CLOSED, AssistanceState.ANSWERED, HandOverState.ANSWERED),
    *(EvaluationState.PUBLISHED, EvaluationState.FINAL, PlanState.PUBLISHED, PlanState.CLOSED),
    *(ScreeningState.REVIEWED, FindState.RESOLVED, FindState.CASE),
    *(SubsidyState.REVIEWED, SubsidyState.PAID, ItemState.DUE, ItemState.PAID),
    *(AwardState.GRANTED, AwardState.FILED, AssessmentState.CLOSED, Decision.GO, TypicalState.PUBLISHED),
    *(WarningState.CLOSED, WarningOutcome.RESOLVED, WarningOutcome.CASE),
    *(UrgingState.ANSWERED, UrgingState.CLOSED, ReportState.READ, ReportState.CLOSED),
    *(CircularState.SENT, MeetingState.CLOSED, TaskState.DONE),
)
_BRAND: tuple[Choice, ...] = (
    *(Stage.ACCEPTED, Stage.MEDIATING, ReferralState.RECEIVED, ScreeningState.REPORTED, FindState.WATCHED),
    *(EvaluationState.SELF_SCORED, EvaluationState.REVIEWED, EvaluationState.APPRAISED, PlanState.RUNNING),
    *(SubsidyState.APPLIED, SubsidyState.FIRST_REVIEWED, SubsidyState.NOTICED),
    *(SeasonState.OPEN, SeasonState.REVIEWING),
    *(AwardState.APPLIED, AwardState.REVIEWED, AwardState.SCORED, AwardState.NOTICED),
    *(AssessmentState.ASSESSED, AssessmentState.DECIDED, TypicalState.SUBMITTED),
    *(WarningState.HANDLING, WarningOutcome.WATCHED, Severity.BLUE),
    *(MeetingState.CALLED, MeetingState.HELD),
)
_WARN: tuple[Choice, ...] = (
    *(Stage.FAILED, Stage.ENDED, Stage.DECLINED, Stage.IN_TRANSFER, Outcome.FAILED, Outcome.ENDED),
    *(MediatorStatus.SUSPENDED, ReferralState.SENT, HandOverState.OPEN),
    *(EvaluationState.APPEALED, Level.FAILED, Found.SOMETHING, FindState.OPEN),
    *(ItemState.REFUSED, ItemState.OUT, AwardState.RETURNED, AwardState.REFUSED),
    *(RiskLevel.MEDIUM, Decision.PART, Decision.WAIT),
    *(WarningState.RAISED, WarningOutcome.ESCALATED, Severity.ORANGE, Severity.YELLOW),
    *(UrgingState.ISSUED, ReportState.DUE, ReportState.SENT, ReportState.FINAL, TaskState.OPEN),
)
_SEAL: tuple[Choice, ...] = (RiskLevel.HIGH, Decision.STOP, Severity.RED)

_BY_TONE = (("ok", _OK), ("brand", _BRAND), ("warn", _WARN), ("seal", _SEAL))
_TONES = {(type(each), each): tone for tone, choices in _BY_TONE for each in choices}


def tone(choice: Choice) -> str:
    """The colour of the tag of a choice."""
    return _TONES.get((type(choice), choice), "neutral")
