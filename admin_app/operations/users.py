"""Signing in, passwords, and locking out: all kept in the database, so several processes agree."""

import secrets
from datetime import datetime, timedelta
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error
from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app import history
from admin_app.history import Action
from admin_app.models.users import User
from admin_app.rules.findings import Finding
from admin_app.rules.refusals import NotAllowed, RecordRefused

MOST_FAILURES = 5
LOCKED_FOR = timedelta(minutes=15)
SHORTEST = 10
_HASHER = PasswordHasher()
WRONG = "用户名或密码不对，请重新输入。连续输错 5 次，要等 15 分钟才能再试，也可以请管理员重设密码。"


@cache
def _nobody() -> str:
    """A hash to verify against when there is no such user, so that both cases take the same time."""
    return _HASHER.hash(secrets.token_hex(16))


def sign_in(session: Session, username: str, password: str, now: datetime, origin: str = "") -> User:
    """The user with this name and password; 403 with one sentence for every failure, so no name leaks.

    The count of failures and the line in the history must be committed on refusal too.
    """
    name = username if username.isprintable() else ""  # no name of ours; PostgreSQL would choke on a NUL
    # Locked, so that of many attempts at once each is counted.
    known = select(User).where(User.username == name, User.removed_at.is_(None)).with_for_update()
    user = session.scalar(known.execution_options(populate_existing=True))
    right = _verified(user.password_hash if user and user.password_hash else _nobody(), password)
    if user is not None and user.locked_until is not None and user.locked_until > now:
        _note_refusal(session, name, origin)
        raise NotAllowed(WRONG)
    if user is None or not right or not user.active:
        _count_failure(user, now)
        _note_refusal(session, name, origin)
        raise NotAllowed(WRONG)
    user.failures, user.locked_until, user.signed_in_at = 0, None, now
    history.act_as(session, user)
    history.note(session, Action.SIGN_IN, record=user, words=_from(origin))
    session.flush()
    return user


def _count_failure(user: User | None, now: datetime) -> None:
    if user is not None:
        user.failures += 1
        if user.failures >= MOST_FAILURES:
            user.failures, user.locked_until = 0, now + LOCKED_FOR


def _note_refusal(session: Session, username: str, origin: str) -> None:
    history.note(session, Action.REFUSED, title=username[:50], words=_from(origin))
    session.flush()


def _from(origin: str) -> str:
    """The network address of the computer, for the auditor."""
    return f"来自 {origin}" if origin else ""


def _verified(hashed: str, password: str) -> bool:
    try:
        return _HASHER.verify(hashed, password)
    except (Argon2Error, UnicodeEncodeError):
        return False


def sign_out(session: Session, user: User) -> None:
    """Every session of the person ends: a cookie kept by somebody else is worth nothing any more."""
    user.session_stamp = secrets.token_hex(16)
    history.note(session, Action.SIGN_OUT, record=user)


def change_password(session: Session, user: User, old: str, new: str) -> None:
    """A person's own new password; every other session of theirs ends."""
    if not _verified(user.password_hash, old):
        raise RecordRefused([Finding("old", "现在的密码不对，请重新输入")])
    sentence = weakness(new, user.username)
    if sentence:
        raise RecordRefused([Finding("new", sentence)])
    if new == old:
        raise RecordRefused([Finding("new", "新密码不能和现在的密码一样")])
    set_password(user, new, must_change=False)
    history.note(session, Action.PASSWORD, record=user)
    session.flush()


def reset_password(session: Session, user: User) -> str:
    """A temporary password, told once; the person must change it at the next sign-in."""
    password = secrets.token_urlsafe(12)
    set_password(user, password, must_change=True)
    user.failures, user.locked_until = 0, None
    history.note(session, Action.PASSWORD, record=user, words="重设为临时密码")
    session.flush()
    return password


def set_password(user: User, password: str, *, must_change: bool) -> None:
    """Hash and keep; a new stamp ends the sessions that were open."""
    user.password_hash = _HASHER.hash(password)
    user.must_change_password = must_change
    user.session_stamp = secrets.token_hex(16)


def weakness(password: str, username: str) -> str | None:
    """Why a password is too weak, as a sentence, or None."""
    if len(password) < SHORTEST:
        return f"密码至少要 {SHORTEST} 位，可以用几个词连起来"
    if len(password) > 200:
        return "密码太长了，最多 200 位"
    if username.lower() in password.lower():
        return "密码里不要包含用户名"
    if len(set(password)) < 5:
        return "密码里重复的字符太多，请换一个"
    return None
