"""`heshi user`: the first users, and further ones."""

from typing import Any

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.cli.gate import ID, WORD, Word, committee_called, heshi, session_of, unit_of
from admin_app.models.mediators import Mediator
from admin_app.models.registry import REGISTERS
from admin_app.models.users import Post, Role, User
from admin_app.operations import records, users
from admin_app.operations.derived import derive
from admin_app.operations.given import Given, Line
from admin_app.rules.refusals import RecordRefused


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
    with session_of(actor_name) as (session, actor):
        post = {
            "role": Role(role),
            "unit_id": unit_of(session, unit_code).id,
            "committee_id": committee_called(session, committee) if committee else None,
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
