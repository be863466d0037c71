"""`heshi history`: whether the chain of changes holds."""

import click

from admin_app import history
from admin_app.cli.gate import heshi, session_of, tell


@heshi.group(name="history", help="修改记录。")
def history_group() -> None: ...


@history_group.command(name="verify", help="核对修改记录是否被改动过。")
def verify_history() -> None:
    with session_of(reading=True) as (session, _):
        stood, broken = history.verify(session)
        place, digest = history.last(session)
    outcome = f"{stood} 条完好" if broken is None else f"第 {broken} 条对不上"
    tell("history verify", outcome)
    if broken is not None:
        raise click.ClickException(f"第 {broken} 条被改动过，或者它前面的记录被删除了。")
    click.echo(f"{stood} 条记录全部完好。最后一条：第 {place} 号，校验码 {digest}")
