"""A value as the page shows it: words, tag, link, mask."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from admin_app import policy
from admin_app.models.base import Base
from admin_app.models.fields import Field
from admin_app.models.registry import day_of, register_of
from admin_app.models.users import User
from admin_app.models.wording import wording
from admin_app.rules.cases import Stage
from admin_app.rules.circulars import CircularState
from admin_app.rules.committees import CommitteeStatus
from admin_app.rules.dates import SOON, today
from admin_app.rules.evaluation_plans import PlanState
from admin_app.rules.evaluations import EvaluationState
from admin_app.rules.finds import FindState
from admin_app.rules.major_reports import ReportState
from admin_app.rules.mediators import MediatorStatus
from admin_app.rules.referrals import ReferralState
from admin_app.rules.screenings import Found, ScreeningState
from admin_app.rules.standards import StandardState
from admin_app.rules.subsidies import ItemState, SubsidyState

# Colours of states; every tag carries its word, so the colour is never alone.
TONES: dict[str, str] = {
    **dict.fromkeys((Stage.SETTLED, Stage.CLOSED, Stage.ARCHIVED), "ok"),
    **dict.fromkeys((Stage.ACCEPTED, Stage.MEDIATING), "brand"),
    **dict.fromkeys((Stage.FAILED, Stage.ENDED, Stage.DECLINED, Stage.IN_TRANSFER), "warn"),
    CommitteeStatus.ACTIVE: "ok",
    MediatorStatus.APPOINTED: "ok",
    StandardState.PUBLISHED: "ok",
    MediatorStatus.SUSPENDED: "warn",
    ReferralState.SENT: "warn",
    ReferralState.RECEIVED: "brand",
    **dict.fromkeys((ReferralState.ANSWERED, ReferralState.CLOSED), "ok"),
    **dict.fromkeys((EvaluationState.PUBLISHED, EvaluationState.FINAL), "ok"),
    **dict.fromkeys(
        (EvaluationState.SELF_SCORED, EvaluationState.REVIEWED, EvaluationState.APPRAISED), "brand"
    ),
    EvaluationState.APPEALED: "warn",
    PlanState.RUNNING: "brand",
    **dict.fromkeys((PlanState.PUBLISHED, PlanState.CLOSED), "ok"),
    ScreeningState.REPORTED: "brand",
    ScreeningState.REVIEWED: "ok",
    Found.SOMETHING: "warn",
    FindState.OPEN: "warn",
    FindState.WATCHED: "brand",
    **dict.fromkeys((FindState.RESOLVED, FindState.CASE), "ok"),
    **dict.fromkeys((SubsidyState.APPLIED, SubsidyState.FIRST_REVIEWED, SubsidyState.NOTICED), "brand"),
    **dict.fromkeys((SubsidyState.REVIEWED, SubsidyState.PAID, ItemState.DUE, ItemState.PAID), "ok"),
    **dict.fromkeys((ItemState.REFUSED, ItemState.OUT), "warn"),
}

# States whose word means something else in another register.
APART: dict[tuple[type, str], str] = {
    (CircularState, CircularState.SENT): "ok",
    (ReportState, ReportState.DUE): "warn",
    (ReportState, ReportState.FINAL): "warn",
}


@dataclass(frozen=True)
class Cell:
    """One value on a page. `tag` is a tone or None; `masked` says that something is hidden."""

    text: str
    kind: str
    url: str | None = None
    tag: str | None = None
    masked: bool = False


def cell(session: Session, user: User, record: Base, field: Field, *, unmasked: bool = False) -> Cell:
    """The value of a field of a record, masked unless told otherwise."""
    value = getattr(record, field.name)
    if field.say.deadline and value is not None and record.waits:  # type: ignore[attr-defined]
        return deadline(value)
    hidden = field.say.sensitive and not unmasked
    text = wording(session, field, value, masked=hidden, on=day_of(record))
    return Cell(
        text=text,
        kind=field.kind,
        url=_link(session, user, field, value),
        tag=_tone(field, value),
        masked=hidden and bool(text),
    )


def deadline(day: date) -> Cell:
    """A day that is waited for, with the days left or gone: late is red."""
    left = (day - today()).days
    words = f"超期 {-left} 天" if left < 0 else f"剩 {left} 天" if left else "今天到期"
    tone = "seal" if left < 0 else "warn" if left <= SOON else "neutral"
    return Cell(f"{day:%Y-%m-%d} {words}", "date", tag=tone)


def _tone(field: Field, value: Any) -> str | None:
    if field.kind == "choice" and value is not None:
        return APART.get((type(value), value)) or TONES.get(value, "neutral")
    return "neutral" if field.kind == "code" and value else None


def _link(session: Session, user: User, field: Field, value: Any) -> str | None:
    if field.kind != "link" or value is None or field.target is None:
        return None
    word, target = register_of(field.target).word, session.get(field.target, value)
    return url_for(f"{word}.detail", record_id=value) if policy.may(user, f"{word}.open", target) else None
