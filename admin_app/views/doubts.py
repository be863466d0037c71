"""A doubt before saving: it may be a case that is registered already. It asks once and never bars."""

from dataclasses import dataclass, field
from typing import Any

from flask import url_for
from werkzeug.datastructures import MultiDict

from admin_app.models.cases import Case


@dataclass(frozen=True)
class Doubts:
    """The cases in doubt, and what each has in common with what is typed."""

    found: list[tuple[Case, str]] = field(default_factory=list)

    @property
    def key(self) -> str:
        """What the form brings back when the person has seen these very cases."""
        return ",".join(str(case.id) for case, _ in self.found)

    def settled(self, posted: MultiDict[str, str]) -> bool:
        """Nothing is in doubt, or the person has seen it and sends it again."""
        return posted.get("sure", "") == self.key or not self.found

    @property
    def items(self) -> list[dict[str, Any]]:
        """[{label, url, why}] for the page."""
        return [
            {"label": str(case), "url": url_for("case.detail", record_id=case.id), "why": told(case, shared)}
            for case, shared in self.found
        ]


@dataclass(frozen=True)
class Tried:
    """What became of a posted form: the record, or why the form is shown again."""

    record: Any = None
    doubts: Doubts = field(default_factory=Doubts)
    status: int = 200


def told(case: Case, shared: str) -> str:
    """Why a case may be the same one."""
    return f"{case.registered_on:%Y-%m-%d} 登记，{shared}"
