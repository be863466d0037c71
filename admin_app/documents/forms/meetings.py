"""Papers of meetings and circulars: 会议纪要 and 通报; no public model was found, the layout is ours."""

from admin_app.documents.form import CIRCULARS, MEETINGS, Form, declare
from admin_app.documents.forms.blocks import LOCAL
from admin_app.documents.layout import Words, title
from admin_app.rules.circulars import CircularState
from admin_app.rules.meetings import MeetingState

MINUTES = declare(
    Form(
        "minutes",
        "会议纪要",
        "H1",
        MEETINGS,
        (
            title("会 议 纪 要"),
            Words("{{ title }}", "center", size=16, bold=True, before=10),
            Words("时间：{{ when }}", before=14),
            Words("地点：{{ place }}", before=4),
            Words("牵头单位：{{ lead }}", before=4),
            Words("主持人：{{ host }}　　　记录人：{{ recorder }}", before=4),
            Words("参加单位：{{ units }}", before=4),
            Words("到会人员：{{ present }}", before=4),
            Words("议题", bold=True, before=12),
            Words("{{ agenda }}", before=4),
            Words("会议内容和议定事项", bold=True, before=12),
            Words("{{ minutes }}", before=4),
            Words("交办任务", bold=True, before=12),
            Words("{{ tasks }}", before=4),
            Words("{{ lead }}", "right", before=36),
        ),
        basis=LOCAL,
        applies=lambda case, meeting: meeting.state in (MeetingState.HELD, MeetingState.CLOSED),
        may_lack=frozenset({"place", "host", "recorder", "present", "units", "agenda"}),
    )
)

CIRCULAR = declare(
    Form(
        "circular",
        "通报",
        "H2",
        CIRCULARS,
        (
            title("通　　报"),
            Words("{{ number }}", "center", before=8),
            Words("{{ title }}", "center", size=16, bold=True, before=14),
            Words("{{ recipients }}：", before=16),
            Words("{{ text }}", before=8),
            Words("{{ sender_unit }}", "right", before=36),
            Words("{{ sent_on }}", "right", before=6),
        ),
        basis=LOCAL,
        applies=lambda case, circular: circular.state is CircularState.SENT,
        may_lack=frozenset({"number"}),
    )
)
