"""`heshi daily` and `heshi worker`: what is done without anybody asking."""

from collections import Counter
from datetime import date, timedelta

import click
from flask import current_app

from admin_app import history, jobs
from admin_app.cli.gate import DAY, answering, heshi, session_of, tell, upgraded
from admin_app.operations import daily, job_runs
from admin_app.rules.dates import today

MOST_DAYS = 366


@heshi.command(name="daily", help="每天做一次的事：提醒快到期的，标出已超期的。做过的不重复做。")
@click.option("--date", "day", type=DAY, help="哪一天；不填就是今天")
@click.option("--from", "since", type=DAY, help="补做：从哪天起")
@click.option("--to", "until", type=DAY, help="补做：到哪天止；不填就到今天")
def run_daily(day: date | None, since: date | None, until: date | None) -> None:
    first, last = _days(day, since, until)
    total: Counter[str] = Counter()
    with session_of() as (session, _):
        for ahead in range((last - first).days + 1):
            on = first + timedelta(days=ahead)
            did = daily.run(session, on)
            total.update(did)
            click.echo(f"{on}：{job_runs.said(did)}")
        when = f"{first}" if first == last else f"{first} 至 {last}"
        words = job_runs.said(total)
        history.note(session, history.Action.COMMAND, title="heshi daily", words=f"{when}：{words}")
        job_runs.done(session, last, words)


def _days(day: date | None, since: date | None, until: date | None) -> tuple[date, date]:
    """The first and the last day meant. What lies ahead is refused: nothing is late before its day."""
    if day and (since or until):
        raise click.ClickException("--date 和 --from、--to 只写一种。")
    if until and not since:
        raise click.ClickException("写了 --to，也要写 --from。")
    first, last = (since, until or today()) if since else (day or today(), day or today())
    if last > today():
        raise click.ClickException("日期不能晚于今天。")
    if not 0 <= (last - first).days <= MOST_DAYS:
        raise click.ClickException("截止日期不能早于起始日期，一次最多补做一年。")
    return first, last


@heshi.command(name="worker", help="后台程序：做后台任务和每天的事，直到按 Ctrl C。和网页服务一起开着。")
def run_worker() -> None:
    with answering():
        if not upgraded():
            raise click.ClickException("数据库的表结构不是最新的，请先执行 heshi db upgrade。")
        app = current_app._get_current_object()  # type: ignore[attr-defined]
    tell("worker", "开始")
    jobs.work(app)
