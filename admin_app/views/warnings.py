"""Early warnings and their rules: the records that a warning rests on, and what a rule would have raised."""

from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, url_for
from flask_admin import expose

from admin_app import policy
from admin_app.database import db
from admin_app.models.registry import REGISTERS
from admin_app.models.units import Unit
from admin_app.models.warning_rules import WarningRule
from admin_app.models.warnings import EarlyWarning
from admin_app.operations import warning_rules
from admin_app.operations.warning_signs import evidence_of
from admin_app.rules.dates import today
from admin_app.rules.warnings import Evidence
from admin_app.views.doors import opens, signed_in
from admin_app.views.registers import RegisterView

MOST = 100  # lines of the dry run that are shown


class WarningView(RegisterView):
    """Warnings: what each rests on leads to the very records."""

    template = "warning.html"

    def more(self, record: EarlyWarning) -> dict[str, Any]:
        lines = [Evidence(each.word, each.record_id, each.words) for each in record.lines]
        return {"lines": [_linked(each) for each in lines]}

    def _parts(self, record: EarlyWarning, *, unmasked: bool, unmask_url: str | None) -> list[dict[str, Any]]:
        return []  # the lines stand in the page's own list, with their links


def _linked(line: Evidence) -> dict[str, Any]:
    """A line of evidence, with the way to its record for whoever may open it."""
    register = REGISTERS[line.word]
    record = db.session.get(register.model, line.id)
    may = (
        record is not None and not record.removed_at and policy.may(signed_in(), f"{line.word}.open", record)
    )
    url = url_for(f"{line.word}.detail", record_id=line.id) if may else None
    return {"noun": register.noun, "words": line.words, "url": url}


@dataclass(frozen=True)
class Renew:
    """The button that makes a new edition of a rule."""

    verb: str = "copy"
    label: str = "换成新规则"
    confirm: str = "这条规则用到今天，明天起用新的一条。现在就去改新的一条吗？"

    def url(self, record: WarningRule) -> str:
        return url_for("warning_rule.copy", record_id=record.id)


class WarningRuleView(RegisterView):
    """Rules."""

    def extra_acts(self) -> list[Any]:
        return [Renew()]

    def tabs_of(self, record: WarningRule) -> list[tuple[str, str]]:
        tabs = super().tabs_of(record)
        if policy.may(signed_in(), "warning_rule.try", record):
            tabs.insert(1, ("trial", "试算"))
        return tabs

    @expose("/<int:record_id>/copy", methods=("POST",))
    @opens("copy")
    def copy(self, record_id: int) -> Any:
        """A new edition from tomorrow on, opened for changing."""
        new = warning_rules.renew(db.session, signed_in(), self.find(record_id))
        flash(f"新规则从 {new.valid_from} 起用，请改好再保存。", "ok")
        return redirect(self.url_of("edit", record_id=new.id))

    @expose("/<int:record_id>/trial")
    @opens("try")
    def trial(self, record_id: int) -> str:
        """What the rule would have raised in the last month; nothing is saved."""
        session, rule, until = db.session, self.find(record_id), today()
        found = warning_rules.tried(session, signed_in(), rule, until)
        return self.render(
            "warning_trial.html",
            crumbs=[*self.crumbs(str(rule))[:-1], (str(rule), self.url_of("detail", record_id=rule.id))],
            title=str(rule),
            since=until - warning_rules.TRIED,
            until=until,
            total=len(found),
            most=MOST,
            rows=[
                {
                    "day": each.day,
                    "words": each.words,
                    "unit": str(session.get_one(Unit, each.unit_id)),
                    "lines": [_linked(line) for line in evidence_of(session, each)],
                }
                for each in found[:MOST]
            ],
            tabs=self._tabs(rule, "trial"),
        )
