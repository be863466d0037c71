"""The register of parameters, with a page of what is in force today: most of them nobody has ever set."""

from decimal import Decimal
from typing import Any

from flask import request, url_for
from flask_admin import expose
from sqlalchemy.orm import Session

from admin_app import policy
from admin_app.database import db
from admin_app.models.codes import codebook
from admin_app.models.parameters import InForce, parameters
from admin_app.models.registry import Register
from admin_app.rules.dates import today
from admin_app.rules.numbers import formatted
from admin_app.rules.parameters import SETTINGS, Kind, Setting, Value, split, written
from admin_app.views.doors import opens, signed_in
from admin_app.views.forms import RecordForm
from admin_app.views.registers import RegisterView


class ParameterView(RegisterView):
    """Parameters: the page of those in force, and behind it the rows that set them."""

    def __init__(self, register: Register) -> None:
        super().__init__(register)
        self._default_view = "now"  # where the menu leads

    @expose("/now")
    @opens("see")
    def now(self) -> str:
        """Every parameter with its value of today, since when, and the way to change it."""
        may_set = policy.may(signed_in(), "parameter.create")
        groups: dict[str, list[dict[str, Any]]] = {}
        for which, spec in SETTINGS.items():
            groups.setdefault(spec.group, []).append(_line(db.session, which, may_set))
        return self.render(
            "parameters.html",
            crumbs=[(self.register.group, None), ("现行参数", None)],
            groups=groups,
            list_url=self.url_of("index"),
        )

    def first_values(self) -> dict[str, Any]:
        """A new value begins as the old one, from today."""
        which = _asked()
        if which is None:
            return {}
        value = parameters(db.session).on(which).value
        return {"setting": which, "value": written(value), "valid_from": today()}

    def _form_page(
        self, form: RecordForm, heading: str, submit: str, cancel: str, record: Any = None, **more: Any
    ) -> str:
        which = record.setting if record else _asked()
        if which is not None:
            form.form["value"].spec.help = SETTINGS[which].help
        return super()._form_page(form, heading, submit, cancel, record, **more)


def _asked() -> Setting | None:
    """The parameter that the address or the form names."""
    asked = (request.form if request.method == "POST" else request.args).get("setting", "")
    return Setting(asked) if asked in list(Setting) else None


def _line(session: Session, which: Setting, may_set: bool) -> dict[str, Any]:
    book = parameters(session)
    held, coming = book.on(which), book.next(which)
    return {
        "label": which.label,
        "help": SETTINGS[which].help,
        "value": _words(session, which, held.value),
        "sample": _sample(which, held.value),
        "since": f"{held.since:%Y-%m-%d}" if held.since else "",
        "coming": f"{coming.since:%Y-%m-%d} 起改为 {_words(session, which, coming.value)}" if coming else "",
        "url": _change_url(which, held) if may_set else None,
    }


def _words(session: Session, which: Setting, value: Value) -> str:
    """A value as an administrator reads it."""
    table = SETTINGS[which].codes
    if table:
        return "、".join(codebook(session).label(table, each) for each in split(str(value)))
    return f"{value:,}" if isinstance(value, Decimal) else written(value)


def _sample(which: Setting, value: Value) -> str:
    """What a number of this pattern looks like."""
    if SETTINGS[which].kind is not Kind.PATTERN:
        return ""
    return formatted(str(value), year=today().year, unit="某某村", n=1)


def _change_url(which: Setting, held: InForce) -> str:
    """A new row from today; what was set today already is mended in place."""
    if held.since == today():
        return url_for("parameter.edit", record_id=held.record_id)
    return url_for("parameter.create", setting=which.value)
