"""Every failure as one clear Chinese page: refusals, HTTP errors, a busy database, and the unforeseen."""

from traceback import format_tb
from typing import Any

import structlog
from flask import Flask, g, render_template, request, url_for
from flask import session as web_session
from flask_login import AnonymousUserMixin
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from admin_app.database import db, trouble_of
from admin_app.operations.attempts import reads_only
from admin_app.rules.refusals import Refusal, Stale

structlog.configure(
    processors=[
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso"),
        structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"]),
    ]
)
log = structlog.get_logger()

SENTENCES = {
    400: ("提交的内容看不懂。", "请返回上一页，检查后重新提交。"),
    403: ("您的岗位没有这项权限。", "如有需要请联系本单位管理员。"),
    404: ("没有找到这个页面。", "地址可能写错了，或者内容已被删除。"),
    405: ("这个页面不能这样打开。", "请从菜单重新进入。"),
    413: ("提交的内容太大了。", "请减少文字或附件后重新提交。"),
    414: ("网址太长了。", "请从菜单重新进入。"),
    500: ("系统出了问题，刚才的内容没有保存。", "请稍后再试；如果还不行，请把现在的时间告诉管理员。"),
    503: ("系统正忙，刚才的内容没有保存。", "请过一会儿再试一次。"),
}


def install(app: Flask) -> None:
    """Register the handlers; each rolls back what the request had begun."""
    app.register_error_handler(Refusal, _refusal)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(StaleDataError, lambda error: _refusal(Stale()))
    app.register_error_handler(SQLAlchemyError, _troubled)
    app.register_error_handler(Exception, _unforeseen)


def _page(code: int, sentence: str, advice: str, *, broken: bool = False) -> tuple[str, int]:
    _undo(broken)
    return _drawn(code, sentence, advice), code


def _drawn(code: int, sentence: str, advice: str, again: list[tuple[str, str]] | None = None) -> str:
    """The page; `again` is what was sent, where it may be sent once more as it was."""
    return render_template(
        "error.html",
        code=code,
        sentence=sentence,
        advice=advice,
        again=again,
        again_url=request.script_root + request.full_path.removesuffix("?"),
        back_url=url_for(f"{'window' if request.blueprint == 'window' else 'home'}.index"),
        crumbs=[("出错了", None)],
    )


def _undo(broken: bool) -> None:
    """End what the request had begun to write. What only read goes on, unless the database has failed:

    then the page need not ask anew who is before it. And no page waits for SQLite's write lock to say no.
    """
    session = db.session
    if broken or not (session.is_active and reads_only(session)):
        session.rollback()
    if "_user_id" in web_session and not session.in_transaction():
        session.connection(execution_options={"reads_only": True})


def _leave(session: Session) -> None:
    """Roll back; a connection that cannot even do that is thrown away."""
    try:
        session.rollback()
    except SQLAlchemyError:
        session.invalidate()


def _refusal(error: Refusal) -> Any:
    return _page(error.status, error.sentence, "")


def _csrf(error: CSRFError) -> Any:
    return _page(400, "页面放得太久，已经失效，刚才的内容没有保存。", "请返回上一页，刷新后重新提交。")


def _http(error: HTTPException) -> Any:
    code, cause = error.code or 500, getattr(error, "original_exception", None)
    if code < 400:
        return error
    if isinstance(cause, SQLAlchemyError):  # the database went while a page of another error was drawn
        return _troubled(cause)
    return _page(code, *SENTENCES.get(code, SENTENCES[400 if code < 500 else 500]))


def _troubled(error: SQLAlchemyError) -> Any:
    """A page that asks the database for nothing more, not even who is before it."""
    trouble = trouble_of(error)
    if trouble is None:
        return _unforeseen(error)
    log.error("database in trouble", trouble=trouble.name, error=_told(error))
    _leave(db.session)
    g._login_user = AnonymousUserMixin()  # where Flask-Login keeps whom it has found
    later = {"Retry-After": str(trouble.seconds)} if trouble.seconds else {}
    return _drawn(503, trouble.sentence, trouble.advice, _sent() if trouble.undone else None), 503, later


def _sent() -> list[tuple[str, str]] | None:
    """What a form brought, so that nobody types it twice; None where it brought files, or passwords."""
    if request.method != "POST" or request.files or request.blueprint == "sign_in":
        return None
    return list(request.form.items(multi=True))


def _unforeseen(error: Exception) -> Any:
    log.error("unforeseen error", error=_told(error), trace="".join(format_tb(error.__traceback__)))
    return _page(500, *SENTENCES[500], broken=True)


def _told(error: Exception) -> str:
    """What the log may keep. A database's own text holds the row that failed, and so personal data."""
    if isinstance(error, DBAPIError):
        return f"{type(error.orig).__name__} {getattr(error.orig, 'sqlstate', '')}".strip()
    return f"{type(error).__name__}: {error}"
