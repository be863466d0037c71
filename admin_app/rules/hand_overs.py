"""The life of a hand-over 移送 between a committee and an agency: court, police, petition office (M15)."""

from admin_app.rules.choices import Choice
from admin_app.rules.steps import Step, step


class Way(Choice):
    """In which direction a case is handed over."""

    IN = "in", "移送到本调委会"
    OUT = "out", "移送其他机关"


class HandOverState(Choice):
    """Where a hand-over stands."""

    OPEN = "open", "待反馈"
    ANSWERED = "answered", "已反馈"


STEPS: tuple[Step[HandOverState], ...] = (
    step(
        "feed_back",
        "登记反馈",
        [HandOverState.OPEN],
        HandOverState.ANSWERED,
        needs=("answer", "answered_on"),
    ),
)

STEP: dict[str, Step[HandOverState]] = {each.name: each for each in STEPS}

# Table agency_kind. A dispute that had to go to the police has grown worse: evidence for the look-back.
POLICE = "03"

# Who hands over sets the source of the case (formats.md 3.4: 移送类别 → SYS267).
SOURCE_OF_AGENCY = {"01": "3", "02": "4", "03": "5", "04": "6", "99": "7"}

# 移送类别 by the kind of agency (formats.md 3.4); other agencies are called by their kind.
LINKED = {"03": "公调对接", "01": "诉调对接", "02": "检调对接", "04": "访调对接"}
