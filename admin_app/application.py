"""The front gate: `create_app` puts the rooms together."""

import hashlib
import mimetypes
from datetime import timedelta
from functools import cache
from inspect import iscoroutinefunction
from pathlib import Path
from typing import Any

from flask import Flask, Response, current_app, request, url_for
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

import admin_app.search  # noqa: F401  (it keeps the index of whatever a session writes)
from admin_app import history, replica
from admin_app.database import WEB, db, engines, prepare
from admin_app.operations.files import Store
from admin_app.queue import bell
from admin_app.settings import Settings
from admin_app.views import errors, panel
from admin_app.views.doors import person, refuse_unmarked
from admin_app.views.pressing import press, static_files
from admin_app.views.sign_in import login_manager

# Nothing from outside, nothing inline: an intranet panel needs neither.
CONTENT_SECURITY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
# They read for long, or look at what is sent, before they write.
READING_POSTS = (
    "case.attach",
    "imports.sheet",
    "imports.words",
    "ledgers.inspection",
    "ledgers.ledger",
    "log.check",
    "log.verify",
    "mediator.photo",
    "papers.case_print",
    "papers.case_word",
    "papers.dossier",
    "papers.visit_print",
    "papers.visit_word",
    "templates.form",
)
THEMES = ("auto", "light", "dark")
# Windows may have registered another type for scripts, and a browser told not to sniff would refuse them.
mimetypes.add_type("text/javascript", ".js")
YEAR = 365 * 24 * 3600


class Sessions(SecureCookieSessionInterface):
    """Static files are everybody's: no answer to one brings a person's cookie, or depends on it."""

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if request.endpoint != "static":
            super().save_session(app, session, response)


def create_app(settings: Settings | None = None, process: str = WEB) -> Flask:
    """The WSGI application; settings come from the environment unless given.

    Who is not the web tells its name as the `process`, and may take its time.
    """
    settings = settings or Settings()
    app = Flask("admin_app", static_url_path=f"/static/{_fingerprint()}")
    app.config.update(
        SETTINGS=settings,
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_ENGINES=engines(settings, process),
        MAX_CONTENT_LENGTH=settings.largest_request,
        MAX_FORM_MEMORY_SIZE=settings.largest_form,
        MAX_FORM_PARTS=20_000,
        PERMANENT_SESSION_LIFETIME=timedelta(minutes=settings.session_minutes),
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        WTF_CSRF_TIME_LIMIT=None,  # a form may lie open as long as the session lives
    )
    if settings.proxies:
        behind = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies)
        app.wsgi_app = behind  # type: ignore[method-assign]
    app.session_interface = Sessions()
    db.init_app(app)
    _close_nothing_else(app)
    with app.app_context():
        for engine in db.engines.values():
            prepare(engine, settings.lock_seconds)
        files = Store(settings.files_dir, settings.scan_command)
        known = {"seal": settings.seal_key.encode(), "files": files, "bell": bell(settings)}
        if "replica" in db.engines:
            lag = timedelta(seconds=settings.replica_lag)
            known["replica"] = replica.Replica(db.engines["replica"], lag)
        db.sessionmaker.configure(info=known)
    app.before_request(_limit)  # before CSRFProtect, which reads the form
    CSRFProtect(app)
    login_manager.init_app(app)
    app.before_request(_begin)
    app.before_request(refuse_unmarked)
    app.after_request(_guard)
    app.after_request(press)
    static_files()  # pressed before the first request, and before a server forks
    app.context_processor(_context)
    panel.mount(app)
    errors.install(app)
    return app


def _close_nothing_else(app: Flask) -> None:
    """There are no asynchronous sessions here, and to close none of them starts a thread for each request."""
    found = app.teardown_appcontext_funcs
    app.teardown_appcontext_funcs = [each for each in found if not iscoroutinefunction(each)]


def _limit() -> None:
    """What brings no files is read into memory as a whole, so it may be less long."""
    if request.mimetype != "multipart/form-data":
        request.max_content_length = current_app.config["SETTINGS"].largest_form


def _begin() -> None:
    """A reading request takes no write lock on SQLite; a writing one is done in the person's name."""
    if request.endpoint == "static":
        return
    if request.method in ("GET", "HEAD") or request.endpoint in READING_POSTS:
        db.session.connection(execution_options={"reads_only": True})
    history.act_as(db.session, person())


def _guard(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", f"max-age={YEAR}")
    response.headers["Cache-Control"] = _caching()
    return response


def _caching() -> str:
    """Static files for ever, for their address changes with them; pages with personal data never."""
    return f"public, max-age={YEAR}, immutable" if request.endpoint == "static" else "no-store"


def _context() -> dict[str, Any]:
    theme = request.cookies.get("theme", "auto")
    return {
        "person": _card(),
        "theme": theme if theme in THEMES else "auto",
        "static_url": static_url,
        "read_from": lambda: replica.sentence(db.session),
    }


def _card() -> dict[str, str] | None:
    user = person()
    return {"name": user.name, "posts_text": "、".join(map(str, user.posts))} if user else None


@cache
def _fingerprint() -> str:
    """One for all static files, in the path: the scripts that a script imports beside itself share it."""
    folder = Path(__file__).parent / "static"
    files = sorted(each for each in folder.rglob("*") if each.is_file())
    return hashlib.sha256(b"".join(each.read_bytes() for each in files)).hexdigest()[:12]


def static_url(name: str) -> str:
    """The address of a static file."""
    return url_for("static", filename=name)
