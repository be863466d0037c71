"""Searching 搜索: records by two characters of a name, by pinyin, by a number, by the end of a telephone.

The index tells which records have the words, the policy which of them the person may see, in one query. What
narrows a person's scope is asked of the index too, so that a village's mediator does not wade through the
namesakes of a whole city.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any

from sqlalchemy import Select, func, literal, select, union_all
from sqlalchemy.orm import Session

from admin_app import policy
from admin_app.models.registry import Register, column_of, in_menu_order
from admin_app.models.search import SEARCHED
from admin_app.models.users import User
from admin_app.operations.matching import Asking, entries
from admin_app.reaches import both
from admin_app.rules.search import Group, Word, asked, unit_word

MOST = 6  # of each register, the newest first
MANY = 5_000  # entries; where more have the words, the records are looked at one by one


@dataclass(frozen=True)
class Hits:
    """The first records of a register that were found, and whether there are more."""

    register: Register
    records: list[Any]
    more: bool


def searched() -> list[Register]:
    """The registers that the search knows, in the order of the menu."""
    return [each for each in in_menu_order() if each.word in SEARCHED]


def find(session: Session, user: User, question: str, most: int = MOST) -> list[Hits]:
    """What a person finds by a question, register by register; nothing where it says too little."""
    groups = asked(question)
    known = [each for each in searched() if groups and policy.may(user, f"{each.word}.see")]
    askings = {each.word: _asking(user, each, groups, (f"{each.word}.see",)) for each in known}
    counts = _counts(session, askings)
    found = []
    for register in known:
        if counts.get(register.word):
            query = _seen(user, register).where(_matches(session, askings[register.word], counts))
            records = list(session.scalars(query.limit(most + 1)))
            if records:
                found.append(Hits(register, records[:most], len(records) > most))
    return found


def hits(session: Session, user: User, register: Register, groups: tuple[Group, ...]) -> Select[Any]:
    """The ids of the records of a register that a person finds, the newest first."""
    condition = matches(session, user, register, groups, (f"{register.word}.see",))
    return _seen(user, register).where(condition).with_only_columns(register.model.id)


def matches(
    session: Session,
    user: User,
    register: Register,
    groups: tuple[Group, ...],
    actions: Collection[str] = (),
    path: str = "",
) -> Any:
    """SQL over a register's own table: the record was asked for. The scope is still to be said beside it.

    `actions` are those that make the scope, `path` is the unit to which it is narrowed: both make it quicker.
    """
    asking = _asking(user, register, groups, actions, path)
    return _matches(session, asking, _counts(session, {register.word: asking}))


def _matches(session: Session, asking: Asking, counts: Mapping[str, int]) -> Any:
    few = counts.get(asking.register.word, 0) <= MANY
    return entries(session).among(asking) if few else entries(session).one_by_one(asking)


def _seen(user: User, register: Register) -> Select[Any]:
    model = register.model
    live = column_of(model, "removed_at").is_(None)
    return select(model).where(live, policy.visible(model, user)).order_by(model.id.desc())


def _asking(
    user: User, register: Register, groups: tuple[Group, ...], actions: Collection[str], path: str = ""
) -> Asking:
    """The question with what narrows the scope."""
    narrow = reduce(both, (policy.narrowing(user, each) for each in actions)) if actions else None
    if path and (word := unit_word(path)):
        groups = (*groups, ((Word(word),),))
    if narrow is not None:
        groups = (*groups, tuple((Word(each),) for each in sorted(narrow)))
    return Asking(register, groups)


def _counts(session: Session, askings: Mapping[str, Asking]) -> dict[str, int]:
    """How many entries have the words, register by register; a little more than `MANY` is enough to know."""
    if not askings:
        return {}
    counted = [
        select(literal(word), func.count()).select_from(
            entries(session).matched(asking).limit(MANY + 1).subquery()
        )
        for word, asking in askings.items()
    ]
    return {row[0]: row[1] for row in session.execute(union_all(*counted))}
