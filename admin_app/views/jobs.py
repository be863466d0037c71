"""Jobs 后台任务: one's own, how far each has come, its cancelling, its file. Works without script too."""

from datetime import datetime
from typing import Any

from flask import flash, redirect, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from sqlalchemy import select, true
from sqlalchemy.orm import joinedload

from admin_app import policy
from admin_app.database import db
from admin_app.models.jobs import Job
from admin_app.operations import job_runs, jobs
from admin_app.operations.results import EXPIRED, expired, open_result
from admin_app.rules.dates import local, now
from admin_app.rules.jobs import OPEN, Phase, seconds_left, span
from admin_app.views.addresses import address
from admin_app.views.doors import Page, opens, signed_in
from admin_app.views.pager import turned

SIZE = 20
ALL = "all"
TONES = {
    Phase.WAITING: "neutral",
    Phase.RUNNING: "brand",
    Phase.DONE: "ok",
    Phase.CANCELLED: "neutral",
    Phase.FAILED: "warn",
}
NOBODY_WORKS = "后台程序没有在运行，任务要等它开了才会做。请联系管理员。"


class JobsView(Page):
    """What the worker does for people."""

    _default_view = "index"

    def is_visible(self) -> bool:
        """Reached from one's account, and from where a job was asked for."""
        return False

    @expose("/")
    @opens("job.mine")
    def index(self) -> str:
        """One's own jobs, newest first; whoever looks after the system may see everybody's."""
        user = signed_in()
        everybody = ALL in request.args and policy.may(user, "job.see")
        seen = select(Job).where(true() if everybody else jobs.mine(user)).options(joinedload(Job.user))
        found, older, newer = turned(seen, Job.id, SIZE)
        kept = [(ALL, "1")] if everybody else []
        return self.render(
            "jobs.html",
            crumbs=[("后台任务", None)],
            tabs=_tabs(everybody) if policy.may(user, "job.see") else [],
            everybody=everybody,
            jobs=[_line(each) for each in found],
            idle=_idle(),
            pager={
                "older_url": address("jobs.index", [*kept, ("before", str(found[-1].id))]) if older else None,
                "newer_url": address("jobs.index", [*kept, ("after", str(found[0].id))]) if newer else None,
            },
        )

    @expose("/<int:record_id>")
    @opens("job.mine")
    def job(self, record_id: int) -> str:
        """How far one job has come, and what came of it."""
        user = signed_in()
        job = jobs.find(db.session, user, record_id)
        return self.render(
            "job.html",
            crumbs=[("后台任务", url_for("jobs.index")), (job.label, None)],
            job=_line(job),
            now=_now(job),
            progress_url=url_for("jobs.progress", record_id=job.id),
            cancel_url=url_for("jobs.cancel", record_id=job.id) if jobs.may_cancel(user, job) else None,
            file_url=_file_url(job),
            expired=EXPIRED if expired(job) and job.user_id == user.id else None,
            idle=_idle() if job.phase in OPEN else None,
        )

    @expose("/<int:record_id>/progress")
    @opens("job.mine")
    def progress(self, record_id: int) -> dict[str, Any]:
        """The same for the script that keeps the page up to date."""
        return _now(jobs.find(db.session, signed_in(), record_id))

    @expose("/<int:record_id>/cancel", methods=("POST",))
    @opens("job.mine")
    def cancel(self, record_id: int) -> ResponseReturnValue:
        """Stop it, or ask it to stop."""
        job = jobs.cancel(db.session, signed_in(), record_id)
        flash("任务已取消。" if job.phase is Phase.CANCELLED else "已经通知后台程序停下，请稍等。", "ok")
        return redirect(url_for("jobs.job", record_id=record_id))

    @expose("/<int:record_id>/file", methods=("POST",))
    @opens("job.mine")
    def file(self, record_id: int) -> Any:
        """The file that the job has made."""
        job = jobs.find(db.session, signed_in(), record_id)
        file = open_result(db.session, signed_in(), job)
        return send_file(file, job.mime, as_attachment=True, download_name=job.file_name)


def _tabs(everybody: bool) -> list[dict[str, Any]]:
    return [
        {"label": "我的", "url": url_for("jobs.index"), "current": not everybody, "count": None},
        {
            "label": "所有人的",
            "url": address("jobs.index", [(ALL, "1")]),
            "current": everybody,
            "count": None,
        },
    ]


def _idle() -> str | None:
    """The warning that nobody works."""
    return None if job_runs.working(db.session) else NOBODY_WORKS


def _line(job: Job) -> dict[str, Any]:
    """What is said of a job in the list and at the head of its page."""
    return {
        "id": job.id,
        "label": job.label,
        "who": job.user.name,
        "phase": _phase(job),
        "tone": TONES[job.phase],
        "asked": _moment(job.asked_at),
        "ended": _moment(job.ended_at),
        "count": _count(job),
        "words": job.words,
        "file_name": job.file_name,
        "keep_until": job.keep_until,
        "file_url": _file_url(job),
        "url": url_for("jobs.job", record_id=job.id),
    }


def _file_url(job: Job) -> str | None:
    """Where the person gets the file, if it is theirs and still there."""
    there = job.file is not None and job.user_id == signed_in().id and not expired(job)
    return url_for("jobs.file", record_id=job.id) if there else None


def _now(job: Job) -> dict[str, Any]:
    """Where the job stands at this moment; `said` is for ears, so it changes seldom."""
    percent = min(100 * job.done // job.total, 100) if job.total else None
    phase, left = _phase(job), _left(job)
    steps = "" if percent is None or job.phase is not Phase.RUNNING else f"，已做 {percent // 10 * 10}%"
    return {
        "open": job.phase in OPEN,
        "percent": percent,
        "count": _count(job),
        "left": left,
        "said": f"{phase}{steps}",
    }


def _phase(job: Job) -> str:
    return "正在停下" if job.stop and job.phase is Phase.RUNNING else job.phase.label


def _count(job: Job) -> str:
    if job.total is None:
        return f"{job.done} 行" if job.done else ""
    return f"{job.done} / {job.total} 行"


def _left(job: Job) -> str:
    """How long it still takes, in words; nothing while nobody can tell."""
    if job.phase is not Phase.RUNNING or job.started_at is None:
        return ""
    seconds = seconds_left(job.done, job.total, (now() - job.started_at).total_seconds())
    return "" if seconds is None else f"还要{span(seconds)}"


def _moment(moment: datetime | None) -> str:
    return f"{local(moment):%Y-%m-%d %H:%M}" if moment else ""
