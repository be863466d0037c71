"""Forms drawn from the fields: create, edit, take a step, and the lines of a record.

A form only reads what was typed. Whether a value may stand is asked by `operations.records`, whose
findings come back beside the fields.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, Form, HiddenField

from admin_app.models.fields import Field
from admin_app.models.registry import REGISTERS, Parts, Register
from admin_app.models.users import User
from admin_app.models.wording import link_wording, wording
from admin_app.operations.given import Given, Line
from admin_app.operations.links import title
from admin_app.rules.findings import Finding
from admin_app.rules.refusals import RecordRefused
from admin_app.views.inputs import Shown, input_for, texts_of, value_of
from admin_app.views.typed import whole
from admin_app.views.widgets import LookupField

# How many blank lines a new record offers; everything else starts empty.
OFFERED = {"rows": 5, "finds": 1, "parties": 2, "members": 3, "mediators": 1, "panel": 3, "posts": 1}
MOST_LINES = 1000
BLANK_INDEX = "__index__"


@dataclass(frozen=True)
class Lines:
    """How a form shows one part of a record: which fields of a line, and whether lines come and go.

    `only` is the one new line that a step adds; `aim` is where its links look up what they offer.
    """

    part: Parts
    fields: Callable[[Any], list[Field]]
    aim: tuple[str, str]
    grows: bool = True
    only: bool = False


def parts_of(register: Register) -> list[Lines]:
    """The parts of a record as its own form shows them."""
    return [
        Lines(part, partial(_open, part.fields), (register.word, f"{part.name}."))
        for part in register.part_lists()
    ]


def _open(fields: Iterable[Field], line: Any) -> list[Field]:
    return [each for each in fields if each.open_to(line)]


@dataclass
class LineForm:
    """One line's form, and whether it is ticked for removal; a line that must stay cannot be."""

    form: Form
    title: str = ""
    stays: bool = False

    @cached_property
    def fields(self) -> list[Any]:
        return [each for each in self.form if hasattr(each, "spec")]

    @property
    def record_id(self) -> Any:
        return self.form["record_id"]

    @property
    def remove(self) -> Any:
        return self.form["remove"]

    @cached_property
    def given_up(self) -> bool:
        """Ticked for removal, or a new line in which nothing was filled. Each error of each line asks."""
        if self.stays:
            return False
        return self.remove.data or (not self.record_id.data and not any(_typed(each) for each in self.fields))


def _typed(bound: Any) -> bool:
    """Whether a person filled the field, readable or not: a choice that was preset is not typing."""
    texts = [text.strip() for text in bound.raw_data or []]
    if isinstance(bound, LookupField):
        return any(texts)
    return any(text and text != str(bound.object_data or "") for text in texts)


class RecordForm:
    """The form of one register: its own fields in sections, and its parts.

    `record` is the record being edited or None; `formdata` what was posted or None for a first showing.
    `starts` are first values that stand in for what the record does not hold yet.
    """

    specs: list[Field]
    shown: list[Lines]

    def __init__(
        self,
        session: Session,
        user: User,
        register: Register,
        *,
        record: Any = None,
        formdata: MultiDict[str, str] | None = None,
        starts: Mapping[str, Any] | None = None,
    ) -> None:
        self.session, self.user, self.register, self.record = session, user, register, record
        self.creating = record is None
        self.starts = starts or {}
        self.specs, self.shown = self.asked()
        self.form = self._bind(self.specs, record, formdata)
        self.part_errors: dict[str, list[str]] = {each.part.name: [] for each in self.shown}
        self.lines = {each.part.name: self._bind_lines(each, formdata) for each in self.shown}

    def asked(self) -> tuple[list[Field], list[Lines]]:
        """The fields and the parts that this form asks for."""
        return _open(self.register.fields, self.record), parts_of(self.register)

    # ---------------------------------------------------------------- drawing

    def sections(self) -> list[dict[str, Any]]:
        """[{label, fields}] in the order of the declaration."""
        found: dict[str, list[Any]] = {}
        for spec in self.specs:
            found.setdefault(spec.say.section, []).append(self.form[spec.name])
        return [{"label": label, "fields": fields} for label, fields in found.items()]

    def parts(self) -> list[dict[str, Any]]:
        """[{name, label, rows, blank, add_label, errors, only}]; `blank` is None where no line is added."""
        return [
            {
                "name": each.part.name,
                "label": each.part.label,
                "rows": self.lines[each.part.name],
                "blank": self._bind_line(each, None, None, BLANK_INDEX) if each.grows else None,
                "add_label": f"添加{each.part.label}",
                "errors": self.part_errors[each.part.name],
                "only": each.only,
            }
            for each in self.shown
        ]

    def errors(self) -> list[dict[str, str]]:
        """[{label, sentence, anchor}] of every fault, for the top of the page."""
        found = [_error(each, sentence) for each in self.form for sentence in each.errors]
        for shown in self.shown:
            part = shown.part
            found += [
                {"label": part.label, "sentence": sentence, "anchor": f"part-{part.name}"}
                for sentence in self.part_errors[part.name]
            ]
            for number, line in enumerate(self.lines[part.name], start=1):
                before = "" if shown.only else f"{part.label}第 {number} 条 "
                found += [_error(each, sentence, before) for each in line.fields for sentence in each.errors]
        return found + [
            {"label": self.register.noun, "sentence": each, "anchor": ""} for each in self.form.form_errors
        ]

    # ---------------------------------------------------------------- reading

    def read(self) -> Given:
        """What was typed, as the verbs take it; RecordRefused where it could not even be read.

        A masked value left as it stands means: not changed.
        """
        valid = self.form.validate() and self._refuse_too_many()
        for rows in self.lines.values():
            for line in rows:
                valid = (line.given_up or line.form.validate()) and valid
        if not valid:
            raise RecordRefused([])
        return Given(
            values=self._values(self.specs, self.form, self.record),
            lines={name: self._given_lines(name, rows) for name, rows in self.lines.items()},
        )

    def _refuse_too_many(self) -> bool:
        for each in self.shown:
            if len(self.lines[each.part.name]) > MOST_LINES:
                sentence = f"{each.part.label}一次最多 {MOST_LINES} 条，请分几次登记"
                self.form.form_errors.append(sentence)
                return False
        return True

    def posted(self) -> MultiDict[str, str]:
        """The form as a browser would post it back untouched."""
        found: MultiDict[str, str] = MultiDict()
        for bound in self.form:
            found.setlist(bound.name, texts_of(bound))
        for rows in self.lines.values():
            for line in rows:
                for bound in line.form:
                    found.setlist(bound.name, texts_of(bound))
        return found

    def _values(self, specs: Iterable[Field], form: Form, record: Any) -> dict[str, Any]:
        values = {}
        for spec in specs:
            if record is not None and self._left_alone(spec, record, form[spec.name].data):
                continue
            values[spec.name] = value_of(spec, form[spec.name].data)
        return values

    def _left_alone(self, spec: Field, record: Any, typed: Any) -> bool:
        """Whether the input means no change: a mask as it stood, or no tick where nobody has said yes."""
        now = getattr(record, spec.name)
        if spec.kind == "yes" and now is None and not typed:
            return True
        return bool(spec.say.sensitive and now and typed == wording(self.session, spec, now, masked=True))

    def _given_lines(self, name: str, rows: list[LineForm]) -> list[Line]:
        """The lines of a part; one that the form does not hold (another person has just added it) stays."""
        shown = next(each for each in self.shown if each.part.name == name)
        known = {line.id: line for line in getattr(self.record, name)} if self._edits(shown) else {}
        given, seen = [], set()
        for row in rows:
            line = known.get(whole(str(row.record_id.data or "")))
            seen.add(line.id if line else None)
            if not row.given_up:
                values = self._values(shown.fields(line), row.form, line)
                given.append(Line(line.id if line else None, values))
        return given + [Line(line_id, {}) for line_id in known if line_id not in seen]

    def _edits(self, shown: Lines) -> bool:
        """Whether the form shows the lines that the record has."""
        return self.record is not None and not shown.only

    def show(self, findings: list[Finding]) -> None:
        """Put each finding beside its field, or at the top when it belongs to the whole record."""
        for finding in findings:
            target = self._field_of(finding.field)
            if finding.field in self.part_errors:
                self.part_errors[finding.field].append(finding.sentence)
            elif target is None:
                self.form.form_errors.append(finding.sentence)
            else:
                target.errors = [*target.errors, finding.sentence]

    def _field_of(self, name: str) -> Any:
        if name in self.form:
            return self.form[name]
        part, _, rest = name.partition("-")
        index, _, field_name = rest.partition("-")
        live = [line for line in self.lines.get(part, []) if not line.given_up]
        if index.isdigit() and int(index) < len(live) and field_name in live[int(index)].form:
            return live[int(index)].form[field_name]
        return None

    # ---------------------------------------------------------------- binding

    def _bind(
        self,
        specs: list[Field],
        record: Any,
        formdata: MultiDict[str, str] | None,
        *,
        prefix: str = "",
        extra: dict[str, Any] | None = None,
        aim: tuple[str, str] | None = None,
    ) -> Form:
        declared = {
            spec.name: input_for(self.session, spec, getattr(record, spec.name, None)) for spec in specs
        }
        cls = type("DrawnForm", (Form,), {**declared, **(extra or {})})
        form: Form = cls(formdata, prefix=prefix, data=self._data(specs, record))
        for spec in specs:
            bound = form[spec.name]
            bound.spec = Shown(spec, self.must(spec, record))
            bound.flags.required = False  # the browser's own bubbles are English and hide our sentences
            if isinstance(bound, LookupField):
                self._aim(spec, bound, aim or (self.register.word, ""), getattr(record, spec.name, None))
        return form

    def must(self, spec: Field, record: Any) -> bool:
        """Whether the form marks a field as one that must be filled."""
        return spec.required

    def _data(self, specs: list[Field], record: Any) -> dict[str, Any]:
        """First values: the record's, masked where sensitive; a new record's defaults."""
        if record is None:
            starts = {spec.name: spec.start for spec in specs if spec.start is not None}
            return {**self._own(specs), **starts, **(self.starts if specs is self.specs else {})}
        return {
            spec.name: wording(self.session, spec, getattr(record, spec.name), masked=True)
            if spec.say.sensitive
            else getattr(record, spec.name)
            for spec in specs
        }

    def _own(self, specs: list[Field]) -> dict[str, int]:
        """A person of one committee need not look it up, nor a mediator themselves."""
        own = {}
        for spec in specs:
            if spec.name in ("committee_id", "mediator_id"):
                ids = {getattr(post, spec.name) for post in self.user.posts} - {None}
                if len(ids) == 1:
                    own[spec.name] = ids.pop()
        return own

    def _aim(self, spec: Field, bound: LookupField, aim: tuple[str, str], now: int | None) -> None:
        """Point the search; a typed id shows its title only to whoever may choose it."""
        word, before = aim
        bound.aim(word, f"{before}{spec.name}")
        if bound.data and bound.data == now:
            bound.title = link_wording(self.session, spec, bound.data)
        elif bound.data:
            bound.title = title(self.session, self.user, REGISTERS[word], spec, bound.data)

    def _bind_lines(self, shown: Lines, formdata: MultiDict[str, str] | None) -> list[LineForm]:
        name = shown.part.name
        if shown.only:
            return [self._bind_line(shown, None, formdata, "0")]
        if formdata is None or not shown.grows:
            lines = list(getattr(self.record, name)) if self.record else []
            lines += [None] * (OFFERED.get(name, 0) if shown.grows and not lines and self._offers() else 0)
            return [self._bind_line(shown, line, formdata, str(index)) for index, line in enumerate(lines)]
        known = {str(line.id): line for line in getattr(self.record, name)} if self.record else {}
        pattern = re.compile(rf"{re.escape(name)}-(\d{{1,6}})-")
        indexes = sorted({int(found[1]) for key in formdata if (found := pattern.match(key))})
        return [
            self._bind_line(
                shown, known.get(formdata.get(f"{name}-{index}-record_id", "")), formdata, str(index)
            )
            for index in indexes
        ]

    def _offers(self) -> bool:
        """Whether an empty part begins with blank lines."""
        return self.creating

    def _bind_line(
        self, shown: Lines, line: Any, formdata: MultiDict[str, str] | None, index: str
    ) -> LineForm:
        prefix = f"{shown.part.name}-{index}-"
        extra = {
            "record_id": HiddenField(default=str(line.id) if line else ""),
            "remove": BooleanField("删去"),
        }
        form = self._bind(shown.fields(line), line, formdata, prefix=prefix, extra=extra, aim=shown.aim)
        return LineForm(form, str(line) if line else "", stays=not shown.grows)


def _error(bound: Any, sentence: str, before: str = "") -> dict[str, str]:
    return {"label": f"{before}{bound.label.text}", "sentence": sentence, "anchor": bound.id}


class _Held(Form):
    version = HiddenField()
    back = HiddenField()


def held(*, version: str, back: str) -> Form:
    """What a form carries unseen: the version the person saw, and the list they came from."""
    return _Held(data={"version": version, "back": back})
