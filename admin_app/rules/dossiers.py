"""The life of a filed dossier 卷宗: kept, lent, given back (M20; lifecycle.md 5)."""

from admin_app.rules.choices import Choice
from admin_app.rules.steps import Step, step


class DossierState(Choice):
    """Where a dossier is."""

    KEPT = "kept", "在库"
    LENT = "lent", "已借出"


STEPS: tuple[Step[DossierState], ...] = (
    step("lend", "借出", [DossierState.KEPT], DossierState.LENT, line="loans"),
    step("give_back", "归还", [DossierState.LENT], DossierState.KEPT),
)

STEP: dict[str, Step[DossierState]] = {each.name: each for each in STEPS}
