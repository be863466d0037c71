"""Applications for grades, stars and honours: the evidence item by item, the public notice, the papers."""

from typing import Any

from flask import request, url_for
from flask_admin import expose
from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app import policy
from admin_app.database import db
from admin_app.models.awards import AwardApplication
from admin_app.models.committees import Committee
from admin_app.models.mediators import Mediator
from admin_app.models.registry import REGISTERS, Parts
from admin_app.models.seasons import Season
from admin_app.models.standards import Standard
from admin_app.models.users import User
from admin_app.operations import awards, certificates, eligibility
from admin_app.operations.eligibility import Compared
from admin_app.rules.awards import AwardState
from admin_app.rules.dates import today
from admin_app.rules.measures import MEASURES, Evidence, Subject
from admin_app.rules.refusals import NotNow, RecordRefused
from admin_app.rules.standards import CONDITIONS, wants
from admin_app.rules.steps import Step
from admin_app.views.doors import Page, opens, signed_in
from admin_app.views.doubts import Tried
from admin_app.views.forms import RecordForm
from admin_app.views.inputs import chosen_from
from admin_app.views.papers import AWARD_PAPERS, ready
from admin_app.views.registers import RegisterView
from admin_app.views.registers.reading import remark
from admin_app.views.step_forms import StepForm
from admin_app.views.typed import clean, whole

MOST_SHOWN = 200  # records behind one number
HIGHEST = "按现在的数字，取够得上的最高等级"
KEPT = "保留等级的不用选"
FIRST = "先选标准和申报对象，点“新建”，再选等级"
ASK = "请选择申报哪一级，每一级旁边写着还差什么；也可以照第一项，取够得上的最高等级"
HITS = ("算上的", "没有算上的")


class AwardView(RegisterView):
    """Applications."""

    def first_values(self) -> dict[str, Any]:
        """Who comes from a season applies in it, by its standard."""
        season = _seen(Season, whole(request.args.get("season")))
        return {"season_id": season.id, "standard_id": season.standard_id} if season else {}

    def _form_page(
        self, form: RecordForm, heading: str, submit: str, cancel: str, record: Any = None, **more: Any
    ) -> str:
        """As soon as the standard is known its levels are offered, each with what is lacking."""
        standard = record.standard if record else _seen(Standard, form.form["standard_id"].data)
        offers = [(name, f"{name}（{words}）" if words else name) for name, words in _offers(form, standard)]
        chosen_from(form.form, "level", [("", HIGHEST), *offers])
        if standard is None:
            level = form.form["level"]
            level.spec.help, level.render_kw = FIRST, {"disabled": True}
        return super()._form_page(form, heading, submit, cancel, record, **more)

    def tried(self, form: RecordForm, make: Any, doubts: Any) -> Tried:
        """Who could not choose a level yet, the standard being unknown, is asked once it is known."""
        posted = request.method == "POST" and "level" not in request.form
        if posted and _seen(Standard, form.form["standard_id"].data) is not None:
            form.form["level"].errors = [ASK]
            return Tried(None, status=RecordRefused.status)
        return super().tried(form, make, doubts)

    def _page(
        self, record: AwardApplication, row: Step[Any], form: StepForm, note: str = "", sentence: str = ""
    ) -> str:
        """The level after a review is one of the standard's."""
        if row.name == "recheck":
            levels = sorted(record.standard.levels, key=lambda each: -each.rank)
            offers = [(each.name, each.name) for each in levels]
            chosen_from(form.lines["reviews"][0].form, "level", [("", KEPT), *offers])
        return super()._page(record, row, form, note, sentence)

    def tabs_of(self, record: AwardApplication) -> list[tuple[str, str]]:
        first, *rest = super().tabs_of(record)
        shown = [("public_notice", "公示")] if record.notice_until else []
        return [first, ("evidence", "条件和依据"), *shown, *rest]

    @expose("/<int:record_id>/evidence")
    @opens("open")
    def evidence(self, record_id: int) -> str:
        """Item by item: what is asked, what there is, what is short, and the records behind the number."""
        award, session, user = self.find(record_id), db.session, signed_in()
        compared = eligibility.compared(session, award)
        levels = {each.rank: each.name for each in award.standard.levels}
        return self.render(
            "awards/evidence.html",
            crumbs=self._crumbs(award, "条件和依据"),
            title=str(award),
            tabs=self._tabs(award, "evidence"),
            award=award,
            standard=award.standard,
            may_read_standard=policy.may(user, "standard.see", award.standard),
            until=eligibility.day_of(session, award),
            frozen=bool(award.evidence),
            moved=any(each.moved for each in compared),
            lines=[_line(session, user, each, levels.get(each.verdict.item.level, "")) for each in compared],
        )

    @expose("/<int:record_id>/public-notice")
    @opens("open")
    def public_notice(self, record_id: int) -> str:
        """The public notice as it hangs on the board."""
        award = self.find(record_id)
        if award.notice_until is None:
            raise NotNow("还没有发布公示。")
        return self.render(
            "awards/notice.html",
            crumbs=self._crumbs(award, "公示"),
            title=f"{award.kind.label}公示",
            tabs=self._tabs(award, "public_notice"),
            notice=certificates.notice_of(db.session, [award]),
            back_url=self.url_of("detail", record_id=award.id),
        )

    def _crumbs(self, award: AwardApplication, last: str) -> list[tuple[str, str | None]]:
        before = self.crumbs(str(award))[:-1]
        return [*before, (str(award), self.url_of("detail", record_id=award.id)), (last, None)]

    def _steps(self, user: User, record: AwardApplication) -> list[Step[Any]]:
        """Of the two ways to a score the one that this standard has; what needs an objection, with one.

        An open objection is answered before all else; to let somebody fail is never the obvious next act.
        """
        upheld = certificates.upheld(record)
        hidden = {"score"} if certificates.without_panel(record) else {"pass_on"}
        hidden |= set() if upheld else {"score_again"}
        hidden |= set() if any(each.answered_at is None for each in record.objections) else {"answer"}
        if record.state is AwardState.NOTICED and not certificates.notice_over(record):
            hidden.add("grant")
        found = [each for each in super()._steps(user, record) if each.name not in hidden]
        return sorted(found, key=lambda each: _turn(record, each.name))

    def extra_acts(self) -> list[Any]:
        return list(AWARD_PAPERS)

    def _acts(self, user: User, record: AwardApplication) -> dict[str, Any]:
        """Papers that cannot be made yet are not offered."""
        return ready(super()._acts(user, record), record, AWARD_PAPERS)

    def _part(
        self, record: AwardApplication, part: Parts, unmasked: bool, unmask_url: str | None
    ) -> dict[str, Any]:
        """Lines of frozen evidence are nobody's to mend."""
        shown = super()._part(record, part, unmasked, unmask_url)
        return {**shown, "mend_urls": []} if part.name in ("evidence", "manuals") else shown

    def hints(self, record: AwardApplication, row: Step[Any]) -> list[str]:
        """What the standard asks of this step."""
        return [*super().hints(record, row), *certificates.hints(record, row.name)]

    def remarks(self, record: AwardApplication) -> list[dict[str, Any]]:
        """Figures that have moved since they were frozen; what stands in the way of the grant."""
        found = list(super().remarks(record))
        if record.evidence and any(each.moved for each in eligibility.compared(db.session, record)):
            link = ("看差在哪里", self.url_of("evidence", record_id=record.id))
            found.append(remark("有些数字与冻结时不同，已公布的得分不受影响。", link, tone="warn"))
        waiting = certificates.waits_for(record)
        return [*found, remark(waiting)] if waiting else found


def _seen(model: Any, record_id: int | None) -> Any:
    """A record that the reader sees, by its id."""
    if not record_id:
        return None
    seen = select(model).where(model.id == record_id, policy.visible(model, signed_in()))
    return db.session.scalar(seen.where(model.removed_at.is_(None)))


def _turn(award: AwardApplication, step: str) -> int:
    if step == "answer":
        return 0 if None in awards.outcomes(award) else 2
    return 3 if step == "fail" else 1


def _offers(form: RecordForm, standard: Standard | None) -> list[tuple[str, str]]:
    """The levels of the standard, and how far whoever applies is from each, once both are known."""
    if standard is None:
        return []
    record, seen = form.record, Mediator if standard.subject is Subject.MEDIATOR else Committee
    name = "mediator_id" if seen is Mediator else "committee_id"
    number = getattr(record, name) if record else form.form[name].data
    subject = _seen(seen, number) if number else None
    if subject is None:
        return [(each.name, "") for each in sorted(standard.levels, key=lambda each: -each.rank)]
    until = eligibility.day_of(db.session, record) if record else today()
    return eligibility.offers(db.session, standard, subject.id, until)


def _line(session: Session, user: User, compared: Compared, level: str) -> dict[str, Any]:
    verdict = compared.verdict
    return {
        "label": verdict.item.label,
        "level": level,
        "required": wants(verdict.item),
        "actual": eligibility.actual(verdict),
        "passed": verdict.passed,
        "short": eligibility.short(verdict),
        "points": None if verdict.item.way in CONDITIONS or verdict.value is None else verdict.points,
        "moved": compared.moved,
        "behind": _behind(session, user, verdict.evidence, rate=MEASURES[verdict.item.measure].rate),
    }


def _behind(session: Session, user: User, evidence: Evidence, *, rate: bool) -> list[dict[str, Any]]:
    """The records behind a number, in so far as the reader may open them."""
    found = []
    for index, (word, ids) in enumerate(evidence.behind):
        if not ids or word not in REGISTERS:
            continue
        model = REGISTERS[word].model
        seen = select(model).where(model.id.in_(ids[:MOST_SHOWN]), policy.visible(model, user))
        rows = list(session.scalars(seen.where(model.removed_at.is_(None)).order_by(model.id)))
        found.append(
            {
                "label": f"{REGISTERS[word].noun} {len(ids)} 条" + (f"（{HITS[index]}）" if rate else ""),
                "items": [(str(r), url_for(f"{word}.detail", record_id=r.id)) for r in rows],
                "hidden": len(ids) - len(rows),
            }
        )
    return found


class CertificatesView(Page):
    """核验证书: whether a number and its check code belong together, and what it is worth now."""

    _default_view = "index"

    @expose("/")
    @opens("certificate.check")
    def index(self) -> str:
        number = clean(request.args.get("number"), 80)
        code = clean(request.args.get("code"), 40)
        found = certificates.verify(db.session, number, code) if number and code else None
        return self.render(
            "awards/verify.html",
            crumbs=[("考评", None), ("核验证书", None)],
            number=number,
            code=code,
            asked=bool(number and code),
            half=bool(number) is not bool(code),
            found=found,
        )
