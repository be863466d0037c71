"""Two people saved the same record: show both sides, field by field, and lose neither's input."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from admin_app import history
from admin_app.models.fields import Field
from admin_app.models.history import Entry
from admin_app.models.registry import Parts, Register
from admin_app.models.users import User
from admin_app.models.wording import wording
from admin_app.operations.checks import STARS
from admin_app.operations.given import Line
from admin_app.operations.links import title
from admin_app.operations.reverts import lines_before
from admin_app.rules.dates import local
from admin_app.rules.refusals import NotNow
from admin_app.views.forms import RecordForm
from admin_app.views.typed import whole

_CHOICE = "choose-"
THEIRS = "theirs"


def settled(posted: MultiDict[str, str], now: RecordForm) -> MultiDict[str, str]:
    """The input after comparing: where the person chose the other's, it is as the record stands now."""
    theirs = {name.removeprefix(_CHOICE) for name, value in posted.items() if _is_theirs(name, value)}
    if not theirs:
        return posted

    def chosen(name: str) -> bool:
        return name in theirs or name.partition("-")[0] in theirs

    mine = [(name, text) for name, text in posted.items(multi=True) if not chosen(name)]
    others = [(name, text) for name, text in now.posted().items(multi=True) if chosen(name)]
    return MultiDict(mine + others)


def _is_theirs(name: str, value: str) -> bool:
    return name.startswith(_CHOICE) and value == THEIRS


class Comparison:
    """The input of one person beside the record as another has saved it."""

    def __init__(
        self, session: Session, user: User, register: Register, record: Any, posted: MultiDict[str, str]
    ) -> None:
        self.session, self.user, self.register, self.record = session, user, register, record
        self.posted = posted
        self.given = RecordForm(session, user, register, record=record, formdata=posted).read()
        self.since = self._since()
        self.touched = {
            change.get("part") or change["field"]: change["old"]
            for entry in self.since
            for change in entry.changes["fields"]
        }

    def page(self) -> dict[str, Any]:
        """For `conflict.html`. What only one of the two has changed is taken without asking."""
        changes = [each for field in self.register.fields if (each := self._field(field))]
        changes += [each for part in self.register.part_lists() if (each := self._part(part))]
        newest = self.since[0] if self.since else None
        return {
            "heading": f"对照修改：{self.record}",
            "who": newest.actor_name if newest else "别人",
            "when": f"{local(newest.at):%Y-%m-%d %H:%M}" if newest else "刚才",
            "changes": changes,
            "hidden": [
                *self._input(),
                ("version", str(self.record.version)),
                *((f"{_CHOICE}{each['name']}", THEIRS) for each in changes if each["theirs_anyway"]),
            ],
        }

    def _field(self, field: Field) -> dict[str, Any] | None:
        if field.name not in self.given.values:
            return None
        mine = history.raw(self.given.values[field.name])
        theirs = history.raw(getattr(self.record, field.name))
        if mine == theirs:
            return None
        # A mask that stayed as the person found it is no input of theirs.
        mask_left = field.say.sensitive and STARS in str(mine)
        before = self.touched.get(field.name)
        as_before = before == mine or (field.kind == "yes" and not before and not mine)
        untouched = mask_left or (field.name in self.touched and as_before)
        return {
            "label": field.label,
            "name": field.name,
            "mine": self._words(field, mine),
            "theirs": wording(self.session, field, theirs, masked=True),
            "choose": field.name in self.touched and not untouched,
            "theirs_anyway": untouched,
        }

    def _part(self, part: Parts) -> dict[str, Any] | None:
        """A part that the other has changed is compared as a whole."""
        if part.name not in self.touched or part.name not in self.given.lines:
            return None
        mine = self.given.lines[part.name]
        untouched = self._as_it_was(part, mine)
        return {
            "label": part.label,
            "name": part.name,
            "mine": "、".join(self._line_words(part, row) for row in mine),
            "theirs": "、".join(str(line) for line in getattr(self.record, part.name)),
            "choose": not untouched,
            "theirs_anyway": untouched,
        }

    def _as_it_was(self, part: Parts, mine: list[Line]) -> bool:
        """Whether my lines are those that I was shown: then only the other has changed the part."""
        try:
            before = lines_before(self.register, self.record, self.since)[part.name]
        except NotNow:  # changed to and fro since: let the person choose
            return False
        shown = {row.id: row.values for row in before}
        typed = [row for row in mine if row.values or row.id in shown]
        return {row.id for row in typed} == set(shown) and all(
            _same(value, shown[row.id].get(name)) for row in typed for name, value in row.values.items()
        )

    def _line_words(self, part: Parts, row: Line) -> str:
        """What tells a line from the next: its name or link, of mine or as it stands."""
        telling = [each for each in part.fields if each.required and each.kind in ("text", "link")]
        field = next(iter(telling or part.fields))
        if field.name in row.values:
            return self._words(field, history.raw(row.values[field.name]))
        return next((str(line) for line in getattr(self.record, part.name) if line.id == row.id), "")

    def _words(self, field: Field, value: Any) -> str:
        if field.kind == "link" and value is not None:
            return title(self.session, self.user, self.register, field, value)
        return wording(self.session, field, value, masked=True)

    def _input(self) -> list[tuple[str, str]]:
        return [
            (name, value)
            for name, value in self.posted.items(multi=True)
            if name not in ("version", "csrf_token") and not name.startswith(_CHOICE)
        ]

    def _since(self) -> list[Entry]:
        """The lines since the version the person saw: a save raises the version and leaves a line."""
        seen = whole(self.posted.get("version"))
        behind = self.record.version - seen if seen is not None else 1
        query = select(Entry).where(
            Entry.register == self.register.word,
            Entry.record_id == self.record.id,
            Entry.action.not_in([history.Action.UNMASK, history.Action.EXPORT]),
        )
        return list(self.session.scalars(query.order_by(Entry.id.desc()).limit(max(1, min(behind, 50)))))


def _same(mine: Any, shown: Any) -> bool:
    """Whether a value is the one that was shown; of personal data only the mask was."""
    return history.raw(mine) == history.raw(shown) or STARS in str(mine)
