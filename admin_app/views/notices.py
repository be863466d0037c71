"""The bell and its page: what the house has to tell the person who is signed in."""

from collections.abc import Iterable
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from sqlalchemy import select

from admin_app import policy
from admin_app.database import db
from admin_app.models.notices import Notice
from admin_app.models.registry import REGISTERS, column_of
from admin_app.operations import notices
from admin_app.rules.dates import local
from admin_app.rules.notices import NoticeKind
from admin_app.views.addresses import address
from admin_app.views.doors import Page, opens, person, signed_in
from admin_app.views.pager import turned

SIZE = 20
TONES = {NoticeKind.INFO: "brand", NoticeKind.WARN: "warn", NoticeKind.LATE: "seal"}
UNREAD = "unread"


def waiting() -> str | None:
    """What the bell says; None where there is no bell."""
    user = person()
    if user is None or not policy.may(user, "notice.see"):
        return None
    count = notices.unread(db.session, user)
    return f"{notices.MOST_COUNTED}+" if count > notices.MOST_COUNTED else str(count or "")


class NoticesView(Page):
    """One's own notices, newest first, as far back as one likes."""

    _default_view = "index"

    def is_visible(self) -> bool:
        """The bell leads here, not the menu."""
        return False

    @expose("/")
    @opens("notice.see")
    def index(self) -> str:
        """All of them, or those that wait."""
        user, only = signed_in(), [(UNREAD, "1")] if UNREAD in request.args else []
        mine = select(Notice).where(Notice.user_id == user.id)
        if only:
            mine = mine.where(Notice.read_at.is_(None))
        found, older, newer = turned(mine, Notice.id, SIZE)
        return self.render(
            "notices.html",
            crumbs=[("通知", None)],
            tabs=_tabs(bool(only)),
            notices=_shown(found),
            pager={
                "older_url": address("notices.index", [*only, ("before", str(found[-1].id))])
                if older
                else None,
                "newer_url": address("notices.index", [*only, ("after", str(found[0].id))])
                if newer
                else None,
            },
        )

    @expose("/<int:record_id>/open", methods=("POST",))
    @opens("notice.see")
    def open(self, record_id: int) -> ResponseReturnValue:
        """Read; and on to the record, if the person may still see it."""
        notice = notices.find(db.session, signed_in(), record_id)
        notices.read(db.session, signed_in(), notice)
        seen = _seen([notice])
        return redirect(_record_url(notice) if notice.id in seen else url_for("notices.index"))

    @expose("/read", methods=("POST",))
    @opens("notice.see")
    def read(self) -> ResponseReturnValue:
        """All that wait are read."""
        notices.read(db.session, signed_in())
        flash("通知已全部标为已读。", "ok")
        return redirect(url_for("notices.index"))


def _tabs(only_unread: bool) -> list[dict[str, Any]]:
    return [
        {"label": "全部", "url": url_for("notices.index"), "current": not only_unread, "count": None},
        {
            "label": "未读",
            "url": address("notices.index", [(UNREAD, "1")]),
            "current": only_unread,
            "count": None,
        },
    ]


def _shown(found: Iterable[Notice]) -> list[dict[str, Any]]:
    """Each notice in words; those about a record that the person may not see any more lead nowhere."""
    found = list(found)
    seen = _seen(found)
    return [
        {
            "when": f"{local(each.at):%Y-%m-%d %H:%M}",
            "kind": each.kind.label,
            "tone": TONES[each.kind],
            "words": each.words,
            "unread": each.read_at is None,
            "record_url": _record_url(each) if each.id in seen else None,
            "open_url": url_for("notices.open", record_id=each.id),
        }
        for each in found
    ]


def _seen(found: list[Notice]) -> set[int]:
    """The ids of the notices whose record the person may see now: one query for each register."""
    user, seen = signed_in(), set()
    for word in {each.word for each in found} & set(REGISTERS):
        model = REGISTERS[word].model
        ids = {each.record_id for each in found if each.word == word}
        live = column_of(model, "removed_at").is_(None)
        query = select(model.id).where(model.id.in_(ids), live, policy.visible(model, user))
        here = set(db.session.scalars(query))
        seen |= {each.id for each in found if each.word == word and each.record_id in here}
    return seen


def _record_url(notice: Notice) -> str:
    return url_for(f"{notice.word}.detail", record_id=notice.record_id)
