"""The sheet of a dry run 试算表: everybody with score, level and every item, as CSV."""

from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from admin_app.exports import plain
from admin_app.exports.columns import Column, Value
from admin_app.exports.rows import Row, Written
from admin_app.models.standards import Standard
from admin_app.operations.measuring import MODELS
from admin_app.operations.trials import Tried
from admin_app.rules.measures import Subject
from admin_app.rules.standards import plain as figure

_AT_ONCE = 500


def write(session: Session, standard: Standard, found: Sequence[Tried], file: BinaryIO) -> Written:
    """Everybody of a dry run."""
    heads = [
        standard.subject.label,
        "所属单位",
        "得分",
        "达到等级",
        "下一级还差什么",
        *_items(standard),
    ]
    columns = [Column(each, lambda line: None, 12) for each in heads]
    return plain.write(file, columns, _rows(session, standard, found))


def _items(standard: Standard) -> list[str]:
    """The headings of the items; what stands twice is told apart by its level."""
    names = {each.rank: each.name for each in standard.levels}
    return [
        f"{each.label}（{names[each.level]}）" if each.level in names else each.label
        for each in standard.items
    ]


def _rows(session: Session, standard: Standard, found: Sequence[Tried]) -> Iterator[Row]:
    for start in range(0, len(found), _AT_ONCE):
        part = found[start : start + _AT_ONCE]
        known = people(session, standard.subject, [each.id for each in part])
        for each in part:
            who = known[each.id]
            home = who.committee if standard.subject is Subject.MEDIATOR else who.unit
            level = each.level.name if each.level else "未达到"
            values: list[Value] = [figure(verdict.value) for verdict in each.verdicts]
            yield Row([str(who), str(home), figure(each.score), level, each.lacks, *values])


def people(session: Session, subject: Subject, ids: Sequence[int]) -> dict[int, Any]:
    """The subjects themselves, with where they belong."""
    model: Any = MODELS[subject]
    home = model.committee if subject is Subject.MEDIATOR else model.unit
    found = session.scalars(select(model).where(model.id.in_(ids)).options(joinedload(home)))
    return {each.id: each for each in found}
