"""Downloads 下载台账: read a ledger within the actor's scope, write it, and leave a line in the history."""

import re
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from admin_app import history, policy
from admin_app.exports.columns import Value, leaves, reader
from admin_app.exports.ledger import Asked, Ledger
from admin_app.exports.writer import Paper, write
from admin_app.models.committees import Committee
from admin_app.models.units import Unit
from admin_app.models.users import User
from admin_app.rules.findings import Finding
from admin_app.rules.refusals import RecordRefused

BATCH = 500
OWN_SHARE = "（本人权限范围内）"


def fill(session: Session, actor: User, ledger: Ledger, asked: Asked, file: BinaryIO) -> int:
    """Write a ledger into `file`; returns the number of lines. It reads and changes nothing.

    The caller gives it a session that `reads_only`, so that on SQLite nobody waits for the write lock while
    a long book is read, and then calls `note` in a writing transaction, before anybody gets the file.
    """
    policy.demand(actor, ledger.action)
    if asked.unit is not None:
        policy.find(session, actor, Unit, asked.unit.id)
    if asked.since and asked.until and asked.until < asked.since:
        raise RecordRefused([Finding("until", "截止日期不能早于起始日期")])
    paper = Paper(
        title=ledger.title or ledger.label,
        about=_about(session, actor, ledger, asked),
        columns=ledger.columns,
        reference=ledger.reference,
        counted=ledger.counted,
    )
    return write(file, paper, lines(session, actor, ledger, asked))


def note(session: Session, actor: User, ledger: Ledger, asked: Asked, reason: str, count: int) -> None:
    """The line in the history: who took what, how much, of whom, of when, why."""
    parts = [
        f"{actor.name}下载{ledger.label}，共 {count} {ledger.counted}",
        f"单位：{asked.unit.name if asked.unit else '本人权限范围'}",
        f"{ledger.period_field.label}：{period_words(asked)}",
    ]
    if asked.filters or asked.filter_words:
        parts.append(f"筛选：{'、'.join(asked.filter_words) or '有其他条件'}")
    if any(each.sensitive for each in leaves(ledger.columns)):
        parts.append("敏感信息：已遮盖" if asked.masked else "敏感信息：按本人权限完整显示")
    parts.append(f"理由：{reason.strip() or '未填'}")
    history.note(session, history.Action.EXPORT, title=f"《{ledger.label}》", words="；".join(parts))


def lines(session: Session, actor: User, ledger: Ledger, asked: Asked) -> Iterator[list[Value]]:
    """The cells of the ledger, line by line, in the book's order.

    One query streams the ids, each batch loads its lines: nothing holds the whole book, and the database
    sorts ids instead of records.
    """
    columns = leaves(ledger.columns)
    readers = [reader(session, each) for each in columns]
    running = [index for index, each in enumerate(columns) if each.kind == "ordinal"]
    masks = any(each.sensitive for each in columns)
    number = 0
    for ids in _batches(session, actor, ledger, asked):
        loaded = ledger.load(session, ids)
        bare = _bare(session, actor, ledger, asked, ids) if masks else frozenset()
        for each in ids:
            if each not in loaded:  # gone since the ids were read
                continue
            number += 1
            cells = [read(loaded[each], each not in bare) for read in readers]
            for index in running:
                cells[index] = number
            yield cells


def scope(actor: User, ledger: Ledger, asked: Asked) -> tuple[ColumnElement[bool], ...]:
    """SQL: the records that belong in the ledger as this person asks for it."""
    model = ledger.model
    found = [
        policy.visible(model, actor, ledger.action),
        model.removed_at.is_(None),
        ledger.belongs,
        *asked.filters,
    ]
    if asked.unit is not None:
        found.append(model.under(asked.unit.path))
    if asked.since is not None:
        found.append(ledger.period >= asked.since)
    if asked.until is not None:
        found.append(ledger.period <= asked.until)
    return tuple(found)


def _batches(session: Session, actor: User, ledger: Ledger, asked: Asked) -> Iterator[Sequence[int]]:
    query = (
        select(ledger.model.id)
        .where(*scope(actor, ledger, asked))
        .order_by(*ledger.order)
        .execution_options(yield_per=BATCH)
    )
    with session.scalars(query) as ids:
        yield from ids.partitions()


def _bare(session: Session, actor: User, ledger: Ledger, asked: Asked, ids: Sequence[int]) -> frozenset[int]:
    """Which of these records the person asked for, and may read, in full."""
    if asked.masked:
        return frozenset()
    model: Any = ledger.model
    readable = policy.visible(model, actor, f"{ledger.word}.sensitive")
    return frozenset(session.scalars(select(model.id).where(model.id.in_(ids), readable)))


def _about(session: Session, actor: User, ledger: Ledger, asked: Asked) -> str:
    """The line under the title: of whom, of which days, and what was left out."""
    parts = [f"单位：{_whose(session, actor, ledger, asked)}", f"期间：{period_words(asked)}"]
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


def file_name(ledger: Ledger, asked: Asked) -> str:
    """A name that any system takes: 《调解案件登记册》婺城区 2026-01-01 至 2026-06-30.xlsx."""
    unit = asked.unit.name if asked.unit else ""
    name = f"《{ledger.label}》{unit} {period_words(asked)}"
    safe = re.sub(r'[\\/:*?"<>|\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e]', "", name)
    return f"{' '.join(safe.split())[:80]}.xlsx"
