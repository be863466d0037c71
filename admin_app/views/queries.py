"""The query bar of a list: one labelled input for each queried field."""

from typing import Any

from flask import url_for
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from wtforms import Form, SelectField, StringField
from wtforms.fields.choices import SelectChoice

from admin_app.models.codes import codebook
from admin_app.models.fields import Field
from admin_app.models.registry import Register
from admin_app.models.wording import link_wording
from admin_app.views.lists import Due
from admin_app.views.widgets import LookupField, OptionsWidget


def query_form(session: Session, specs: list[Field], typed: MultiDict[str, str], register: Register) -> Form:
    """The query bar: one labelled input per queried field, two for a date.

    `typed` is what `lists.read_state` let pass: a link in it points at something the person may see.
    """
    declared: dict[str, Any] = {}
    for spec in specs:
        if spec.say.deadline:
            declared[spec.name] = _choose(spec.label, [(each.value, each.label) for each in Due])
        elif spec.kind == "date":
            for end, word in (("_from", "起"), ("_to", "止")):
                declared[f"{spec.name}{end}"] = StringField(
                    f"{spec.label}{word}", render_kw={"data-date": True, "inputmode": "numeric"}
                )
        else:
            declared[spec.name] = _query_field(session, spec)
    form: Form = type("QueryForm", (Form,), declared)(typed)
    for spec in specs:
        if spec.kind == "link":
            bound = form[spec.name]
            bound.url = url_for(f"{register.word}.seek", link=spec.name)
            if bound.data:
                bound.title = link_wording(session, spec, bound.data)
    return form


def _query_field(session: Session, spec: Field) -> Any:
    match spec.kind:
        case "code":
            choices = codebook(session).choices(spec.say.codes)
        case "choice":
            assert spec.choices is not None
            choices = [(member.value, member.label) for member in spec.choices]
        case "yes":
            choices = [("1", "是"), ("0", "否")]
        case "link":
            return LookupField(spec.label)
        case _:
            return StringField(spec.label)
    return _choose(spec.label, choices)


def _choose(label: str, choices: list[tuple[str, str]]) -> SelectField:
    every = [SelectChoice("", "全部"), *(SelectChoice(*each) for each in choices)]
    return SelectField(label, choices=every, validate_choice=False, widget=OptionsWidget())
