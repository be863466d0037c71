"""Finding what a cell names: the code of a word, the record behind a name, within the person's scope."""

import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.imports.cells import Misread, narrow
from admin_app.models.codes import codebook
from admin_app.models.committees import Committee
from admin_app.models.fields import Field
from admin_app.models.import_batches import ImportWord
from admin_app.models.registry import Register
from admin_app.models.units import Unit
from admin_app.models.users import User
from admin_app.operations.links import choices
from admin_app.rules.dates import today
from admin_app.rules.old_words import OLD_WORDS
from admin_app.rules.tiers import ancestors

_TAIL = re.compile(r"(类)?(纠纷)?(案件|案)?$")
_COMMITTEE = re.compile(r"(人民)?(调解委员会|调委会)$")


class Words:
    """The codes of words: as they read on the day, as they ever read, as old books or the person said."""

    def __init__(self, session: Session, actor: User) -> None:
        self._book = codebook(session)
        self._own = own_words(session, actor)
        self._known: dict[tuple[str, str, date], str | None] = {}

    def code(self, table: str, text: str, day: date | None) -> str | None:
        key = (table, text, self._book.since(table, day))
        if key not in self._known:
            self._known[key] = self._find(table, text, day)
        return self._known[key]

    def _find(self, table: str, text: str, day: date | None) -> str | None:
        spelt = narrow(text)
        own = self._own.get((table, spelt))
        if own is not None:
            return own
        labels = {narrow(label): code for label, code in self._book.labels(table, day).items()}
        if spelt in labels:
            return labels[spelt]
        stems = {
            _TAIL.sub("", label): code for label, code in reversed(labels.items()) if _TAIL.sub("", label)
        }
        old = {narrow(word): code for word, code in OLD_WORDS.get(table, {}).items()}
        for each in filter(None, (spelt, _TAIL.sub("", spelt))):
            if each in old:
                return old[each]
            if each in stems:
                return stems[each]
        return self._by_code(table, spelt, day)

    def _by_code(self, table: str, spelt: str, day: date | None) -> str | None:
        """The code itself, with or without the noughts that Excel takes away."""
        codes = [code for code, _ in self._book.choices(table, day)]
        same = [code for code in codes if code == spelt or (spelt.isdecimal() and code.lstrip("0") == spelt)]
        return same[0] if len(same) == 1 else None


def own_words(session: Session, actor: User) -> dict[tuple[str, str], str]:
    """What the person's units, and those above them, have said that words mean; the nearest stands."""
    paths = {path for post in actor.posts for path in (*ancestors(post.path), post.path)}
    rows = session.scalars(
        select(ImportWord).where(ImportWord.path.in_(paths)).order_by(ImportWord.path, ImportWord.id)
    )
    return {(each.table, each.word): each.code for each in rows}


class Links:
    """The records that names mean, among those the person may choose: read once, for all lines."""

    def __init__(self, session: Session, actor: User, register: Register) -> None:
        self._session, self._actor, self._register = session, actor, register
        self._names: dict[str, dict[str, list[Any]]] = {}
        self._refused: dict[str, str] = {}

    def came(self, record: Any) -> None:
        """A line of the file gives this record: later lines may name it, though it is not written yet."""
        for each in self._own():
            names = self._names.setdefault(each.name, self._read(each))
            for name in _called(record):
                known = names.setdefault(name, [])
                if (one := record.id or record) not in known:
                    known.append(one)

    def refused(self, names: Iterable[str], where: str) -> None:
        """A line of the file would give it, and is wrong."""
        self._refused |= {narrow(each): where for each in names}

    def _own(self) -> list[Field]:
        """The links from the register to itself."""
        return [each for each in self._register.fields if each.target is self._register.model]

    def record(self, field: Field, text: str) -> Any:
        """The id of the one record of that name or code; of one that the file brings, the record itself."""
        if field.name not in self._names:
            self._names[field.name] = self._read(field)
        names = self._names[field.name]
        spelt = narrow(text)
        found = names.get(spelt) or names.get(_COMMITTEE.sub("", spelt)) or []
        if not found and field in self._own() and spelt in self._refused:
            raise Misread(f"“{text[:40]}”那一行（{self._refused[spelt]}）有问题，请先改好它")
        if not found:
            here = "；写在这个文件里的，代码要比下级短" if field in self._own() else ""
            raise Misread(f"没有找到叫“{text[:40]}”的{field.label}，或者它不在您的管辖范围内{here}")
        if len(found) > 1:
            more = "请写区划代码" if field.target is Unit else "请写全称，或者在导入页面上选定"
            raise Misread(f"叫“{text[:40]}”的{field.label}不止一个，{more}")
        return found[0]

    def _read(self, field: Field) -> dict[str, list[Any]]:
        """Name, code, and for a committee that of its unit; the own name comes before the unit's."""
        target: Any = field.target
        query = select(target.id, target.name).where(
            target.removed_at.is_(None), choices(self._actor, self._register, field)
        )
        names: dict[str, list[Any]] = defaultdict(list)
        units: dict[str, list[int]] = defaultdict(list)
        if target is Unit:
            for row in self._session.execute(query.add_columns(Unit.code)):
                names[narrow(row.name)].append(row.id)
                names[row.code].append(row.id)
        elif target is Committee:
            for row in self._session.execute(
                query.add_columns(Unit.name.label("unit")).join(Unit, Unit.id == Committee.unit_id)
            ):
                names[narrow(row.name)].append(row.id)
                units[narrow(row.unit)].append(row.id)
                units[_COMMITTEE.sub("", narrow(row.name))].append(row.id)
        else:
            for row in self._session.execute(query):
                names[narrow(row.name)].append(row.id)
        for name, ids in units.items():
            names.setdefault(name, list(dict.fromkeys(ids)))
        return dict(names)


def _called(record: Any) -> list[str]:
    return [narrow(record.name), record.code]


def in_force_now(session: Session, table: str) -> list[tuple[str, str]]:
    """(code, label) of a table, for whoever says what a word means."""
    return codebook(session).choices(table, today())
