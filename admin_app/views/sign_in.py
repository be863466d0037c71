"""Sign-in, sign-out, one's own password."""

from typing import Any
from urllib.parse import urlsplit

from flask import flash, redirect, request, url_for
from flask import session as web_session
from flask_admin import expose
from flask_login import LoginManager, UserMixin, login_user, logout_user
from sqlalchemy.orm import joinedload
from wtforms import Form, PasswordField, StringField

from admin_app.database import db
from admin_app.models.users import User
from admin_app.operations import users
from admin_app.rules.dates import now
from admin_app.rules.refusals import NotAllowed, RecordRefused
from admin_app.views.doors import PUBLIC, Page, opens, person, signed_in
from admin_app.views.typed import whole


class SignedIn(UserMixin):
    """Flask-Login's view of a user: the id carries the stamp, so a changed password ends other sessions."""

    def __init__(self, user: User) -> None:
        self.user = user
        self.id = f"{user.id}:{user.session_stamp}"


def load_signed_in(identity: str) -> SignedIn | None:
    """The user of a session cookie, unless removed, switched off, or the password has changed since."""
    number, _, stamp = identity.partition(":")
    # One question in place of two: every request asks it.
    user = db.session.get(User, whole(number) or 0, options=[joinedload(User.posts), joinedload(User.areas)])
    if user is None or not user.active or user.removed_at or user.session_stamp != stamp:
        return None
    return SignedIn(user)


def _password(label: str, use: str, help_: str = "") -> PasswordField:
    """A box for a password; what was not sent at all counts as empty."""
    return PasswordField(
        label, default="", description=help_, render_kw={"autocomplete": use, "maxlength": 200}
    )


class SignInForm(Form):
    username = StringField(
        "用户名", default="", render_kw={"autocomplete": "username", "autofocus": True, "maxlength": 50}
    )
    password = _password("密码", "current-password")


class PasswordForm(Form):
    old = _password("现在的密码", "current-password")
    new = _password("新密码", "new-password", f"至少 {users.SHORTEST} 位，可以用几个词连起来")
    again = _password("再输一遍新密码", "new-password")


class SignInView(Page):
    """The screens before the panel."""

    _default_view = "index"

    def is_visible(self) -> bool:
        return False

    @expose("/", methods=("GET", "POST"))
    @opens(PUBLIC)
    def index(self) -> Any:
        """Sign in; every failure reads alike, and is counted."""
        if person() is not None:
            return redirect(url_for("home.index"))
        form = SignInForm(request.form)
        if request.method != "POST":
            return self.render("sign_in.html", form=form, sentence=None)
        try:
            username, password = form.username.data or "", form.password.data or ""
            origin = request.remote_addr or ""
            user = users.sign_in(db.session, username[:50], password[:200], now(), origin)
        except NotAllowed as refused:
            return self.render("sign_in.html", form=form, sentence=refused.sentence), refused.status
        web_session.clear()
        web_session.permanent = True
        login_user(SignedIn(user))
        return redirect(_inside(request.args.get("next", "")))

    @expose("/out", methods=("POST",))
    @opens(PUBLIC)
    def sign_out(self) -> Any:
        """End the session."""
        user = person()
        if user is not None:
            users.sign_out(db.session, user)
        logout_user()
        web_session.clear()
        return redirect(url_for("sign_in.index"))

    @expose("/password", methods=("GET", "POST"))
    @opens("password.change")
    def change_password(self) -> Any:
        """One's own new password; forced on the first sign-in."""
        user = signed_in()
        form, status = PasswordForm(request.form), 200
        forced = user.must_change_password
        if request.method == "POST":
            if form.new.data != form.again.data:
                form.again.errors = ["两次输入的新密码不一样，请重新输入"]
                status = 422
            else:
                try:
                    users.change_password(db.session, user, form.old.data or "", form.new.data or "")
                    login_user(SignedIn(user))
                    flash("密码已修改。", "ok")
                    return redirect(url_for("home.index"))
                except RecordRefused as refused:
                    db.session.rollback()
                    for finding in refused.findings:
                        form[finding.field].errors = [finding.sentence]
                    status = refused.status
        return self.render(
            "change_password.html", crumbs=[("修改密码", None)], form=form, forced=forced
        ), status


def _inside(target: str) -> str:
    """Where to go after signing in: a path of this panel, never another site."""
    parts = urlsplit(target)
    outside = parts.scheme or parts.netloc or not target.startswith("/") or target.startswith(("//", "/\\"))
    return url_for("home.index") if outside or "\\" in target else target


login_manager = LoginManager()
login_manager.user_loader(load_signed_in)
login_manager.session_protection = None  # the stamp and the short life of the session stand in its place
