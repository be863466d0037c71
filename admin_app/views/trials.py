"""试算: who would reach what by a standard, one by one down to the very records; a long list by the worker.

A job keeps as JSON: `standard`, `unit` (their ids), `until`.
"""

import tempfile
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import flash, redirect, request, send_file, url_for
from flask_admin import expose
from sqlalchemy import select
from sqlalchemy.orm import Session
from wtforms import Form, StringField

from admin_app import history, policy
from admin_app.database import db
from admin_app.exports import trials as sheets
from admin_app.models.jobs import Job
from admin_app.models.parameters import whole
from admin_app.models.standards import Standard
from admin_app.models.units import Unit
from admin_app.models.users import User
from admin_app.operations import trials
from admin_app.operations.jobs import Kind, Progress, Result, ask, register_kind
from admin_app.operations.measuring import MODELS
from admin_app.operations.results import results_of
from admin_app.operations.trials import Tried
from admin_app.rules.dates import parse_day, today
from admin_app.rules.parameters import Setting
from admin_app.rules.refusals import NotSeen
from admin_app.rules.standards import Verdict, plain, window
from admin_app.views import verdicts
from admin_app.views.addresses import address
from admin_app.views.doors import opens, signed_in
from admin_app.views.registers.reading import Reading
from admin_app.views.typed import clean
from admin_app.views.typed import whole as number
from admin_app.views.widgets import LookupField

SIZE = 50
CSV = "text/csv; charset=utf-8"
NONE = "0"  # in the address: those who reach no level
TYPED = {"data-date": True, "inputmode": "numeric", "placeholder": "年-月-日"}


class TrialForm(Form):
    unit = LookupField("单位")
    until = StringField("数字统计到哪天", render_kw=TYPED)


@dataclass(frozen=True)
class Asked:
    """For which unit, with the figures up to which day."""

    unit: Unit
    until: date

    def pairs(self, **more: str) -> list[tuple[str, str]]:
        """As a query that these pages read."""
        given = {"unit": str(self.unit.id), "until": self.until.isoformat(), **more}
        return [(name, value) for name, value in given.items() if value]


class TrialPages(Reading):
    """The dry run of a standard."""

    @expose("/<int:record_id>/trial")
    @opens("try")
    def trial(self, record_id: int) -> str:
        """How many reach each level, and everybody with what the next level lacks."""
        session, user, standard = db.session, signed_in(), self._standard(record_id)
        asked = _asked(session, user, standard)
        total = trials.count(session, user, standard, asked.unit)
        long = total > whole(session, Setting.JOB_ROWS)
        found = [] if long else trials.dry_run(session, user, standard, asked.unit, asked.until)
        form = TrialForm(data={"unit": asked.unit.id, "until": asked.until.isoformat()})
        form.unit.url, form.unit.title = url_for("figures.units"), str(asked.unit)
        return self.render(
            "trial.html",
            crumbs=self._crumbs(standard, "试算"),
            title=str(standard),
            standard=standard,
            asked=asked,
            since=window(standard.months, asked.until),
            tabs=self._tabs(standard, "trial"),
            query=form,
            reset_url=self.url_of("trial", record_id=standard.id),
            total=total,
            long=long,
            sheet_url=address("standard.trial_sheet", asked.pairs(), record_id=standard.id),
            **self._people(standard, asked, found),
        )

    def _people(self, standard: Standard, asked: Asked, found: list[Tried]) -> dict[str, Any]:
        """The counts by level, and one page of those of the level that the address asks for."""
        counts = Counter(each.level.rank if each.level else 0 for each in found)
        chosen = number(request.args.get("level"))
        names = {each.rank: each.name for each in standard.levels}
        listed = [
            each for each in found if chosen is None or (each.level.rank if each.level else 0) == chosen
        ]
        page = max(1, number(request.args.get("page")) or 1)
        part = listed[(page - 1) * SIZE : page * SIZE]
        known = sheets.people(db.session, standard.subject, [each.id for each in part])

        def turn(to: int) -> str:
            level = "" if chosen is None else str(chosen)
            return self._url("trial", standard, asked, level=level, page=str(to))

        return {
            "counts": [
                {
                    "label": label,
                    "count": counts[rank],
                    "url": self._url("trial", standard, asked, level=str(rank)),
                    "current": chosen == rank,
                }
                for rank, label in [*sorted(names.items(), reverse=True), (0, "未达到")]
            ],
            "chosen": names.get(chosen, "未达到") if chosen is not None else "",
            "all_url": self._url("trial", standard, asked),
            "rows": [self._tried(standard, asked, each, known[each.id]) for each in part],
            "pager": {
                "older_url": turn(page + 1) if len(listed) > page * SIZE else None,
                "newer_url": turn(page - 1) if page > 1 and part else None,
            },
        }

    def _tried(self, standard: Standard, asked: Asked, tried: Tried, who: Any) -> dict[str, Any]:
        home = getattr(who, "committee", None) or who.unit
        return {
            "who": str(who),
            "home": str(home),
            "score": plain(tried.score),
            "level": tried.level.name if tried.level else "未达到",
            "lacks": tried.lacks,
            "url": self._url("trial_one", standard, asked, subject_id=who.id),
        }

    @expose("/<int:record_id>/trial/<int:subject_id>")
    @opens("try")
    def trial_one(self, record_id: int, subject_id: int) -> str:
        """One subject, item by item."""
        session, standard = db.session, self._standard(record_id)
        asked = _asked(session, signed_in(), standard)
        who, tried = self._one(standard, subject_id, asked)

        def link(verdict: Verdict) -> str:
            more = {"subject_id": who.id, "item_id": verdict.item.id}
            return self._url("trial_records", standard, asked, **more)

        names = {each.rank: each.name for each in standard.levels}
        return self.render(
            "tried.html",
            crumbs=self._crumbs(standard, str(who), asked),
            title=str(who),
            who_url=url_for(f"{standard.subject.value}.detail", record_id=who.id),
            standard=standard,
            asked=asked,
            since=window(standard.months, asked.until),
            score=plain(tried.score),
            level=tried.level.name if tried.level else "未达到",
            lacks=tried.lacks,
            lines=verdicts.rows(tried.verdicts, names, link),
            back_url=self._url("trial", standard, asked),
        )

    @expose("/<int:record_id>/trial/<int:subject_id>/<int:item_id>")
    @opens("try")
    def trial_records(self, record_id: int, subject_id: int, item_id: int) -> str:
        """The very records behind one number."""
        standard = self._standard(record_id)
        asked = _asked(db.session, signed_in(), standard)
        who, tried = self._one(standard, subject_id, asked)
        verdict = next((each for each in tried.verdicts if each.item.id == item_id), None)
        if verdict is None:
            raise NotSeen("没有这个项目。")
        return verdicts.behind_page(
            self,
            verdict.evidence,
            title=f"{who}：{verdict.item.label}",
            subtitle=f"{verdicts.actual(verdict)}，统计到 {asked.until}",
            crumbs=[
                *self._crumbs(standard, str(who), asked)[:-1],
                (str(who), self._url("trial_one", standard, asked, subject_id=who.id)),
                (verdict.item.label, None),
            ],
        )

    @expose("/<int:record_id>/trial/sheet", methods=("POST",))
    @opens("try")
    def trial_sheet(self, record_id: int) -> Any:
        """Everybody as a file: at once, or by the worker when they are many."""
        session, user, standard = db.session, signed_in(), self._standard(record_id)
        asked = _asked(session, user, standard)
        total = trials.count(session, user, standard, asked.unit)
        if total > whole(session, Setting.JOB_ROWS):
            given = {"standard": standard.id, "unit": asked.unit.id, "until": asked.until.isoformat()}
            job = ask(session, user, TRIAL.name, given, label=_label(standard, asked), total=total)
            return redirect(url_for("jobs.job", record_id=job.id))
        found = trials.dry_run(session, user, standard, asked.unit, asked.until)
        file = tempfile.TemporaryFile()  # noqa: SIM115  (send_file closes it when the last byte is sent)
        sheets.write(session, standard, found, file)
        _note(session, user, standard, asked, len(found))
        file.seek(0)
        return send_file(file, CSV, as_attachment=True, download_name=f"{_label(standard, asked)}.csv")

    def _standard(self, record_id: int) -> Standard:
        standard: Standard = self.find(record_id)
        policy.demand(signed_in(), "standard.try", standard)
        return standard

    def _one(self, standard: Standard, subject_id: int, asked: Asked) -> tuple[Any, Tried]:
        session = db.session
        who = policy.find(session, signed_in(), MODELS[standard.subject], subject_id)
        [tried] = trials.tried(session, standard, [subject_id], asked.until)
        return who, tried

    def _url(self, view: str, standard: Standard, asked: Asked, **more: Any) -> str:
        """A page of the dry run of the same unit and day; whole numbers belong to its path."""
        path = {name: value for name, value in more.items() if isinstance(value, int)}
        query = {name: value for name, value in more.items() if isinstance(value, str)}
        return address(f"standard.{view}", asked.pairs(**query), record_id=standard.id, **path)

    def _crumbs(
        self, standard: Standard, last: str, asked: Asked | None = None
    ) -> list[tuple[str, str | None]]:
        page = (str(standard), self.url_of("detail", record_id=standard.id))
        above = [("试算", self._url("trial", standard, asked))] if asked else []
        return [*self.crumbs("")[:-1], page, *above, (last, None)]


def _asked(session: Session, user: User, standard: Standard) -> Asked:
    """What the address asks: without a word the person's own unit, as far as the standard holds there."""
    chosen = number(request.args.get("unit"))
    if chosen:
        unit = policy.find(session, user, Unit, chosen)
    else:
        highest = min(policy.paths(user, "standard.try"), key=len)
        path = max(highest, standard.path, key=len)
        unit = session.scalars(select(Unit).where(Unit.path == path)).one()
    return Asked(unit, _day(clean(request.args.get("until"), 20)))


def _day(text: str) -> date:
    if not text:
        return today()
    try:
        day = parse_day(text)
    except ValueError:
        day = None
    if day is None or not 1990 <= day.year <= 2999:
        flash(f"日期“{text}”看不懂，已按今天试算。请写成 2026-09-12 或 20260912。", "bad")
        return today()
    return day


def _label(standard: Standard, asked: Asked) -> str:
    return f"试算表 {standard.name} {asked.unit.name} {asked.until:%Y%m%d}"


def _note(session: Session, actor: User, standard: Standard, asked: Asked, lines: int) -> None:
    """The line in the history: who took what, how much, of whom."""
    words = f"{actor.name}下载试算表，共 {lines} 行；单位：{asked.unit.name}；统计到 {asked.until}"
    history.note(session, history.Action.EXPORT, title=str(standard), words=words)


def _work(session: Session, job: Job, progress: Progress) -> Result:
    """The same by the worker."""
    actor, given = job.user, job.given
    standard = policy.find(session, actor, Standard, given["standard"])
    unit = policy.find(session, actor, Unit, given["unit"])
    asked = Asked(unit, date.fromisoformat(given["until"]))
    found = trials.dry_run(session, actor, standard, unit, asked.until, lambda done: progress(done, None))
    with tempfile.TemporaryFile() as file:
        sheets.write(session, standard, found, file)
        file.seek(0)
        kept = results_of(session).keep(file)
    counts = Counter(each.level.name if each.level else "未达到" for each in found)
    words = "，".join(f"{label} {count}" for label, count in counts.items())
    session.rollback()  # end of reading; the line below begins a writing transaction
    _note(session, actor, standard, asked, len(found))
    return Result(words, kept, f"{_label(standard, asked)}.csv", CSV)


def _needs(given: Mapping[str, Any]) -> str:
    return "standard.try"


TRIAL = register_kind(Kind("trial", "试算", _needs, _work))
