"""`heshi seed`: code tables, the demo, and rows by the million."""

import click
from sqlalchemy import select

from admin_app import history
from admin_app.cli.gate import heshi, session_of
from admin_app.models.units import Unit
from admin_app.models.users import User
from admin_app.rules.dates import today
from admin_app.rules.standards import StandardState
from admin_app.settings import INSTANCE, Settings

ACCOUNTS = INSTANCE / "demo-accounts.md"


@heshi.group(help="装入代码表、节假日、单位和数据。")
def seed() -> None: ...


@seed.command(
    name="base",
    help="装入代码表、节假日和金华市的单位树（新装的系统用；升级后再执行一次，补上新的代码和节假日）。",
)
def seed_base() -> None:
    from seed.cadences import load_cadences
    from seed.codes import load_codes
    from seed.holidays import load_holidays
    from seed.requirements import load_requirements
    from seed.staffing import load_targets
    from seed.standards import load_standards
    from seed.units import load_units
    from seed.warning_rules import load_warning_rules

    with session_of() as (session, _):
        codes = load_codes(session)
        holidays = load_holidays(session)
        requirements = load_requirements(session)
        units = 0 if session.scalar(select(Unit.id).limit(1)) else load_units(session)
        cadences = load_cadences(session)
        warning_rules = load_warning_rules(session)
        standards = load_standards(session, today(), StandardState.DRAFT)
        targets = load_targets(session)
        history.note(session, history.Action.COMMAND, title="装入代码表、节假日和单位")
    click.echo(
        f"新装入代码 {codes} 条，节假日 {holidays} 天，卷宗要求 {requirements} 条，单位 {units} 个，"
        f"评定标准 {standards} 份，排查周期 {cadences} 条，预警规则 {warning_rules} 条，"
        f"配备目标 {targets} 条。"
    )


@seed.command(name="demo", help="装入演示数据；已有数据时什么也不做。")
def seed_demo() -> None:
    from seed.demo import load_demo

    settings = Settings()
    with session_of() as (session, _):
        if session.scalar(select(User.id).limit(1)) is not None:
            history.note(session, history.Action.COMMAND, title="heshi seed demo", words="已有数据，没有装入")
            session.commit()
            click.echo(f"数据库里已有数据。演示账号见 {ACCOUNTS}")
            return
        click.echo("正在装入演示数据，约半分钟……")
        load_demo(session, settings.demo_password or None, ACCOUNTS)
    click.echo(f"演示数据已装入，账号见 {ACCOUNTS}")


@seed.command(name="scale", help="装入大量案件，供测速用。")
@click.option("--cases", type=click.IntRange(1, 20_000_000), required=True, help="案件数")
def seed_scale(cases: int) -> None:
    from seed.scale import load_scale

    with session_of() as (session, _), click.progressbar(length=cases, label="装入案件") as bar:
        load_scale(session, cases, lambda done, total: bar.update(done - bar.pos))
