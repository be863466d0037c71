"""Batches 批量办理: one step taken on several records, on all of them or on none."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from admin_app.models.cases import Case
from admin_app.models.referrals import Referral
from admin_app.models.registry import register_of
from admin_app.models.users import User
from admin_app.operations.given import Given, Line
from admin_app.operations.lives import take_step
from admin_app.operations.referrals import only_committee
from admin_app.rules.findings import Finding
from admin_app.rules.refusals import NotAllowed, NotNow, RecordRefused, Stale


def take_steps(
    session: Session, actor: User, records: Iterable[Any], name: str, given: Given, *, note: str = ""
) -> None:
    """Take the step on each record, in the order of their ids so that two batches queue.

    The first refusal ends it, and says of which record it speaks; the caller rolls everything back.
    """
    for record in sorted(records, key=lambda each: each.id):
        title = str(record)  # while it can be read: a lost race leaves the session unusable
        try:
            take_step(session, actor, record, name, _fitted(session, record, name, given), note=note)
        except RecordRefused as refused:
            raise RecordRefused([_of(title, each) for each in refused.findings]) from refused
        except Stale as stale:
            raise NotNow(f"{title}：别人刚刚办理了这一条，请核对后再办。") from stale
        except (NotAllowed, NotNow) as refused:
            raise type(refused)(f"{title}：{refused.sentence}") from refused


def _of(title: str, finding: Finding) -> Finding:
    return replace(finding, sentence=f"{title}：{finding.sentence}")


def _fitted(session: Session, record: Any, name: str, given: Given) -> Given:
    """What was given once for all, as this record takes it."""
    fit = _FITS.get((register_of(type(record)).word, name))
    return fit(session, record, given) if fit else given


def _signed(session: Session, referral: Referral, given: Given) -> Given:
    """Where nobody chose a committee for all, each unit's only one takes the case in."""
    if given.values.get("to_committee_id"):
        return given
    return Given({**given.values, "to_committee_id": only_committee(session, referral.to_unit_id)})


def _assigned(session: Session, case: Case, given: Given) -> Given:
    """Whoever has the case already keeps their line."""
    known = {line.mediator_id: line.id for line in case.mediators}
    lines = []
    for line in given.lines.get("mediators", []):
        has = known.get(line.values.get("mediator_id", 0))
        lines.append(Line(has, {}) if has else line)
    return Given(given.values, {"mediators": lines})


_FITS: dict[tuple[str, str], Callable[[Session, Any, Given], Given]] = {
    ("referral", "receive"): _signed,
    ("case", "assign"): _assigned,
}
