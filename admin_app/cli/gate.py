"""The gate of the command line: who acts, the session, and the words that people type."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import click
from flask import Flask
from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.orm import Session

from admin_app import history, migrations
from admin_app.application import create_app
from admin_app.database import db, trouble_of
from admin_app.models.committees import Committee
from admin_app.models.units import Unit
from admin_app.models.users import User
from admin_app.rules.dates import parse_day
from admin_app.rules.refusals import Refusal
from admin_app.views.typed import whole


class Word(click.ParamType[str]):
    """A short text of letters that can be seen: no database keeps the others."""

    name = "文字"

    def __init__(self, longest: int = 50) -> None:
        self.longest = longest

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        text = str(value).strip()
        if not text or not text.isprintable() or len(text) > self.longest:
            self.fail(f"请写 1 至 {self.longest} 个看得见的字", param, ctx)
        return text


class Day(click.ParamType[date]):
    """A day, in any of the ways clerks type one."""

    name = "日期"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        try:
            return parse_day(value)
        except ValueError:
            self.fail(f"没有“{value}”这个日期，请写成 2026-01-01 这样", param, ctx)


WORD, DAY = Word(), Day()
ID = click.IntRange(1, 2**31 - 1)


@click.group(help="和事台：人民调解管理平台的命令行。")
def heshi() -> None:
    os.umask(0o077)  # databases, ledgers and accounts hold personal data: for their owner only


def _app() -> Flask:
    try:
        return create_app(process=click.get_current_context().info_name or "cli")
    except ValidationError as error:
        raise click.ClickException(
            "；".join(each["msg"].removeprefix("Value error, ") for each in error.errors())
        ) from None
    except ArgumentError:
        raise click.ClickException("HESHI_DATABASE_URL 写得不对，请照手册改好。") from None


@contextmanager
def answering() -> Iterator[None]:
    """The application's context; what the database or a rule says against it becomes a sentence."""
    try:
        with _app().app_context():
            yield
    except Refusal as refusal:
        raise click.ClickException(refusal.sentence) from None
    except SQLAlchemyError as error:
        if trouble_of(error) is None:
            raise
        raise click.ClickException("数据库连不上，或者正忙：请核对 HESHI_DATABASE_URL，稍后再试。") from None


def upgraded() -> bool:
    """Whether the tables are the ones this program knows."""
    engine = db.engine.execution_options(reads_only=True)
    if engine.dialect.name == "sqlite" and not Path(engine.url.database or "").exists():
        return False  # looking would make an empty file
    return migrations.current(engine) == migrations.newest()


@contextmanager
def session_of(
    username: str | None = None, *, reading: bool = False
) -> Iterator[tuple[Session, User | None]]:
    """A session in the name of a user, or of the system; committed at the end, or nothing at all.

    `reading` begins without SQLite's write lock, for commands that read for long.
    """
    with answering():
        if not upgraded():
            raise click.ClickException("数据库的表结构不是最新的，请先执行 heshi db upgrade。")
        session = db.session
        if reading:
            session.connection(execution_options={"reads_only": True})
        actor = None
        if username is not None:
            actor = session.scalar(select(User).where(User.username == username, User.removed_at.is_(None)))
            if actor is None or not actor.active:
                raise click.ClickException(f"没有可用的用户“{username}”。")
        history.act_as(session, actor)
        yield session, actor
        session.commit()


def tell(command: str, words: str = "") -> None:
    """The line in the history of a command that changes nothing, in a transaction of its own.

    Only a database that has no tables yet, or old ones, is excused: there is nowhere to write.
    """
    with answering():
        if upgraded():
            history.act_as(db.session, None)
            history.note(db.session, history.Action.COMMAND, title=f"heshi {command}", words=words)
            db.session.commit()


def committee_called(session: Session, text: str) -> int:
    """A committee by its number or its name, which must be the only one of that name."""
    number = whole(text)
    same = Committee.id == number if number else Committee.name == text
    found = list(session.scalars(select(Committee.id).where(same, Committee.removed_at.is_(None)).limit(2)))
    if len(found) > 1:
        raise click.ClickException(f"叫“{text}”的调委会不止一个，请写编号。")
    if not found:
        raise click.ClickException(f"没有编号或名称为“{text}”的调委会。")
    return found[0]


def unit_of(session: Session, code: str) -> Unit:
    unit = session.scalar(select(Unit).where(Unit.code == code, Unit.removed_at.is_(None)))
    if unit is None:
        raise click.ClickException(f"没有区划代码为“{code}”的单位。")
    return unit
