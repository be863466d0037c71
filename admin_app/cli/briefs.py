"""`heshi brief`: the brief of a unit and a month as a Word file."""

import re
from pathlib import Path

import click

from admin_app.cli.gate import WORD, heshi, session_of, unit_of
from admin_app.operations.briefs import facts
from admin_app.rules import periods
from admin_app.rules.periods import Period
from admin_app.rules.refusals import NotSeen
from admin_app.views.briefs import made, noted, title_of


class Month(click.ParamType[Period]):
    """A month as 2026-10."""

    name = "月份"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Period:
        found = re.fullmatch(r"((?:19|2\d)\d\d)-(0?[1-9]|1[0-2])", str(value).strip())
        if not found:
            self.fail(f"没有“{value}”这个月份，请写成 2026-10 这样", param, ctx)
        return periods.month(int(found[1]), int(found[2]))


@heshi.command(name="brief", help="以某个用户的权限，把一个单位一个月的简报存成 Word 文件。")
@click.argument("unit_code", metavar="UNIT", type=WORD)
@click.argument("month", metavar="MONTH", type=Month())
@click.option("--as", "username", type=WORD, required=True, help="以哪个用户的权限")
@click.option("--issue", type=click.IntRange(1, 9999), help="第几期；不填就是月份的数")
@click.option("-o", "output", type=click.Path(dir_okay=False, path_type=Path), help="保存到哪个文件")
def brief(unit_code: str, month: Period, username: str, issue: int | None, output: Path | None) -> None:
    with session_of(username) as (session, actor):
        if actor is None:
            raise NotSeen()
        told = facts(session, actor, unit_of(session, unit_code), month)
        path = output or Path(f"{title_of(told)}.docx")
        content = made(told, issue or (month.since.month if month.since else 1))
        try:
            path.write_bytes(content)
        except OSError as error:
            raise click.ClickException(f"文件 {path} 写不了：{error.strerror}") from None
        noted(session, actor, told)
    click.echo(f"{path}")
