"""The facts of a meeting 会议 and of a circular 通报, for their papers."""

from admin_app.documents.facts import Fact, fact, of_field
from admin_app.documents.said import Saying, clean, day_words, paragraphs
from admin_app.models.circulars import Circular
from admin_app.models.meetings import Meeting
from admin_app.models.units import Unit
from admin_app.rules.dates import local


def _lead(saying: Saying, thing: Meeting | Circular) -> str:
    """The unit that leads or sends; a made-up thing brings its unit along."""
    unit = saying.session.get(Unit, thing.unit_id) if thing.unit_id else thing.unit
    return clean(unit.name) if unit else ""


def _when(saying: Saying, meeting: Meeting) -> str:
    return clean("".join(filter(None, (day_words(meeting.held_on), meeting.at))))


def _units(saying: Saying, meeting: Meeting) -> str:
    """Who was invited and came; where nobody has ticked that, who was invited."""
    came = [each for each in meeting.members if each.came] or meeting.members
    return "、".join(filter(None, (*(clean(str(each)) for each in came), clean(meeting.guests or ""))))


def _agenda(saying: Saying, meeting: Meeting) -> str:
    """The topics only: the cases behind them are nobody's to read here."""
    topics = [clean(each.topic) for each in meeting.agenda]
    return paragraphs("\n".join(f"{place}. {topic}" for place, topic in enumerate(topics, 1)))


def _tasks(saying: Saying, meeting: Meeting) -> str:
    lines = [
        f"{place}. {clean(each.what)}（{_doer(saying, each)}，{day_words(each.due_on)}前）"
        for place, each in enumerate((one for one in meeting.tasks if not one.removed_at), 1)
    ]
    return paragraphs("\n".join(lines)) if lines else "无"


def _doer(saying: Saying, task: object) -> str:
    unit_id = getattr(task, "unit_id", None)
    unit = saying.session.get(Unit, unit_id) if unit_id else None
    return clean("".join(filter(None, (unit.name if unit else "", getattr(task, "responsible", None)))))


MEETING: tuple[Fact, ...] = (
    of_field(Meeting, "title"),
    of_field(Meeting, "kind"),
    fact("lead", "牵头单位", _lead),
    fact("when", "时间", _when),
    of_field(Meeting, "place"),
    of_field(Meeting, "host"),
    of_field(Meeting, "recorder"),
    fact("units", "参加单位", _units),
    fact("present", "到会人员", lambda saying, meeting: paragraphs(meeting.present or "")),
    fact("agenda", "议题", _agenda),
    fact("minutes", "会议纪要", lambda saying, meeting: paragraphs(meeting.minutes or "")),
    fact("tasks", "会议交办的任务", _tasks),
)


def _sent_on(saying: Saying, circular: Circular) -> str:
    return day_words(local(circular.sent_at).date() if circular.sent_at else None)


def _recipients(saying: Saying, circular: Circular) -> str:
    names = []
    for each in circular.recipients:
        unit = saying.session.get(Unit, each.unit_id) if each.unit_id else None
        names.append(clean(f"{unit.name if unit else '样例街道'}{'及所属各单位' if each.whole else ''}"))
    return "、".join(names)


CIRCULAR: tuple[Fact, ...] = (
    of_field(Circular, "title"),
    of_field(Circular, "number"),
    fact("recipients", "接收单位", _recipients),
    fact("text", "正文", lambda saying, circular: paragraphs(circular.text)),
    fact("sender_unit", "发出单位", _lead),
    fact("sent_on", "发出日期", _sent_on),
)
