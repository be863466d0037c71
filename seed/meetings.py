"""Who looks after what, meetings, and circulars of the demo: some months of them at home, a few elsewhere."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from sqlalchemy.orm import Session

from admin_app.models.areas import Area
from admin_app.models.circulars import Circular, CircularStep, Reading, Receipt, Recipient
from admin_app.models.deadlines import Deadline
from admin_app.models.meetings import (
    AgendaItem,
    Meeting,
    MeetingRule,
    MeetingStep,
    MeetingTask,
    MeetingTaskStep,
    Member,
    Reply,
)
from admin_app.rules.circulars import STEP as CIRCULAR_STEP
from admin_app.rules.circulars import CircularState
from admin_app.rules.dates import EARLIEST
from admin_app.rules.deadlines import DeadlineKind
from admin_app.rules.meeting_tasks import STEP as TASK_STEP
from admin_app.rules.meeting_tasks import TaskState
from admin_app.rules.meetings import JOINT, MONTHLY, STEP, MeetingState
from admin_app.rules.tiers import Tier
from seed.bulk import Book, Row
from seed.frame import Frame
from seed.lives import moment
from seed.places import Place
from seed.users import Desk, Stand

_MINUTES = "一、通报上月排查和受理、调解情况。\n二、研判辖区重点纠纷，明确化解责任人。\n三、部署本月排查。"
Steps = list[tuple[str, datetime | None, int | None, Row]]
_STATES = {"call": MeetingState.CALLED, "hold": MeetingState.HELD, "close": MeetingState.CLOSED}


@dataclass(frozen=True)
class Calling:
    """What the meetings of the demo are made of."""

    frame: Frame
    book: Book
    chance: Random
    today: date
    home: Stand
    desk: Desk

    def villages(self, town: Place) -> list[Place]:
        return [each for each in self.frame.places if each.parent is town]


def load_meetings(session: Session, frame: Frame, home: Stand, away: Stand) -> None:
    """Areas, the rule that townships meet every month, meetings, and circulars."""
    frame.book = Book(session)
    calling = Calling(frame, frame.book, Random("meetings"), frame.today, home, frame.desk)
    _note_areas(calling, away)
    _note_rule(calling)
    _note_monthly(calling)
    _note_joint(calling)
    _note_circulars(calling)
    frame.book.write()


# ---------------------------------------------------------------- who looks after what


def _note_areas(calling: Calling, away: Stand) -> None:
    """The office at home for its own township; the other for a neighbour too, and once for a third."""
    towns = [each for each in calling.frame.places if each.parent is away.county and each is not away.town]
    for town, user_id, since, until in (
        (calling.home.town, calling.desk.offices[calling.home.town.id], 400, None),
        (towns[0], calling.desk.offices[away.town.id], 200, None),
        (towns[1], calling.desk.offices[away.town.id], 700, 201),
    ):
        calling.book.note(
            Area,
            {
                "user_id": user_id,
                "unit_id": town.id,
                "path": town.path,
                "title": f"分片负责 · {town.name}",
                "valid_from": calling.today - timedelta(days=since),
                "valid_until": calling.today - timedelta(days=until) if until else None,
                "remark": "分片负责制",
            },
        )


def _note_rule(calling: Calling) -> None:
    city = calling.home.city
    calling.book.note(
        MeetingRule,
        {
            "unit_id": city.id,
            "path": city.path,
            "tier": Tier.TOWNSHIP,
            "kind": MONTHLY,
            "valid_from": EARLIEST,
            "remark": "每月召开一次工作例会",
        },
    )


# ---------------------------------------------------------------- meetings


def _note_monthly(calling: Calling) -> None:
    """Three months of the home township and of most of its neighbours; one to come, one called off."""
    towns = [each for each in calling.frame.places if each.parent is calling.home.county]
    for town in towns:
        for ago in (64, 33, 3):
            if town is calling.home.town or calling.chance.random() < 0.7:
                _note_meeting(calling, town, ago, "hold" if ago == 3 else "close")
    _note_meeting(calling, calling.home.town, -6, "call")
    _note_meeting(calling, calling.home.town, 12, "cancel")


def _note_meeting(calling: Calling, lead: Place, ago: int, last: str, *, joint: bool = False) -> int:
    """A meeting so many days ago, as far as it has come."""
    held_on = calling.today - timedelta(days=ago)
    members = calling.villages(lead)[:4] if not joint else [calling.home.town, *_neighbours(calling)[:2]]
    held = last in ("hold", "close")
    title = "农村土地征用纠纷联席会议" if joint else f"{lead.short}{held_on.month}月人民调解工作例会"
    number = calling.book.note(
        Meeting,
        {
            "title": title,
            "kind": JOINT if joint else MONTHLY,
            "joint_field": "02" if joint else None,
            "unit_id": lead.id,
            "path": lead.path,
            "held_on": held_on,
            "at": "上午9:00",
            "place": f"{lead.short}会议室",
            "host": "主要负责人",
            "guests": "派出所、法庭",
            "state": MeetingState.CANCELLED if last == "cancel" else _STATES[last],
            "present": "各参加单位负责人" if held else None,
            "recorder": "工作人员" if held else None,
            "minutes": _MINUTES if held else None,
            "cancel_reason": "与上级会议冲突，下周另行通知" if last == "cancel" else None,
            "created_at": moment(held_on - timedelta(days=6)),
        },
    )
    for each in members:
        member = {"meeting_id": number, "unit_id": each.id, "path": each.path}
        calling.book.note(Member, {**member, "came": True if held else None})
    for topic in ("上月工作情况", "重点纠纷研判"):
        item = {"meeting_id": number, "topic": topic, "case_id": None, "find_id": None}
        calling.book.note(AgendaItem, item)
    _note_steps(calling, number, lead, members, held_on, last)
    return number


def _note_steps(
    calling: Calling, number: int, lead: Place, members: list[Place], held_on: date, last: str
) -> None:
    """Called some days before; the first of those invited has answered."""
    actor = calling.desk.offices.get(lead.id)
    called = min(moment(held_on - timedelta(days=5)), moment(calling.today) - timedelta(hours=8))
    answered = called + timedelta(hours=2)
    taken: Steps = [("call", called, actor, {})]
    if members[1:]:
        reply = calling.book.note(
            Reply,
            {
                "meeting_id": number,
                "unit_id": members[1].id,
                "coming": True,
                "people": "负责人",
                "replied_at": answered,
            },
        )
        taken.append(("reply", answered, None, {"line": reply}))
    end = max(moment(held_on) + timedelta(hours=5), answered)
    if last in ("hold", "close"):
        taken.append(("hold", end, actor, {"held_on": held_on, "minutes": _MINUTES}))
    if last == "close":
        taken.append(("close", end + timedelta(days=2), actor, {}))
    if last == "cancel":
        taken.append(("cancel", answered + timedelta(hours=1), actor, {}))
    calling.frame.passed(MeetingStep, {"meeting_id": number}, STEP, MeetingState.PLANNED, taken)


def _note_joint(calling: Calling) -> None:
    """The county called its townships together; of what it asked for one is late, one to come, one done."""
    county, town = calling.home.county, calling.home.town
    number = _note_meeting(calling, county, 20, "hold", joint=True)
    _note_task(calling, number, county, town, "走访征地补偿纠纷的农户，形成情况报告", -4)
    _note_task(calling, number, county, town, "牵头研究集体收益分配办法，提出意见", 6)
    _note_task(calling, number, county, _neighbours(calling)[0], "提供土地确权登记资料", 9, done=True)
    held = _note_meeting(calling, town, 2, "hold")
    _note_task(calling, held, town, calling.home.room.place, "逐户了解院墙纠纷的诉求，报司法所", 4)


def _neighbours(calling: Calling) -> list[Place]:
    towns = [each for each in calling.frame.places if each.parent is calling.home.county]
    return [each for each in towns if each is not calling.home.town]


def _note_task(
    calling: Calling, meeting: int, lead: Place, doer: Place, what: str, ahead: int, *, done: bool = False
) -> None:
    today = calling.today
    due_on = today + timedelta(days=ahead)
    asked = moment(today - timedelta(days=1 if lead is calling.home.town else 19))
    done_at = moment(today - timedelta(days=5)) if done else None
    number = calling.book.note(
        MeetingTask,
        {
            "meeting_id": meeting,
            "unit_id": doer.id,
            "path": doer.path,
            "lead_path": lead.path,
            "what": what,
            "responsible": "单位负责人",
            "person_id": None,
            "due_on": due_on,
            "state": TaskState.DONE if done else TaskState.OPEN,
            "result": "已报送全部资料" if done else None,
            "done_at": done_at,
            "created_at": asked,
        },
    )
    actor = calling.desk.offices.get(lead.id)
    step: Row = {"at": asked, "actor_id": actor, "name": "assign", "source": MeetingState.HELD}
    step |= {"target": MeetingState.HELD, "note": "", "facts": {}}
    calling.book.note(MeetingStep, {"meeting_id": meeting, **step})
    if done:
        taken: Steps = [("finish", done_at, None, {"result": "已报送全部资料"})]
        calling.frame.passed(MeetingTaskStep, {"meeting_task_id": number}, TASK_STEP, TaskState.OPEN, taken)
    late = not done and due_on < today
    calling.book.note(
        Deadline,
        {
            "kind": DeadlineKind.MEETING_TASK,
            "word": "meeting_task",
            "record_id": number,
            "case_id": None,
            "unit_id": doer.id,
            "path": doer.path,
            "committee_id": None,
            "due_on": due_on,
            "opened_at": asked,
            "done_at": done_at,
            "urged_on": None,
            "warned_on": max(due_on - timedelta(days=3), asked.date()) if late else None,
            "late_on": due_on + timedelta(days=1) if late else None,
        },
    )


# ---------------------------------------------------------------- circulars


def _note_circulars(calling: Calling) -> None:
    home = calling.home
    for sender, to, title, ago, state in (
        (home.city, home.city, "关于上季度全市矛盾纠纷排查调处情况的通报", 9, CircularState.SENT),
        (home.county, home.county, "关于开展节前矛盾纠纷集中排查的通知", 3, CircularState.SENT),
        (home.county, home.town, "关于调整例会时间的通知", 15, CircularState.WITHDRAWN),
        (home.town, home.town, "关于卷宗评查情况的通报", 0, CircularState.DRAFT),
    ):
        _note_circular(calling, sender, to, title, ago, state)


def _note_circular(
    calling: Calling, sender: Place, to: Place, title: str, ago: int, state: CircularState
) -> None:
    actor, sent = calling.desk.offices[sender.id], moment(calling.today - timedelta(days=ago))
    out = state is not CircularState.DRAFT
    reason = "时间有变动，另行通知" if state is CircularState.WITHDRAWN else None
    number = calling.book.note(
        Circular,
        {
            "title": title,
            "kind": "04" if title.endswith("通知") else "01",
            "number": None,
            "unit_id": sender.id,
            "path": sender.path,
            "text": "各单位：\n现将有关情况通报如下。请对照检查，抓好落实，并将落实情况按时报送。",
            "state": state,
            "sent_at": sent if out else None,
            "sender": "工作人员" if out else None,
            "withdraw_reason": reason,
            "created_at": sent,
        },
    )
    calling.book.note(Recipient, {"circular_id": number, "unit_id": to.id, "path": to.path, "whole": True})
    if not out:
        return
    taken: Steps = [("send", sent, actor, {})]
    if reason:
        taken.append(("withdraw", sent + timedelta(hours=3), actor, {"withdraw_reason": reason}))
    calling.frame.passed(CircularStep, {"circular_id": number}, CIRCULAR_STEP, CircularState.DRAFT, taken)
    _note_receipts(calling, number, sender, to, sent)


def _note_receipts(calling: Calling, number: int, sender: Place, to: Place, sent: datetime) -> None:
    """The offices of the demo have read it; at home it is still to be read, and so it is in the villages."""
    at = sent + timedelta(hours=5)
    for each in calling.frame.places:
        if not each.path.startswith(to.path) or each is sender:
            continue
        reader = calling.desk.offices.get(each.id) if each is not calling.home.town else None
        receipt = {"circular_id": number, "unit_id": each.id, "path": each.path}
        calling.book.note(Receipt, {**receipt, "read_at": at if reader else None, "reader_id": reader})
        if reader:
            calling.book.note(Reading, {"circular_id": number, "user_id": reader, "at": at})
