"""统计: the numbers of a unit and a period, now or as of a day, with the cases behind each of them."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from flask import request, url_for
from flask_admin import expose
from sqlalchemy import select
from sqlalchemy.orm import Session
from wtforms import Form, SelectField, StringField
from wtforms.fields.choices import SelectChoice

from admin_app import policy
from admin_app.database import db
from admin_app.models.cases import Case
from admin_app.models.fields import field_of
from admin_app.models.units import Unit
from admin_app.models.users import User
from admin_app.models.wording import wording
from admin_app.operations import organisation
from admin_app.operations.behind import cases_behind
from admin_app.operations.figure_changes import changed_since
from admin_app.operations.figures import count, sheet
from admin_app.rules import periods
from admin_app.rules.dates import SHANGHAI, parse_day, today
from admin_app.rules.figure_checks import CHECK
from admin_app.rules.figures import FIGURE
from admin_app.rules.periods import Period
from admin_app.views import figure_tables, look_ups
from admin_app.views.addresses import address
from admin_app.views.doors import Page, opens, signed_in
from admin_app.views.pager import turned
from admin_app.views.typed import clean, whole
from admin_app.views.widgets import LookupField

TYPED = {"data-date": True, "inputmode": "numeric", "placeholder": "年-月-日"}
PARTS = {
    "year": "全年",
    **{f"half{n}": f"{word}半年" for n, word in ((1, "上"), (2, "下"))},
    **{f"quarter{n}": f"第{word}季度" for n, word in enumerate("一二三四", 1)},
    **{f"month{n}": f"{n} 月" for n in range(1, 13)},
}
_MADE = {"half": periods.half, "quarter": periods.quarter, "month": periods.month}
MOST_CHANGES = 200
SIZE = 50
COLUMNS = ("number", "names", "kind", "stage", "accepted_on", "result", "form", "people", "amount")


class FigureForm(Form):
    unit = LookupField("单位")
    year = StringField("年度", render_kw={"inputmode": "numeric"})
    part = SelectField("期间", choices=[SelectChoice(*each) for each in PARTS.items()], validate_choice=False)
    as_of = StringField("截至哪天的数", render_kw=TYPED)
    since = StringField("或者：从哪天起", render_kw=TYPED)
    until = StringField("到哪天止", render_kw=TYPED)


class OrganisationForm(Form):
    unit = LookupField("单位")
    day = StringField("哪一天", render_kw=TYPED)


@dataclass(frozen=True)
class Asked:
    """What the address asks for, cleaned; `notices` tell what was ignored."""

    unit: Unit
    period: Period
    as_of: date | None
    notices: tuple[str, ...] = ()

    @property
    def moment(self) -> datetime | None:
        """The end of the day asked for; None: now."""
        if self.as_of is None:
            return None
        return datetime.combine(self.as_of + timedelta(days=1), time(), SHANGHAI).astimezone(UTC)

    def pairs(self, **more: Any) -> list[tuple[str, str]]:
        """As a query that another page of this view reads."""
        days = {"since": self.period.since, "until": self.period.until, "as_of": self.as_of}
        asked = {"unit": self.unit.id, **days, **more}
        return [(name, str(value)) for name, value in asked.items() if value]


class FiguresView(Page):
    """The statistics of a unit."""

    _default_view = "index"

    @expose("/")
    @opens("figure.see")
    def index(self) -> str:
        """The numbers per sub-unit, the indicators, the failed checks, and what changed since the day."""
        session, user = db.session, signed_in()
        asked = read(session, user)
        lines = count(session, user, asked.unit, asked.period, asked.moment)
        changes = changed_since(session, user, asked.unit, asked.period, asked.moment) if asked.moment else []
        return self.render(
            "figures.html",
            crumbs=[("统计", None)],
            asked=asked,
            tabs=_tabs("index", asked.unit),
            query=_form(asked),
            heads=[line.label for line in lines],
            groups=figure_tables.groups(lines, sheet(session, asked.period), _linked(asked)),
            indicators=figure_tables.indicators(
                lines[-1].numbers, *(_total(session, user, asked, each) for each in _compared(asked.period))
            ),
            failures=figure_tables.failed(lines, _linked(asked)),
            changes=changes[:MOST_CHANGES],
            change_count=len(changes),
        )

    @expose("/cases")
    @opens("figure.see")
    def cases(self) -> str:
        """The cases behind one number, or behind a check that fails."""
        session, user = db.session, signed_in()
        asked, name = read(session, user), request.args.get("figure", "")
        level = request.args.get("level") == "1"
        found = cases_behind(session, user, asked.unit, asked.period, name, level=level, as_of=asked.moment)
        rows, older, newer = turned(select(Case).where(found), Case.id, SIZE)
        label = FIGURE[name].label if name in FIGURE else CHECK[name].sentence
        pairs = asked.pairs(figure=name, level="1" if level else "")

        def turn(way: str, case: Case) -> str:
            return address("figures.cases", [*pairs, (way, str(case.id))])

        return self.render(
            "figure_cases.html",
            crumbs=[("统计", address("figures.index", asked.pairs())), (label, None)],
            asked=asked,
            label=label,
            level=level,
            heads=[field_of(Case, each).label for each in COLUMNS],
            rows=[_row(session, case) for case in rows],
            pager={
                "older_url": turn("before", rows[-1]) if older else None,
                "newer_url": turn("after", rows[0]) if newer else None,
            },
        )

    @expose("/organisation")
    @opens("figure.see")
    def organisation(self) -> str:
        """Committees, people and funds on a day."""
        session, user = db.session, signed_in()
        notices: list[str] = []
        unit, day = _unit(session, user), _day("day", notices) or today()
        lines = organisation.count(session, user, unit, day)
        return self.render(
            "organisation.html",
            crumbs=[("统计", url_for("figures.index")), ("组织队伍经费", None)],
            unit=unit,
            day=day,
            notices=notices,
            tabs=_tabs("organisation", unit),
            query=aimed(OrganisationForm(data={"unit": unit.id, "day": day.isoformat()}), unit),
            heads=[line.label for line in lines],
            groups=figure_tables.plain(lines, organisation.heads(session, day)),
        )

    @expose("/units")
    @opens("figure.see")
    def units(self) -> dict[str, Any]:
        """The look-up of the unit."""
        return look_ups.found(db.session, Unit, policy.visible(Unit, signed_in()), request.args.get("q", ""))


def read(session: Session, user: User) -> Asked:
    """What the address asks; without a word the person's own unit and this year."""
    notices: list[str] = []
    unit = _unit(session, user)
    since, until, as_of = (_day(name, notices) for name in ("since", "until", "as_of"))
    period = Period(since, until) if since or until else _period(notices)
    if as_of and as_of >= today():
        as_of = None  # the numbers of today are those of now
    return Asked(unit, period, as_of, tuple(notices))


def _unit(session: Session, user: User) -> Unit:
    """The unit asked for; else that of the person's highest post."""
    chosen = whole(request.args.get("unit"))
    if chosen:
        return policy.find(session, user, Unit, chosen)
    highest = min(policy.paths(user, "figure.see"), key=len)
    return session.scalars(select(Unit).where(Unit.path == highest)).one()


def _tabs(current: str, unit: Unit) -> list[dict[str, Any]]:
    chosen = [("unit", str(unit.id))]
    return [
        {
            "label": label,
            "url": address(f"figures.{name}", chosen),
            "current": name == current,
            "count": None,
        }
        for name, label in (("index", "案件"), ("organisation", "组织队伍经费"))
    ]


def _day(name: str, notices: list[str]) -> date | None:
    text = clean(request.args.get(name), 20)
    if not text:
        return None
    try:
        day = parse_day(text)
    except ValueError:
        day = None
    if day is None or not 1949 <= day.year <= 2999:
        notices.append(f"日期“{text}”看不懂，已忽略。请写成 2026-09-12 或 20260912。")
        return None
    return day


def _period(notices: list[str]) -> Period:
    text, part = clean(request.args.get("year"), 10), request.args.get("part", "year")
    year = (whole(text) or 0) if text else today().year
    if not 1949 <= year <= 2999:
        notices.append(f"年度“{text}”看不懂，已按今年统计。")
        year = today().year
    for word, made in _MADE.items():
        if part in PARTS and part.startswith(word):
            return made(year, int(part.removeprefix(word)))
    return periods.year(year)


def _form(asked: Asked) -> Any:
    """The query bar as it was asked."""
    form = FigureForm(
        data={
            "unit": asked.unit.id,
            "year": clean(request.args.get("year"), 10) or str(today().year),
            "part": request.args.get("part", "year"),
            **{name: clean(request.args.get(name), 20) for name in ("since", "until", "as_of")},
        }
    )
    return aimed(form, asked.unit)


def aimed(form: Any, unit: Unit) -> Any:
    """With its look-up of units."""
    form.unit.url, form.unit.title = url_for("figures.units"), str(unit)
    return form


def _linked(asked: Asked) -> figure_tables.Linked:
    """The address of the cases behind a figure or a check of a line."""

    def link(unit: Unit, name: str, level: bool) -> str:
        mine = Asked(unit, asked.period, asked.as_of)
        return address("figures.cases", mine.pairs(figure=name, level="1" if level else ""))

    return link


def _compared(period: Period) -> tuple[Period | None, Period | None]:
    return period.before(), period.year_before()


def _total(session: Session, user: User, asked: Asked, period: Period | None) -> Any:
    """The sum of another period."""
    return count(session, user, asked.unit, period, asked.moment)[-1].numbers if period else None


def _row(session: Session, case: Case) -> dict[str, Any]:
    day = case.registered_on
    words = [wording(session, field_of(Case, name), getattr(case, name), on=day) for name in COLUMNS]
    return {
        "title": words[0] or str(case),
        "url": url_for("case.detail", record_id=case.id),
        "words": words[1:],
    }
