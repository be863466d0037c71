"""The register of supervisions: each leads to what it asks after."""

from typing import Any

from flask import url_for

from admin_app import policy
from admin_app.database import db
from admin_app.models.registry import REGISTERS
from admin_app.models.urgings import Urging
from admin_app.views.doors import signed_in
from admin_app.views.registers import RegisterView
from admin_app.views.registers.reading import remark


class UrgingView(RegisterView):
    """Supervisions."""

    def remarks(self, record: Urging) -> list[dict[str, Any]]:
        """What is asked after, as far as the person may open it."""
        word = record.about.value
        thing = db.session.get(REGISTERS[word].model, record.about_id)
        if thing is None or thing.removed_at or not policy.may(signed_in(), f"{word}.open", thing):
            return []
        url = url_for(f"{word}.detail", record_id=thing.id)
        return [remark(f"督办的{record.about.label}：", (record.subject, url))]
