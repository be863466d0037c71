"""`heshi ledger`: ledgers out, and files checked."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import click

from admin_app.cli.gate import DAY, WORD, Word, heshi, session_of, tell, unit_of
from admin_app.exports.checking import check
from admin_app.exports.downloads import file_name, fill, note
from admin_app.exports.ledger import LEDGERS, Asked
from admin_app.exports.rows import Written
from admin_app.rules.refusals import NotSeen
from admin_app.rules.uploads.unfit import Unfit


@heshi.group(help="台账。")
def ledger() -> None: ...


@ledger.command(name="list", help="有哪些台账。")
def list_ledgers() -> None:
    tell("ledger list")
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
    with session_of(username, reading=True) as (session, actor):
        if actor is None:
            raise NotSeen()
        unit = unit_of(session, unit_code) if unit_code else None
        asked = Asked(unit=unit, since=since, until=until, acknowledged=acknowledge)
        path = output or Path(file_name(LEDGERS[name], asked))
        written = _whole(path, lambda file: fill(session, actor, LEDGERS[name], asked, file))
        session.rollback()  # end of reading; the line below begins a writing transaction
        note(session, actor, LEDGERS[name], asked, reason, written)
    click.echo(f"{path}：{written.lines} 行")


@ledger.command(name="verify", help="核对一个台账文件：和下载记录是否一致。一致时退出状态为 0，否则为 1。")
@click.argument("path", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def verify_ledger(path: Path) -> None:
    with session_of(reading=True) as (session, _):
        try:
            found = check(session, path.read_bytes())
        except Unfit as unfit:
            raise click.ClickException(str(unfit)) from None
        words = f"{found.sentence}\n{found.told}".strip()
    tell("ledger verify", f"{path.name}：{found.sentence}")
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
