"""统计: the numbers of a unit and a period, now or as of a day, with the cases behind each of them."""

from typing import Any

from flask import request, url_for
from flask_admin import expose
from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app import policy
from admin_app.database import db
from admin_app.models.cases import Case
from admin_app.models.fields import field_of
from admin_app.models.units import Unit
from admin_app.models.users import User
from admin_app.models.wording import wording
from admin_app.operations import organisation
from admin_app.operations.behind import cases_behind
from admin_app.operations.briefs import facts
from admin_app.operations.charts import pictured
from admin_app.operations.figure_changes import changed_since
from admin_app.operations.figures import count, sheet
from admin_app.replica import reading
from admin_app.rules.dates import today
from admin_app.rules.figure_checks import CHECK
from admin_app.rules.figures import FIGURE
from admin_app.rules.periods import Period
from admin_app.views import briefs, figure_tables, look_ups
from admin_app.views.addresses import address
from admin_app.views.charts import behind_of, drawn, tiles
from admin_app.views.doors import Page, opens, signed_in
from admin_app.views.figure_asked import (
    Asked,
    OrganisationForm,
    aimed,
    brief_form,
    day_asked,
    issue_asked,
    query_form,
    read,
    read_brief,
    read_cases,
    read_charts,
    running,
    unit_asked,
)
from admin_app.views.pager import turned

TABS = (("index", "案件"), ("charts", "图表"), ("brief", "简报"), ("organisation", "组织队伍经费"))
MOST_CHANGES = 200
SIZE = 50
COLUMNS = ("number", "names", "kind", "stage", "accepted_on", "result", "form", "people", "amount")


class FiguresView(Page):
    """The statistics of a unit."""

    _default_view = "index"

    @expose("/")
    @opens("figure.see")
    def index(self) -> str:
        """The numbers per sub-unit, the indicators, the failed checks, and what changed since the day."""
        session, user = db.session, signed_in()
        asked = read(session, user)
        with reading(session):
            lines = count(session, user, asked.unit, asked.period, asked.moment)
            compared = [_total(session, user, asked, each) for each in _compared(asked.period)]
            changes = (
                changed_since(session, user, asked.unit, asked.period, asked.moment) if asked.moment else []
            )
        return self.render(
            "figures.html",
            crumbs=[("统计", None)],
            asked=asked,
            tabs=_tabs("index", asked.unit),
            query=query_form(asked),
            heads=[line.label for line in lines],
            groups=figure_tables.groups(lines, sheet(session, asked.period), _linked(asked)),
            indicators=figure_tables.indicators(lines[-1].numbers, *compared),
            failures=figure_tables.failed(lines, _linked(asked)),
            changes=changes[:MOST_CHANGES],
            change_count=len(changes),
        )

    @expose("/charts")
    @opens("figure.see")
    def charts(self) -> str:
        """The same numbers as pictures, each mark with its cases; a mediator sees their own first."""
        session, user = db.session, signed_in()
        asked = read_charts(session, user)
        with reading(session):
            found = pictured(session, user, asked.whose, asked.period, asked.moment)
        return self.render(
            "charts.html",
            crumbs=[("统计", address("figures.index", [])), ("图表", None)],
            asked=asked,
            tabs=_tabs("charts", asked.unit),
            query=query_form(asked),
            running=bool(
                asked.period.until and asked.period.until >= today() and asked.period.holds(today())
            ),
            tiles=tiles(found, asked),
            charts=[drawn(each, behind_of(asked)) for each in found.charts],
        )

    @expose("/brief")
    @opens("figure.export")
    def brief(self) -> str:
        """The brief of a month as it will be in the Word file."""
        session, user = db.session, signed_in()
        asked = read_brief(session, user)
        told = facts(session, user, asked.unit, asked.period)
        return self.render(
            "brief.html",
            crumbs=[("统计", address("figures.index", [])), ("简报", None)],
            asked=asked,
            tabs=_tabs("brief", asked.unit),
            query=brief_form(asked),
            running=running(asked),
            unit=told.unit,
            sections=briefs.shown(told, asked),
            word_url=address("figures.brief_word", asked.pairs(issue=issue_asked(asked))),
        )

    @expose("/brief.docx", methods=("POST",))
    @opens("figure.export")
    def brief_word(self) -> Any:
        """The brief as a Word file, with a line in the history."""
        asked = read_brief(db.session, signed_in())
        return briefs.sent(db.session, signed_in(), asked, issue_asked(asked))

    @expose("/cases")
    @opens("figure.see")
    def cases(self) -> str:
        """The cases behind one number, or behind a check that fails."""
        session, user = db.session, signed_in()
        asked, name = read_cases(session, user), request.args.get("figure", "")
        level = request.args.get("level") == "1"
        with reading(session):
            found = cases_behind(
                session, user, asked.whose, asked.period, name, level=level, as_of=asked.moment
            )
            cases, older, newer = turned(select(Case).where(found), Case.id, SIZE)
            rows = [_row(session, each) for each in cases]
        label = FIGURE[name].label if name in FIGURE else CHECK[name].sentence
        pairs = asked.pairs(figure=name, level="1" if level else "")

        def turn(way: str, case: Case) -> str:
            return address("figures.cases", [*pairs, (way, str(case.id))])

        return self.render(
            "figure_cases.html",
            crumbs=[
                ("统计", address("figures.charts" if asked.mine else "figures.index", asked.pairs())),
                (label, None),
            ],
            asked=asked,
            label=label,
            level=level,
            heads=[field_of(Case, each).label for each in COLUMNS],
            rows=rows,
            pager={
                "older_url": turn("before", cases[-1]) if older else None,
                "newer_url": turn("after", cases[0]) if newer else None,
            },
        )

    @expose("/organisation")
    @opens("figure.see")
    def organisation(self) -> str:
        """Committees, people and funds on a day."""
        session, user = db.session, signed_in()
        notices: list[str] = []
        unit, day = unit_asked(session, user), day_asked("day", notices) or today()
        with reading(session):
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
        return look_ups.units(
            db.session, signed_in(), policy.visible(Unit, signed_in()), request.args.get("q", "")
        )


def _tabs(current: str, unit: Unit) -> list[dict[str, Any]]:
    chosen = [("unit", str(unit.id))]
    return [
        {
            "label": label,
            "url": address(f"figures.{name}", chosen),
            "current": name == current,
            "count": None,
        }
        for name, label in TABS
    ]


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
