"""The command line `heshi`: every command acts as a named user or as the system, and is in the history."""

import os
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import click
from flask import Flask, current_app
from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.exc import ArgumentError, OperationalError
from sqlalchemy.orm import Session

from admin_app import history, jobs, migrations, policy
from admin_app.application import create_app
from admin_app.database import db
from admin_app.exports.checking import check
from admin_app.exports.downloads import file_name, fill, note
from admin_app.exports.ledger import LEDGERS, Asked
from admin_app.exports.rows import Written
from admin_app.imports import sheets as _sheets  # noqa: F401  (declaring them is the point)
from admin_app.imports.applying import carry_out, look, opened, summary
from admin_app.imports.planning import Fate, Options, told
from admin_app.imports.sheet import SHEETS
from admin_app.models.committees import Committee
from admin_app.models.mediators import Mediator
from admin_app.models.registry import REGISTERS
from admin_app.models.units import Unit
from admin_app.models.users import Post, Role, User
from admin_app.operations import daily, imports, job_runs, records, users
from admin_app.operations.derived import derive
from admin_app.operations.drawings import drawn
from admin_app.operations.files import store_of
from admin_app.operations.given import Given, Line
from admin_app.operations.lives import LIVES
from admin_app.rules.dates import parse_day, today
from admin_app.rules.refusals import NotSeen, RecordRefused, Refusal
from admin_app.rules.uploads.unfit import Unfit
from admin_app.settings import INSTANCE, Settings
from admin_app.views.typed import whole

ACCOUNTS = INSTANCE / "demo-accounts.md"
MOST_DAYS = 366


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
        return create_app()
    except ValidationError as error:
        raise click.ClickException(
            "；".join(each["msg"].removeprefix("Value error, ") for each in error.errors())
        ) from None
    except ArgumentError:
        raise click.ClickException("HESHI_DATABASE_URL 写得不对，请照手册改好。") from None


@contextmanager
def _answering() -> Iterator[None]:
    """The application's context; what the database or a rule says against it becomes a sentence."""
    try:
        with _app().app_context():
            yield
    except Refusal as refusal:
        raise click.ClickException(refusal.sentence) from None
    except OperationalError:
        raise click.ClickException("数据库连不上，或者正忙：请核对 HESHI_DATABASE_URL，稍后再试。") from None


def _upgraded() -> bool:
    """Whether the tables are the ones this program knows."""
    engine = db.engine.execution_options(reads_only=True)
    if engine.dialect.name == "sqlite" and not Path(engine.url.database or "").exists():
        return False  # looking would make an empty file
    return migrations.current(engine) == migrations.newest()


@contextmanager
def _session(username: str | None = None, *, reading: bool = False) -> Iterator[tuple[Session, User | None]]:
    """A session in the name of a user, or of the system; committed at the end, or nothing at all.

    `reading` begins without SQLite's write lock, for commands that read for long.
    """
    with _answering():
        if not _upgraded():
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


def _note(command: str, words: str = "") -> None:
    """The line in the history of a command that changes nothing, in a transaction of its own.

    Only a database that has no tables yet, or old ones, is excused: there is nowhere to write.
    """
    with _answering():
        if _upgraded():
            history.act_as(db.session, None)
            history.note(db.session, history.Action.COMMAND, title=f"heshi {command}", words=words)
            db.session.commit()


# ---------------------------------------------------------------- database


@heshi.group(name="db", help="数据库。")
def database() -> None: ...


@database.command(name="upgrade", help="建立或升级表结构。")
def upgrade() -> None:
    with _answering():
        INSTANCE.mkdir(parents=True, exist_ok=True)
        before = migrations.current(db.engine)
        migrations.upgrade(db.engine)
    _note("db upgrade", f"表结构：{before or '无'} → {migrations.newest()}")
    click.echo("表结构已是最新。")


# ---------------------------------------------------------------- seed


@heshi.group(help="装入代码表、节假日、单位和数据。")
def seed() -> None: ...


@seed.command(
    name="base",
    help="装入代码表、节假日和金华市的单位树（新装的系统用；升级后再执行一次，补上新的代码和节假日）。",
)
def seed_base() -> None:
    from seed.codes import load_codes
    from seed.holidays import load_holidays
    from seed.requirements import load_requirements
    from seed.units import load_units

    with _session() as (session, _):
        codes = load_codes(session)
        holidays = load_holidays(session)
        requirements = load_requirements(session)
        units = 0 if session.scalar(select(Unit.id).limit(1)) else load_units(session)
        history.note(session, history.Action.COMMAND, title="装入代码表、节假日和单位")
    click.echo(f"新装入代码 {codes} 条，节假日 {holidays} 天，卷宗要求 {requirements} 条，单位 {units} 个。")


@seed.command(name="demo", help="装入演示数据；已有数据时什么也不做。")
def seed_demo() -> None:
    from seed.demo import load_demo

    settings = Settings()
    with _session() as (session, _):
        if session.scalar(select(User.id).limit(1)) is not None:
            history.note(session, history.Action.COMMAND, title="heshi seed demo", words="已有数据，没有装入")
            session.commit()
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


# ---------------------------------------------------------------- every day


@heshi.command(name="daily", help="每天做一次的事：提醒快到期的，标出已超期的。做过的不重复做。")
@click.option("--date", "day", type=DAY, help="哪一天；不填就是今天")
@click.option("--from", "since", type=DAY, help="补做：从哪天起")
@click.option("--to", "until", type=DAY, help="补做：到哪天止；不填就到今天")
def run_daily(day: date | None, since: date | None, until: date | None) -> None:
    first, last = _days(day, since, until)
    total: Counter[str] = Counter()
    with _session() as (session, _):
        for ahead in range((last - first).days + 1):
            on = first + timedelta(days=ahead)
            did = daily.run(session, on)
            total.update(did)
            click.echo(f"{on}：{job_runs.said(did)}")
        when = f"{first}" if first == last else f"{first} 至 {last}"
        words = job_runs.said(total)
        history.note(session, history.Action.COMMAND, title="heshi daily", words=f"{when}：{words}")
        job_runs.done(session, last, words)


def _days(day: date | None, since: date | None, until: date | None) -> tuple[date, date]:
    """The first and the last day meant. What lies ahead is refused: nothing is late before its day."""
    if day and (since or until):
        raise click.ClickException("--date 和 --from、--to 只写一种。")
    if until and not since:
        raise click.ClickException("写了 --to，也要写 --from。")
    first, last = (since, until or today()) if since else (day or today(), day or today())
    if last > today():
        raise click.ClickException("日期不能晚于今天。")
    if not 0 <= (last - first).days <= MOST_DAYS:
        raise click.ClickException("截止日期不能早于起始日期，一次最多补做一年。")
    return first, last


@heshi.command(name="worker", help="后台程序：做后台任务和每天的事，直到按 Ctrl C。和网页服务一起开着。")
def run_worker() -> None:
    with _answering():
        if not _upgraded():
            raise click.ClickException("数据库的表结构不是最新的，请先执行 heshi db upgrade。")
        app = current_app._get_current_object()  # type: ignore[attr-defined]
    _note("worker", "开始")
    jobs.work(app)


# ---------------------------------------------------------------- users


@heshi.group(help="用户。")
def user() -> None: ...


@user.command(name="create", help="添加一个用户，打印临时密码；第一次登录须改密码。")
@click.argument("username", type=WORD)
@click.option("--name", type=WORD, required=True, help="姓名")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True, help="角色")
@click.option("--unit", "unit_code", type=WORD, required=True, help="单位的区划代码")
@click.option("--committee", type=Word(100), help="调委会的编号或名称；调委会主任和调解员才填")
@click.option("--mediator", "mediator_id", type=ID, help="调解员的编号；调解员才填")
@click.option("--as", "actor_name", type=WORD, help="以哪个用户的权限；不填就是系统")
def create_user(
    username: str,
    name: str,
    role: str,
    unit_code: str,
    committee: str | None,
    mediator_id: int | None,
    actor_name: str | None,
) -> None:
    with _session(actor_name) as (session, actor):
        post = {
            "role": Role(role),
            "unit_id": _unit(session, unit_code).id,
            "committee_id": _committee(session, committee) if committee else None,
            "mediator_id": mediator_id,
        }
        person = {"username": username, "name": name}
        new = _given(session, actor, person, post) if actor else _directly(session, person, post)
        password = users.reset_password(session, new)
    click.echo(f"用户 {username} 的临时密码（只显示这一次）：{password}")


def _given(session: Session, actor: User, person: dict[str, Any], post: dict[str, Any]) -> User:
    """A user as the panel makes one: what this person may not do or choose is refused."""
    given = Given({**person, "active": True}, {"posts": [Line(None, post)]})
    new: User = records.create(session, actor, REGISTERS["user"], given)
    return new


def _directly(session: Session, person: dict[str, Any], post: dict[str, Any]) -> User:
    """A user made by the system, which has no rights to ask for: the first one cannot be made otherwise."""
    if session.scalar(select(User.id).where(User.username == person["username"])) is not None:
        raise click.ClickException(f"已经有用户“{person['username']}”。")
    mediator = session.get(Mediator, post["mediator_id"]) if post["mediator_id"] else None
    if post["mediator_id"] and (mediator is None or mediator.removed_at is not None):
        raise click.ClickException(f"没有编号为 {post['mediator_id']} 的调解员。")
    new = User(**person, posts=[Post(**post)])
    with session.no_autoflush:
        findings = derive(session, new)
    if findings:
        raise RecordRefused(findings)
    session.add(new)
    with records.saved_once():
        session.flush()
    return new


def _committee(session: Session, text: str) -> int:
    """A committee by its number or its name, which must be the only one of that name."""
    number = whole(text)
    same = Committee.id == number if number else Committee.name == text
    found = list(session.scalars(select(Committee.id).where(same, Committee.removed_at.is_(None)).limit(2)))
    if len(found) > 1:
        raise click.ClickException(f"叫“{text}”的调委会不止一个，请写编号。")
    if not found:
        raise click.ClickException(f"没有编号或名称为“{text}”的调委会。")
    return found[0]


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
    _note("ledger list")
    for each in LEDGERS.values():
        click.echo(f"{each.name}\t《{each.label}》{'（参考格式）' if each.layout.reference else ''}")


@ledger.command(name="export", help="以某个用户的权限导出一本台账。")
@click.argument("name")
@click.option("--unit", "unit_code", type=WORD, help="单位的区划代码；不填就是该用户管辖的全部")
@click.option("--from", "since", type=DAY, help="从哪天起，如 2026-01-01")
@click.option("--to", "until", type=DAY, help="到哪天止")
@click.option("--as", "username", type=WORD, required=True, help="以哪个用户的权限")
@click.option("--reason", type=Word(200), default="命令行导出", help="用途，记入日志")
@click.option("--acknowledge", is_flag=True, help="有核对不符也导出，表上写明")
@click.option("-o", "output", type=click.Path(dir_okay=False, path_type=Path), help="保存到哪个文件")
def export_ledger(
    name: str,
    unit_code: str | None,
    since: date | None,
    until: date | None,
    username: str,
    reason: str,
    acknowledge: bool,
    output: Path | None,
) -> None:
    if name not in LEDGERS:
        raise click.ClickException(f"没有台账“{name}”，用 heshi ledger list 查看。")
    with _session(username, reading=True) as (session, actor):
        if actor is None:
            raise NotSeen()
        unit = _unit(session, unit_code) if unit_code else None
        asked = Asked(unit=unit, since=since, until=until, acknowledged=acknowledge)
        path = output or Path(file_name(LEDGERS[name], asked))
        written = _whole(path, lambda file: fill(session, actor, LEDGERS[name], asked, file))
        session.rollback()  # end of reading; the line below begins a writing transaction
        note(session, actor, LEDGERS[name], asked, reason, written)
    click.echo(f"{path}：{written.lines} 行")


@ledger.command(name="verify", help="核对一个台账文件：和下载记录是否一致。一致时退出状态为 0，否则为 1。")
@click.argument("path", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def verify_ledger(path: Path) -> None:
    with _session(reading=True) as (session, _):
        try:
            found = check(session, path.read_bytes())
        except Unfit as unfit:
            raise click.ClickException(str(unfit)) from None
        words = f"{found.sentence}\n{found.told}".strip()
    _note("ledger verify", f"{path.name}：{found.sentence}")
    if not found.agrees:
        raise click.ClickException(words)
    click.echo(words)


def _whole(path: Path, write: Callable[[Any], Written]) -> Written:
    """Write beside the file and put it in its place at the end, so that no half file is ever found."""
    beside = path.with_name(f".{path.name}.part")
    try:
        with beside.open("wb") as file:
            written = write(file)
        beside.replace(path)
    except OSError as error:
        raise click.ClickException(f"文件 {path} 写不了：{error.strerror}") from None
    finally:
        if beside.parent.is_dir():
            beside.unlink(missing_ok=True)
    return written


# ---------------------------------------------------------------- imports


@heshi.command(name="import", help="以某个用户的权限导入一个文件；--dry-run 只看会怎样。")
@click.argument("name", metavar="BOOK")
@click.argument("path", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="只看会怎样，什么也不写")
@click.option("--update", is_flag=True, help="已有的记录按表修改；不写就保持不变")
@click.option("--committee", type=Word(100), help="表里没写调委会的行登记在哪个调委会：编号或名称")
@click.option("--as", "username", type=WORD, required=True, help="以哪个用户的权限")
def import_book(
    name: str, path: Path, dry_run: bool, update: bool, committee: str | None, username: str
) -> None:
    if name not in SHEETS:
        raise click.ClickException(f"没有导入表“{name}”，有：{'、'.join(SHEETS)}。")
    _note("import", f"{name} {path.name}{'（只看）' if dry_run else ''}"[:200])
    content, sheet = path.read_bytes(), SHEETS[name]
    with _session(username, reading=True) as (session, actor):
        assert actor is not None
        placed = _committee(session, committee) if committee else None
        options = Options(update=update, placed=placed)
        seen = look(session, actor, sheet, opened(content), options, _counted)
        session.rollback()  # end of reading, and of everything that was tried
        for sentence in [*seen.notes, *told(seen.wrong)]:
            click.echo(sentence)
        click.echo("，".join(f"{fate.label} {seen.counts[fate]}" for fate in Fate if seen.counts[fate]))
        if seen.counts[Fate.WRONG]:
            raise click.ClickException("有问题的行改好以后再导入；一条也没有导入。")
        if dry_run or not seen.counts[Fate.NEW] + seen.counts[Fate.CHANGED]:
            return
        batch = imports.looked_at(
            session,
            actor,
            sheet=name,
            file_name=path.name[:200],
            sha256=store_of(session).keep(content),
            asked={"update": update, "placed": placed},
            seen=summary(seen),
        )
        carry_out(session, actor, batch, _counted)
        click.echo(f"第 {batch.id} 批：{batch.words}")


def _counted(done: int, total: int) -> None:
    if done % 10_000 == 0:
        click.echo(f"{done:,} / {total:,}", err=True)


# ---------------------------------------------------------------- policy, history


@heshi.command(name="policy", help="打印权限表：操作 × 角色。")
def print_policy() -> None:
    _note("policy")
    click.echo("| 操作 | " + " | ".join(role.label for role in Role) + " |")
    click.echo("|---" * (len(Role) + 1) + "|")
    for action, cells in policy.matrix():
        click.echo(f"| {policy.said(action)} `{action}` | " + " | ".join(cells) + " |")


@heshi.command(name="lifecycle", help="画出案件、转办等各自的经过：状态图和每一步要填什么、谁能办。")
@click.argument("word", type=click.Choice(list(LIVES)), required=False)
def draw_lives(word: str | None) -> None:
    _note("lifecycle", word or "")
    click.echo("\n\n".join(drawn(each) for each in LIVES if word in (None, each)))


@heshi.group(name="history", help="修改记录。")
def history_group() -> None: ...


@history_group.command(name="verify", help="核对修改记录是否被改动过。")
def verify_history() -> None:
    with _session(reading=True) as (session, _):
        stood, broken = history.verify(session)
        place, digest = history.last(session)
    outcome = f"{stood} 条完好" if broken is None else f"第 {broken} 条对不上"
    _note("history verify", outcome)
    if broken is not None:
        raise click.ClickException(f"第 {broken} 条被改动过，或者它前面的记录被删除了。")
    click.echo(f"{stood} 条记录全部完好。最后一条：第 {place} 号，校验码 {digest}")


if __name__ == "__main__":
    heshi()
