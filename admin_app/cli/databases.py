"""`heshi db`: the tables."""

import click

from admin_app import migrations, search
from admin_app.cli.gate import answering, heshi, session_of, tell
from admin_app.cli.search import rebuild_all
from admin_app.database import count_anew, db
from admin_app.settings import INSTANCE


@heshi.group(name="db", help="数据库。")
def database() -> None: ...


@database.command(name="upgrade", help="建立或升级表结构。")
def upgrade() -> None:
    with answering():
        INSTANCE.mkdir(parents=True, exist_ok=True)
        before = migrations.current(db.engine)
        migrations.upgrade(db.engine)
    if not _indexed():
        rebuild_all()
    if before != migrations.newest():
        with session_of() as (session, _):
            count_anew(session)
    tell("db upgrade", f"表结构：{before or '无'} → {migrations.newest()}")
    click.echo("表结构已是最新。")


def _indexed() -> bool:
    """Whether the search knows the records that were there before it."""
    with session_of(reading=True) as (session, _):
        return search.filled(session)
