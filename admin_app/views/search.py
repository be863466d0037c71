"""The search box of every page and its page of results: screens, ledgers, and the records one sees in lists.

A search tells nothing that the lists do not, so it leaves no line in the history; and what was typed, often
somebody's name, is kept nowhere.
"""

from flask import jsonify, request
from flask.typing import ResponseReturnValue
from flask_admin import expose

from admin_app.database import db
from admin_app.rules.search import LONGEST_ASKED, asked
from admin_app.views.addresses import address
from admin_app.views.doors import Page, opens, signed_in
from admin_app.views.found import HOW, groups
from admin_app.views.typed import clean

IN_BOX, ON_PAGE = 5, 20  # of each group


class SearchView(Page):
    """One question, asked of everything."""

    _default_view = "index"

    def is_visible(self) -> bool:
        """The box stands on every page, not in the menu."""
        return False

    @expose("/")
    @opens("home.see")
    def index(self) -> str:
        """All that was found, kind by kind; it works without script."""
        typed = _typed()
        found = groups(db.session, signed_in(), typed, ON_PAGE, counted=True)
        return self.render(
            "search.html",
            crumbs=[("搜索", None)],
            typed=typed,
            longest=LONGEST_ASKED,
            groups=found,
            note="" if found else _nothing(typed),
        )

    @expose("/found")
    @opens("home.see")
    def found(self) -> ResponseReturnValue:
        """The first of each kind, for the box."""
        typed = _typed()
        found = groups(db.session, signed_in(), typed, IN_BOX)
        return jsonify(
            groups=found,
            note="" if found else _nothing(typed),
            all_url=address("search.index", [("q", typed)]) if found else None,
        )


def _typed() -> str:
    return clean(request.args.get("q"), LONGEST_ASKED)


def _nothing(typed: str) -> str:
    """What to say where nothing is found."""
    if not typed:
        return HOW
    if not asked(typed):
        return "请再输入一些：至少两个字、两个字母，或者编号里的数字。"
    return f"没有找到“{typed}”。可以少打几个字，或者换成拼音首字母、编号再找。"
