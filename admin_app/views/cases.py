"""The register of cases, with what only it has."""

from typing import Any

from flask import flash, redirect, url_for
from flask_admin import expose
from sqlalchemy import select

from admin_app import policy
from admin_app.database import db
from admin_app.models.cases import Case
from admin_app.models.finds import Find
from admin_app.models.users import User
from admin_app.models.visits import Visit
from admin_app.operations import duplicates, major_reports, meetings, triage, typical_cases
from admin_app.operations.given import Given
from admin_app.rules.steps import Step
from admin_app.views.doors import opens, signed_in
from admin_app.views.dossiers import DossierTab
from admin_app.views.doubts import Doubts, told
from admin_app.views.major_reports import next_act, told_of
from admin_app.views.papers import shelf
from admin_app.views.quick import QuickPages
from admin_app.views.registers.reading import remark


class CaseView(DossierTab, QuickPages):
    """Cases."""

    def tabs_of(self, record: Case) -> list[tuple[str, str]]:
        tabs = super().tabs_of(record)
        if policy.may(signed_in(), "case.sensitive", record):
            tabs.insert(1, ("papers", "文书"))
        return tabs

    @expose("/<int:record_id>/papers")
    @opens("sensitive")
    def papers(self, record_id: int) -> str:
        """The forms that this case can produce now."""
        case = self.find(record_id)
        policy.demand(signed_in(), "case.sensitive", case)
        return self.render(
            "papers/case.html",
            crumbs=[
                *self.crumbs(str(case))[:-1],
                (str(case), self.url_of("detail", record_id=case.id)),
                ("文书", None),
            ],
            title=str(case),
            tabs=self._tabs(case, "papers"),
            **shelf(case),
        )

    @expose("/<int:record_id>/tell", methods=("POST",))
    @opens("tell")
    def tell(self, record_id: int) -> Any:
        """A typical case for the library, drafted from this case without anybody's name."""
        typical = typical_cases.draft(db.session, signed_in(), self.find(record_id))
        flash("已写成草稿，姓名、号码、地名都已换掉。请通读、补写点评，再提交审核。", "ok")
        return redirect(url_for("typical_case.detail", record_id=typical.id))

    def _acts(self, user: User, record: Case) -> dict[str, Any]:
        """A major case is reported first; others may be called together about it, or learn from it."""
        acts = next_act(super()._acts(user, record), record)
        return {**acts, "more": [*acts["more"], *self._meet(user, record), *self._teach(user, record)]}

    def _meet(self, user: User, record: Case) -> list[dict[str, Any]]:
        """A joint meeting is called where units have been asked to join."""
        joined = any(each.unit_id and not each.removed_at for each in record.assistances)
        if not joined or not policy.may(user, "meeting.create"):
            return []
        return [{"label": "召开联席会议", "url": url_for("meeting.create", case_id=record.id)}]

    def _teach(self, user: User, record: Case) -> list[dict[str, Any]]:
        """A case that is over may teach others."""
        told = typical_cases.of_case(db.session, record)
        if told or record.stage not in typical_cases.OVER or not policy.may(user, "case.tell", record):
            return []
        url = self.url_of("tell", record_id=record.id)
        return [{"label": "写成典型案例", "url": url, "method": "post", "confirm": "", "tone": ""}]

    def remarks(self, record: Case) -> list[dict[str, Any]]:
        return [
            *told_of(record),
            *self._came_from(record),
            *self._alike(record),
            *self._ungraded(record),
            *self._talked_about(record),
            *self._typical(record),
        ]

    def _saved(self, record: Case, sentence: str) -> Any:
        """What was typed may have made it a major one."""
        major_reports.watch(db.session, record)
        return super()._saved(record, sentence)

    def _talked_about(self, case: Case) -> list[dict[str, Any]]:
        """The meetings on whose agenda the case stands."""
        return [
            remark("会议研判：", (str(each), url_for("meeting.detail", record_id=each.id)))
            for each in meetings.about(db.session, signed_in(), case_id=case.id)
        ]

    def _typical(self, case: Case) -> list[dict[str, Any]]:
        """What the library made of it."""
        typical = typical_cases.of_case(db.session, case)
        if typical is None or not policy.may(signed_in(), "typical_case.open", typical):
            return []
        url = url_for("typical_case.detail", record_id=typical.id)
        return [remark("已写成典型案例：", (str(typical), url))]

    def _came_from(self, case: Case) -> list[dict[str, Any]]:
        """The visits and finds that became this case, as far as the person may open them."""
        found = []
        for model, word, words in ((Visit, "visit", "由来访转成："), (Find, "find", "由排查发现转成：")):
            seen = policy.visible(model, signed_in(), f"{word}.open")
            query = select(model).where(model.case_id == case.id, model.removed_at.is_(None), seen)
            found += [
                remark(words, (str(each), url_for(f"{word}.detail", record_id=each.id)))
                for each in db.session.scalars(query.order_by(model.id))
            ]
        return found

    def _alike(self, case: Case) -> list[dict[str, Any]]:
        """Cases that may be the same dispute."""
        return alike(duplicates.like_case(db.session, signed_in(), case))

    def doubts(self, given: Given) -> Doubts:
        return Doubts(duplicates.like_given(db.session, signed_in(), given))

    def _ungraded(self, case: Case) -> list[dict[str, Any]]:
        """While nobody has graded the case: what its facts propose, where that is something else."""
        session, proposal = db.session, triage.proposed(db.session, case)
        steps = {each.name for each in self._steps(signed_in(), case)}
        if "triage" not in steps or not triage.in_question(case, proposal):
            return []
        link = ("去分级", self.url_of("step", record_id=case.id, step="triage"))
        return [remark(triage.sentence(session, proposal), link)]

    def starts(self, record: Case) -> dict[str, Any]:
        """The grading that the facts propose, until a person has confirmed one."""
        before = super().starts(record)
        if triage.confirmed(record):
            return before
        proposal = triage.proposed(db.session, record)
        return {**before, "difficulty": proposal.difficulty, "proper_tier": proposal.tier}

    def hints(self, record: Case, row: Step[Any]) -> list[str]:
        before = super().hints(record, row)
        if row.name != "triage":
            return before
        return [*before, triage.sentence(db.session, triage.proposed(db.session, record))]


def alike(found: list[tuple[Case, str]]) -> list[dict[str, Any]]:
    """One note on the cases that may be the same dispute."""
    links = [
        (f"{case}（{told(case, shared)}）", url_for("case.detail", record_id=case.id))
        for case, shared in found
    ]
    return [remark("可能重复：", *links, tone="warn")] if found else []
