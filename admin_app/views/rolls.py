"""The list of a training: who is on it, and whole committees put on it at once."""

from typing import Any

from flask import flash, redirect, request, url_for
from flask_admin import expose
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from admin_app import policy
from admin_app.database import db
from admin_app.models.base import path_prefix
from admin_app.models.committees import Committee
from admin_app.models.mediators import Mediator
from admin_app.models.trainings import Attendance, Training
from admin_app.models.units import Unit
from admin_app.operations import rolls
from admin_app.operations.figures import width_of
from admin_app.rules.dates import local, today
from admin_app.rules.mediators import ON_ROSTER
from admin_app.rules.refusals import NotNow
from admin_app.rules.trainings import PRESENT, Mark, TrainingState
from admin_app.views.doors import opens, signed_in
from admin_app.views.registers import RegisterView
from admin_app.views.typed import whole

SIZE = 100
TONES = {**dict.fromkeys(PRESENT, "ok"), Mark.LATE: "warn", Mark.ABSENT: "warn", Mark.EXCUSED: "neutral"}


class RollPages(RegisterView):
    """The screens of the list."""

    @expose("/<int:record_id>/roll")
    @opens("open")
    def roll(self, record_id: int) -> str:
        """Who is on the list, as far as the person may see them."""
        session, user, training = db.session, signed_in(), self.find(record_id)
        mark = request.args.get("mark", "")
        page = max(1, whole(request.args.get("page")) or 1)
        query = (
            select(Attendance)
            .join(Mediator, Mediator.id == Attendance.mediator_id)
            .where(Attendance.training_id == training.id, policy.visible(Mediator, user))
            .options(joinedload(Attendance.mediator).joinedload(Mediator.committee))
            .order_by(Mediator.path, Mediator.committee_id, Attendance.id)
        )
        if mark in set(Mark):
            query = query.where(Attendance.mark == Mark(mark))
        rows = list(session.scalars(query.limit(SIZE + 1).offset((page - 1) * SIZE)))
        may_write = self._may_write(training)
        may_mend = may_write and policy.may(user, "training.edit", training)
        counts = rolls.tally(session, training) if may_write else None
        return self.render(
            "training_roll.html",
            crumbs=self._crumbs(training, "参训人员"),
            title=str(training),
            tabs=self._tabs(training, "roll"),
            marks=[(each.value, each.label, counts[each]) for each in Mark if counts[each]] if counts else [],
            present=rolls.present(counts) if counts else None,
            chosen=mark,
            rows=[self._person(training, each, may_mend) for each in rows[:SIZE]],
            urls=self._list_acts(training) if may_write else None,
            expected=bool(counts and counts[Mark.EXPECTED]),
            here=self.url_of("roll", record_id=training.id),
            prev_url=self._turn(training, mark, page - 1) if page > 1 else None,
            next_url=self._turn(training, mark, page + 1) if len(rows) > SIZE else None,
        )

    def _turn(self, training: Training, mark: str, page: int) -> str:
        return self.url_of("roll", record_id=training.id, mark=mark, page=page)

    def _person(self, training: Training, line: Attendance, may_mend: bool) -> dict[str, Any]:
        person, where = line.mediator, {"record_id": training.id, "line_id": line.id}
        return {
            "name": person.name,
            "url": url_for("mediator.detail", record_id=person.id),
            "committee": str(person.committee),
            "mark": line.mark.label,
            "tone": TONES.get(line.mark, "neutral"),
            "hours": f"{line.hours:f}" if line.present else "—",
            "when": f"{local(line.arrived_at):%m-%d %H:%M}" if line.arrived_at else "—",
            "remark": line.remark or "",
            "mend_url": self.url_of("line", part="attendances", **where) if may_mend else None,
        }

    def _list_acts(self, training: Training) -> dict[str, str]:
        names = ("scan", "enrol", "paste", "mark_all")
        return {name: self.url_of(name, record_id=training.id) for name in names}

    def _may_write(self, training: Training) -> bool:
        return self.register.locked(training) is None and policy.may(signed_in(), "training.attend", training)

    def _crumbs(self, training: Training, last: str) -> list[tuple[str, str | None]]:
        at = self.url_of("detail", record_id=training.id)
        return [*self.crumbs(str(training))[:-1], (str(training), at), (last, None)]

    @expose("/<int:record_id>/roll/all", methods=("POST",))
    @opens("attend")
    def mark_all(self, record_id: int) -> Any:
        """Everybody who was expected came."""
        count = rolls.mark_all(db.session, signed_in(), self.find(record_id))
        flash(f"已把 {count} 个应到的人记为已到。没来的请逐个修改。", "ok")
        return redirect(self.url_of("roll", record_id=record_id))

    @expose("/<int:record_id>/enrol", methods=("GET", "POST"))
    @opens("attend")
    def enrol(self, record_id: int) -> Any:
        """Tick units or committees: everybody in office there is put on the list."""
        user, training = signed_in(), self.find(record_id)
        policy.demand(user, "training.attend", training)
        if request.method == "POST":
            return self._enrol(training)
        unit = self._unit_of(training)
        return self.render(
            "training_enrol.html",
            crumbs=self._crumbs(training, "按单位加人"),
            title=str(training),
            unit=unit,
            above=self._above(training, unit),
            units=self._subunits(training, unit),
            committees=self._committees(unit),
            action=self.url_of("enrol", record_id=training.id),
            cancel_url=self.url_of("roll", record_id=training.id),
            held=training.state is TrainingState.HELD or _begun(training),
        )

    def _enrol(self, training: Training) -> Any:
        committees, units = (
            [number for each in request.form.getlist(name) if (number := whole(each))]
            for name in ("committee", "unit")
        )
        if not committees and not units:
            raise NotNow("请先勾选单位或者调委会。")
        mark = Mark.CAME if request.form.get("mark") == Mark.CAME else Mark.EXPECTED
        full_time = request.form.get("full_time") == "1"
        count = rolls.enrol(db.session, signed_in(), training, committees, units, mark, full_time=full_time)
        flash(f"已加 {count} 人。" if count else "没有新的人：所选的在任调解员都已在名单里。", "ok")
        return redirect(self.url_of("roll", record_id=training.id))

    def _unit_of(self, training: Training) -> Unit:
        """The unit whose parts are shown: the organiser's, or one below it."""
        chosen = whole(request.args.get("unit"))
        home = db.session.get_one(Unit, training.unit_id)
        unit = db.session.get(Unit, chosen) if chosen else None
        return unit if unit is not None and unit.is_under(home.path) else home

    def _above(self, training: Training, unit: Unit) -> str | None:
        if unit.id == training.unit_id:
            return None
        return self.url_of("enrol", record_id=training.id, unit=unit.parent_id)

    def _subunits(self, training: Training, unit: Unit) -> list[dict[str, Any]]:
        """Each sub-unit with how many are in office in it and below."""
        width = path_prefix(Mediator.path, width_of(unit))
        counted = dict(
            db.session.execute(
                select(width, func.count()).where(*_in_office(), Mediator.under(unit.path)).group_by(width)
            ).all()
        )
        subs = select(Unit).where(Unit.parent_id == unit.id, Unit.removed_at.is_(None)).order_by(Unit.code)
        return [
            {
                "id": each.id,
                "label": str(each),
                "count": counted[each.path],
                "url": self.url_of("enrol", record_id=training.id, unit=each.id),
            }
            for each in db.session.scalars(subs)
            if counted.get(each.path)
        ]

    def _committees(self, unit: Unit) -> list[dict[str, Any]]:
        """The committees of the unit's own level."""
        rows = db.session.execute(
            select(Committee.id, Committee.name, func.count(Mediator.id))
            .join(Mediator, Mediator.committee_id == Committee.id)
            .where(*_in_office(), Committee.unit_id == unit.id, Committee.removed_at.is_(None))
            .group_by(Committee.id, Committee.name)
            .order_by(Committee.id)
        )
        return [{"id": number, "label": label, "count": count} for number, label, count in rows]


def _in_office() -> tuple[Any, ...]:
    return (
        policy.visible(Mediator, signed_in()),
        Mediator.removed_at.is_(None),
        Mediator.status.in_(ON_ROSTER),
    )


def _begun(training: Training) -> bool:
    return training.held_from is not None and training.held_from <= today()
