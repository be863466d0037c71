"""`heshi search`: the index by which records are found."""

import click

from admin_app import search
from admin_app.cli.gate import heshi, session_of, tell
from admin_app.database import count_anew


@heshi.group(name="search", help="搜索。")
def search_group() -> None: ...


@search_group.command(name="rebuild", help="重新建立搜索索引。")
def rebuild() -> None:
    count = rebuild_all()
    tell("search rebuild", f"{count} 条")
    click.echo(f"搜索索引已重新建立：{count} 条记录。")


def rebuild_all() -> int:
    """Index every record anew, and say how far it is."""
    with session_of() as (session, _), click.progressbar(length=1, label="建立索引") as bar:

        def progress(done: int, whole: int) -> None:
            bar.length = max(whole, 1)
            bar.update(done - bar.pos)

        count = search.rebuild(session, progress)
        count_anew(session)
        return count
