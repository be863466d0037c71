"""Downloads 下载台账: read a ledger within the actor's scope, write it, and leave a line in the history."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any, BinaryIO

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from admin_app import history, policy
from admin_app.exports import plain
from admin_app.exports.columns import Line, leaves, reader
from admin_app.exports.ledger import Asked, Counted, Ledger, Records
from admin_app.exports.rows import Paper, Row, Written
from admin_app.exports.writing.book import CODE, write
from admin_app.models.base import Moment
from admin_app.models.committees import Committee
from admin_app.models.units import Unit
from admin_app.models.users import User
from admin_app.rules.dates import begins, ends, local, now
from admin_app.rules.findings import Finding
from admin_app.rules.periods import Period
from admin_app.rules.refusals import RecordRefused

BATCH = 500
OWN_SHARE = "（本人权限范围内）"


def fill(
    session: Session,
    actor: User,
    ledger: Ledger,
    asked: Asked,
    file: BinaryIO,
    progress: Callable[[int], None] = lambda lines: None,
) -> Written:
    """Write a ledger as a workbook into `file`. It reads and changes nothing.

    The caller gives it a session that `reads_only`, so that on SQLite nobody waits for the write lock while
    a long book is read, and then calls `note` in a writing transaction, before anybody gets the file.
    `progress` is told from time to time how many lines of the first sheet are done.
    """
    demand(session, actor, ledger, asked)
    first = paper(session, actor, ledger, asked), rows(session, actor, ledger, asked, progress)
    more = [(paper(session, actor, each, asked), rows(session, actor, each, asked)) for each in ledger.more]
    return write(file, [first, *more])


def fill_plain(session: Session, actor: User, ledger: Ledger, asked: Asked, file: BinaryIO) -> Written:
    """The same lines as CSV, for programs that take no workbook: a heading and no more."""
    demand(session, actor, ledger, asked)
    return plain.write(file, ledger.columns, rows(session, actor, ledger, asked))


def demand(session: Session, actor: User, ledger: Ledger, asked: Asked) -> None:
    """Refuse who may not download it (403), a unit not seen (404), a period the wrong way round (422)."""
    for each in (ledger, *ledger.more):
        policy.demand(actor, each.action)
    if asked.unit is not None:
        policy.find(session, actor, Unit, asked.unit.id)
    if asked.since and asked.until and asked.until < asked.since:
        raise RecordRefused([Finding("until", "截止日期不能早于起始日期")])


def paper(session: Session, actor: User, ledger: Ledger, asked: Asked) -> Paper:
    """What stands around the lines: whose, of which days, and who makes it when."""
    whose, title = _whose(session, actor, ledger, asked), ledger.layout.title or ledger.label
    return Paper(
        title=f"{whose}{_period_title(asked)}{title}" if ledger.layout.titled else title,
        about=_about(whose, ledger, asked),
        layout=ledger.layout,
        made=f"制表人：{actor.name}　制表时间：{local(now()):%Y-%m-%d %H:%M}",
        name=title,
    )


def _period_title(asked: Asked) -> str:
    """The period within a title: 2026年上半年; nothing where the sheet holds all there is."""
    return Period(asked.since, asked.until).label if asked.since or asked.until else ""


def note(session: Session, actor: User, ledger: Ledger, asked: Asked, reason: str, written: Written) -> None:
    """The line in the history: who took what, how much, of whom, of when, why."""
    parts = [
        f"{actor.name}下载{ledger.label}，共 {written.lines} {ledger.layout.counted}",
        f"单位：{asked.unit.name if asked.unit else '本人权限范围'}",
    ]
    if ledger.period_label:
        parts.append(f"{ledger.period_label}：{period_words(asked)}")
    if asked.as_of:
        parts.append(f"数据截至 {asked.as_of}")
    if asked.filters or asked.filter_words:
        parts.append(f"筛选：{'、'.join(asked.filter_words) or '有其他条件'}")
    if any(each.sensitive for each in leaves(ledger.columns)):
        parts.append("敏感信息：已遮盖" if asked.masked else "敏感信息：按本人权限完整显示")
    parts.append(f"理由：{reason.strip() or '未填'}")
    if written.digest:
        parts.append(f"{CODE}{written.digest}")
    history.note(session, history.Action.EXPORT, title=f"《{ledger.label}》", words="；".join(parts))


def rows(
    session: Session,
    actor: User,
    ledger: Ledger,
    asked: Asked,
    progress: Callable[[int], None] = lambda lines: None,
) -> Iterator[Row]:
    """The cells of the ledger, line by line, in the book's order.

    Records are streamed: one query gives the ids, each batch loads its lines, so that nothing holds the
    whole book, and the database sorts ids instead of records.
    """
    columns = leaves(ledger.columns)
    readers = [reader(session, each) for each in columns]
    running = [index for index, each in enumerate(columns) if each.kind == "ordinal"]
    number = 0
    for batch in _batches(session, actor, ledger, asked):
        for line, masked in batch:
            number += 1
            cells = [read(line, masked) for read in readers]
            for index in running:
                cells[index] = number
            yield Row(cells, line.get("group", ""))
        progress(number)


def head(session: Session, actor: User, ledger: Ledger, asked: Asked, lines: int) -> list[Row]:
    """The first lines, for a look before the download; masked, whatever was asked."""
    return list(islice(rows(session, actor, ledger, replace(asked, masked=True)), lines))


def count(session: Session, actor: User, ledger: Ledger, asked: Asked) -> int:
    """How many lines it will have."""
    if isinstance(ledger.source, Counted):
        return len(ledger.source.lines(session, actor, asked))
    ids = records(actor, ledger, ledger.source, asked).subquery()
    return session.scalar(select(func.count()).select_from(ids)) or 0


def records(actor: User, ledger: Ledger, source: Records, asked: Asked) -> Select[int]:
    """The ids behind the lines: of the records, or of their parts where the book lists these."""
    query = select((source.part or ledger.model).id)
    if source.part is not None:
        query = query.join(getattr(source.part, source.part.owner))
    return query.where(*scope(actor, ledger, source, asked))


def scope(actor: User, ledger: Ledger, source: Records, asked: Asked) -> tuple[ColumnElement[bool], ...]:
    """SQL: the records that belong in the ledger as this person asks for it."""
    model = ledger.model
    found = [
        policy.visible(model, actor, ledger.action),
        model.removed_at.is_(None),
        source.belongs,
        *asked.filters,
    ]
    if asked.unit is not None:
        found.append(model.under(asked.unit.path))
    return (*found, *_period(source, asked))


def _period(source: Records, asked: Asked) -> Iterator[ColumnElement[bool]]:
    """SQL: from the first day to the last; a moment is within a day of China's clock."""
    column: Any = source.period
    if column is None:
        return
    moments = isinstance(column.type, Moment)
    if asked.since is not None:
        yield column >= (begins(asked.since) if moments else asked.since)
    if asked.until is not None:
        yield column <= (ends(asked.until) if moments else asked.until)


def _batches(
    session: Session, actor: User, ledger: Ledger, asked: Asked
) -> Iterator[Iterable[tuple[Line, bool]]]:
    """The lines in batches, each with whether its sensitive cells are masked."""
    source = ledger.source
    if isinstance(source, Counted):
        yield ((line, asked.masked) for line in source.lines(session, actor, asked))
        return
    masks = any(each.sensitive for each in leaves(ledger.columns))
    for ids in _ids(session, actor, ledger, source, asked):
        loaded = source.load(session, ids)
        bare = _bare(session, actor, ledger, asked, ids) if masks else frozenset()
        # A record may be gone since the ids were read.
        yield ((loaded[each], each not in bare) for each in ids if each in loaded)


def _ids(
    session: Session, actor: User, ledger: Ledger, source: Records, asked: Asked
) -> Iterator[Sequence[int]]:
    query = records(actor, ledger, source, asked).order_by(*source.order).execution_options(yield_per=BATCH)
    with session.scalars(query) as ids:
        yield from ids.partitions()


def _bare(session: Session, actor: User, ledger: Ledger, asked: Asked, ids: Sequence[int]) -> frozenset[int]:
    """Which of these records the person asked for, and may read, in full."""
    if asked.masked:
        return frozenset()
    assert isinstance(ledger.source, Records)
    thing: Any = ledger.source.part or ledger.model
    readable = policy.visible(ledger.model, actor, f"{ledger.word}.sensitive")
    query = records(actor, ledger, ledger.source, asked).where(thing.id.in_(ids), readable)
    return frozenset(session.scalars(query))


def _about(whose: str, ledger: Ledger, asked: Asked) -> str:
    """The line under the title: of whom, of which days, and what was left out."""
    parts = [f"单位：{whose}"]
    if ledger.period_label:
        parts.append(f"期间：{period_words(asked)}")
    if asked.as_of:
        parts.append(f"数据截至 {asked.as_of}")
    if asked.filters or asked.filter_words:
        parts.append(f"条件：{'、'.join(asked.filter_words) or '按列表筛选'}")
    return "　　　".join(parts)


def _whose(session: Session, actor: User, ledger: Ledger, asked: Asked) -> str:
    """The unit, and honestly whether the sheet holds all of it or only the person's share."""
    if asked.unit is None:
        committees = [post.committee_id for post in actor.posts if post.committee_id]
        rows = session.execute(select(Committee.id, Committee.name).where(Committee.id.in_(committees)))
        names: dict[int | None, str] = {row.id: row.name for row in rows}
        return "、".join(dict.fromkeys(names.get(post.committee_id, post.unit.name) for post in actor.posts))
    whole = _reaches_all(actor, ledger, asked.unit)
    return asked.unit.name if whole else f"{asked.unit.name}{OWN_SHARE}"


def _reaches_all(actor: User, ledger: Ledger, unit: Unit) -> bool:
    """Whether a post carries to everything under the unit, not only to a committee's share."""
    reaches = [(post, policy.GRANTS[ledger.action].get(post.role)) for post in actor.posts]
    return any(
        reach is policy.EVERYWHERE or (reach is policy.WITHIN and unit.is_under(post.path))
        for post, reach in reaches
    )


def period_words(asked: Asked) -> str:
    """The period as it stands on the sheet, in the history and in the file's name."""
    match asked.since, asked.until:
        case None, None:
            return "全部"
        case since, None:
            return f"{since:%Y-%m-%d} 起"
        case None, until:
            return f"截至 {until:%Y-%m-%d}"
        case since, until:
            return f"{since:%Y-%m-%d} 至 {until:%Y-%m-%d}"


def file_name(ledger: Ledger, asked: Asked, ending: str = "xlsx") -> str:
    """A name that any system takes: 《调解案件登记册》婺城区 2026-01-01 至 2026-06-30.xlsx."""
    unit = asked.unit.name if asked.unit else ""
    name = f"《{ledger.label}》{unit} {period_words(asked)}"
    safe = re.sub(r'[\\/:*?"<>|\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e]', "", name)
    return f"{' '.join(safe.split())[:80]}.{ending}"
