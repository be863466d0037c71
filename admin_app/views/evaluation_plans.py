"""The register of evaluation plans: how far a plan has come, unit by unit, and its scoring sheet."""

from typing import Any

from flask import flash, redirect, request, url_for
from flask_admin import expose
from sqlalchemy import func, select

from admin_app import policy
from admin_app.database import db
from admin_app.models.evaluation_plans import EvaluationPlan
from admin_app.models.evaluations import Evaluation
from admin_app.models.standards import Standard
from admin_app.models.units import Unit
from admin_app.models.users import User
from admin_app.operations import evaluation_plans as plans
from admin_app.operations import evaluation_sums as sums
from admin_app.operations.score_sheets import SheetRefused, save, to_score, with_lines
from admin_app.rules.evaluation_plans import PlanState
from admin_app.rules.evaluations import EvaluationState
from admin_app.rules.measures import Subject
from admin_app.rules.refusals import NotNow, NotSeen, RecordRefused
from admin_app.rules.standards import plain
from admin_app.rules.steps import Step
from admin_app.rules.tiers import covers
from admin_app.views.addresses import address
from admin_app.views.cells import Cell
from admin_app.views.doors import opens, signed_in
from admin_app.views.registers import RegisterView
from admin_app.views.registers.stepping import LONGEST_NOTE
from admin_app.views.score_sheets import Sheet
from admin_app.views.step_forms import StepForm
from admin_app.views.typed import clean, whole

SIZE = 50  # rows of a scoring sheet


class EvaluationPlanView(RegisterView):
    """Evaluation plans."""

    template = "evaluation_plan.html"

    def cell_of(self, record: EvaluationPlan, each: Any, *, unmasked: bool) -> Cell:
        """Whom it evaluates is said in words where no kind of post was chosen."""
        shown = super().cell_of(record, each, unmasked=unmasked)
        if each.name != "full_time" or record.full_time:
            return shown
        whom = db.session.get_one(Standard, record.standard_id).subject
        return Cell(f"全部{'在册调解员' if whom is Subject.MEDIATOR else '调委会'}", shown.kind)

    def more(self, record: EvaluationPlan) -> dict[str, Any]:
        if record.state is PlanState.PREPARING:
            return {"progress": None}
        return {"progress": _progress(record, signed_in())}

    def _acts(self, user: User, record: EvaluationPlan) -> dict[str, Any]:
        """While something is to be scored, scoring comes first."""
        acts = super()._acts(user, record)
        if record.state is not PlanState.RUNNING or not policy.may(user, "evaluation.review"):
            return acts
        score = {"label": "批量评分", "url": self.url_of("sheet", record_id=record.id)}
        more = [acts["primary"], *acts["more"]] if acts["primary"] else acts["more"]
        return {**acts, "primary": score, "more": more}

    def hints(self, record: EvaluationPlan, row: Step[Any]) -> list[str]:
        session, before = db.session, super().hints(record, row)
        if row.name in ("draw", "add"):
            count = plans.lacking(session, record)
            return [*before, f"将为 {count} 个还没有本期考核的对象取数。数字按现在的记录冻结，以后不再变。"]
        if row.name == "publish":
            return [*before, *plans.progress(session, record).waits(votes=plans.has_votes(session, record))]
        return before

    def _take(self, record: EvaluationPlan, row: Step[Any]) -> Any:
        """What touches many is done by the worker."""
        session, user = db.session, signed_in()
        if not plans.is_long(session, record, row.name):
            return super()._take(record, row)
        note = clean(request.form.get("note"), LONGEST_NOTE)
        seen, record_id = whole(request.form.get("version")) or 0, record.id
        try:
            job = plans.ask(session, user, record, row.name, note=note, version=seen)
        except RecordRefused as refused:
            session.rollback()
            record = self.find(record_id)
            form = StepForm(row, session, user, self.register, record=record, formdata=request.form)
            form.show(refused.findings)
            return self._page(record, row, form, note), refused.status
        return redirect(url_for("jobs.job", record_id=job.id))

    # ---------------------------------------------------------------- the scoring sheet

    @expose("/<int:record_id>/sheet", methods=("GET", "POST"))
    @opens("evaluation.review")
    def sheet(self, record_id: int) -> Any:
        """Score the people of a unit together: all rows that were touched, or none."""
        session, user = db.session, signed_in()
        plan = self.find(record_id)
        if plan.state is not PlanState.RUNNING:
            raise NotNow(f"考核计划{plan.state.label}，不能评分。")
        unit, page = _unit(user, plan), max(1, whole(request.args.get("page")) or 1)
        query = to_score(user, plan, unit.path)
        total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
        rows = with_lines(query).limit(SIZE).offset((page - 1) * SIZE)
        sheet, status = Sheet(plan, list(session.scalars(rows))), 200
        if request.method == "POST":
            try:
                if sheet.readable():
                    count = save(session, user, plan, sheet.typed())
                    flash(f"已保存 {count} 份评分。" if count else "没有改动。", "ok")
                    return redirect(self._sheet_url(plan, unit, page))
                status = 422
            except SheetRefused as refused:
                session.rollback()
                plan, status = self.find(record_id), refused.status
                sheet = Sheet(
                    plan, list(session.scalars(with_lines(query).limit(SIZE).offset((page - 1) * SIZE)))
                )
                sheet.readable()
                sheet.show(refused.faults)
        return self._sheet_page(plan, unit, page, total, sheet), status

    def _sheet_page(self, plan: EvaluationPlan, unit: Unit, page: int, total: int, sheet: Sheet) -> str:
        def at(number: int) -> str:
            return self._sheet_url(plan, unit, number)

        return self.render(
            "score_sheet.html",
            crumbs=[
                *self.crumbs(str(plan))[:-1],
                (str(plan), self.url_of("detail", record_id=plan.id)),
                ("批量评分", None),
            ],
            plan=str(plan),
            unit=str(unit),
            units=_units(plan, signed_in(), unit, self._sheet_url),
            columns=sheet.columns,
            lines=sheet.lines(),
            errors=sheet.errors(),
            total=total,
            action=at(page),
            pager={
                "prev_url": at(page - 1) if page > 1 else None,
                "next_url": at(page + 1) if page * SIZE < total else None,
            },
            cancel_url=self.url_of("detail", record_id=plan.id),
        )

    def _sheet_url(self, plan: EvaluationPlan, unit: Unit, page: int = 1) -> str:
        query = [("unit", str(unit.id)), *([("page", str(page))] if page > 1 else [])]
        return address("evaluation_plan.sheet", query, record_id=plan.id)


def _unit(user: User, plan: EvaluationPlan) -> Unit:
    """The unit of the sheet: as asked, else one's own under the plan, else the plan's."""
    session, asked = db.session, request.args.get("unit")
    if asked is not None:
        unit = session.get(Unit, whole(asked) or 0)
        if unit is None or not covers(plan.path, unit.path):
            raise NotSeen("这个单位不在考核计划的范围里。")
        return unit
    own = [post.unit for post in user.posts if covers(plan.path, post.path)]
    return own[0] if own else session.get_one(Unit, plan.unit_id)


def _units(plan: EvaluationPlan, user: User, unit: Unit, url: Any) -> list[dict[str, Any]]:
    """The units below that still have something to score, and the way up."""
    session = db.session
    waiting = to_score(user, plan, unit.path).where(
        Evaluation.state.in_((EvaluationState.DRAWN, EvaluationState.SELF_SCORED))
    )
    prefix = func.substr(Evaluation.path, 1, sums.width_below(unit.path))
    counts = session.execute(
        waiting.with_only_columns(prefix, func.count()).group_by(prefix).order_by(prefix)
    )
    found = {path: count for path, count in counts if path != unit.path}
    below = session.scalars(select(Unit).where(Unit.path.in_(found)).order_by(Unit.path))
    up = [unit.parent_id] if unit.parent_id and len(unit.path) > len(plan.path) else []
    above = [session.get_one(Unit, each) for each in up]
    return [
        *({"label": f"返回{each}", "count": None, "url": url(plan, each)} for each in above),
        *({"label": str(each), "count": found[each.path], "url": url(plan, each)} for each in below),
    ]


# ---------------------------------------------------------------- the plan's page


def _progress(plan: EvaluationPlan, user: User) -> dict[str, Any]:
    """How far it has come, and how it turned out unit by unit, within the reader's scope."""
    session = db.session
    scope = policy.visible(Evaluation, user)
    width = sums.width_below(plan.path)
    parts = sums.sums(session, width, *plans.of_plan(plan), scope)
    earlier = sums.plan_before(session, plan)
    past = sums.sums(session, width, *plans.of_plan(earlier), scope) if earlier else {}
    total, levels = sums.whole(parts.values()), _levels(plan)
    ranks = sums.ranks(parts)
    names = {each.path: each.name for each in session.scalars(select(Unit).where(Unit.path.in_(parts)))}
    if plan.path in names:
        names[plan.path] += "本级"
    ordered = sorted(parts, key=lambda path: (ranks.get(path, len(parts) + 1), path))
    return {
        "states": [
            {
                "label": state.label,
                "count": total.states[state],
                "url": address("evaluation.index", [("plan_id", str(plan.id)), ("state", state.value)]),
            }
            for state in EvaluationState
            if total.states[state]
        ],
        "total": total.total,
        "list_url": address("evaluation.index", [("plan_id", str(plan.id))]),
        "levels": levels,
        "before": str(earlier) if earlier else None,
        "rows": [
            _line(names.get(path, ""), ranks.get(path), parts[path], levels, past.get(path))
            for path in ordered
        ],
        "whole": _line("合计", None, total, levels, sums.whole(past.values()) if past else None),
    }


def _levels(plan: EvaluationPlan) -> list[str]:
    """The levels of the plan's standard, the highest first, once somebody can have reached them."""
    if plan.published_on is None:
        return []
    standard = db.session.get_one(Standard, plan.standard_id)
    return [each.name for each in sorted(standard.levels, key=lambda each: -each.rank)]


def _line(
    label: str, rank: int | None, part: sums.Sum, levels: list[str], past: sums.Sum | None
) -> dict[str, Any]:
    gap = None
    if part.average is not None and past is not None and past.average is not None:
        gap = signed(part.average - past.average)
    done = sum(part.states[each] for each in EvaluationState) - sum(
        part.states[each] for each in (EvaluationState.DRAWN, EvaluationState.SELF_SCORED)
    )
    return {
        "label": label,
        "rank": rank or "",
        "total": part.total,
        "done": done,
        "average": plain(part.average),
        "best": plain(part.best),
        "worst": plain(part.worst),
        "levels": [part.levels[level] for level in levels],
        "gap": gap or "",
    }


def signed(gap: Any) -> str:
    """A difference with its sign."""
    return "持平" if not gap else f"{'+' if gap > 0 else '-'}{plain(abs(gap))}"
