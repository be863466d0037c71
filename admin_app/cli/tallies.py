"""`heshi tally`: whether the tally of the cases holds, and making it anew."""

import click

from admin_app import tally
from admin_app.cli.gate import heshi, session_of, tell
from admin_app.models.committees import Committee

MOST = 20


@heshi.group(name="tally", help="统计累计：各调委会每月案件的合计，统计和首页从这里取数。")
def tally_group() -> None: ...


@tally_group.command(name="check", help="逐月核对统计累计和案件是否一致。")
def check() -> None:
    with session_of(reading=True) as (session, _):
        wrong = list(tally.faults(session))
        said = [
            f"{session.get_one(Committee, committee).name} {month // 12} 年 {month % 12 + 1} 月"
            for committee, month in wrong[:MOST]
        ]
    tell("tally check", f"{len(wrong)} 处不一致")
    if wrong:
        more = "……" if len(wrong) > MOST else ""
        raise click.ClickException(
            f"{len(wrong)} 处和案件不一致：{'；'.join(said)}{more}。请执行 heshi tally rebuild 改正。"
        )
    click.echo("统计累计和案件完全一致。")


@tally_group.command(name="rebuild", help="按案件重算统计累计，不一致的改正过来；不用停机。")
def rebuild() -> None:
    with session_of() as (session, _):
        wrong = len(list(tally.faults(session)))
        tally.mend(session)
        tally.fold(session)
    tell("tally rebuild", f"改正 {wrong} 处")
    click.echo(f"已按案件重算，改正 {wrong} 处。")
