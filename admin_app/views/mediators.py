"""The register of mediators, with what only it has: a person's whole file 一人一档 on one page."""

from base64 import b64encode
from typing import Any

from flask import flash, redirect, request, url_for
from flask_admin import expose

from admin_app import history, policy
from admin_app.database import db
from admin_app.models.evaluations import Evaluation
from admin_app.models.fields import field_of
from admin_app.models.mediators import Mediator
from admin_app.models.registry import Parts
from admin_app.models.trainings import Training
from admin_app.models.wording import wording
from admin_app.operations import personal_files, training_hours
from admin_app.operations.personal_files import PHOTO_TYPES
from admin_app.rules.dates import today
from admin_app.rules.findings import Finding
from admin_app.rules.refusals import NotNow, RecordRefused
from admin_app.rules.trainings import TrainingState
from admin_app.views.cells import cell
from admin_app.views.doors import opens, signed_in
from admin_app.views.registers import RegisterView
from admin_app.views.registers.reading import LONGEST_REASON
from admin_app.views.typed import clean

MEDIATOR_FILE = "mediator_file"
FACTS = (
    *("name", "sex", "birth_on", "ethnicity", "education", "politics", "marriage", "speciality"),
    *("committee_id", "position", "full_time", "status", "origin", "profession", "started_on"),
    *("qualified_on", "qualification", "employer", "id_number", "phone", "address", "introduction"),
)


class MediatorView(RegisterView):
    """Mediators."""

    def tabs_of(self, record: Mediator) -> list[tuple[str, str]]:
        first, *rest = super().tabs_of(record)
        return [first, ("file", "一人一档"), *rest]

    @expose("/<int:record_id>/file")
    @opens("see")
    def file(self, record_id: int) -> str:
        """The whole file, masked and without the photo."""
        return self._file(self.find(record_id))

    @expose("/<int:record_id>/file/full", methods=("GET", "POST"))
    @opens("sensitive")
    def file_full(self, record_id: int) -> Any:
        """The same with photo and personal data in full; who, what and why go into the history."""
        record = self.find(record_id)
        if request.method != "POST":
            return redirect(self.url_of("file", record_id=record_id))
        policy.demand(signed_in(), "mediator.sensitive", record)
        reason = clean(request.form.get("reason"), LONGEST_REASON)
        if not reason:
            raise NotNow("请写明查看理由，再点“查看”。")
        words = f"一人一档，理由：{reason}"
        history.note(db.session, history.Action.UNMASK, record=record, words=words)
        return self._file(record, unmasked=True)

    @expose("/<int:record_id>/photo", methods=("POST",))
    @opens("edit")
    def photo(self, record_id: int) -> Any:
        """A photo is put into the file, or taken out. It is looked at before writing begins."""
        session, user = db.session, signed_in()
        policy.demand(user, "mediator.edit", self.find(record_id))
        upload, sha256 = request.files.get("photo"), None
        try:
            if "remove" not in request.form:
                if upload is None or not upload.filename:
                    raise RecordRefused([Finding("photo", "请先选择照片")])
                sha256 = personal_files.taken_in(session, upload.filename, upload.stream)  # type: ignore[arg-type]
            session.rollback()  # end of reading
            personal_files.hang(session, user, self.find(record_id), sha256)
        except RecordRefused as refused:
            session.rollback()
            return self._file(self.find(record_id), faults=refused.findings), refused.status
        flash("照片已更换。" if sha256 else "照片已移去。", "ok")
        return redirect(self.url_of("file", record_id=record_id))

    def _file(self, record: Mediator, *, unmasked: bool = False, faults: list[Finding] | None = None) -> str:
        session, user = db.session, signed_in()
        may_see = policy.may(user, "mediator.sensitive", record)
        fields = [field_of(Mediator, name) for name in FACTS]
        photo = personal_files.photo_of(session, user, record) if unmasked else None
        return self.render(
            "mediator_file.html",
            crumbs=[
                *self.crumbs(str(record))[:-1],
                (str(record), self.url_of("detail", record_id=record.id)),
                ("一人一档", None),
            ],
            title=str(record),
            tabs=self._tabs(record, "file"),
            facts=[(each.label, self.cell_of(record, each, unmasked=unmasked)) for each in fields],
            photo=f"data:{PHOTO_TYPES[0]};base64,{b64encode(photo).decode()}" if photo else None,
            has_photo=record.photo is not None,
            full_url=self.url_of("file_full", record_id=record.id) if may_see and not unmasked else None,
            photo_url=self._photo_url(record),
            word_url=url_for("papers.mediator_word", record_id=record.id, form_word=MEDIATOR_FILE)
            if may_see
            else None,
            parts=[self._lines_of(record, each, unmasked=unmasked) for each in self.register.part_lists()],
            grades=self._grades(record),
            earnings=personal_files.earnings(session, record) if may_see else None,
            hours=self._hours(record),
            years=personal_files.case_years(session, user, record),
            cases=[
                (str(each), each.stage.label, url_for("case.detail", record_id=each.id))
                for each in personal_files.recent_cases(session, user, record)
            ],
            evaluations=self._judged(record),
            errors=[{"label": "照片", "sentence": each.sentence, "anchor": "photo"} for each in faults or []],
        )

    def _photo_url(self, record: Mediator) -> str | None:
        locked = self.register.locked(record) is not None
        may = policy.may(signed_in(), "mediator.edit", record) and not locked
        return self.url_of("photo", record_id=record.id) if may else None

    def _lines_of(self, record: Mediator, part: Parts, *, unmasked: bool) -> dict[str, Any]:
        """The terms of appointment, the commendations, the sanctions."""
        session, user = db.session, signed_in()
        return {
            "label": part.label,
            "columns": [each.label for each in part.fields],
            "rows": [
                [cell(session, user, line, each, unmasked=unmasked) for each in part.fields]
                for line in getattr(record, part.name)
            ],
        }

    def _grades(self, record: Mediator) -> list[dict[str, Any]]:
        """The history of grades, stars and honours."""
        return [
            {
                "label": f"{each.kind.label}：{each.level}",
                "url": url_for("award.detail", record_id=each.id),
                "number": each.number or "—",
                "since": f"{each.granted_on:%Y-%m-%d}",
                "until": f"{each.valid_until:%Y-%m-%d}" if each.valid_until else "长期",
                "state": each.state.label,
            }
            for each in personal_files.grades(db.session, signed_in(), record)
        ]

    def _judged(self, record: Mediator) -> list[tuple[str, str, str, str]]:
        """Evaluations: name, score, level, address."""
        return [
            (
                str(each),
                f"{each.score:f}" if each.score is not None else "—",
                wording(db.session, field_of(Evaluation, "level"), each.level) or "—",
                url_for("evaluation.detail", record_id=each.id),
            )
            for each in personal_files.evaluations(db.session, signed_in(), record)
        ]

    def _hours(self, record: Mediator) -> dict[str, Any] | None:
        """The year's hours and all the trainings, for whoever may read this person's hours."""
        session, user = db.session, signed_in()
        if not policy.may(user, "mediator.hours", record):
            return None
        rows = training_hours.attended(session, record.id)
        return {
            "year": today().year,
            "person": training_hours.of_one(session, record, today().year),
            "rows": [
                {
                    "title": str(training),
                    "url": self._training_url(training),
                    "when": f"{training.held_from:%Y-%m-%d}" if training.held_from else "时间待定",
                    "mark": line.mark.label,
                    "hours": f"{line.hours:f}"
                    if line.present and training.state is TrainingState.HELD
                    else "—",
                }
                for training, line in rows
            ],
        }

    def _training_url(self, training: Training) -> str | None:
        may = policy.may(signed_in(), "training.see", training)
        return url_for("training.detail", record_id=training.id) if may else None
