"""What a search answers with: screens, ledgers and records, each as a line with the found parts marked.

A record reads as it does in a list, its personal data masked.
"""

from dataclasses import dataclass
from typing import Any

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.models.fields import Field
from admin_app.models.pinyin import syllables
from admin_app.models.registry import Register, day_of
from admin_app.models.users import User
from admin_app.models.wording import wording
from admin_app.operations import search
from admin_app.operations.exactly import count as count_of
from admin_app.operations.exactly import numbered
from admin_app.rules.marks import Piece, asks_for_tail, pieces
from admin_app.views.addresses import address
from admin_app.views.screens import Screen, ledgers, named, screens

HOW = "可以输入：姓名、名称里的两个字，拼音或首字母，编号，手机号后四位；也可以输入页面、台账的名称。"
COUNTED = 100  # beyond it the count reads 「100+」
BETWEEN = " · "

# What tells the records of each register apart, beside their titles.
FACTS = {
    "case": ("names", "kind", "stage", "committee_id", "registered_on"),
    "visit": ("counterpart", "kind", "committee_id"),
    "referral": ("case_id", "direction", "to_unit_id", "state"),
    "hand_over": ("agency", "case_id", "way", "state"),
    "urging": ("subject", "to_unit_id", "state"),
    "dossier": ("title", "case_id", "state"),
    "typical_case": ("kind", "state", "published_on"),
    "find": ("committee_id", "kind", "state"),
    "assessment": ("unit_id", "kind", "state"),
    "publicity": ("committee_id", "form", "held_on"),
    "major_report": ("cause", "unit_id", "state"),
    "meeting": ("unit_id", "kind", "held_on", "state"),
    "circular": ("number", "unit_id", "kind", "state"),
    "unit": ("parent_id", "tier", "code"),
    "committee": ("unit_id", "kind", "head"),
    "mediator": ("committee_id", "full_time", "status", "phone"),
    "expert": ("unit_id", "employer", "phone"),
    "award": ("committee_id", "state", "number"),
    "training": ("unit_id", "kind", "held_from", "state"),
}


@dataclass(frozen=True)
class Line:
    """One answer: where it leads, its name, and what tells it apart."""

    url: str
    label: list[Piece]
    hint: list[Piece]


@dataclass(frozen=True)
class Group:
    """The answers of one kind; `count` says in words how many there are, `url` where they are listed."""

    label: str
    lines: list[Line]
    more: bool
    count: str = ""
    url: str | None = None


def groups(session: Session, user: User, typed: str, most: int, *, counted: bool = False) -> list[Group]:
    """The first of each kind, the nearest kind first.

    That is what has exactly this number; then screens and ledgers whose name begins with what was typed, then
    the records, and last the screens and ledgers that merely have it within their name.
    """
    first: list[Group] = []
    others: list[Group] = []
    for hits in search.find(session, user, typed, most):
        exact = numbered(session, user, hits, typed)
        (others if exact is None else first).append(
            _records(session, user, hits, exact, typed, most, counted)
        )
    before: list[Group] = []
    after: list[Group] = []
    for label, near in (("页面", named(screens(user), typed)), ("台账", named(ledgers(user), typed))):
        if near:
            group = _places(label, [each for _, each in near], typed, None if counted else most)
            (after if near[0][0] else before).append(group)
    return [*first, *before, *others, *after]


def _places(label: str, found: list[Screen], typed: str, most: int | None) -> Group:
    lines = [Line(each.url, _named(each.label, typed), [(each.place, False)]) for each in found[:most]]
    return Group(label, lines, len(found) > len(lines), str(len(found)))


def _named(label: str, typed: str) -> list[Piece]:
    """A screen is found by pinyin from any of its characters on, not by its beginning alone."""
    tries = ([(label[:at], False), *marked(label[at:], typed)] for at in range(len(label)))
    found = next((each for each in tries if any(hit for _, hit in each)), [(label, False)])
    return [each for each in found if each[0]]


def _records(
    session: Session, user: User, hits: search.Hits, exact: Any, typed: str, most: int, counted: bool
) -> Group:
    register = hits.register
    records = (
        [exact, *(each for each in hits.records if each is not exact)] if exact is not None else hits.records
    )
    lines = lines_of(session, register, records[:most], typed)
    count = count_of(session, user, register, typed, COUNTED + 1) if counted and hits.more else len(lines)
    return Group(
        register.noun,
        lines,
        hits.more,
        f"{COUNTED}+" if count > COUNTED else str(count),
        address(f"{register.word}.index", [("q", typed)]),
    )


def lines_of(session: Session, register: Register, records: list[Any], typed: str) -> list[Line]:
    """Records as lines, their personal data masked."""
    fields = facts(register)
    targets = _targets(session, fields, records)  # held, so that the session has them while they are read
    found = [_line(session, register, fields, each, typed) for each in records]
    del targets
    return found


def _line(session: Session, register: Register, fields: list[Field], record: Any, typed: str) -> Line:
    title, day = str(record), day_of(record)
    texts = [wording(session, each, getattr(record, each.name), masked=True, on=day) for each in fields]
    label = marked(title, typed)
    hint = marked(BETWEEN.join(each for each in texts if each and each not in title), typed)
    if asks_for_tail(typed) and not any(hit for _, hit in (*label, *hint)):
        hint.append((f"{BETWEEN if hint else ''}电话后四位相符", False))
    return Line(url_for(f"{register.word}.detail", record_id=record.id), label, hint)


def facts(register: Register) -> list[Field]:
    """The fields that tell the records of a register apart."""
    fields = {each.name: each for each in register.fields}
    return [fields[name] for name in FACTS[register.word]]


def _targets(session: Session, fields: list[Field], records: list[Any]) -> list[Any]:
    """What the links of these records point at, read at once."""
    found: list[Any] = []
    for each in fields:
        if each.kind == "link" and each.target is not None:
            ids = {getattr(record, each.name) for record in records} - {None}
            found += session.scalars(select(each.target).where(each.target.id.in_(ids))) if ids else []
    return found


def marked(text: str, typed: str) -> list[Piece]:
    """A text with the parts marked that were found in it."""
    return pieces(text, typed, syllables)
