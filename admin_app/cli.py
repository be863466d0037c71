"""The command line `heshi`: every command acts as a named user or as the system, and is in the history."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click
from flask import Flask
from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app import history, migrations, policy
from admin_app.application import create_app
from admin_app.database import db
from admin_app.exports.downloads import file_name, fill, note
from admin_app.exports.ledger import LEDGERS, Asked
from admin_app.models.units import Unit
from admin_app.models.users import Post, Role, User
from admin_app.operations import users
from admin_app.rules.refusals import NotSeen, Refusal
from admin_app.settings import INSTANCE, Settings

ACCOUNTS = INSTANCE / "demo-accounts.md"
DAY = click.DateTime(["%Y-%m-%d"])


@click.group(help="和事台：人民调解管理平台的命令行。")
def heshi() -> None:
    os.umask(0o077)  # databases, ledgers and accounts hold personal data: for their owner only


def _app() -> Flask:
    try:
        return create_app()
    except ValidationError as error:
        raise click.ClickException(
            "；".join(each["msg"].removeprefix("Value error, ") for each in error.errors())
        ) from None


@contextmanager
def _session(username: str | None = None, *, reading: bool = False) -> Iterator[tuple[Session, User | None]]:
    """A session in the name of a user, or of the system; committed at the end, or nothing at all.

    `reading` begins without SQLite's write lock, for commands that read for long.
    """
    with _app().app_context():
        session = db.session
        if reading:
            session.connection(execution_options={"reads_only": True})
        actor = None
        if username is not None:
            actor = session.scalar(select(User).where(User.username == username, User.removed_at.is_(None)))
            if actor is None or not actor.active:
                raise click.ClickException(f"没有可用的用户“{username}”。")
        history.act_as(session, actor)
        try:
            yield session, actor
            session.commit()
        except Refusal as refusal:
            session.rollback()
            raise click.ClickException(refusal.sentence) from None


# ---------------------------------------------------------------- database


@heshi.group(name="db", help="数据库。")
def database() -> None: ...


@database.command(name="upgrade", help="建立或升级表结构。")
def upgrade() -> None:
    with _app().app_context():
        INSTANCE.mkdir(parents=True, exist_ok=True)
        migrations.upgrade(db.engine)
    click.echo("表结构已是最新。")


# ---------------------------------------------------------------- seed


@heshi.group(help="装入代码表、单位和数据。")
def seed() -> None: ...


@seed.command(name="base", help="装入代码表和金华市的单位树（新装的系统用）。")
def seed_base() -> None:
    from seed.codes import load_codes
    from seed.units import load_units

    with _session() as (session, _):
        codes = load_codes(session)
        units = 0 if session.scalar(select(Unit.id).limit(1)) else load_units(session)
        history.note(session, history.Action.COMMAND, title="装入代码表和单位")
    click.echo(f"新装入代码 {codes} 条，单位 {units} 个。")


@seed.command(name="demo", help="装入演示数据；已有数据时什么也不做。")
def seed_demo() -> None:
    from seed.demo import load_demo

    settings = Settings()
    with _session() as (session, _):
        if session.scalar(select(User.id).limit(1)) is not None:
            click.echo(f"数据库里已有数据。演示账号见 {ACCOUNTS}")
            return
        click.echo("正在装入演示数据，约半分钟……")
        load_demo(session, settings.demo_password or None, ACCOUNTS)
    click.echo(f"演示数据已装入，账号见 {ACCOUNTS}")


@seed.command(name="scale", help="装入大量案件，供测速用。")
@click.option("--cases", type=click.IntRange(1, 20_000_000), required=True, help="案件数")
def seed_scale(cases: int) -> None:
    from seed.scale import load_scale

    with _session() as (session, _), click.progressbar(length=cases, label="装入案件") as bar:
        load_scale(session, cases, lambda done, total: bar.update(done - bar.pos))


# ---------------------------------------------------------------- users


@heshi.group(help="用户。")
def user() -> None: ...


@user.command(name="create", help="添加一个用户，打印临时密码；第一次登录须改密码。")
@click.argument("username")
@click.option("--name", required=True, help="姓名")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True, help="角色")
@click.option("--unit", "unit_code", required=True, help="单位的区划代码")
def create_user(username: str, name: str, role: str, unit_code: str) -> None:
    with _session() as (session, _):
        unit = _unit(session, unit_code)
        if session.scalar(select(User.id).where(User.username == username)) is not None:
            raise click.ClickException(f"已经有用户“{username}”。")
        new = User(username=username, name=name, posts=[Post(role=Role(role), unit=unit)])
        session.add(new)
        session.flush()
        password = users.reset_password(session, new)
    click.echo(f"用户 {username} 的临时密码（只显示这一次）：{password}")


def _unit(session: Session, code: str) -> Unit:
    unit = session.scalar(select(Unit).where(Unit.code == code, Unit.removed_at.is_(None)))
    if unit is None:
        raise click.ClickException(f"没有区划代码为“{code}”的单位。")
    return unit


# ---------------------------------------------------------------- ledgers


@heshi.group(help="台账。")
def ledger() -> None: ...


@ledger.command(name="list", help="有哪些台账。")
def list_ledgers() -> None:
    for each in LEDGERS.values():
        click.echo(f"{each.name}\t《{each.label}》{'（参考格式）' if each.reference else ''}")


@ledger.command(name="export", help="以某个用户的权限导出一本台账。")
@click.argument("name")
@click.option("--unit", "unit_code", help="单位的区划代码；不填就是该用户管辖的全部")
@click.option("--from", "since", type=DAY, help="从哪天起，如 2026-01-01")
@click.option("--to", "until", type=DAY, help="到哪天止")
@click.option("--as", "username", required=True, help="以哪个用户的权限")
@click.option("--reason", default="命令行导出", help="用途，记入日志")
@click.option("-o", "output", type=click.Path(dir_okay=False, path_type=Path), help="保存到哪个文件")
def export_ledger(
    name: str,
    unit_code: str | None,
    since: datetime | None,
    until: datetime | None,
    username: str,
    reason: str,
    output: Path | None,
) -> None:
    if name not in LEDGERS:
        raise click.ClickException(f"没有台账“{name}”，用 heshi ledger list 查看。")
    with _session(username, reading=True) as (session, actor):
        if actor is None:
            raise NotSeen()
        asked = Asked(
            unit=_unit(session, unit_code) if unit_code else None, since=_day(since), until=_day(until)
        )
        path = output or Path(file_name(LEDGERS[name], asked))
        count = _whole(path, lambda file: fill(session, actor, LEDGERS[name], asked, file))
        session.rollback()  # end of reading; the line below begins a writing transaction
        note(session, actor, LEDGERS[name], asked, reason, count)
    click.echo(f"{path}：{count} 行")


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


def _whole(path: Path, write: Callable[[Any], int]) -> int:
    """Write beside the file and put it in its place at the end, so that no half file is ever found."""
    beside = path.with_name(f".{path.name}.part")
    try:
        with beside.open("wb") as file:
            count = write(file)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    return count


# ---------------------------------------------------------------- policy, history


@heshi.command(name="policy", help="打印权限表：操作 × 角色。")
def print_policy() -> None:
    click.echo("| 操作 | " + " | ".join(role.label for role in Role) + " |")
    click.echo("|---" * (len(Role) + 1) + "|")
    for action, cells in policy.matrix():
        click.echo(f"| {action} | " + " | ".join(cells) + " |")


@heshi.group(name="history", help="修改记录。")
def history_group() -> None: ...


@history_group.command(name="verify", help="核对修改记录是否被改动过。")
def verify_history() -> None:
    with _session(reading=True) as (session, _):
        stood, broken = history.verify(session)
        place, digest = history.last(session)
    if broken is not None:
        raise click.ClickException(f"第 {broken} 条被改动过，或者它前面的记录被删除了。")
    click.echo(f"{stood} 条记录全部完好。最后一条：第 {place} 号，校验码 {digest}")


if __name__ == "__main__":
    heshi()
