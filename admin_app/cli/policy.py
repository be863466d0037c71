"""`heshi policy` and `heshi lifecycle`: what the program knows, for the bureau to sign."""

import click

from admin_app import actions
from admin_app.cli.gate import heshi, tell
from admin_app.models.users import Role
from admin_app.operations.drawings import drawn
from admin_app.operations.lives import LIVES


@heshi.command(name="policy", help="打印权限表：操作 × 角色。")
def print_policy() -> None:
    tell("policy")
    click.echo("| 操作 | " + " | ".join(role.label for role in Role) + " |")
    click.echo("|---" * (len(Role) + 1) + "|")
    for action, cells in actions.matrix():
        click.echo(f"| {actions.said(action)} `{action}` | " + " | ".join(cells) + " |")


@heshi.command(name="lifecycle", help="画出案件、转办等各自的经过：状态图和每一步要填什么、谁能办。")
@click.argument("word", type=click.Choice(list(LIVES)), required=False)
def draw_lives(word: str | None) -> None:
    tell("lifecycle", word or "")
    click.echo("\n\n".join(drawn(each) for each in LIVES if word in (None, each)))
