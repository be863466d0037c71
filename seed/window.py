"""The public window of the demo: open, with some applications that nobody has dealt with yet (M11)."""

from datetime import timedelta

from sqlalchemy.orm import Session

from admin_app.models.parameters import Parameter
from admin_app.models.visits import Visit
from admin_app.rules.parameters import Setting
from admin_app.rules.visits import WAITING
from admin_app.rules.window import RECEIVER
from seed.bulk import add
from seed.committees import Room
from seed.frame import Frame
from seed.lives import moment
from seed.names import People

# Days ago, and about what; the codes are of the table dispute_kind.
_CAME = (
    (0, "2", "楼上邻居家水管漏水，我家天花板和衣柜都泡坏了，找了两次没有结果。"),
    (1, "1", "和丈夫为孩子的抚养费商量不下来，想请调解员帮忙说说。"),
    (3, "2", "隔壁装修到晚上十点多，老人睡不好，说了也不听。"),
)


def open_window(session: Session) -> None:
    """By a parameter, as an administrator would."""
    row = {"setting": Setting.WINDOW_OPEN, "value": "是", "remark": "演示；正式系统默认不开放"}
    add(session, Parameter, [row])


def note_applications(rooms: list[Room], frame: Frame, people: People) -> None:
    """One after the other for the rooms of the demo's people."""
    for number, (age, kind, matter) in enumerate(_CAME):
        room, person = rooms[number % len(rooms)], people.person(19, 76)
        day = frame.today - timedelta(days=age)
        frame.book.note(
            Visit,
            {
                "visited_on": day,
                "committee_id": room.id,
                "unit_id": room.place.id,
                "path": room.place.path,
                "receiver": RECEIVER,
                "people": 1,
                "name": person.name,
                "sex": person.sex,
                "birth_on": None,
                "id_number": None,
                "phone": person.phone,
                "address": f"{room.place.full}{frame.chance.randint(1, 260)}号",
                "counterpart": people.name(),
                "kind": kind,
                "matter": matter,
                "opinion": WAITING,
                "outcome": None,
                "case_id": None,
                "query_code": f"{330700000001 + number:012}",
                "created_at": moment(day),
            },
        )
