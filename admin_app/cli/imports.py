"""`heshi import`: books in."""

from pathlib import Path

import click

from admin_app.cli.gate import WORD, Word, committee_called, heshi, session_of, tell
from admin_app.imports import sheets as _sheets  # noqa: F401  (declaring them is the point)
from admin_app.imports.applying import carry_out, look, opened, summary
from admin_app.imports.planning import Fate, Options, told
from admin_app.imports.sheet import SHEETS
from admin_app.operations import imports
from admin_app.operations.files import store_of


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
    tell("import", f"{name} {path.name}{'（只看）' if dry_run else ''}"[:200])
    content, sheet = path.read_bytes(), SHEETS[name]
    with session_of(username, reading=True) as (session, actor):
        assert actor is not None
        placed = committee_called(session, committee) if committee else None
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
