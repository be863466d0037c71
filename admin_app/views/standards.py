"""The register of standards, with what only it has: readable items, editions, the dry run."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, url_for
from flask_admin import expose

from admin_app import policy
from admin_app.database import db
from admin_app.models.registry import Parts
from admin_app.models.standards import Standard
from admin_app.models.users import User
from admin_app.operations import standards
from admin_app.rules.dates import today
from admin_app.rules.measures import MEANS
from admin_app.rules.standards import StandardState, wants
from admin_app.rules.steps import Step
from admin_app.views.cells import Cell
from admin_app.views.doors import opens, signed_in
from admin_app.views.registers import RegisterView
from admin_app.views.registers.reading import remark
from admin_app.views.trials import TrialPages


@dataclass(frozen=True)
class Copy:
    """The button that makes a new edition."""

    verb: str = "copy"
    label: str = "另存为新版本"
    confirm: str = ""

    def url(self, record: Standard) -> str:
        return url_for("standard.copy", record_id=record.id)


class StandardView(TrialPages, RegisterView):
    """Standards."""

    def extra_acts(self) -> list[Any]:
        return [Copy()]

    def tabs_of(self, record: Standard) -> list[tuple[str, str]]:
        tabs = super().tabs_of(record)
        if policy.may(signed_in(), "standard.try", record):
            tabs.insert(1, ("trial", "试算"))
        return tabs

    @expose("/<int:record_id>/copy", methods=("POST",))
    @opens("copy")
    def copy(self, record_id: int) -> Any:
        """A new edition with every line of this one, opened for changing."""
        new = standards.copy(db.session, signed_in(), self.find(record_id))
        flash(f"已另存为第 {new.edition} 版，改好以后再发布。", "ok")
        return redirect(self.url_of("edit", record_id=new.id))

    def _part(self, record: Standard, part: Parts, unmasked: bool, unmask_url: str | None) -> dict[str, Any]:
        """Items in sentences: what is asked, of whom, and how it is counted."""
        shown = super()._part(record, part, unmasked, unmask_url)
        if part.name != "items":
            return shown
        columns, rows = ["项目", "要求", "用于等级", "怎样统计", "说明"], _told(record)
        return {**shown, "columns": columns, "rows": [[Cell(text, "text") for text in row] for row in rows]}

    def remarks(self, record: Standard) -> list[dict[str, Any]]:
        return [*self._force(record), *self._editions(record)]

    def _force(self, record: Standard) -> list[dict[str, Any]]:
        """Whether a published standard holds today."""
        if record.state is not StandardState.PUBLISHED or record.is_in_force(today()):
            return []
        begins = record.valid_from is not None and record.valid_from > today()
        sentence = f"{record.valid_from} 起生效。" if begins else f"{record.valid_until} 以后不再有效。"
        return [remark(sentence, tone="warn")]

    def _editions(self, record: Standard) -> list[dict[str, Any]]:
        """The other editions that the person may see, and from which one this was copied."""
        found = standards.editions(db.session, signed_in(), record)
        links = [
            (_edition(each), self.url_of("detail", record_id=each.id)) for each in found if each != record
        ]
        origin = next((each for each in found if each.id == record.copied_from_id), None)
        told = f"这是第 {record.edition} 版" + (f"，由第 {origin.edition} 版另存" if origin else "")
        return [remark(f"{told}。其他版本：", *links)] if links else []

    def hints(self, record: Standard, row: Step[Any]) -> list[str]:
        before = super().hints(record, row)
        if row.name != "publish":
            return before
        said = [*before, "发布以后不能再修改，要改只能另存为新版本。可以先到“试算”看看有多少人达到。"]
        origin = db.session.get(Standard, record.copied_from_id) if record.copied_from_id else None
        if origin is not None and origin.state is StandardState.PUBLISHED:
            said.append(f"第 {origin.edition} 版到这一版生效的前一天为止。")
        return said

    def _acts(self, user: User, record: Standard) -> dict[str, Any]:
        """A published standard has no next step: stopping it is never the chief act."""
        acts = super()._acts(user, record)
        if record.state is not StandardState.PUBLISHED or acts["primary"] is None:
            return acts
        return {"primary": None, "more": [*acts["more"], acts["primary"]]}


def _told(standard: Standard) -> Sequence[tuple[str, str, str, str, str]]:
    names = {each.rank: each.name for each in standard.levels}
    return [
        (
            each.label,
            wants(each.rule()),
            names.get(each.level, str(each.level)) if each.level is not None else "全部",
            MEANS[each.measure],
            each.note or "",
        )
        for each in standard.items
    ]


def _edition(standard: Standard) -> str:
    return f"第 {standard.edition} 版（{standard.state.label}）"
