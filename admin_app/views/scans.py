"""Signing in at the door of a training: one input, one Enter, one small post."""

from typing import Any

from flask import request
from flask_admin import expose
from sqlalchemy import select

from admin_app import policy
from admin_app.database import db
from admin_app.models.committees import Committee
from admin_app.models.mediators import Mediator
from admin_app.models.trainings import Attendance, Training
from admin_app.operations import rolls
from admin_app.rules import scans
from admin_app.rules.dates import local
from admin_app.rules.mediators import ON_ROSTER
from admin_app.rules.refusals import RecordRefused
from admin_app.rules.trainings import Mark
from admin_app.views.doors import opens, signed_in
from admin_app.views.rolls import RollPages
from admin_app.views.typed import clean, whole

LATEST = 12  # of those who have signed, on the page of the day
MARKS = (Mark.CAME, Mark.LATE)


class ScanPages(RollPages):
    """The screen of the day."""

    @expose("/<int:record_id>/scan", methods=("GET", "POST"))
    @opens("attend")
    def scan(self, record_id: int) -> Any:
        """One input: a number or a name, and Enter. Sent by the page's script, only the answer comes back."""
        user, training = signed_in(), self.find(record_id)
        policy.demand(user, "training.attend", training)
        if request.method != "POST":
            return self._scan_page(training, None)
        answer = self._scanned(training)
        if "text/fragment" in request.headers.get("Accept", ""):
            return self.render("_scanned.html", **self._scan_facts(training, answer))
        return self._scan_page(training, answer)

    def _scanned(self, training: Training) -> dict[str, Any]:
        """What a scan came to; another scanner may have been faster with the same person."""
        session, record_id = db.session, training.id
        mark = Mark.LATE if request.form.get("mark") == Mark.LATE else Mark.CAME
        chosen, back = whole(request.form.get("mediator")), whole(request.form.get("back"))
        try:
            if back:
                out = request.form.get("out") == "1"
                words = rolls.take_back(session, signed_in(), training, back, out=out)
                return {"tone": "neutral", "head": words, "words": "已撤销签到"}
            return self._signed(training, chosen, mark)
        except RecordRefused:
            session.rollback()
            return self._signed(self.find(record_id), chosen, mark)

    def _signed(self, training: Training, chosen: int | None, mark: Mark) -> dict[str, Any]:
        session, text = db.session, clean(request.form.get("text"), scans.LONGEST)
        if chosen is None:
            found = rolls.like(session, signed_in(), text)
            if len(found) != 1 or (found[0].status not in ON_ROSTER):
                return _unsure(text, found)
            chosen = found[0].id
        signed = rolls.sign(session, signed_in(), training, chosen, mark)
        person = signed.line.mediator
        committee = str(session.get_one(Committee, person.committee_id))
        if not signed.fresh:
            words = f"{committee}，已经签过到了"
            return {"tone": "warn", "head": person.name, "words": words}
        words = f"{committee}，{mark.label}" + ("（原来不在名单里，已加上）" if signed.added else "")
        tone = "ok" if mark is Mark.CAME else "warn"
        return {"tone": tone, "head": person.name, "words": words, "back": person.id, "out": signed.added}

    def _scan_page(self, training: Training, answer: dict[str, Any] | None) -> str:
        return self.render(
            "training_scan.html",
            crumbs=self._crumbs(training, "签到"),
            title=str(training),
            marks=[(each.value, each.label) for each in MARKS],
            chosen=request.form.get("mark") or Mark.CAME.value,
            roll_url=self.url_of("roll", record_id=training.id),
            **self._scan_facts(training, answer),
        )

    def _scan_facts(self, training: Training, answer: dict[str, Any] | None) -> dict[str, Any]:
        session = db.session
        counts = rolls.tally(session, training)
        query = (
            select(Attendance)
            .where(Attendance.training_id == training.id, Attendance.arrived_at.is_not(None))
            .order_by(Attendance.arrived_at.desc(), Attendance.id.desc())
            .limit(LATEST)
        )
        return {
            "answer": answer,
            "action": self.url_of("scan", record_id=training.id),
            "present": rolls.present(counts),
            "total": sum(counts.values()),
            "latest": [
                {
                    "name": each.mediator.name,
                    "mark": each.mark.label,
                    "when": f"{local(each.arrived_at):%H:%M}" if each.arrived_at else "",
                }
                for each in session.scalars(query)
            ],
        }


def _unsure(text: str, found: list[Mediator]) -> dict[str, Any]:
    """Nobody, several, or somebody who is not in office: the person at the door decides."""
    if not text:
        return {"tone": "warn", "head": "没有内容", "words": "请输入手机号、身份证号、编号或姓名，再按回车"}
    if not found:
        words = "名册里没有找到。请核对号码，或者输入姓名再试"
        return {"tone": "bad", "head": text, "words": words}
    words = "不在任，要签到请点下面的名字" if len(found) == 1 else "有几个人，请选一个"
    return {"tone": "warn", "head": text, "words": words, "choices": [_choice(each) for each in found]}


def _choice(person: Mediator) -> dict[str, Any]:
    status = "" if person.status in ON_ROSTER else f"，{person.status.label}"
    return {"id": person.id, "label": person.name, "hint": f"{person.committee}，编号 {person.id}{status}"}
