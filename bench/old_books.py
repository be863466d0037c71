"""An old book of cases brought in, beside the same rows put into the tables without any check.

All in one transaction that is rolled back in the end, in a fresh process, so that a kept database stays as it
was. The bare insert is SQLAlchemy's own, of the very rows that our import has written, a thousand at a time.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import date, timedelta
from io import BytesIO
from multiprocessing import get_context
from random import Random
from time import process_time
from typing import Any

from sqlalchemy import func, insert, make_url, select
from sqlalchemy.orm import Session
from xlsxwriter import Workbook

import admin_app.imports.sheets  # noqa: F401  (declaring them is the point)
from admin_app import history
from admin_app.database import db
from admin_app.imports.applying import carry_out, look, opened, summary
from admin_app.imports.planning import Fate, Options
from admin_app.imports.sheet import SHEETS
from admin_app.models.base import Base
from admin_app.models.cases import Case, CaseMediator, CaseStep, Party
from admin_app.models.committees import Committee
from admin_app.models.mediators import Mediator
from admin_app.models.users import User
from admin_app.operations import imports
from admin_app.operations.files import store_of
from admin_app.operations.import_undo import undo
from admin_app.rules.mediators import ON_ROSTER
from bench.books import memory
from bench.desks import Desk
from tests.web import make_app

BEGINS = date(2009, 1, 1)
YEARS = 10
HEADINGS = (
    *("序号", "案号", "受理日期", "当事人", "纠纷类型", "案件来源", "难度级别", "涉及人数", "人民调解员"),
    *("调解日期", "调解地点", "调解结果", "协议形式（口头/书面）", "协议编号", "涉及金额（元）"),
    *("履行方式、时限", "履行情况", "司法确认", "回访日期", "结案日期", "备注", "承办调委会"),
)
SHEET = "cases"
TABLES = (Case, Party, CaseMediator, CaseStep)
TOGETHER = 1_000
READ, LOOK, IMPORT, UNDO = "reading the file", "preview", "import: checks, records, history", "taking it back"
BARE = "bare insert of the same rows, unchecked"
NAMES = "王李张刘陈杨黄赵吴周"
GIVEN = "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂"
KINDS = ("婚姻家庭纠纷", "邻里纠纷", "房屋宅基地纠纷", "损害赔偿纠纷", "山林土地纠纷", "村务管理", "医患")


def compare(desk: Desk, lines: int) -> str:
    """Seconds of CPU, milliseconds a line and MiB above rest, in Markdown."""
    url = desk.url.render_as_string(hide_password=False)
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        found = pool.submit(_measured, url, desk.facts.people["city"], lines).result()
    bare, _ = found[BARE]
    rows = [
        f"| old book, {lines:,} lines × {len(HEADINGS)} columns | s of CPU | ms a line | MiB | × bare |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    for label, (seconds, peak) in found.items():
        each = seconds * 1000 / lines
        rows.append(f"| {label} | {seconds:.1f} | {each:.2f} | {peak:.0f} | {seconds / bare:.1f} |")
    return "\n".join(rows)


def _measured(address: str, user_id: int, lines: int) -> dict[str, tuple[float, float]]:
    """In the fresh process: each part's seconds of its own work, and the peak so far."""
    app = make_app(make_url(address))
    found: dict[str, tuple[float, float]] = {}
    with app.app_context():
        session = db.session
        actor = session.get_one(User, user_id)
        content = old_book(session, actor.posts[0].path, lines)
        rest = memory("VmRSS")

        def timed(label: str, work: Callable[[], Any]) -> Any:
            start = process_time()
            result = work()
            found[label] = process_time() - start, max(0.0, memory("VmHWM") - rest)
            return result

        book = timed(READ, lambda: opened(content))
        seen = timed(LOOK, lambda: look(session, actor, SHEETS[SHEET], book, Options()))
        if seen.counts != {Fate.NEW: lines}:
            raise RuntimeError(f"not all lines are new: {dict(seen.counts)}")
        session.rollback()
        actor, before = session.get_one(User, user_id), _last(session)
        history.act_as(session, actor)
        batch = imports.looked_at(
            session,
            actor,
            sheet=SHEET,
            file_name="旧册.xlsx",
            sha256=store_of(session).keep(content),
            asked={},
            seen=summary(seen),
        )
        timed(IMPORT, lambda: (carry_out(session, actor, batch), history.write(session)))
        rows = [
            (model, [dict(row) for row in _written(session, model, last)]) for model, last in before.items()
        ]
        timed(UNDO, lambda: (undo(session, actor, batch, "旧册"), history.write(session)))
        session.rollback()
        timed(BARE, lambda: _put(session, rows))
        session.rollback()
        db.engine.dispose()
    return found


def _last(session: Session) -> dict[type[Any], int]:
    return {model: session.scalar(select(func.max(model.id))) or 0 for model in TABLES}


def _written(session: Session, model: type[Any], after: int) -> Sequence[Any]:
    table = Base.metadata.tables[model.__tablename__]
    query = select(table).where(table.c.id > after)
    return session.execute(query, bind_arguments={"mapper": model}).mappings().all()


def _put(session: Session, rows: Sequence[tuple[type[Any], list[dict[str, Any]]]]) -> None:
    for model, each in rows:
        into = insert(Base.metadata.tables[model.__tablename__])
        for start in range(0, len(each), TOGETHER):
            session.execute(into, each[start : start + TOGETHER], bind_arguments={"mapper": model})


def old_book(session: Session, path: str, lines: int) -> bytes:
    """So many closed cases of ten years, of the committees below a unit, as a clerk kept them."""
    file = BytesIO()
    with Workbook(file, {"constant_memory": True, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet("登记册")
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, ["调解案件登记册"])
        sheet.write_row(1, 0, HEADINGS)
        for row, cells in enumerate(_lines(_holders(session, path), lines), 2):
            for index, value in enumerate(cells):
                if isinstance(value, date):
                    sheet.write_datetime(row, index, value, day)
                else:
                    sheet.write(row, index, value)
    return file.getvalue()


def _holders(session: Session, path: str) -> Sequence[Any]:
    """(committee, mediator) where either's name says who is meant."""
    alone = select(Committee.name).group_by(Committee.name).having(func.count() == 1)
    query = (
        select(Committee.name.label("committee"), func.min(Mediator.name).label("mediator"))
        .join(Mediator, Mediator.committee_id == Committee.id)
        .where(Committee.under(path), Committee.name.in_(alone), Mediator.status.in_(ON_ROSTER))
        .group_by(Committee.id, Committee.name)
        .having(func.count(Mediator.name.distinct()) == func.count())
        .order_by(Committee.id)
    )
    return session.execute(query).all()


def _lines(holders: Sequence[Any], lines: int) -> Iterator[Sequence[Any]]:
    chance = Random(20261121)
    for number in range(1, lines + 1):
        taken = BEGINS + timedelta(days=number * YEARS * 365 // lines)
        met = taken + timedelta(days=chance.randrange(9))
        done = met + timedelta(days=chance.randrange(20))
        holder, success = chance.choice(holders), chance.random() < 0.95
        yield (
            number,
            f"（{taken.year}）旧调字第{number:06d}号",
            taken,
            "、".join(_name(chance) for _ in range(2)),
            chance.choice(KINDS),
            "依申请",
            "简单",
            2,
            holder.mediator,
            met,
            "村调解室",
            "成功" if success else "不成功",
            *(
                ("书面协议", f"（{taken.year}）旧协字第{number:06d}号", chance.randrange(300) * 100)
                if success
                else (None,) * 3
            ),
            f"赔偿损失，{done:%Y-%m-%d}前" if success else None,
            "已履行" if success else None,
            None,
            done if success else None,
            done,
            "原册第" + str(number // 20 + 1) + "页",
            holder.committee,
        )


def _agreement(chance: Random, year: int, number: int, done: date) -> Sequence[Any]:
    """From the form of the agreement to the visit."""
    amount, terms = chance.randrange(300) * 100, f"赔偿损失，{done:%Y-%m-%d}前"
    return "书面协议", f"（{year}）旧协字第{number:06d}号", amount, terms, "已履行", None, done


def _name(chance: Random) -> str:
    return chance.choice(NAMES) + chance.choice(GIVEN) + chance.choice(GIVEN)
