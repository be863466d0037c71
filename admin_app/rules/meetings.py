"""The life of a meeting 会议, and who owes one every month (S0, S2, S3; M27)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from admin_app.rules.choices import Choice
from admin_app.rules.findings import Finding
from admin_app.rules.steps import Step, step
from admin_app.rules.tiers import Tier, covers, tier_of

# Codes of the table meeting_kind.
MONTHLY, TWO_LEVEL, JOINT = "01", "02", "03"


class MeetingState(Choice):
    """Where a meeting stands."""

    PLANNED = "planned", "筹备中"
    CALLED = "called", "已通知"
    HELD = "held", "已召开"
    CLOSED = "closed", "已办结"
    CANCELLED = "cancelled", "已取消"


_PLANNED, _CALLED, _HELD, _CLOSED, _CANCELLED = MeetingState

STEPS: tuple[Step[MeetingState], ...] = (
    step("call", "通知参会", [_PLANNED], _CALLED),
    step("reply", "参会回执", [_CALLED], None, line="replies", of_line=("coming", "people", "word")),
    step(
        "hold",
        "登记召开",
        [_PLANNED, _CALLED],
        _HELD,
        needs=("held_on", "minutes"),
        asks=("present", "recorder"),
        each=("members", ("came",)),
    ),
    step(
        "assign",
        "交办任务",
        [_HELD],
        None,
        line="tasks",
        of_line=("unit_id", "what", "responsible", "person_id", "due_on"),
    ),
    step("close", "办结", [_HELD], _CLOSED),
    step("cancel", "取消", [_PLANNED, _CALLED], _CANCELLED, needs=("cancel_reason",)),
)

STEP: dict[str, Step[MeetingState]] = {each.name: each for each in STEPS}


def held_finding(held_on: date | None, day: date) -> list[Finding]:
    """A meeting is told of once it has been."""
    if held_on is not None and held_on > day:
        return [Finding("held_on", "会议还没有开，开过以后再登记召开")]
    return []


@dataclass(frozen=True)
class Rule:
    """A meeting that the units of a tier under a path hold every month: 每月一次例会."""

    path: str
    tier: Tier
    kind: str
    valid_from: date
    valid_until: date | None

    def holds(self, since: date, until: date) -> bool:
        """Whether it is in force all through a month."""
        return self.valid_from <= since and (self.valid_until is None or self.valid_until >= until)


def owed(path: str, rules: Iterable[Rule], since: date, until: date) -> set[str]:
    """The kinds of meeting that the unit at a path owes for a month."""
    tier = tier_of(path)
    return {
        each.kind
        for each in rules
        if each.tier is tier and covers(each.path, path) and each.holds(since, until)
    }
