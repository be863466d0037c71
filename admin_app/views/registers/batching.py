"""One step for several records: the form that asks once, and the taking of the step on all of them."""

from typing import Any

from flask import flash, redirect, request
from flask_admin import expose

from admin_app import policy
from admin_app.database import db
from admin_app.models.fields import Field
from admin_app.operations.batches import take_steps
from admin_app.operations.lives import LIVES
from admin_app.operations.referrals import only_committee
from admin_app.rules.refusals import NotAllowed, NotNow, NotSeen, RecordRefused, Stale
from admin_app.rules.steps import Step
from admin_app.views.doors import opens, signed_in
from admin_app.views.forms import held
from admin_app.views.registers.page import RegisterPage, back
from admin_app.views.step_forms import StepForm
from admin_app.views.typed import clean, whole

MOST_BATCH = 200
LONGEST_NOTE = 1000
STEP = "step-"  # before the name of a step among the batch buttons of a list


def batch_steps(word: str) -> dict[str, Step[Any]]:
    """The steps of a register that may be taken on several records at once."""
    steps = LIVES[word].steps if word in LIVES else {}
    return {name: each for name, each in steps.items() if each.batch}


def ticked(texts: list[str]) -> list[int]:
    """The ids of the ticked records, in one order so that two batches queue; 404 for what is none."""
    ids = {whole(text) for text in texts}
    if not 0 < len(ids) <= MOST_BATCH:
        raise NotNow(f"请先勾选记录，一次最多 {MOST_BATCH} 条。")
    known = [each for each in ids if each is not None]
    if len(known) < len(ids):
        raise NotSeen()
    return sorted(known)


def as_seen(record: Any) -> str:
    """What a page carries unseen of a record that it shows: which one, and in which version."""
    return f"{record.id}:{record.version}"


def _changed(records: list[Any], *, all_: bool) -> list[str]:
    """A sentence for each record that is not as the page before showed it; `all_`: nor shown at all."""
    texts = {text for given in request.values.getlist("seen") for text in given.split(",")}
    shown = {text.partition(":")[0] for text in texts}
    return [
        f"{each}：打开以后有人改过这一条。请核对后再办，或者去掉它前面的勾。"
        for each in records
        if as_seen(each) not in texts and (all_ or str(each.id) in shown)
    ]


class Batching(RegisterPage):
    """A step for the ticked records of a list."""

    @expose("/batch-step/<step>", methods=("GET", "POST"))
    @opens("see")
    def batch_step(self, step: str) -> Any:
        """The step's form for all of them; taken, the list again."""
        row = batch_steps(self.word).get(step)
        if row is None:
            raise NotSeen("没有这个步骤。")
        policy.demand(signed_in(), f"{self.word}.{row.name}")
        texts = [each for text in request.values.getlist("ids") for each in text.split(",")]
        ids = ticked(texts)
        records = [self.find(record_id) for record_id in ids]
        form = self._batch_form(row, records)
        if request.method == "POST":
            return self._take_batch(row, ids, records, form)
        sentences = _changed(records, all_=False) + _not_now(self.word, row, records)
        return self._batch_page(row, records, form, sentences=sentences)

    def _batch_form(self, row: Step[Any], records: list[Any]) -> "BatchForm":
        posted = request.form if request.method == "POST" else None
        without, starts = self.asked_once(row, records)
        return BatchForm(
            row, db.session, signed_in(), self.register, formdata=posted, starts=starts, without=without
        )

    def asked_once(self, row: Step[Any], records: list[Any]) -> tuple[set[str], dict[str, Any]]:
        """Which facts of the step are not the same for all, and what is proposed for the others.

        Where all referrals go to one unit its committee is asked for; otherwise each goes to the only one.
        """
        if "to_committee_id" not in row.needs:
            return set(), {}
        units = {record.to_unit_id for record in records}
        if len(units) > 1:
            return {"to_committee_id"}, {}
        only = only_committee(db.session, units.pop())
        return set(), {"to_committee_id": only} if only else {}

    def _take_batch(self, row: Step[Any], ids: list[int], records: list[Any], form: "BatchForm") -> Any:
        session, note = db.session, clean(request.form.get("note"), LONGEST_NOTE)
        sentences = _changed(records, all_=True)
        if sentences:
            return self._batch_page(row, records, form, note, sentences), Stale.status
        try:
            take_steps(session, signed_in(), records, row.name, form.read(), note=note)
        except (RecordRefused, NotAllowed, NotNow) as refused:
            session.rollback()
            if isinstance(refused, RecordRefused):
                form.show(refused.findings)
            else:
                sentences = [refused.sentence]
            records = [self.find(record_id) for record_id in ids]
            return self._batch_page(row, records, form, note, sentences), refused.status
        flash(f"已{row.label} {len(ids)} 件。", "ok")
        return redirect(self.list_url(back()))

    def _batch_page(
        self,
        row: Step[Any],
        records: list[Any],
        form: "BatchForm",
        note: str = "",
        sentences: list[str] | None = None,
    ) -> str:
        life = LIVES[self.word]
        return self.render(
            "batch.html",
            crumbs=self.crumbs(f"批量{row.label}"),
            register=self.head,
            label=row.label,
            records=[
                {
                    "id": each.id,
                    "seen": as_seen(each),
                    "title": str(each),
                    "state": life.stands(each).label,
                }
                for each in records
            ],
            held=held(version="", back=back()),
            sections=form.sections(),
            parts=form.parts(),
            errors=form.errors(),
            sentences=sentences or [],
            note=note,
            action=self.url_of("batch_step", step=row.name),
            cancel_url=self.list_url(back()),
        )


class BatchForm(StepForm):
    """A step's form without the facts that differ from record to record."""

    def __init__(self, *args: Any, without: set[str], **kwargs: Any) -> None:
        self.without = without
        super().__init__(*args, **kwargs)

    def asked(self) -> Any:
        specs, parts = super().asked()
        return [each for each in specs if each.name not in self.without], parts

    def must(self, spec: Field, record: Any) -> bool:
        return spec.required or spec.name in self.step.needs


def _not_now(word: str, row: Step[Any], records: list[Any]) -> list[str]:
    """What keeps a ticked record from the step, before anything is filled in for it."""
    found = []
    for record in records:
        try:
            row.check(LIVES[word].stands(record))
        except NotNow as refused:
            found.append(f"{record}：{refused.sentence}请去掉它前面的勾。")
    return found
