"""The life of a screening 排查: due, reported (finds or nought), reviewed (M23; lifecycle.md 5)."""

from datetime import date

from admin_app.rules.choices import Choice
from admin_app.rules.steps import Step, step

# What is asked of a find when it is reported on a phone (formats.md 3.2); the rest is mended later.
OF_A_FIND = (
    *("kind", "persons", "people", "place", "risk", "story"),
    *("responsible", "phone", "measures", "resolve_by", "outcome"),
)


class ScreeningState(Choice):
    """Where a screening stands."""

    DUE = "due", "待报告"
    REPORTED = "reported", "已报告"
    REVIEWED = "reviewed", "已审核"


class Found(Choice):
    """What was reported."""

    NOTHING = "nothing", "零报告"
    SOMETHING = "something", "有发现"


_DUE, _REPORTED, _REVIEWED = ScreeningState

STEPS: tuple[Step[ScreeningState], ...] = (
    step(
        "report",
        "报告",
        [_DUE],
        _REPORTED,
        asks=("screened_on", "screeners"),
        whole="finds",
        of_line=OF_A_FIND,
    ),
    step("zero", "零报告", [_DUE], _REPORTED),
    step("review", "审核", [_REPORTED], _REVIEWED, asks=("opinion",), batch=True),
    step("send_back", "退回", [_REPORTED], _DUE, needs=("opinion",)),
    step("urge", "督办", [_DUE], None, line="urgings"),
)

STEP: dict[str, Step[ScreeningState]] = {each.name: each for each in STEPS}


def late(due_on: date, reported_on: date | None, day: date) -> bool:
    """Reported after its day, or not reported though the day has passed."""
    return (reported_on or day) > due_on
