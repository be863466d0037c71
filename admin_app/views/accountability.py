"""责任倒查情况: what has gathered on which unit, down to the very evidence (M21)."""

from flask_admin import expose

from admin_app.operations import accountability
from admin_app.views.boards import BoardPage
from admin_app.views.doors import opens


class AccountabilityView(BoardPage):
    """Who declined, was late, had cases come back, grow worse, or relapse; and what superiors asked after."""

    board = accountability
    sees = "lookback.see"
    title = "责任倒查情况"
    told = (
        "同一件案件、同一种情形只算一件，记在当时办案的单位；督办、预警记在要答复、要处置的单位。"
        "这些是核查的线索，不是结论。点单位看它的下级，点数字看是哪些。"
    )
    alongside = ("责任倒查", "lookback.index")
    tones = {"escalated": "seal", "late": "warn", "unanswered": "warn", "warned": "warn"}
    shown = {
        "lookback": ("committee_id", "mediator_id", "case_id", "happened_on", "explanation", "finding"),
        "urging": ("unit_id", "to_unit_id", "subject", "reason", "due_on", "state"),
        "warning": ("unit_id", "owner_id", "severity", "words", "due_on", "state"),
    }

    @expose("/")
    @opens("lookback.see")
    def index(self) -> str:
        return self._board()

    @expose("/rows")
    @opens("lookback.see")
    def tasks(self) -> str:
        return self._behind()
