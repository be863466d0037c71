"""What an import would do, line by line: new, changed field by field, unchanged, or wrong and why.

The same plan is drawn for the preview and for the import itself, a thousand lines at a time, so
that a book of a hundred thousand lines is never in memory as records.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import zip_longest
from typing import Any

from sqlalchemy.orm import Session

from admin_app import history, policy
from admin_app.imports import headings
from admin_app.imports.cells import Misread, Month, Reading, narrow, text_of
from admin_app.imports.finding import Links, Words
from admin_app.imports.headings import Headings, Place
from admin_app.imports.reader import Book, Broken, Raw, Table, address
from admin_app.imports.sheet import Asking, Item, Sheet, Values
from admin_app.models.base import Base
from admin_app.models.fields import Field
from admin_app.models.users import User
from admin_app.models.wording import wording
from admin_app.operations import imports, records
from admin_app.operations.checks import STARS, Giving
from admin_app.rules.choices import Choice
from admin_app.rules.findings import Finding
from admin_app.rules.identity import mask
from admin_app.rules.refusals import RecordRefused, Refusal
from admin_app.rules.uploads.unfit import Unfit

CHUNK = 1_000
CUT = "……（内容过长，此处截断，全文见系统）"  # where a ledger's cell ends
BY_STEPS = "要在它自己的页面上办理，不能用导入修改"


class Fate(Choice):
    """What becomes of a line."""

    NEW = "new", "新增"
    CHANGED = "changed", "修改"
    KEPT = "kept", "已有，保持不变"
    SAME = "same", "没有变化"
    WRONG = "wrong", "有问题"


@dataclass(frozen=True)
class Fault:
    """What is wrong with a line: the column it stands in (None: the line), the sentence, the unknown word."""

    column: int | None
    sentence: str
    word: tuple[str, str] | None = None


@dataclass(frozen=True)
class Change:
    """One field that differs, in words."""

    label: str
    old: str
    new: str


@dataclass
class Line:
    """One line of the book and what becomes of it."""

    table: Table
    row: int
    fate: Fate = Fate.WRONG
    title: str = ""
    record: Any = None
    changes: list[Change] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    doubt: str = ""

    def where(self, fault: Fault) -> str:
        """`表1!B5`, or the row where no one cell is to blame."""
        cell = f"第 {self.row + 1} 行" if fault.column is None else address(self.row, fault.column)
        return f"{self.table.name} {cell}"


@dataclass(frozen=True)
class Options:
    """What the person chose: update what is known, the committee or unit of the whole file, and what else

    holds for all of its lines.
    """

    update: bool = False
    placed: int | None = None
    common: Mapping[str, Any] = field(default_factory=dict)


def fitting(book: Book, sheet: Sheet, options: Options) -> tuple[list[Headings], list[str]]:
    """The tables of a file that are this book, and a word on each that is not; `Unfit` when none is."""
    given = frozenset({sheet.placed} if options.placed else ())
    found = [(table, headings.find(table, sheet, given)) for table in book.tables if table.rows]
    fit = [each for _, each in found if each.fits]
    if not fit:
        raise Unfit(_unlike(sheet, [each for _, each in found]))
    notes = [f"工作表“{table.name}”不是{sheet.label}，没有读。" for table, each in found if not each.fits]
    for each in fit:
        if each.unknown:
            notes.append(f"“{each.table.name}”里这些列不认识，没有读：{'、'.join(each.unknown[:20])}。")
        hidden = [row for row in each.table.hidden_rows if row >= each.first]
        if hidden:
            notes.append(
                f"“{each.table.name}”有 {len(hidden)} 行是隐藏的（如第 {min(hidden) + 1} 行），一起读了。"
            )
    return fit, [*book.notes, *notes]


def _unlike(sheet: Sheet, found: Sequence[Headings]) -> str:
    best = max(found, key=lambda each: len(each.places), default=None)
    needed = "、".join(each.label for each in sheet.items if each.needed)
    if best is None or len(best.places) < headings.FEWEST:
        return f"没有找到{sheet.label}的表头。表头里至少要有：{needed}。可以先下载模板，把内容粘贴进去再传。"
    missing = "、".join(f"“{each.label}”" for each in best.missing)
    return f"“{best.table.name}”里缺少必需的栏目：{missing}。请加上这一列再传。"


class Plan:
    """The plan of one import; with the words of a batch it is for good: its records are to be written."""

    def __init__(
        self,
        session: Session,
        actor: User,
        sheet: Sheet,
        tables: Sequence[Headings],
        options: Options,
        *,
        batch: str = "",
    ) -> None:
        policy.demand(actor, sheet.action)
        self._sheet, self._tables, self._options, self._batch = sheet, tables, options, batch
        self._words = Words(session, actor)
        self._links = Links(session, actor, sheet.register)
        self._asking = Asking(session, actor, sheet.register, self._links)
        self._reading = Reading(self._words.code, self._links.record)
        self._giving = Giving(session, actor, sheet.register)
        self._seen: dict[Any, Line] = {}
        self._dated = sheet.register.model.dated
        self.passed_by: dict[str, int] = {}
        self.total = sum(max(len(each.table.rows) - each.first, 0) for each in tables)

    def chunks(self) -> Iterator[list[Line]]:
        """The lines, some hundred at a time; what others may hang on comes before them."""
        tables = [(each, self._places(each), self._rows(each)) for each in self._tables]
        for rank in sorted({rank for _, _, rows in tables for rank, _, _ in rows}):
            self._reading = Reading(self._words.code, self._links.record)
            for each, places, rows in tables:
                now = [(index, row) for of, index, row in rows if of == rank]
                for start in range(0, len(now), CHUNK):
                    yield self._chunk(each.table, places, now[start : start + CHUNK])

    def _rows(self, each: Headings) -> Sequence[tuple[int, int, Sequence[Raw]]]:
        """(rank, number, cells) of the lines that are to be read."""
        found = []
        code = next((place for place in each.places if place.item.name == self._sheet.upper_first), None)
        for index in range(each.first, len(each.table.rows)):
            row = each.table.rows[index]
            why = headings.passed_by(row)
            if why:
                self.passed_by[why] = self.passed_by.get(why, 0) + 1
            else:
                found.append((0 if code is None else _length(row, code), index, row))
        return found

    def _places(self, each: Headings) -> list[Place]:
        return sorted(each.places, key=lambda place: self._is_day(place.item), reverse=True)

    def _is_day(self, item: Item) -> bool:
        """The days come first: with the record's own day its codes are read."""
        return item.field is not None and item.field.kind == "date"

    # ------------------------------------------------------------ a chunk

    def _chunk(
        self, table: Table, places: Sequence[Place], rows: Sequence[tuple[int, Sequence[Raw]]]
    ) -> list[Line]:
        lines = [Line(table, index) for index, _ in rows]
        columns = {place.item.name: place.index for place in places}
        read = [self._read(line, places, row) for line, (_, row) in zip(lines, rows, strict=True)]
        found = self._sheet.find(self._asking, read)
        fresh: list[tuple[Line, Values]] = []
        for line, values, record in zip(lines, read, found, strict=True):
            self._twice(line, values)
            if line.faults:
                continue
            if record is None:
                self._draft(line, values, columns)
                fresh.append((line, values))
            else:
                self._compare(line, values, record, columns)
        self._beside_known(fresh, columns)
        for line, values in zip(lines, read, strict=True):
            if line.faults and self._sheet.upper_first:
                names = [str(values[name]) for name in ("name", self._sheet.upper_first) if name in values]
                self._links.refused(names, f"{table.name} 第 {line.row + 1} 行")
        return lines

    def _beside_known(self, fresh: Sequence[tuple[Line, Values]], columns: dict[str, int]) -> None:
        """New lines beside the records that are there: what is taken already, what may be the same."""
        rows = [values for _, values in fresh]
        for (line, _), taken in zip(fresh, self._sheet.taken(self._asking, rows), strict=True):
            if taken:
                line.faults.append(Fault(columns.get(taken[0]), taken[1]))
                line.fate = Fate.WRONG
        for (line, _), doubt in zip(fresh, self._sheet.alike(self._asking, rows), strict=True):
            line.doubt = doubt

    def _read(self, line: Line, places: Sequence[Place], row: Sequence[Raw]) -> Values:
        values: Values = {}
        for place in places:
            raw = row[place.index] if place.index < len(row) else None
            if raw is None or raw == "":
                continue
            try:
                if place.item.take is not None:
                    if isinstance(raw, Broken):
                        raise Misread(raw.sentence)
                    values.update(place.item.take(self._reading, raw))
                    continue
                day = values.get(self._dated) if self._dated else None
                value = self._reading.value(place.item, raw, day, place.times)
            except Misread as misread:
                line.faults.append(
                    Fault(place.index, f"{place.item.label}：{misread.sentence}", misread.word)
                )
                continue
            if value not in (None, "", []):
                values[place.item.name] = value
        if self._options.placed and self._sheet.placed not in values:
            values[self._sheet.placed] = self._options.placed
        for name, value in self._options.common.items():
            values.setdefault(name, value)
        line.title = _title(values, row)
        return self._sheet.tidy(values)

    def _twice(self, line: Line, values: Values) -> None:
        """The same thing twice in one file: which of the two holds, nobody can tell."""
        key = self._sheet.key(values)
        if key is None:
            return
        first = self._seen.setdefault(key, line)
        if first is not line:
            line.faults.append(
                Fault(None, f"和“{first.table.name}”第 {first.row + 1} 行重复，请删去其中一行")
            )

    # ------------------------------------------------------------ new

    def _draft(self, line: Line, values: Values, columns: dict[str, int]) -> None:
        aside = {self._sheet.placed, *self._sheet.excused(values), *values}
        lacking = [
            Fault(None, f"请填写{each.label}")
            for each in self._sheet.items
            if each.needed and each.name not in aside
        ]
        if self._sheet.placed and self._sheet.placed not in values:
            label = next(f.label for f in self._sheet.register.fields if f.name == self._sheet.placed)
            lacking.append(
                Fault(columns.get(self._sheet.placed), f"没有写{label}：请在表里写明，或者上传时选定")
            )
        lacking += [Fault(columns.get(name), sentence) for name, sentence in self._sheet.lacks(values)]
        if lacking:
            line.faults += lacking
            return
        plain = {name: _day(value) for name, value in values.items()}
        try:
            given = self._sheet.given(self._asking, {**self._sheet.blank, **plain}, None)
        except Misread as misread:
            line.faults.append(Fault(columns.get(misread.item), misread.sentence, misread.word))
            return
        record, findings = imports.drafted(self._giving, given)
        line.faults += [self._fault(each, columns) for each in findings if each.grave]
        if line.faults:
            return
        line.fate, line.title = Fate.NEW, str(record)
        if self._sheet.upper_first:
            self._links.came(record)
        if self._batch:
            line.record = record
            if self._sheet.enters is not None:
                self._sheet.enters(self._asking, record, self._batch)

    def _fault(self, finding: Finding, columns: dict[str, int]) -> Fault:
        """Where a finding of the rules stands in the table."""
        name = finding.field
        if name not in columns:
            head = name.partition("-")[0]
            name = self._sheet.parts.get(head, self._sheet.parts.get(name, ""))
        return Fault(columns.get(name), finding.sentence)

    # ------------------------------------------------------------ known

    def _compare(self, line: Line, values: Values, record: Any, columns: dict[str, int]) -> None:
        line.title = str(record)
        present = self._sheet.present(self._asking, record, values)
        differing = {
            name: value
            for name, value in values.items()
            if name in present and not self._same(name, present[name], value)
        }
        if not differing:
            line.fate = Fate.SAME
            self._let_go(record)
            return
        for name in differing:
            line.changes.append(self._change(name, present[name], differing[name]))
        if not self._options.update:
            line.fate = Fate.KEPT
            self._let_go(record)
            return
        version = record.version
        try:
            self._refuse_given_elsewhere(differing, record)
            plain = {name: _day(value) for name, value in differing.items()}
            given = self._sheet.given(self._asking, plain, record)
            records.change(self._asking.session, self._asking.actor, record, given, version=version)
        except Misread as misread:
            line.faults.append(Fault(columns.get(misread.item), misread.sentence, misread.word))
        except RecordRefused as refused:
            line.faults += [self._fault(each, columns) for each in refused.findings]
        except Refusal as refused:
            line.faults.append(Fault(None, refused.sentence))
        if line.faults:
            self._let_go(record)
            return
        line.fate = Fate.CHANGED
        if self._sheet.upper_first:
            self._links.came(record)
        if self._batch:
            line.record = record
        else:
            self._let_go(record)

    def _refuse_given_elsewhere(self, differing: Values, record: Any) -> None:
        """What steps give, or what was fixed when the record was made, no import changes."""
        findings = []
        for name in differing:
            own = _field(self._sheet, name)
            if own is not None and not own.open_to(record):
                findings.append(Finding(name, f"“{own.label}”{BY_STEPS}"))
        if findings:
            raise RecordRefused(findings)

    def _same(self, name: str, old: Any, new: Any) -> bool:
        if isinstance(new, Month):
            return old is not None and (old.year, old.month) == (new.year, new.month)
        own = _field(self._sheet, name)
        if isinstance(new, list) and isinstance(old, list) and (own is None or own.kind != "codes"):
            # One party a line: what is blank of one tells nothing.
            pairs = list(zip_longest(old, new))
            return len(new) <= len(old) and all(n is None or self._same(name, o, n) for o, n in pairs)
        if isinstance(new, str) and isinstance(old, str):
            if own is not None and own.say.sensitive and STARS in new:
                return mask(old) == new
            return _alike(old, new)
        if isinstance(new, list) and own is not None and own.kind == "codes":
            return set(old or []) == set(new)
        return bool(history.raw(old) == history.raw(new))

    def _change(self, name: str, old: Any, new: Any) -> Change:
        own = _field(self._sheet, name)
        item = self._sheet.item(name)
        label = item.label if item else own.label if own else name
        return Change(label, self._words_of(own, old), self._words_of(own, new))

    def _words_of(self, own: Field | None, value: Any) -> str:
        if isinstance(value, list) and (own is None or own.kind != "codes"):
            return "、".join(self._words_of(own, each) for each in value)
        if own is None or isinstance(value, Base):
            return str(value or "")
        return wording(self._asking.session, own, _day(value), masked=True)

    def _let_go(self, record: Any) -> None:
        """Whatever a preview has tried on a record is forgotten."""
        self._asking.session.expunge(record)


def _length(row: Sequence[Raw], code: Place) -> int:
    """How long a line's code is; one that cannot be read hangs nowhere."""
    try:
        return len(narrow(text_of(row[code.index]))) if code.index < len(row) else 0
    except Misread:
        return 0


def _field(sheet: Sheet, name: str) -> Field | None:
    """The declared field of a value, or that of its column; None for those that a sheet makes up."""
    own = next((each for each in sheet.register.fields if each.name == name), None)
    item = sheet.item(name)
    return own or (item.field if item else None)


def _day(value: Any) -> Any:
    """A month as its first day."""
    return date(value.year, value.month, 1) if isinstance(value, Month) else value


def _alike(old: str, new: str) -> bool:
    """The same text but for the blanks around and the way lines end; or its beginning, where a cell ended."""
    tidy = old.replace("\r\n", "\n").replace("\r", "\n").strip()
    return tidy == new or (new.endswith(CUT) and tidy.startswith(new.removesuffix(CUT)))


def _title(values: Values, row: Sequence[Raw]) -> str:
    """What a line is called before it is a record."""
    for name in ("number", "name", "parties", "code"):
        if values.get(name):
            value = values[name]
            return "、".join(value) if isinstance(value, list) else str(value)
    return next((str(cell) for cell in row if isinstance(cell, str) and cell.strip()), "")[:40]


def told(lines: Iterable[Line]) -> list[str]:
    """Every fault with its cell: what the command line prints."""
    return [f"{line.where(fault)}：{fault.sentence}" for line in lines for fault in line.faults]
