"""Downloads 下载台账: read a ledger within the actor's scope, write it, and leave a line in the history."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import BinaryIO

from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app import history, policy, replica
from admin_app.exports import plain
from admin_app.exports.columns import leaves
from admin_app.exports.ledger import Asked, Ledger
from admin_app.exports.reading import Progress, Reading, read, rows
from admin_app.exports.rows import Paper, Written
from admin_app.exports.writing.book import CODE, write
from admin_app.grants import GRANTS
from admin_app.models.areas import posts_of
from admin_app.models.committees import Committee
from admin_app.models.units import Unit
from admin_app.models.users import User
from admin_app.reaches import EVERYWHERE, WITHIN
from admin_app.rules.dates import local, now
from admin_app.rules.findings import Finding
from admin_app.rules.periods import Period
from admin_app.rules.refusals import NotAllowed, RecordRefused

OWN_SHARE = "（本人权限范围内）"


def _silent(lines: int) -> None:
    """Progress that nobody asked for."""


def fill(
    session: Session,
    actor: User,
    ledger: Ledger,
    asked: Asked,
    file: BinaryIO,
    progress: Progress = _silent,
) -> Written:
    """Write a ledger as a workbook into `file`. It reads and changes nothing.

    The caller gives it a session that `reads_only`, so that on SQLite nobody waits for the write lock while
    a long book is read, and then calls `note` in a writing transaction, before anybody gets the file.
    `progress` is told from time to time how many lines of the first sheet are done.
    """
    with replica.reading(session):
        demand(session, actor, ledger, asked)
        readings = [read(session, actor, each, asked) for each in (ledger, *ledger.more)]
        faults = _acknowledged(readings, asked)
        sheets = [
            (paper(session, actor, each.ledger, asked, faults), rows(each, _silent if sheet else progress))
            for sheet, each in enumerate(readings)
        ]
        return replace(write(file, sheets), faults=faults)


def fill_plain(
    session: Session,
    actor: User,
    ledger: Ledger,
    asked: Asked,
    file: BinaryIO,
    progress: Progress = _silent,
) -> Written:
    """The same lines as CSV, for programs that take no workbook: a heading and no more."""
    with replica.reading(session):
        demand(session, actor, ledger, asked)
        reading = read(session, actor, ledger, asked)
        faults = _acknowledged([reading], asked)
        return replace(plain.write(file, reading.ledger.columns, rows(reading, progress)), faults=faults)


def _acknowledged(readings: Sequence[Reading], asked: Asked) -> int:
    """How many sums do not agree. Unless the person has acknowledged them, the sheet is refused."""
    faults = [sentence for each in readings for sentence in each.faults]
    if faults and not asked.acknowledged:
        raise RecordRefused(
            [Finding("acknowledged", f"有 {len(faults)} 处核对不符：{'；'.join(faults[:5])}")]
        )
    return len(faults)


def may(actor: User, ledger: Ledger) -> bool:
    """Whether somebody may download it, with all its sheets."""
    return all(policy.may(actor, each.action) for each in (ledger, *ledger.more))


def may_unmask(actor: User, ledger: Ledger) -> bool:
    """Whether the ledger hides personal data that somebody may have in full."""
    hides = any(each.sensitive for sheet in (ledger, *ledger.more) for each in leaves(sheet.columns))
    return hides and policy.may(actor, f"{ledger.word}.sensitive")


def demand(session: Session, actor: User, ledger: Ledger, asked: Asked) -> None:
    """Refuse who may not download it (403), a unit not seen (404), a period the wrong way round (422)."""
    if not may(actor, ledger):
        raise NotAllowed()
    if asked.unit is not None:
        policy.find(session, actor, Unit, asked.unit.id)
    if asked.since and asked.until and asked.until < asked.since:
        raise RecordRefused([Finding("until", "截止日期不能早于起始日期")])


def paper(session: Session, actor: User, ledger: Ledger, asked: Asked, faults: int = 0) -> Paper:
    """What stands around the lines: whose, of which days, who makes it when, knowing of how many faults."""
    whose, title = _whose(session, actor, ledger, asked), ledger.layout.title or ledger.label
    moment = f"制表时间：{local(now()):%Y-%m-%d %H:%M}"
    made = f"制表人：{actor.name}", moment, replica.told(session), _known(faults)
    return Paper(
        title=f"{whose}{_period_title(asked)}{title}" if ledger.layout.titled else title,
        about=_about(whose, ledger, asked),
        layout=ledger.layout,
        made="　".join(filter(None, made)),
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
    if written.faults:
        parts.append(_known(written.faults))
    if read_at := replica.told(session):
        parts.append(read_at)
    parts.append(f"理由：{reason.strip() or '未填'}")
    if written.digest:
        parts.append(f"{CODE}{written.digest}")
    history.note(session, history.Action.EXPORT, title=f"《{ledger.label}》", words="；".join(parts))


def _known(faults: int) -> str:
    return f"有 {faults} 处核对不符，制表人已确认" if faults else ""


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
    reaches = [(post, GRANTS[ledger.action].get(post.role)) for post in posts_of(actor)]
    return any(
        reach is EVERYWHERE or (reach is WITHIN and unit.is_under(post.path)) for post, reach in reaches
    )


def period_words(asked: Asked) -> str:
    """The period as it stands on the sheet, in the history in the file's name: 2026年上半年, or days."""
    if name := Period(asked.since, asked.until).name:
        return name
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
    """A name that any system takes: 《调解案件登记册》婺城区 2026年上半年.xlsx."""
    unit = asked.unit.name if asked.unit else ""
    name = f"《{ledger.label}》{unit} {period_words(asked)}"
    safe = re.sub(r'[\\/:*?"<>|\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e]', "", name)
    return f"{' '.join(safe.split())[:80]}.{ending}"
