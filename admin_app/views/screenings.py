"""Screenings 排查任务: the register with its one page for reporting, and the board of how units stand."""

from dataclasses import replace
from typing import Any

from flask import request, url_for
from flask_admin import expose
from sqlalchemy import select
from sqlalchemy.orm import selectinload
from wtforms import Form, SelectField, StringField
from wtforms.fields.choices import SelectChoice

from admin_app import policy
from admin_app.database import db
from admin_app.models.fields import field_of
from admin_app.models.registry import register_of
from admin_app.models.screenings import Screening
from admin_app.models.units import Unit
from admin_app.models.wording import wording
from admin_app.operations import screening_board as board
from admin_app.operations.figures import Line, RowKind
from admin_app.rules import periods
from admin_app.rules.dates import today
from admin_app.rules.screenings import ScreeningState
from admin_app.rules.steps import Step
from admin_app.views import figure_asked
from admin_app.views.addresses import address
from admin_app.views.doors import Page, opens, signed_in
from admin_app.views.figure_asked import PARTS, TYPED, Asked
from admin_app.views.forms import held
from admin_app.views.pager import turned
from admin_app.views.registers import RegisterView
from admin_app.views.registers.page import back
from admin_app.views.registers.reading import remark
from admin_app.views.step_forms import StepForm
from admin_app.views.typed import clean
from admin_app.views.widgets import LookupField

SIZE = 50
_SHOWN: dict[str, tuple[str, ...]] = {
    "screening": ("unit_id", "due_on", "state", "found", "reported_on", "screeners"),
    "find": ("unit_id", "kind", "people", "risk", "state", "responsible", "resolve_by"),
}


class ScreeningView(RegisterView):
    """Tasks: reported on one page, which a phone shows whole."""

    def shortcuts(self) -> list[dict[str, str]]:
        return [{"label": "排查情况", "url": url_for("screenings.index")}]

    def starts(self, record: Screening) -> dict[str, Any]:
        """Today, by whoever is signed in: mostly nothing is left to type."""
        known = {"screened_on": record.screened_on or min(today(), record.until)}
        return known | {"screeners": record.screeners or signed_in().name}

    def remarks(self, record: Screening) -> list[dict[str, Any]]:
        found = [
            remark("发现：", (str(each), url_for("find.detail", record_id=each.id)))
            for each in record.finds
            if policy.may(signed_in(), "find.open", each)
        ]
        if record.state is not ScreeningState.DUE and record.late_on(today()):
            found.insert(0, remark("这次报告迟了。", tone="warn"))
        return found

    def _page(
        self, record: Screening, row: Step[Any], form: StepForm, note: str = "", sentence: str = ""
    ) -> str:
        """A report stands on a page of its own; what was typed stays typed."""
        if row.name != "report":
            return super()._page(record, row, form, note, sentence)
        fresh = sentence or not request.form
        version = str(record.version) if fresh else request.form.get("version", "")
        return self.render(
            "screening_report.html",
            crumbs=self.crumbs("报告"),
            title=str(record),
            unit=str(db.session.get_one(Unit, record.unit_id)),
            due=self.cell_of(record, field_of(Screening, "due_on"), unmasked=False),
            returned=record.opinion if record.steps and record.steps[-1].name == "send_back" else "",
            zero_url=self.url_of("step", record_id=record.id, step="zero"),
            action=self.url_of("step", record_id=record.id, step=row.name),
            held=held(version=version, back=back()),
            sections=form.sections(),
            parts=form.parts(),
            errors=form.errors(),
            sentence=sentence,
            note=note,
            cancel_url=self.url_of("detail", record_id=record.id),
        )


class BoardForm(Form):
    unit = LookupField("单位")
    year = StringField("年度", render_kw={"inputmode": "numeric"})
    part = SelectField("期间", choices=[SelectChoice(*each) for each in PARTS.items()], validate_choice=False)
    since = StringField("或者：从哪天起", render_kw=TYPED)
    until = StringField("到哪天止", render_kw=TYPED)


class BoardView(Page):
    """排查情况: by unit, down to the very tasks."""

    _default_view = "index"

    @expose("/")
    @opens("screening.see")
    def index(self) -> str:
        """The sub-units of a unit; each leads to its own, each number to its rows."""
        asked = _asked()
        lines = board.count(db.session, signed_in(), asked.unit, asked.period)
        return self.render(
            "screening_board.html",
            crumbs=[("排查情况", None)],
            asked=asked,
            query=_form(asked),
            above=_above(asked),
            heads=board.HEADS,
            lines=[_line(asked, each) for each in lines if _told(each)],
        )

    @expose("/tasks")
    @opens("screening.see")
    def tasks(self) -> str:
        """The tasks or finds behind one number."""
        session, user, asked = db.session, signed_in(), _asked()
        name, level = request.args.get("figure", ""), request.args.get("level") == "1"
        found = board.behind(user, asked.unit, asked.period, name, level=level)
        head = board.HEAD[name]
        query = select(head.model).where(found).options(selectinload(head.model.unit))
        rows, older, newer = turned(query, head.model.id, SIZE)
        word = register_of(head.model).word
        fields = [field_of(head.model, each) for each in _SHOWN[word]]
        pairs = asked.pairs(figure=name, level="1" if level else "")
        return self.render(
            "screening_tasks.html",
            crumbs=[("排查情况", address("screenings.index", asked.pairs())), (head.label, None)],
            asked=asked,
            label=head.label,
            level=level,
            heads=[register_of(head.model).noun, *(each.label for each in fields)],
            rows=[
                {
                    "title": str(each),
                    "url": url_for(f"{word}.detail", record_id=each.id),
                    "words": [wording(session, one, getattr(each, one.name), masked=True) for one in fields],
                }
                for each in rows
            ],
            pager={
                "older_url": address("screenings.tasks", [*pairs, ("before", str(rows[-1].id))])
                if older
                else None,
                "newer_url": address("screenings.tasks", [*pairs, ("after", str(rows[0].id))])
                if newer
                else None,
            },
        )


def _asked() -> Asked:
    """Of this month, where the address names no period."""
    asked = figure_asked.read(db.session, signed_in())
    if any(request.args.get(each) for each in ("year", "part", "since", "until")):
        return asked
    return replace(asked, period=periods.month(today().year, today().month))


def _form(asked: Asked) -> Any:
    form = BoardForm(
        data={
            "unit": asked.unit.id,
            "year": clean(request.args.get("year"), 10) or str(today().year),
            "part": request.args.get("part") or f"month{today().month}",
            **{name: clean(request.args.get(name), 20) for name in ("since", "until")},
        }
    )
    return figure_asked.aimed(form, asked.unit)


def _above(asked: Asked) -> dict[str, str] | None:
    """The way up, as far as the person's own units reach."""
    parent = db.session.get(Unit, asked.unit.parent_id) if asked.unit.parent_id else None
    tops = policy.paths(signed_in(), "screening.see")
    if parent is None or not any(parent.path.startswith(each) for each in tops):
        return None
    return {"label": str(parent), "url": _board_of(asked, parent)}


def _board_of(asked: Asked, unit: Unit) -> str:
    return address("screenings.index", replace(asked, unit=unit).pairs())


def _told(line: Line) -> bool:
    """The own level where it has to screen at all; the sum of the sub-units repeats the sum of all."""
    if line.kind is RowKind.SUB_TOTAL:
        return False
    return line.kind is not RowKind.OWN or any(line.numbers.values())


def _line(asked: Asked, line: Line) -> dict[str, Any]:
    level = line.kind is RowKind.OWN
    words, tone = board.standing(line.numbers)
    return {
        "label": "合计" if line.kind is RowKind.TOTAL else line.label,
        "url": _board_of(asked, line.unit) if line.kind is RowKind.SUB else None,
        "total": line.kind is RowKind.TOTAL,
        "words": words,
        "tone": tone,
        "cells": [
            {
                "label": head.label,
                "text": f"{line.numbers[head.name]:,}",
                "url": _rows_of(asked, line.unit, head.name, level) if line.numbers[head.name] else None,
                "tone": {"missing": "seal", "late": "warn"}.get(head.name, "")
                if line.numbers[head.name]
                else "",
            }
            for head in board.HEADS
        ],
    }


def _rows_of(asked: Asked, unit: Unit, name: str, level: bool) -> str:
    mine = replace(asked, unit=unit)
    return address("screenings.tasks", mine.pairs(figure=name, level="1" if level else ""))
