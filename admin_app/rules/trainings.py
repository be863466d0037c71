"""Trainings 培训: the life of one, who counts as present, and how many hours somebody owes (M08).

The hours are those of 雅安 (formats.md 4): 岗前 10, 专项 14, 年度 20; a bureau sets others as parameters.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from admin_app.rules.choices import Choice
from admin_app.rules.findings import Finding
from admin_app.rules.steps import Step, step

MOST_HOURS = Decimal(400)  # of one training: half a year of mornings
ZERO = Decimal(0)
# Codes of the table training_kind.
BEFORE_POST, YEARLY, SPECIAL = "01", "02", "03"


class TrainingState(Choice):
    """Where a training stands."""

    PLANNED = "planned", "计划中"
    HELD = "held", "已举办"
    CANCELLED = "cancelled", "已取消"


STEPS: tuple[Step[TrainingState], ...] = (
    step(
        "hold",
        "登记举办",
        [TrainingState.PLANNED],
        TrainingState.HELD,
        needs=("held_from", "held_until", "hours"),
        asks=("place", "teachers"),
    ),
    step("cancel", "取消", [TrainingState.PLANNED], TrainingState.CANCELLED, needs=("cancel_reason",)),
    step("reopen", "改回计划", [TrainingState.HELD, TrainingState.CANCELLED], TrainingState.PLANNED),
)

STEP: dict[str, Step[TrainingState]] = {each.name: each for each in STEPS}


class Mark(Choice):
    """What the list of a training says of one person."""

    EXPECTED = "expected", "应到"
    CAME = "came", "已到"
    LATE = "late", "迟到"
    LEFT_EARLY = "left_early", "早退"
    EXCUSED = "excused", "请假"
    ABSENT = "absent", "缺席"


# Whoever was there, if not all the time: how many hours count is said beside the name.
PRESENT = frozenset({Mark.CAME, Mark.LATE, Mark.LEFT_EARLY})


def hours_finding(hours: Decimal) -> Finding | None:
    """The hours of a training, or of one who was there."""
    return None if 0 <= hours <= MOST_HOURS else Finding("", f"学时应在 0 至 {MOST_HOURS} 之间，请核对")


def days_findings(held_from: date | None, held_until: date | None) -> list[Finding]:
    """The last day does not come before the first."""
    if held_from is not None and held_until is not None and held_until < held_from:
        return [Finding("held_until", "结束日期不能早于开始日期")]
    return []


def held_findings(
    held_from: date | None, present: int, day: date, held_until: date | None = None
) -> list[Finding]:
    """A training is held once it is over and somebody came; hours count from then on."""
    findings = []
    if held_from is not None and held_from > day:
        findings.append(Finding("held_from", "培训还没有开始，开始以后再登记举办"))
    elif held_until is not None and held_until > day:
        findings.append(Finding("held_until", "培训还没有结束，结束以后再登记举办"))
    if not present:
        findings.append(Finding("", "还没有登记谁到了。请先签到、导入或者按调委会登记参训人员，再登记举办"))
    return findings


@dataclass(frozen=True)
class Dues:
    """What a year asks for (⚙): hours of the year, 岗前 of who is new, 专项 of trades; years of rotation."""

    year: Decimal
    new: Decimal
    special: Decimal
    rotation: int


@dataclass(frozen=True)
class Owed:
    """The hours a person owes, and what they have done of each."""

    done: Decimal
    due: Decimal
    new_done: Decimal = ZERO
    new_due: Decimal = ZERO
    special_done: Decimal = ZERO
    special_due: Decimal = ZERO

    @property
    def short(self) -> Decimal:
        """How many hours of the year are missing; never less than none."""
        return max(self.due - self.done, ZERO)

    @property
    def new_short(self) -> Decimal:
        return max(self.new_due - self.new_done, ZERO)

    @property
    def special_short(self) -> Decimal:
        return max(self.special_due - self.special_done, ZERO)

    @property
    def met(self) -> bool:
        """Whether nothing is missing of any of them."""
        return not (self.short or self.new_short or self.special_short)


def owed(
    done: Decimal, new_done: Decimal, special_done: Decimal, dues: Dues, *, new: bool, special: bool
) -> Owed:
    """What somebody owes in a year: 岗前 who was first appointed in it, 专项 who works in a trade."""
    return Owed(
        done,
        dues.year,
        new_done,
        dues.new if new else ZERO,
        special_done,
        dues.special if special else ZERO,
    )


def rested(last_on: date | None, started_on: date | None, day: date, years: int) -> bool:
    """Whether the rotation (轮训, M08) has not reached somebody; who began within it is still awaited."""
    since = last_on or started_on
    return since is None or since <= years_before(day, years)


def years_before(day: date, years: int) -> date:
    """The same day some years earlier; 29 February becomes the 28th."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)
