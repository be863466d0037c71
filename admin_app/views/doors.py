"""Every screen stands behind a door that names an action of the policy; a screen without one stays shut.

`Page` is the base of all views on Flask-Admin's engine. Of Flask-Admin we keep mounting, menu and the hook
before every view; the doors of its ModelView are not inherited (docs/decisions/0002).
"""

from collections.abc import Callable
from time import time
from typing import Any, TypeVar

from flask import Flask, current_app, redirect, render_template, request, url_for
from flask import session as web_session
from flask.typing import ResponseReturnValue
from flask_admin import BaseView
from flask_login import current_user

from admin_app import policy
from admin_app.database import db
from admin_app.models.users import User
from admin_app.rules.refusals import NotSeen

PUBLIC = "public"
ACTED = "acted"  # in the cookie: when the person last did something, whichever process served it
View = TypeVar("View", bound=Callable[..., Any])


def opens(action: str) -> Callable[[View], View]:
    """Name the action a view needs. In a register's view the word is added: "see" means "case.see"."""

    def mark(view: View) -> View:
        view.opens = action  # type: ignore[attr-defined]
        return view

    return mark


def person() -> User | None:
    """Whoever is signed in."""
    return getattr(current_user, "user", None)  # Flask-Login's stranger has none


def signed_in() -> User:
    """Whoever is signed in, behind a door that has made sure of it."""
    user = person()
    assert user is not None
    return user


class Page(BaseView):
    """A group of screens. Asks the policy before each; commits once, after a POST."""

    word = ""

    def action_of(self, view_name: str) -> str:
        """The policy action of a view, PUBLIC, or "" when it names none (then it stays shut)."""
        action: str = getattr(getattr(type(self), view_name), "opens", "")
        return f"{self.word}.{action}" if self.word and action != PUBLIC and "." not in action else action

    def is_accessible(self) -> bool:
        """Whether the menu shows this page's first screen."""
        user = person()
        return user is not None and policy.may(user, self.action_of(self._default_view))

    def _handle_view(self, name: str, **kwargs: Any) -> ResponseReturnValue | None:
        action = self.action_of(name)
        if not action:
            raise NotSeen()
        if action == PUBLIC:
            return None
        user = person()
        if user is None:
            return redirect(
                url_for("sign_in.index", next=request.full_path if request.method == "GET" else None)
            )
        if user.must_change_password and action != "password.change":
            return redirect(url_for("sign_in.change_password"))
        policy.demand(user, action)
        return None

    def _run_view(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Flask-Admin's own would call the view a second time when the view raises TypeError."""
        answer = fn(self, *args, **kwargs)
        if request.method == "POST":
            db.session.commit()
            web_session[ACTED] = time()
        return answer

    def render(self, template: str, **context: Any) -> str:
        """Our templates need nothing of Flask-Admin's context."""
        return render_template(template, admin_view=self, **context)


def action_of_endpoint(app: Flask, endpoint: str) -> str:
    """The policy action of any endpoint of the app; "" for one that has no meaning there."""
    if endpoint == "static":
        return PUBLIC
    blueprint, _, name = endpoint.rpartition(".")
    for admin in app.extensions["admin"]:
        for view in admin._views:
            if view.endpoint == blueprint and isinstance(view, Page) and hasattr(type(view), name):
                return view.action_of(name)
    return ""


def refuse_unmarked() -> None:
    """Before every request: an endpoint that no door stands before does not exist."""
    if request.endpoint and not action_of_endpoint(current_app, request.endpoint):
        raise NotSeen("没有这个页面。")
