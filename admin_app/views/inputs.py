"""One input for one declared field: which WTForms field asks for it, and how its text becomes a value."""

from typing import Any

from sqlalchemy.orm import Session
from wtforms import BooleanField, Form, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice

from admin_app.models.codes import codebook
from admin_app.models.fields import Field
from admin_app.views.widgets import (
    ChoiceField,
    CodeField,
    DayField,
    LookupField,
    MoneyField,
    TicksField,
    WholeField,
)


class Shown:
    """The declared field as the templates read it."""

    def __init__(self, spec: Field, required: bool) -> None:
        self.name, self.label, self.kind = spec.name, spec.label, spec.kind
        self.section, self.help = spec.say.section, spec.say.help
        self.required, self.wide = required, spec.say.wide or spec.kind == "long"


def value_of(spec: Field, typed: Any) -> Any:
    """What was typed as the model keeps it: blanks are None, enums members, texts trimmed."""
    if isinstance(typed, str):
        typed = typed.strip()
    if typed == "" or typed == []:
        return None
    if spec.kind == "choice" and spec.choices is not None and typed is not None:
        return spec.choices(typed)
    return typed


def texts_of(bound: Any) -> list[str]:
    """What a browser would post back for an input that nobody touched."""
    if isinstance(bound, BooleanField):
        return ["y"] if bound.data else []
    if isinstance(bound, TicksField):
        return list(bound.data or [])
    if isinstance(bound, (SelectField, LookupField)):
        return [str(bound.data or "")]
    return [bound._value()]


def input_for(session: Session, spec: Field, now: Any) -> Any:
    """The unbound WTForms field for a declared field; `now` is what stands in the record."""
    label = spec.label
    match spec.kind:
        case "long":
            return TextAreaField(label, render_kw={"rows": 4, "maxlength": spec.max_length or 20000})
        case "integer":
            return WholeField(label, render_kw={"inputmode": "numeric"})
        case "money":
            return MoneyField(label, render_kw={"inputmode": "decimal", "data-money": True})
        case "decimal":
            return MoneyField(label, render_kw={"inputmode": "decimal"})
        case "date":
            placeholder = "年-月-日，如 20260912"
            return DayField(
                label, render_kw={"inputmode": "numeric", "data-date": True, "placeholder": placeholder}
            )
        case "yes":
            return BooleanField(label)
        case "code":
            return _select(CodeField, label, _with_present(session, spec, now))
        case "codes":
            ticks = [SelectChoice(*each) for each in _with_present(session, spec, now)]
            return TicksField(label, choices=ticks)
        case "choice":
            assert spec.choices is not None
            return _select(ChoiceField, label, [(member.value, member.label) for member in spec.choices])
        case "link":
            return LookupField(label)
        case _:
            return StringField(label, render_kw={"maxlength": spec.max_length} if spec.max_length else {})


def chosen_from(form: Form, name: str, choices: list[tuple[str, str]]) -> None:
    """A text of a form that is chosen after all: what may be chosen hangs on other things of the form."""
    before = form[name]
    kept = [] if before.data in (None, *dict(choices)) else [(before.data, before.data)]
    options = [SelectChoice(*each) for each in (*choices, *kept)]
    field = SelectField(before.label.text, choices=options, validate_choice=False).bind(
        form, name, prefix=form._prefix
    )
    field.process(None, before.data or "")
    field.spec, field.errors = before.spec, before.errors
    form._fields[name] = field


def _with_present(session: Session, spec: Field, now: Any) -> list[tuple[str, str]]:
    """The codes in force, and the record's own when it is no longer in force."""
    book = codebook(session)
    choices = book.choices(spec.say.codes)
    for code in now if isinstance(now, list) else filter(None, [now]):
        if code not in dict(choices):
            choices.append((code, f"{book.label(spec.say.codes, code)}（已停用）"))
    return choices


def _select(kind: type[SelectField], label: str, choices: list[tuple[str, str]]) -> SelectField:
    return kind(
        label,
        choices=[SelectChoice("", "请选择"), *(SelectChoice(*each) for each in choices)],
        coerce=lambda value: "" if value is None else str(value),
    )
