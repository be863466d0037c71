"""The application as a person in the browser meets it, on a copy of the world."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import URL, create_engine
from werkzeug.test import TestResponse

from admin_app.application import create_app
from admin_app.database import db, engines, prepare
from admin_app.models.users import User
from admin_app.settings import Settings
from tests.databases import SEAL, STORE, fluent
from tests.world import World


def make_app(url: URL, **more: Any) -> Flask:
    """The real application on this database, with all its guards."""
    app = create_app(_settings(url, **more))
    app.testing = True
    app.config["PROPAGATE_EXCEPTIONS"] = False  # an unforeseen error must show as the 500 that a person sees
    return app


def _settings(url: URL, **more: Any) -> Settings:
    """The queue lies where nobody works on it."""
    beside = f"sqlite:///{STORE.directory.parent / 'jobs.db'}" if url.get_backend_name() == "sqlite" else ""
    return Settings(
        database_url=url.render_as_string(hide_password=False),
        secret_key=SEAL.decode(),
        files_dir=STORE.directory,
        jobs_url=beside,
        **more,
    )


# Between two tests, each with the configuration it was made with.
_idle: list[tuple[Flask, dict[str, Any]]] = []


@contextmanager
def open_app(url: URL) -> Iterator[Flask]:
    """The application on this database for a while.

    To make one, and to compile its templates, takes longer than most tests: so it goes from one to the next.
    """
    app, config = _idle.pop() if _idle else _fresh(url)
    _move(app, config, url)
    try:
        yield app
    finally:
        with app.app_context():
            db.engine.dispose()
        _idle.append((app, config))


def _fresh(url: URL) -> tuple[Flask, dict[str, Any]]:
    app = make_app(url)
    return app, dict(app.config)


def _move(app: Flask, config: dict[str, Any], url: URL) -> None:
    """To another database, as `create_app` would have begun with it."""
    settings = _settings(url)
    options = engines(settings)
    app.config.clear()
    app.config.update(config | {"SETTINGS": settings, "SQLALCHEMY_ENGINES": options})
    app.extensions.pop("inbox", None)  # what the menu of another database said
    engine = fluent(create_engine(**options["default"]))
    prepare(engine)
    with app.app_context():
        db.engines["default"] = engine
        db.sessionmaker.configure(bind=engine)


@dataclass
class Browser:
    """One person's browser. Every page it gets is checked: no 500, a title, the security headers."""

    app: Flask
    client: FlaskClient
    _token: tuple[str | None, str] = (None, "")  # the session's secret, and the token that goes with it

    def get(self, url: str) -> TestResponse:
        return self._checked(self.client.get(url))

    def post(self, url: str, data: dict[str, Any] | None = None, *, token: bool = True) -> TestResponse:
        given = {**({"csrf_token": self.token()} if token else {}), **(data or {})}
        return self._checked(self.client.post(url, data=given))

    def token(self) -> str:
        """The CSRF token of this browser's session, read off a page once."""
        secret = self._secret()
        if secret is None or secret != self._token[0]:
            pages = (self.client.get(url).text for url in ("/sign-in/", "/sign-in/password", "/"))
            tokens = (re.search(r'name="csrf_token" value="([^"]+)"', page) for page in pages)
            found = next((each for each in tokens if each), None)
            assert found, "no page shows a CSRF token"
            self._token = self._secret(), unescape(found[1])
        return self._token[1]

    def _secret(self) -> str | None:
        with self.client.session_transaction() as cookie:
            secret: str | None = cookie.get("csrf_token")
        return secret

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


def form_data(page: str) -> dict[str, Any]:
    """What a browser would post back from the main form, untouched; a list where a name stands twice."""
    form = re.search(r"<form method=\"post\"[^>]*\sdata-main.*?</form>", page, re.S)
    assert form, "the page has no main form"
    body = re.sub(r"<template>.*?</template>", "", form[0], flags=re.S)
    found: dict[str, list[str]] = {}
    for tag in re.findall(r"<input[^>]*>", body):
        name, value = re.search(r'\sname="([^"]+)"', tag), re.search(r'\svalue="([^"]*)"', tag)
        ticked = re.search(r"\schecked(?=[\s>/=])", tag)
        if name and (ticked or not re.search(r'\stype="?(checkbox|radio)', tag)):
            found.setdefault(unescape(name[1]), []).append(unescape(value[1]) if value else "")
    for name, text in re.findall(r'<textarea[^>]*\sname="([^"]+)"[^>]*>(.*?)</textarea>', body, re.S):
        found[name] = [re.sub(r"\A\r?\n", "", unescape(text))]
    for name, options in re.findall(r'<select[^>]*\sname="([^"]+)"[^>]*>(.*?)</select>', body, re.S):
        chosen = re.search(r'<option selected[^>]*value="([^"]*)"', options)
        found[name] = [unescape(chosen[1]) if chosen else ""]
    return {name: values if len(values) > 1 else values[0] for name, values in found.items()}
