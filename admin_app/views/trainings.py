"""The register of trainings, with what only it has."""

from typing import Any

from admin_app import policy
from admin_app.database import db
from admin_app.models.registry import Parts
from admin_app.models.trainings import Training
from admin_app.models.users import User
from admin_app.operations import trainings
from admin_app.rules.dates import today
from admin_app.rules.trainings import TrainingState
from admin_app.views.doors import signed_in
from admin_app.views.name_lists import NameListPages
from admin_app.views.registers.reading import remark
from admin_app.views.scans import ScanPages


class TrainingView(ScanPages, NameListPages):
    """Trainings."""

    def tabs_of(self, record: Training) -> list[tuple[str, str]]:
        tabs = super().tabs_of(record)
        return [tabs[0], ("roll", "参训人员"), *tabs[1:]]

    def home_of(self, record: Training, part: Parts) -> str:
        return self.url_of("roll", record_id=record.id)

    def _parts(self, record: Training, *, unmasked: bool, unmask_url: str | None) -> list[dict[str, Any]]:
        """The people have a screen of their own, which shows of them whom the person may see."""
        return []

    def first_values(self) -> dict[str, Any]:
        return {"year": today().year}

    def _saved(self, record: Training, sentence: str) -> Any:
        """A plan was made or changed: its clock, and those who were told."""
        trainings.planned(db.session, record)
        return super()._saved(record, sentence)

    def _acts(self, user: User, record: Training) -> dict[str, Any]:
        """What was held, or called off, waits for nothing: going back to the plan is no obvious next act."""
        acts = super()._acts(user, record)
        if record.state is TrainingState.PLANNED or acts["primary"] is None:
            return acts
        return {"primary": None, "more": [*acts["more"][:1], acts["primary"], *acts["more"][1:]]}

    def remarks(self, record: Training) -> list[dict[str, Any]]:
        last = record.held_until or record.held_from
        if record.state is not TrainingState.PLANNED or last is None or last >= today():
            return []
        if not policy.may(signed_in(), "training.attend", record):
            return []
        link = ("去登记参训人员", self.url_of("roll", record_id=record.id))
        return [remark("培训日期已经过了。登记谁参加了，再点“登记举办”，学时才会计入。", link, tone="warn")]
