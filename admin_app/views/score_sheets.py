"""The scoring sheet of a plan: one row a person, what people mark as inputs, saved together."""

from decimal import Decimal
from typing import Any

from flask import request, url_for
from wtforms import BooleanField, Form, HiddenField

from admin_app.database import db
from admin_app.models.evaluation_plans import EvaluationPlan
from admin_app.models.evaluations import Evaluation
from admin_app.models.standards import StandardItem
from admin_app.operations.evaluation_plans import has_votes
from admin_app.operations.evaluations import outcome_of
from admin_app.operations.score_sheets import VOTES, Typed, marked_items
from admin_app.rules.evaluations import EvaluationState
from admin_app.rules.findings import Finding
from admin_app.rules.standards import Way, plain, wants
from admin_app.views.typed import whole
from admin_app.views.widgets import MoneyField, WholeField


class MarkField(MoneyField):
    """A number without noughts that say nothing: 17, 18.5."""

    def _value(self) -> str:
        return plain(self.data) if self.data is not None else super()._value()


VOTE_LABELS = ("优秀", "良好", "合格", "不合格")


class Sheet:
    """The inputs of a sheet: for each evaluation a form of its own, kept as typed until all is right."""

    def __init__(self, plan: EvaluationPlan, evaluations: list[Evaluation]) -> None:
        session = db.session
        self.items = marked_items(session, plan)
        self.votes = has_votes(session, plan)
        self.confirms = not self.votes and all(item.way is Way.FINED for _, item in self.items)
        posted = request.form if request.method == "POST" else None
        self.rows = [(each, self._bind(each, posted)) for each in evaluations]

    @property
    def columns(self) -> list[dict[str, Any]]:
        """The headings of what is typed."""
        found = [_heading(at, item) for at, item in self.items]
        if self.confirms:
            found.append({"name": "confirmed", "label": "核对无误", "help": ""})
        if self.votes:
            labels = zip(VOTES, VOTE_LABELS, strict=True)
            found += [{"name": name, "label": f"{label}票", "help": ""} for name, label in labels]
        return found

    def _bind(self, evaluation: Evaluation, posted: Any) -> Any:
        marks = {line.position: line.given for line in evaluation.items if line.asks}
        fields: dict[str, Any] = {"version": HiddenField()}
        data: dict[str, Any] = {"version": str(evaluation.version)}
        for at, item in self.items:
            fields[f"m{at}"] = MarkField(item.label, render_kw={"inputmode": "decimal"})
            data[f"m{at}"] = marks.get(at)
        if self.confirms:
            fields["confirmed"] = BooleanField("核对无误")
            data["confirmed"] = evaluation.state in (EvaluationState.REVIEWED, EvaluationState.APPRAISED)
        if self.votes:
            for name, label in zip(VOTES, VOTE_LABELS, strict=True):
                fields[name] = WholeField(f"{label}票", render_kw={"inputmode": "numeric"})
                data[name] = getattr(evaluation, name)
        known = posted if posted is not None and f"e{evaluation.id}-version" in posted else None
        return type("RowForm", (Form,), fields)(known, prefix=f"e{evaluation.id}-", data=data)

    def _cells(self, evaluation: Evaluation, form: Any) -> list[tuple[Any, str | None]]:
        """The inputs of a row, a mark with what the person gave themselves; a vote has none."""
        own = {f"m{line.position}": plain(line.own) for line in evaluation.items if line.asks}
        return [(form[column["name"]], own.get(column["name"])) for column in self.columns]

    def typed(self) -> list[Typed]:
        """What was typed in the rows that were posted; SheetFaults where it cannot be read."""
        return [self._typed(each, form) for each, form in self.rows if form["version"].raw_data]

    def _typed(self, evaluation: Evaluation, form: Any) -> Typed:
        votes = tuple(form[name].data for name in VOTES) if self.votes else ()
        marks: dict[int, Decimal | None] = {at: form[f"m{at}"].data for at, _ in self.items}
        confirmed = self.confirms and form["confirmed"].data
        return Typed(evaluation.id, whole(form["version"].data) or 0, marks, votes, confirmed)

    def readable(self) -> bool:
        """Whether every input could be read."""
        found = [form.validate() for _, form in self.rows]  # each, so that each shows its own faults
        return all(found)

    def show(self, faults: dict[int, list[Finding]]) -> None:
        """Each fault beside its cell, or at the head of its row, whose version is then the present one."""
        for evaluation, form in self.rows:
            for fault in faults.get(evaluation.id, ()):
                if fault.field in form:
                    form[fault.field].errors = [*form[fault.field].errors, fault.sentence]
                else:
                    form.form_errors.append(fault.sentence)
                    form["version"].data = str(evaluation.version)

    def errors(self) -> list[dict[str, str]]:
        """[{label, sentence, anchor}] for the top of the page."""
        found = []
        for evaluation, form in self.rows:
            found += [
                {"label": f"{evaluation.who} {each.label.text}", "sentence": sentence, "anchor": each.id}
                for each in form
                for sentence in each.errors
            ]
            found += [
                {"label": evaluation.who, "sentence": sentence, "anchor": ""} for sentence in form.form_errors
            ]
        return found

    def lines(self) -> list[dict[str, Any]]:
        """The rows as the page shows them."""
        return [
            {
                "who": each.who,
                "url": url_for("evaluation.detail", record_id=each.id),
                "committee": str(each.committee),
                "state": each.state.label,
                "figures": plain(sum((line.got for line in each.items if not line.asks), Decimal(0))),
                "total": plain(outcome_of(db.session, each).score),
                "version": form["version"],
                "cells": self._cells(each, form),
                "errors": form.form_errors,
            }
            for each, form in self.rows
        ]


def _heading(at: int, item: StandardItem) -> dict[str, Any]:
    help_ = "次数" if item.way is Way.FINED else wants(item.rule())
    return {"name": f"m{at}", "label": item.label, "help": help_}
