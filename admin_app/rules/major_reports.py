"""Reports of major disputes 重大纠纷信息报送: their life, what is major, and the clock in hours (S0).

The hours run through nights and holidays: what may end in blows does not wait for the office to open. A
report is in time when it went out at the very moment of its term or before; after it every begun hour counts.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from admin_app.rules.choices import Choice
from admin_app.rules.steps import Step, step

HOUR = timedelta(hours=1)


class ReportState(Choice):
    """Where the report of a major dispute stands."""

    DUE = "due", "待报送"
    SENT = "sent", "待签阅"
    READ = "read", "已签阅"
    FINAL = "final", "终报待签阅"
    CLOSED = "closed", "已办结"
    DROPPED = "dropped", "不用报送"


class BulletinKind(Choice):
    """Which of its reports one is."""

    FIRST = "first", "首报"
    FOLLOW = "follow", "续报"
    LAST = "last", "终报"


_DUE, _SENT, _READ, _FINAL, _CLOSED, _DROPPED = ReportState
_TOLD = ("situation", "measures", "wanted")

STEPS: tuple[Step[ReportState], ...] = (
    step("report", "首报", [_DUE], _SENT, line="bulletins", of_line=_TOLD),
    step("sign", "签阅", [_SENT], _READ, line="signatures", of_line=("opinion",)),
    step("pass_on", "签阅并上报", [_SENT, _READ], _SENT, line="signatures", of_line=("opinion",)),
    step("follow_up", "续报", [_SENT, _READ], _SENT, line="bulletins", of_line=_TOLD),
    step("finish", "终报", [_SENT, _READ], _FINAL, line="bulletins", of_line=_TOLD),
    step("sign_final", "签阅终报", [_FINAL], _CLOSED, line="signatures", of_line=("opinion",)),
    step("drop", "不用报送", [_DUE], _DROPPED, needs=("reason",)),
    step("urge", "督办", [_DUE, _SENT, _READ], None, line="urgings"),
)

STEP: dict[str, Step[ReportState]] = {each.name: each for each in STEPS}

BULLETIN_OF = {
    "report": BulletinKind.FIRST,
    "follow_up": BulletinKind.FOLLOW,
    "finish": BulletinKind.LAST,
}


@dataclass(frozen=True)
class Terms:
    """What a bureau has set (⚙): which difficulty and risks are major, which risks press, and the hours."""

    difficulties: Collection[str]
    risks: Collection[str]
    pressing: Collection[str]
    hours: int
    pressing_hours: int


@dataclass(frozen=True)
class Cause:
    """Why a dispute is reported, and within how many hours."""

    by_risk: bool
    hours: int


def cause(terms: Terms, *, difficulty: str | None, risk: str) -> Cause | None:
    """Why this dispute is major; None when it is not. What presses comes first."""
    if risk in terms.pressing:
        return Cause(True, terms.pressing_hours)
    if risk in terms.risks:
        return Cause(True, terms.hours)
    return Cause(False, terms.hours) if difficulty in terms.difficulties else None


def hours_late(due_at: datetime, sent_at: datetime) -> int:
    """How many hours beyond the term, each begun hour counted; 0 in time."""
    over = sent_at - due_at
    return -(-over // HOUR) if over > timedelta(0) else 0


def said_late(due_at: datetime, sent_at: datetime | None, at: datetime) -> str:
    """How lateness reads; without a report the clock still runs at a moment."""
    late = hours_late(due_at, sent_at or at)
    if late:
        return f"{'' if sent_at else '已'}迟 {late} 小时"
    return "按时" if sent_at else "未到时限"
