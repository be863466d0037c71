"""The ledgers page: find a book, choose whose and of which days, look at it, download it.

Each download is in the history before its first byte is sent.
"""

from typing import Any

from flask import flash, redirect, request, url_for
from flask_admin import expose
from sqlalchemy.orm import Session

from admin_app.database import db
from admin_app.exports.downloads import may
from admin_app.exports.ledger import LEDGERS, Ledger
from admin_app.exports.looks import look
from admin_app.models.pinyin import spellings
from admin_app.models.users import User
from admin_app.rules.refusals import NotAllowed, NotSeen, RecordRefused
from admin_app.views import favourites, ledger_bundles, look_ups, trees
from admin_app.views.addresses import address
from admin_app.views.doors import Page, opens, signed_in
from admin_app.views.ledger_files import NO_LEDGER, asked_of, deliver
from admin_app.views.ledger_forms import Wish, blamed, bundle_given, read_bundle, read_wish
from admin_app.views.previews import preview
from admin_app.views.typed import clean

LONGEST_TYPED = 50


class LedgersView(Page):
    """All ledgers this person may download."""

    _default_view = "index"

    def is_accessible(self) -> bool:
        return super().is_accessible() and bool(_mine(signed_in()))

    @expose("/")
    @opens("home.see")
    def index(self) -> str:
        """The shelf: favourites first, then group by group."""
        typed = clean(request.args.get("q"), LONGEST_TYPED)
        marked = favourites.starred(db.session, signed_in())
        found = [_entry(each, marked) for each in _mine(signed_in()) if _matches(each, typed)]
        groups = {"收藏": [each for each in found if each["marked"]]}
        for each in found:
            groups.setdefault(each["shelf"], []).append(each)
        return self.render(
            "ledgers.html",
            crumbs=[("台账", None)],
            groups=[{"label": label, "ledgers": each} for label, each in groups.items() if each],
            typed=typed,
        )

    @expose("/inspection", methods=("GET", "POST"))
    @opens("home.see")
    def inspection(self) -> Any:
        """Several ledgers of one unit and one period as one archive."""
        session, user, errors = db.session, signed_in(), []
        shelf = _mine(user)
        if not shelf:
            raise NotAllowed()
        form = read_bundle(session, user, shelf)
        if request.method == "POST":
            try:
                return ledger_bundles.deliver(session, user, bundle_given(form, shelf))
            except RecordRefused as refused:
                errors = blamed(refused, form)
        groups: dict[str, list[Ledger]] = {}
        for each in shelf:
            groups.setdefault(each.shelf, []).append(each)
        page = self.render(
            "inspection.html",
            crumbs=[("台账", url_for("ledgers.index")), ("检查打包", None)],
            form=form,
            groups=groups,
            errors=errors,
        )
        return page, 422 if errors else 200

    @expose("/<book>/star", methods=("POST",))
    @opens("home.see")
    def star(self, book: str) -> Any:
        """Mark a ledger as a favourite, or no longer."""
        ledger = _find(signed_in(), book)
        marked = favourites.star(db.session, signed_in(), ledger.name)
        flash(f"《{ledger.label}》{'已收藏，排在最前面' if marked else '已取消收藏'}。", "ok")
        return redirect(
            url_for("ledgers.ledger", book=book) if request.form.get("stay") else url_for("ledgers.index")
        )

    @expose("/<book>", methods=("GET", "POST"))
    @opens("home.see")
    def ledger(self, book: str) -> Any:
        """One ledger: a look at it, and the download."""
        session, user = db.session, signed_in()
        wish, status = read_wish(session, user, _find(user, book)), 200
        if request.method == "POST":
            try:
                return deliver(session, user, wish.given)
            except RecordRefused as refused:  # nothing is written before the last line of a download
                wish.blame(refused)
                status = refused.status
        return self.render(
            "ledger.html", look=_look(session, user, wish), **_page(session, user, wish)
        ), status

    @expose("/units")
    @opens("home.see")
    def units(self) -> dict[str, Any]:
        """The look-up of the unit field: only the person's own tree."""
        return look_ups.units(db.session, signed_in(), trees.within(signed_in()), request.args.get("q", ""))


def _look(session: Session, user: User, wish: Wish) -> dict[str, Any] | None:
    """What the sheet will look like; None when the question makes no sense."""
    try:
        return preview(look(session, user, wish.ledger, asked_of(session, user, wish.given)))
    except RecordRefused as refused:
        wish.blame(refused)
        return None


def _page(session: Session, user: User, wish: Wish) -> dict[str, Any]:
    """What stands around the look."""
    ledger = wish.ledger

    def here(unit: int | None) -> str:
        return address("ledgers.ledger", wish.pairs(unit=unit), book=ledger.name)

    return {
        "crumbs": [("台账", url_for("ledgers.index")), (ledger.label, None)],
        "ledger": ledger,
        "wish": wish,
        "marked": ledger.name in favourites.starred(session, user),
        "tree": trees.branches(session, user, wish.unit, here) if "unit" in wish.look else [],
        "all_url": here(None),
        "take_url": address("ledgers.ledger", wish.pairs(), book=ledger.name),
        "errors": wish.errors,
    }


def _mine(user: User) -> list[Ledger]:
    return [ledger for ledger in LEDGERS.values() if may(user, ledger)]


def _find(user: User, name: str) -> Ledger:
    if name not in LEDGERS:
        raise NotSeen(NO_LEDGER)
    if not may(user, LEDGERS[name]):
        raise NotAllowed()
    return LEDGERS[name]


def _entry(ledger: Ledger, marked: list[str]) -> dict[str, Any]:
    return {
        "label": ledger.label,
        "note": ledger.note,
        "reference": ledger.layout.reference,
        "shelf": ledger.shelf,
        "marked": ledger.name in marked,
        "find": f"{ledger.label} {spellings(ledger.label)}",
        "url": url_for("ledgers.ledger", book=ledger.name),
        "star_url": url_for("ledgers.star", book=ledger.name),
    }


def _matches(ledger: Ledger, typed: str) -> bool:
    return typed.lower() in f"{ledger.label} {spellings(ledger.label)}".lower()
