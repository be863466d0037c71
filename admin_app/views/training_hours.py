"""学时达标: who has the year's hours, who lacks them, whom the rotation has not reached; by unit."""

from typing import Any

from flask import request, url_for
from flask_admin import expose
from sqlalchemy import select
from sqlalchemy.orm import Session
from wtforms import Form, SelectField, StringField
from wtforms.fields.choices import SelectChoice

from admin_app import policy
from admin_app.database import db
from admin_app.models.units import Unit
from admin_app.models.users import User
from admin_app.operations import training_hours
from admin_app.operations.training_hours import Person, Which
from admin_app.rules.dates import today
from admin_app.views import look_ups
from admin_app.views.addresses import address
from admin_app.views.doors import Page, opens, signed_in
from admin_app.views.typed import clean, whole
from admin_app.views.widgets import LookupField

SIZE = 50


class HoursForm(Form):
    unit = LookupField("单位")
    year = StringField("年度", render_kw={"inputmode": "numeric"})
    which = SelectField(
        "看哪些人", choices=[SelectChoice(each.value, each.label) for each in Which], validate_choice=False
    )


class TrainingHoursView(Page):
    """The hours of a unit's mediators."""

    _default_view = "index"

    @expose("/")
    @opens("mediator.hours")
    def index(self) -> str:
        """How many have the hours, unit by unit, and the people one by one."""
        session, user = db.session, signed_in()
        unit, year, which, page = _unit(session, user), _year(), _which(), _page()
        people = training_hours.people(session, user, unit, year)
        chosen = [each for each in people if each.is_(which)]
        asked = [("unit", str(unit.id)), ("year", str(year)), ("which", which.value)]

        def turn(to: int) -> str:
            return address("training_hours.index", [*asked, ("page", str(to))])

        return self.render(
            "training_hours.html",
            crumbs=[("培训班", url_for("training.index")), ("学时达标", None)],
            unit=unit,
            year=year,
            which=which,
            query=_form(unit, year, which),
            dues=training_hours.dues(session, year),
            lines=[
                {"label": label, "tally": tally, "url": _below(sub, year, which) if sub else None}
                for label, sub, tally in training_hours.by_unit(session, unit, people)
            ],
            people=[_shown(each) for each in chosen[(page - 1) * SIZE : page * SIZE]],
            total=len(chosen),
            prev_url=turn(page - 1) if page > 1 else None,
            next_url=turn(page + 1) if len(chosen) > page * SIZE else None,
            reset_url=url_for("training_hours.index"),
        )

    @expose("/units")
    @opens("mediator.hours")
    def units(self) -> dict[str, Any]:
        """The look-up of the unit."""
        return look_ups.units(
            db.session, signed_in(), policy.visible(Unit, signed_in()), request.args.get("q", "")
        )


def _shown(person: Person) -> dict[str, Any]:
    owed = person.owed
    lacks = [
        f"{word}还差 {short:f} 学时"
        for word, short in (("年度", owed.short), ("岗前", owed.new_short), ("专项", owed.special_short))
        if short
    ]
    return {
        "name": person.name,
        "url": url_for("mediator.file", record_id=person.id),
        "committee": person.committee,
        "hours": f"{owed.done:f}",
        "met": owed.met,
        "lacks": "，".join(lacks) or "—",
        "last": f"{person.last_on:%Y-%m-%d}" if person.last_on else "没有记录",
        "rested": person.rested,
    }


def _unit(session: Session, user: User) -> Unit:
    chosen = whole(request.args.get("unit"))
    if chosen:
        return policy.find(session, user, Unit, chosen)
    highest = min(policy.paths(user, "mediator.hours"), key=len)
    return session.scalars(select(Unit).where(Unit.path == highest)).one()


def _year() -> int:
    year = whole(clean(request.args.get("year"), 10)) or today().year
    return year if 2000 <= year <= today().year + 1 else today().year


def _which() -> Which:
    asked = request.args.get("which", "")
    return Which(asked) if asked in set(Which) else Which.SHORT


def _page() -> int:
    return min(max(1, whole(request.args.get("page")) or 1), 100_000)


def _below(unit: Unit, year: int, which: Which) -> str:
    return address(
        "training_hours.index", [("unit", str(unit.id)), ("year", str(year)), ("which", which.value)]
    )


def _form(unit: Unit, year: int, which: Which) -> HoursForm:
    form = HoursForm(data={"unit": unit.id, "year": str(year), "which": which.value})
    form.unit.url, form.unit.title = url_for("training_hours.units"), str(unit)
    return form
