"""The register of evaluations: each item with what is behind it, the marks given, and the period before."""

from decimal import Decimal
from typing import Any

from flask import url_for
from flask_admin import expose
from sqlalchemy import select

from admin_app import policy
from admin_app.database import db
from admin_app.models.evaluations import Evaluation, EvaluationItem
from admin_app.models.registry import REGISTERS, Parts, column_of
from admin_app.models.users import User
from admin_app.operations.evaluation_changes import Change, before, changes, things
from admin_app.operations.evaluations import SPOKEN, is_own, outcome_of, plan_of
from admin_app.rules.evaluations import SHOWN, EvaluationState
from admin_app.rules.measures import MEASURES, Measure
from admin_app.rules.refusals import NotSeen
from admin_app.rules.standards import CONDITIONS, JUDGED, Way, plain, wants
from admin_app.rules.steps import Step
from admin_app.views.cells import Cell
from admin_app.views.doors import opens, signed_in
from admin_app.views.papers import EVALUATION_PAPER
from admin_app.views.registers import RegisterView
from admin_app.views.registers.reading import remark

LEVEL_TONES = {"优秀": "ok", "良好": "brand", "不合格": "warn"}
FIRST = 200  # records behind a figure that are listed


class EvaluationView(RegisterView):
    """Evaluations."""

    template = "evaluation.html"

    def extra_acts(self) -> list[Any]:
        return [EVALUATION_PAPER]

    def _acts(self, user: User, record: Any) -> dict[str, Any]:
        """A paper that cannot be made yet is not offered."""
        acts = super()._acts(user, record)
        if EVALUATION_PAPER.form.applies(None, record):
            return acts
        return {**acts, "more": [each for each in acts["more"] if each["label"] != EVALUATION_PAPER.label]}

    def cell_of(self, record: Evaluation, each: Any, *, unmasked: bool) -> Cell:
        shown = super().cell_of(record, each, unmasked=unmasked)
        if each.name != "level" or not record.level:
            return shown
        return Cell(shown.text, shown.kind, tag=LEVEL_TONES.get(record.level, "neutral"))

    def _parts(self, record: Evaluation, *, unmasked: bool, unmask_url: str | None) -> list[dict[str, Any]]:
        """The items have a table of their own."""
        parts = super()._parts(record, unmasked=unmasked, unmask_url=unmask_url)
        return [each for each in parts if each["name"] != "items"]

    def _mend_urls(self, user: User, record: Any, part: Parts) -> list[str]:
        return []

    def more(self, record: Evaluation) -> dict[str, Any]:
        return {"sheet": scored(record, signed_in(), self.behind_url) if record.plan_id else None}

    def behind_url(self, line: EvaluationItem) -> str:
        return self.url_of("behind", record_id=line.evaluation_id, position=line.position)

    def remarks(self, record: Evaluation) -> list[dict[str, Any]]:
        if record.plan_id is None:
            return []
        plan, notes = plan_of(db.session, record), []
        if record.state is EvaluationState.PUBLISHED and plan.appeal_until:
            notes.append(remark(f"申诉期到 {plan.appeal_until:%Y-%m-%d}。"))
        if record.state not in SHOWN and not knows(signed_in(), record):
            notes.append(remark("得分和等次公布以后才显示。"))
        return notes

    def hints(self, record: Evaluation, row: Step[Any]) -> list[str]:
        found = [*super().hints(record, row), *HINTS.get(row.name, ())]
        if row.name in SPOKEN and not is_own(signed_in(), record):
            found.append(
                f"{record.who}没有账号，您在代为填写，经过里会写明；填了以后，您不能再给这一份评分、评议。"
            )
        return found

    @expose("/<int:record_id>/behind/<int:position>")
    @opens("open")
    def behind(self, record_id: int, position: int) -> str:
        """The very records behind one frozen figure, and what has changed since."""
        record = self.find(record_id)
        line = next((each for each in record.items if each.position == position), None)
        if line is None:
            raise NotSeen("没有找到这一项。")
        change = changes(db.session, record).get(line.id) if record.plan_id else None
        return self.render(
            "evaluation_behind.html",
            crumbs=[
                *self.crumbs(str(record))[:-1],
                (str(record), self.url_of("detail", record_id=record_id)),
                (line.label, None),
            ],
            title=f"{line.label}：{figure(line)}",
            about=str(record),
            drawn_on=plan_of(db.session, record).drawn_on,
            change=told(line, change) if change else None,
            lists=_lists(line, change),
            back_to=self.url_of("detail", record_id=record_id),
        )


HINTS = {
    "self_score": ("按实际情况给每一项打分。自评供评分时参考，不计入得分。",),
    "review": ("由数据计分的项目已经算好，这里只填要人工评分的。",),
    "rescore": ("改了以后重新计算，公布以前都可以改。",),
    "appraise": ("填民主评议各等次的票数，按参数折算成分数。",),
    "answer": ("不改分就只写答复；要改哪一项，填改后的得分（扣分项填扣几分）和原因。",),
}


def knows(user: User, record: Evaluation) -> bool:
    """Whether somebody may read what reviewers gave: all once it is published, before that the reviewers."""
    return record.state in SHOWN or policy.may(user, "evaluation.review", record)


def scored(record: Evaluation, user: User, behind_url: Any) -> dict[str, Any]:
    """The sheet of one evaluation: its items, its total, what the period before says."""
    session, known = db.session, knows(user, record)
    found, earlier = outcome_of(session, record), before(session, record)
    changed = changes(session, record)
    past = {line.label: line.got for line in earlier.items} if earlier else {}
    rows = [
        _row(line, passed.passed, known, past.get(line.label), changed.get(line.id), behind_url)
        for line, passed in zip(record.items, found.verdicts, strict=True)
    ]
    return {
        "rows": rows,
        "known": known,
        "self": any(row["own"] for row in rows),
        "corrected": any(row["corrected"] for row in rows),
        "past": any(row["past"] for row in rows),
        "reasons": any(row["reason"] for row in rows),
        "before": _before(record, earlier, found.score if known else None),
        "total": plain(found.score) if known else None,
        "level": (found.level.name if found.level else "未达到任何等次") if known else None,
        "changed": len(changed),
    }


def _row(
    line: EvaluationItem,
    passed: bool | None,
    known: bool,
    past: Decimal | None,
    change: Change | None,
    behind_url: Any,
) -> dict[str, Any]:
    shown = known or not (line.asks or line.measure is Measure.APPRAISAL)
    condition = line.way in CONDITIONS
    return {
        "label": line.label,
        "wants": wants(line.item),
        "figure": figure(line) if not line.asks else "",
        "behind_url": behind_url(line) if line.behind and things(line.evidence) else None,
        "own": plain(line.own),
        "given": plain(line.given) if shown and line.asks else "",
        "got": ("达到" if passed else "未达到") if condition else plain(line.got) if shown else "公布后显示",
        "corrected": plain(line.corrected) if known else "",
        "reason": line.reason if known else "",
        "past": "" if past is None or condition else plain(past),
        "change": told(line, change) if change else None,
        "asks": line.asks,
        "counted_by": "由民主评议计分" if line.measure is Measure.APPRAISAL else "由数据计分",
        "unit": MARKED.get(line.way, "数值"),
        "gives": not condition,
    }


MARKED = {Way.GIVEN: "得分", Way.FINED: "次数"}
assert set(MARKED) == JUDGED


def figure(line: EvaluationItem) -> str:
    """A frozen figure in words: 「85.71 %（12/14）」."""
    if line.measure is Measure.APPRAISAL:
        return "" if line.given is None else f"折算 {plain(line.given)}"
    if line.value is None:
        return "无数据"
    spec = MEASURES[line.measure]
    share = f"（{line.hit}/{line.of}）" if spec.rate else ""
    return f"{plain(line.value)} {spec.unit}{share}".replace(" ）", "）")


def told(line: EvaluationItem, change: Change) -> str:
    """What has changed behind a frozen figure since, in one sentence."""
    now = "无数据" if change.now.value is None else f"{plain(change.now.value)} {MEASURES[line.measure].unit}"
    moved = [f"少了 {len(change.gone)} 条"] if change.gone else []
    moved += [f"多了 {len(change.come)} 条"] if change.come else []
    return f"冻结后有变化：现在是 {now.strip()}" + (f"，{'，'.join(moved)}" if moved else "")


def _before(record: Evaluation, earlier: Evaluation | None, score: Decimal | None) -> dict[str, Any] | None:
    if earlier is None or not policy.may(signed_in(), "evaluation.open", earlier):
        return None
    now = record.score if record.score is not None else score
    gap = None if now is None or earlier.score is None else now - earlier.score
    return {
        "label": f"{earlier.year} 年{earlier.half.label}",
        "url": url_for("evaluation.detail", record_id=earlier.id),
        "score": plain(earlier.score),
        "level": earlier.level or "",
        "gap": "" if gap is None else "持平" if not gap else f"{'+' if gap > 0 else '-'}{plain(abs(gap))}",
    }


def _lists(line: EvaluationItem, change: Change | None) -> list[dict[str, Any]]:
    """[{label, rows, more}]: of a rate those that count and the rest; then what has gone and come."""
    rate = MEASURES[line.measure].rate
    kept = line.evidence.behind
    labels = ("计入的", "未计入的") if rate else ("计入的",) * len(kept)
    named = [
        (label, [(word, each) for each in ids]) for label, (word, ids) in zip(labels, kept, strict=False)
    ]
    if change:
        named += [("冻结后不再计入的", list(change.gone)), ("冻结后新增的", list(change.come))]
    return [_list(label, found) for label, found in named if found]


def _list(label: str, found: list[tuple[str, int]]) -> dict[str, Any]:
    rows = [_titled(word, ids) for word, ids in _by_word(found[:FIRST]).items()]
    return {
        "label": label,
        "count": len(found),
        "rows": [row for some in rows for row in some],
        "more": max(0, len(found) - FIRST),
    }


def _by_word(found: list[tuple[str, int]]) -> dict[str, list[int]]:
    by_word: dict[str, list[int]] = {}
    for word, each in found:
        by_word.setdefault(word, []).append(each)
    return by_word


def _titled(word: str, ids: list[int]) -> list[dict[str, Any]]:
    """Records by their titles, with a link for whoever may open them; others are told by their number."""
    model = REGISTERS[word].model
    known = {
        each.id: each
        for each in db.session.scalars(
            select(model).where(
                model.id.in_(ids),
                column_of(model, "removed_at").is_(None),
                policy.visible(model, signed_in(), f"{word}.open"),
            )
        )
    }
    return [
        {
            "title": str(known[each]) if each in known else f"{REGISTERS[word].noun}（编号 {each}）",
            "url": url_for(f"{word}.detail", record_id=each) if each in known else None,
        }
        for each in ids
    ]
