"""Papers of a case or a visit: their facts, what is still blank in them, and the file they become."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from admin_app.documents.drawing import template_of
from admin_app.documents.facts import Facts, read_all
from admin_app.documents.filler import fill
from admin_app.documents.form import Form
from admin_app.documents.layout import Lines, texts
from admin_app.documents.said import Saying
from admin_app.models.base import Base
from admin_app.models.cases import Case
from admin_app.models.committees import Committee
from admin_app.models.registry import day_of
from admin_app.models.units import Unit
from admin_app.models.visits import Visit
from admin_app.rules.dates import today

_NAMED = re.compile(r"\{\{\s*([a-z_]+)")
_OF_PARTY = re.compile(r"\{\{\s*p\.([a-z_]+)")
_UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e]')
# An organisation has no sex; nobody is asked for what is the other kind's.
_OF_PERSONS = {"sex", "ethnicity", "age", "born"}


def facts_of(session: Session, form: Form, case: Any, line: Any = None) -> Facts:
    """All that a template of this form may name, for one case and one of its lines, or for a visit."""
    record = line if case is None else case
    day = (form.on(case, line) if case is not None else None) or today()
    saying = Saying(session, day, day_of(record))
    return _alone(form, saying, record) if case is None else _of_case(form, saying, case, line)


def _alone(form: Form, saying: Saying, record: Any) -> Facts:
    facts: Facts = dict(read_all(form.facts, saying, record))
    return facts | {each.name: each.read(saying, record) for each in form.listings}


def _of_case(form: Form, saying: Saying, case: Case, line: Any) -> Facts:
    own = {each.name for each in form.source.facts}
    facts: Facts = read_all([each for each in form.facts if each.name not in own], saying, case)
    facts |= read_all(form.source.facts, saying, line)
    return facts | {each.name: each.read(saying, case) for each in form.listings}


def warm(session: Session, record: Any) -> None:
    """Fetch what the facts read beside the record: committee, unit, and the units of its referrals."""
    if isinstance(record, Visit):
        return
    _fetch(session, record, "committee", Committee)
    _fetch(session, record, "unit", Unit)
    for referral in record.referrals:
        _fetch(session, referral, "unit", Unit)
        _fetch(session, referral, "to_unit", Unit)


def _fetch(session: Session, thing: Any, name: str, model: type[Base]) -> None:
    set_committed_value(thing, name, session.get_one(model, getattr(thing, f"{name}_id")))


def supplied(form: Form) -> bytes:
    """The template that comes with the program."""
    return template_of(form).read_bytes()


def paper(
    session: Session, form: Form, case: Any, line: Any = None, *, template: bytes | None = None
) -> bytes:
    """The filled Word file."""
    return fill(template or supplied(form), facts_of(session, form, case, line))


def file_name(form: Form, of: str) -> str:
    """A name that any system takes: 人民调解协议书 张三、李四.docx."""
    return f"{safe(f'{form.title} {of}')}.docx"


def safe(name: str) -> str:
    """A part of a file's name without what systems refuse, and not too long."""
    return " ".join(_UNSAFE.sub("", name).split())[:80].strip(" .")


# ------------------------------------------------------------------ what is still blank


def blanks(form: Form, facts: Facts) -> list[str]:
    """What the paper names and nobody has filled in yet, in its order: for the screen."""
    meanings = {each.name: each.meaning for each in form.facts}
    found = [
        meanings[name]
        for name in dict.fromkeys(_names(form))
        if name in meanings and name not in form.may_lack and not facts[name]
    ]
    return found + list(_party_blanks(form, facts))


def _names(form: Form) -> Iterator[str]:
    for _, text in texts(form.blocks):
        yield from _NAMED.findall(text)


def _party_blanks(form: Form, facts: Facts) -> Iterator[str]:
    for block in form.blocks:
        if isinstance(block, Lines) and block.each:
            asked = [name for row in block.rows for gap in row for name in _OF_PARTY.findall(gap.text)]
            labels = {
                name: gap.label for row in block.rows for gap in row for name in _OF_PARTY.findall(gap.text)
            }
            for party in facts[block.each.over]:
                yield from _lacks(party, asked, labels)


def _lacks(party: Mapping[str, str], asked: list[str], labels: Mapping[str, str]) -> Iterator[str]:
    if not party["name"]:
        yield labels["name"]
        return
    person = not party["representative"] and not party["headcount"]
    lacking = [labels[name] for name in asked if not party[name] and (person or name not in _OF_PERSONS)]
    if lacking:
        yield f"{party['name']}的{'、'.join(lacking)}"
