"""The inbox on the first page: each group with its count, its first rows, and one act for each row."""

from dataclasses import dataclass
from time import time
from typing import Any

from flask import current_app, redirect, request, url_for
from flask import session as web_session
from flask_admin import expose
from sqlalchemy.orm import Session

from admin_app import policy
from admin_app.database import db
from admin_app.models.cases import Case
from admin_app.models.deadlines import Deadline
from admin_app.models.fields import field_of, fields_of
from admin_app.models.registry import register_of
from admin_app.models.units import Unit
from admin_app.models.users import User
from admin_app.operations import inbox
from admin_app.operations.deadlines import open_of, things
from admin_app.operations.inbox import GROUP, Group
from admin_app.operations.lives import LIVES
from admin_app.operations.pages import COUNT_CAP
from admin_app.rules.refusals import NotSeen
from admin_app.views.addresses import address
from admin_app.views.cells import Cell, cell, deadline
from admin_app.views.doors import ACTED, Page, opens, person, signed_in
from admin_app.views.notices import UNREAD, waiting
from admin_app.views.typed import whole

FIRST = 4  # rows of a group on the first page
SIZE = 20
MOST_COUNTED = 99  # the menu says 99+ beyond
COUNTED_SECONDS = 20  # after which others' work shows in the menu of who only reads
LATE, SOON = "late", "soon"
DEADLINES = {LATE: ("已超期", inbox.late), SOON: ("快到期", inbox.soon)}
_NOTICES: dict[str, Any] = {"name": "notices", "label": "通知未读", "tone": "", "rows": []}
EMPTY = "眼下没有要办的事。新的案件、转办和快到的期限，都会出现在这里。"


def menu_count() -> str | None:
    """What the menu says beside 待办; None when nothing waits.

    Every page shows it, and on most it would be the dearest thing: it is counted on the first page, after
    each act of the person's own, and else when the last count has grown old (docs/decisions/0033).
    """
    user = person()
    if user is None:
        return None
    counted: dict[int, _Counted] = current_app.extensions.setdefault("inbox", {})
    known, standing = counted.get(user.id), policy.Standing.of(user)
    if known is None or known.standing != standing or not _fresh(known):
        known = _Counted(standing, time(), inbox.total(db.session, user, MOST_COUNTED))
        counted[user.id] = known
    return words(known.count, MOST_COUNTED) if known.count else None


def _fresh(known: "_Counted") -> bool:
    if request.endpoint == "home.index":
        return False
    acted: float = web_session.get(ACTED, 0)
    return acted < known.at <= time() < known.at + COUNTED_SECONDS


@dataclass(frozen=True)
class _Counted:
    standing: policy.Standing
    at: float  # seconds since 1970, as the person's cookie tells of their last act
    count: int


def words(count: int, most: int = COUNT_CAP) -> str:
    """A count as people read it: beyond the cap with a plus."""
    return f"{most}+" if count > most else str(count)


def groups(session: Session, user: User) -> list[dict[str, Any]]:
    """[{label, count, url, tone, rows}] of what waits: late, near, and then by the step it waits for."""
    counts = inbox.counts(session, user, COUNT_CAP)
    found = [_of_deadlines(session, user, name) for name in DEADLINES if counts[name]]
    found += [_of_group(session, user, each) for each in inbox.groups_of(user) if counts[each.name]]
    found = [{**each, "count": words(counts[each["name"]])} for each in found]
    unread = waiting()
    if unread:
        found.append({**_NOTICES, "count": unread, "url": address("notices.index", [(UNREAD, "1")])})
    return found


def _of_group(session: Session, user: User, group: Group) -> dict[str, Any]:
    return {
        "name": group.name,
        "label": group.label,
        "tone": "seal" if group.watches else "",
        "url": url_for(f"{group.word}.index", todo=group.name),
        "rows": [_row(session, user, group, each) for each in inbox.first(session, user, group, FIRST)],
    }


def _of_deadlines(session: Session, user: User, name: str) -> dict[str, Any]:
    label, query = DEADLINES[name]
    first = query(user).order_by(Deadline.due_on, Deadline.id).limit(FIRST)
    return {
        "name": name,
        "label": label,
        "tone": "seal" if name == LATE else "warn",
        "url": url_for("inbox.group", group=name),
        "rows": deadline_rows(session, list(session.scalars(first))),
    }


def _row(session: Session, user: User, group: Group, record: Any) -> dict[str, Any]:
    steps = LIVES[group.word].steps if group.word in LIVES and not group.watches else {}
    step = group.step if group.step in steps else ""
    label = steps[step].label if step else "查看"
    return {
        **_thing(session, record),
        "due": _late(session, record) if group.watches else _due(session, user, record),
        "act": _act(label, group.word, record, step),
    }


def deadline_rows(session: Session, found: list[Deadline]) -> list[dict[str, Any]]:
    """Each deadline with its thing, its day, and the step that ends the waiting."""
    records, rows = things(session, found), []
    for each in found:
        word, step = inbox.ACT[each.kind]
        record = records[each.id]
        taken = step if step in LIVES[word].steps else ""
        label = LIVES[word].steps[step].label if taken else "去办理"
        rows.append(
            {
                **_thing(session, record),
                "kind": each.kind.label,
                "due": deadline(each.due_on),
                "act": _act(label, word, record, taken),
            }
        )
    return rows


def _thing(session: Session, record: Any) -> dict[str, Any]:
    """What a row is called, and whose case it is about, or which unit's task it is."""
    word = register_of(type(record)).word
    about = _about(session, record)
    return {"title": str(record), "about": about, "url": url_for(f"{word}.detail", record_id=record.id)}


def _about(session: Session, record: Any) -> str:
    """The parties of the case that a thing is, or hangs on; where it has none, the unit that it is of."""
    case_id = record.id if isinstance(record, Case) else getattr(record, "case_id", None)
    if case_id is None:
        return str(session.get_one(Unit, record.unit_id))
    case = session.get_one(Case, case_id)
    return case.names if str(record) != str(case) or case.number else ""


def _act(label: str, word: str, record: Any, step: str) -> dict[str, str]:
    """The one obvious act of a row: the form of a step, or the record's page where there are many."""
    view, where = ("step", {"step": step}) if step else ("detail", {})
    url = address(f"{word}.{view}", [], record_id=record.id, **where)
    return {"label": label, "url": url, "about": f"{label}：{record}"}


def _late(session: Session, record: Any) -> Cell | None:
    """The day that others have let pass: to sign or to answer, whichever is waited for."""
    waited = open_of(session, record)
    return deadline(waited[0].due_on) if waited else None


def _due(session: Session, user: User, record: Any) -> Cell | None:
    """The day of the record that is waited for, while it is."""
    if not any(each.name == "due_on" for each in fields_of(type(record))):
        return None
    if record.due_on is None or not record.waits:
        return None
    return cell(session, user, record, field_of(type(record), "due_on"))


class InboxView(Page):
    """One group, whole."""

    _default_view = "index"

    def is_visible(self) -> bool:
        """The first page leads here, not the menu."""
        return False

    @expose("/")
    @opens("home.see")
    def index(self) -> Any:
        """The inbox stands on the first page."""
        return redirect(url_for("home.index"))

    @expose("/<group>")
    @opens("home.see")
    def group(self, group: str) -> Any:
        """What is near its day or late, over all registers; every other group is a list of its register."""
        if group in GROUP:
            return redirect(url_for(f"{GROUP[group].word}.index", todo=group))
        if group not in DEADLINES:
            raise NotSeen("没有这一类待办。")
        session, page = db.session, max(1, whole(request.args.get("page")) or 1)
        label, query = DEADLINES[group]
        ordered = query(signed_in()).order_by(Deadline.due_on, Deadline.id)
        rows = list(session.scalars(ordered.limit(SIZE + 1).offset((page - 1) * SIZE)))

        def at(number: int) -> str:
            return address("inbox.group", [("page", str(number))], group=group)

        return self.render(
            "inbox.html",
            crumbs=[("待办", url_for("home.index")), (label, None)],
            label=label,
            rows=deadline_rows(session, rows[:SIZE]),
            pager={
                "prev_url": at(page - 1) if page > 1 else None,
                "next_url": at(page + 1) if len(rows) > SIZE else None,
            },
        )
