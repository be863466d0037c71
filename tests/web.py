"""The application as a person in the browser meets it, on a copy of the world."""

import re
from dataclasses import dataclass
from html import unescape
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import URL
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from admin_app.application import create_app
from admin_app.database import db
from admin_app.models.users import User
from admin_app.settings import Settings
from tests.databases import SEAL
from tests.world import World


def make_app(url: URL) -> Flask:
    """The real application on this database, with all its guards."""
    settings = Settings(database_url=url.render_as_string(hide_password=False), secret_key=SEAL.decode())
    app = create_app(settings)
    app.testing = True
    app.config["PROPAGATE_EXCEPTIONS"] = False  # an unforeseen error must show as the 500 that a person sees
    return app


@dataclass
class Browser:
    """One person's browser. Every page it gets is checked: no 500, a title, the security headers."""

    app: Flask
    client: FlaskClient

    def get(self, url: str) -> TestResponse:
        return self._checked(self.client.get(url))

    def post(self, url: str, data: dict[str, Any] | None = None, *, token: bool = True) -> TestResponse:
        given = {**({"csrf_token": self.token()} if token else {}), **(data or {})}
        return self._checked(self.client.post(url, data=given))

    def token(self) -> str:
        """The CSRF token of this browser's session."""
        pages = (self.client.get(url).text for url in ("/sign-in/", "/", "/sign-in/password"))
        tokens = (re.search(r'name="csrf_token" value="([^"]+)"', page) for page in pages)
        found = next((each for each in tokens if each), None)
        assert found, "no page shows a CSRF token"
        return unescape(found[1])

    def _checked(self, answer: TestResponse) -> TestResponse:
        assert answer.status_code < 500, f"{answer.request.path}: {answer.status_code}"
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        if answer.mimetype == "text/html" and answer.status_code not in (301, 302, 308):
            assert re.search(r"<title>[^<]*\S[^<]*</title>", answer.text), (
                f"{answer.request.path} has no title"
            )
            assert not re.search(r"<script(?![^>]*\bsrc=)|\son\w+=\"|\sstyle=\"", answer.text)
        return answer


def browser(app: Flask, user_id: int | None = None) -> Browser:
    """A browser; signed in as a user without typing the password when an id is given."""
    client = app.test_client()
    if user_id is not None:
        with app.app_context():
            user = db.session.get_one(User, user_id)
            identity = f"{user.id}:{user.session_stamp}"
        with client.session_transaction() as cookie:
            cookie["_user_id"] = identity
            cookie["_fresh"] = True
    return Browser(app, client)


def named(app: Flask, world: World, who: str) -> Browser:
    """The browser of a person of the world."""
    return browser(app, getattr(world, who))


def people(session: Session) -> list[User]:
    """Everybody who can sign in."""
    return list(session.query(User).order_by(User.id))
