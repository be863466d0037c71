"""Boards: how the units below one stand in a period, number by number, down to the very rows."""

from dataclasses import replace
from typing import Any

from flask import request, url_for
from sqlalchemy import select
from wtforms import Form, SelectField, StringField
from wtforms.fields.choices import SelectChoice

from admin_app import policy
from admin_app.database import db
from admin_app.models.fields import field_of
from admin_app.models.registry import register_of
from admin_app.models.units import Unit
from admin_app.models.wording import wording
from admin_app.operations.figures import Line, RowKind
from admin_app.rules import periods
from admin_app.rules.dates import today
from admin_app.views import figure_asked
from admin_app.views.addresses import address
from admin_app.views.doors import Page, signed_in
from admin_app.views.figure_asked import PARTS, TYPED, Asked
from admin_app.views.pager import turned
from admin_app.views.typed import clean
from admin_app.views.widgets import LookupField

SIZE = 50


class BoardForm(Form):
    unit = LookupField("单位")
    year = StringField("年度", render_kw={"inputmode": "numeric"})
    part = SelectField("期间", choices=[SelectChoice(*each) for each in PARTS.items()], validate_choice=False)
    since = StringField("或者：从哪天起", render_kw=TYPED)
    until = StringField("到哪天止", render_kw=TYPED)


class BoardPage(Page):
    """The sub-units of a unit with their numbers; each leads to its own, each number to its rows.

    `board` counts (operations/screening_board.py, operations/accountability.py); `told` says in a sentence
    what counts when, `alongside` leads to the register, `tones` marks what is bad, `shown` are the fields of
    each kind of row.
    """

    _default_view = "index"
    board: Any
    sees: str
    title: str
    told: str
    alongside: tuple[str, str]
    tones: dict[str, str]
    shown: dict[str, tuple[str, ...]]

    def _board(self) -> str:
        asked, board = _asked(), self.board
        lines = board.count(db.session, signed_in(), asked.unit, asked.period)
        return self.render(
            "board.html",
            crumbs=[(self.title, None)],
            title=self.title,
            told=self.told,
            alongside={"label": self.alongside[0], "url": url_for(self.alongside[1])},
            asked=asked,
            query=_form(asked),
            above=self._above(asked),
            heads=board.HEADS,
            lines=[self._line(asked, each) for each in lines if _told(each)],
        )

    def _behind(self) -> str:
        """The rows behind one number."""
        session, user, asked, board = db.session, signed_in(), _asked(), self.board
        name, level = request.args.get("figure", ""), request.args.get("level") == "1"
        found = board.behind(user, asked.unit, asked.period, name, level=level)
        head = board.HEAD[name]
        query = select(head.model).where(found)
        rows, older, newer = turned(query, head.model.id, SIZE)
        word = register_of(head.model).word
        fields = [field_of(head.model, each) for each in self.shown[word]]
        pairs = asked.pairs(figure=name, level="1" if level else "")
        return self.render(
            "board_rows.html",
            crumbs=[(self.title, address(f"{self.endpoint}.index", asked.pairs())), (head.label, None)],
            title=self.title,
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
                "older_url": address(f"{self.endpoint}.tasks", [*pairs, ("before", str(rows[-1].id))])
                if older
                else None,
                "newer_url": address(f"{self.endpoint}.tasks", [*pairs, ("after", str(rows[0].id))])
                if newer
                else None,
            },
        )

    def _above(self, asked: Asked) -> dict[str, str] | None:
        """The way up, as far as the person's own units reach."""
        parent = db.session.get(Unit, asked.unit.parent_id) if asked.unit.parent_id else None
        tops = policy.paths(signed_in(), self.sees)
        if parent is None or not any(parent.path.startswith(each) for each in tops):
            return None
        return {"label": str(parent), "url": self._board_of(asked, parent)}

    def _board_of(self, asked: Asked, unit: Unit) -> str:
        return address(f"{self.endpoint}.index", replace(asked, unit=unit).pairs())

    def _line(self, asked: Asked, line: Line) -> dict[str, Any]:
        words, tone = self.board.standing(line.numbers)
        return {
            "label": "合计" if line.kind is RowKind.TOTAL else line.label,
            "url": self._board_of(asked, line.unit) if line.kind is RowKind.SUB else None,
            "total": line.kind is RowKind.TOTAL,
            "words": words,
            "tone": tone,
            "cells": [self._cell(asked, line, head) for head in self.board.HEADS],
        }

    def _cell(self, asked: Asked, line: Line, head: Any) -> dict[str, Any]:
        """A number leads to its rows; nought is quiet."""
        number, level = line.numbers[head.name], line.kind is RowKind.OWN
        return {
            "label": head.label,
            "text": f"{number:,}",
            "url": self._rows_of(asked, line.unit, head.name, level) if number else None,
            "tone": self.tones.get(head.name, "") if number else "",
        }

    def _rows_of(self, asked: Asked, unit: Unit, name: str, level: bool) -> str:
        mine = replace(asked, unit=unit)
        return address(f"{self.endpoint}.tasks", mine.pairs(figure=name, level="1" if level else ""))


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


def _told(line: Line) -> bool:
    """The own level where it has to screen at all; the sum of the sub-units repeats the sum of all."""
    if line.kind is RowKind.SUB_TOTAL:
        return False
    return line.kind is not RowKind.OWN or any(line.numbers.values())
