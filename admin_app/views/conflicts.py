"""Two people saved the same record: show both sides, field by field, and lose neither's input."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from wtforms import Form, HiddenField

from admin_app import history
from admin_app.models.history import Entry
from admin_app.models.registry import Register
from admin_app.models.wording import wording
from admin_app.operations.checks import STARS
from admin_app.operations.given import Given
from admin_app.rules.dates import local
from admin_app.views.forms import RecordForm

_CHOICE = "choose-"


class _Held(Form):
    version = HiddenField()
    back = HiddenField()


def held(*, version: str, back: str) -> Form:
    """What a form carries unseen: the version the person saw, and the list they came from."""
    return _Held(data={"version": version, "back": back})


def settled(given: Given, posted: MultiDict[str, str]) -> Given:
    """The input after the person has compared: where they chose the other's, theirs is left out."""
    theirs = {
        name.removeprefix(_CHOICE)
        for name, value in posted.items()
        if name.startswith(_CHOICE) and value == "theirs"
    }
    return Given(
        values={name: value for name, value in given.values.items() if name not in theirs},
        lines={name: rows for name, rows in given.lines.items() if name not in theirs},
    )


def page(session: Session, register: Register, record: Any, posted: MultiDict[str, str]) -> dict[str, Any]:
    """The comparison: what differs between the input and the record as it stands now.

    Where only the other has changed a field, theirs is taken without asking; where only I have, mine.
    """
    form = RecordForm(session, register, record=record, formdata=posted)
    given = form.read()
    since = _since(session, register, record, posted)
    touched = {
        change.get("part") or change["field"]: change["old"]
        for entry in since
        for change in entry.changes["fields"]
    }
    changes, taken = [], []
    for field in register.fields:
        if field.name not in given.values:
            continue
        mine, theirs = history.raw(given.values[field.name]), history.raw(getattr(record, field.name))
        if mine == theirs:
            continue
        # A mask that stayed as the person found it is no input of theirs.
        mask_left = field.say.sensitive and STARS in str(mine)
        untouched_by_me = mask_left or (field.name in touched and touched[field.name] == mine)
        if untouched_by_me:
            taken.append((f"{_CHOICE}{field.name}", "theirs"))
        changes.append(
            {
                "label": field.label,
                "name": field.name,
                "mine": wording(session, field, mine, masked=True),
                "theirs": wording(session, field, theirs, masked=True),
                "choose": field.name in touched and not untouched_by_me,
            }
        )
    changes += _part_changes(register, record, given, touched)
    newest = since[0] if since else None
    return {
        "heading": f"对照修改：{record}",
        "who": newest.actor_name if newest else "别人",
        "when": f"{local(newest.at):%Y-%m-%d %H:%M}" if newest else "刚才",
        "changes": changes,
        "hidden": [*_input(posted), ("version", str(record.version)), *taken],
    }


def _part_changes(
    register: Register, record: Any, given: Given, touched: dict[str, Any]
) -> list[dict[str, Any]]:
    """A part changed by the other is compared as a whole: the names of its lines on either side."""
    found = []
    for part in register.part_lists():
        if part.name in touched and part.name in given.lines:
            name = next(each.name for each in part.fields if each.required)
            mine = "、".join(str(row.values.get(name) or "") for row in given.lines[part.name])
            theirs = "、".join(str(line) for line in getattr(record, part.name))
            found.append(
                {"label": part.label, "name": part.name, "mine": mine, "theirs": theirs, "choose": True}
            )
    return found


def _input(posted: MultiDict[str, str]) -> list[tuple[str, str]]:
    return [
        (name, value)
        for name, value in posted.items(multi=True)
        if name not in ("version", "csrf_token") and not name.startswith(_CHOICE)
    ]


def _since(session: Session, register: Register, record: Any, posted: MultiDict[str, str]) -> list[Entry]:
    """The history lines since the version the person saw: a save raises the version and leaves a line."""
    seen = posted.get("version", "")
    behind = record.version - int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else 1
    query = select(Entry).where(
        Entry.register == register.word,
        Entry.record_id == record.id,
        Entry.action.not_in([history.Action.UNMASK, history.Action.EXPORT]),
    )
    return list(session.scalars(query.order_by(Entry.id.desc()).limit(max(1, min(behind, 50)))))
