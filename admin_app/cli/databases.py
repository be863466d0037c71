"""`heshi db`: the tables."""

import click

from admin_app import migrations
from admin_app.cli.gate import answering, heshi, tell
from admin_app.database import db
from admin_app.settings import INSTANCE


@heshi.group(name="db", help="数据库。")
def database() -> None: ...


@database.command(name="upgrade", help="建立或升级表结构。")
def upgrade() -> None:
    with answering():
        INSTANCE.mkdir(parents=True, exist_ok=True)
        before = migrations.current(db.engine)
        migrations.upgrade(db.engine)
    tell("db upgrade", f"表结构：{before or '无'} → {migrations.newest()}")
    click.echo("表结构已是最新。")
