"""The life of a find 排查发现: open, watched, and in the end resolved on the spot or a case (M23; S0, S1)."""

from admin_app.rules.choices import Choice
from admin_app.rules.steps import Step, step


class FindState(Choice):
    """Where a find stands."""

    OPEN = "open", "待化解"
    WATCHED = "watched", "关注中"
    RESOLVED = "resolved", "已化解"
    CASE = "case", "已转案件"


_OPEN, _WATCHED, _RESOLVED, _CASE = FindState
UNSETTLED = (_OPEN, _WATCHED)

STEPS: tuple[Step[FindState], ...] = (
    step(
        "resolve",
        "就地化解",
        UNSETTLED,
        _RESOLVED,
        needs=("outcome", "resolved_on"),
        asks=("way",),
    ),
    step("watch", "继续关注", [_OPEN], _WATCHED, needs=("measures",), asks=("resolve_by",)),
    # Taken by the making of the case, which asks for everything.
    step("convert", "转为案件", UNSETTLED, _CASE, led=True),
    step("urge", "督办", UNSETTLED, None, line="urgings"),
)

STEP: dict[str, Step[FindState]] = {each.name: each for each in STEPS}
