"""The first page: what to do now, counts of one's own scope, shortcuts."""

from functools import lru_cache
from typing import Any

from flask import url_for
from flask_admin import expose
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from admin_app import policy
from admin_app.database import db
from admin_app.history import Action
from admin_app.models.history import Entry
from admin_app.models.registry import REGISTERS
from admin_app.models.users import User
from admin_app.operations import job_runs
from admin_app.operations.charts import of_now
from admin_app.operations.figures import own
from admin_app.operations.pages import COUNT_CAP, Lines, alternatives, counting
from admin_app.rules import periods
from admin_app.rules.dates import local, today
from admin_app.rules.figure_checks import RATES, percent
from admin_app.rules.figures import FIGURE, Number, Numbers
from admin_app.views import inbox
from admin_app.views.charts import behind_of, drawn
from admin_app.views.doors import Page, opens, signed_in
from admin_app.views.figure_asked import charts_at_home
from admin_app.views.figure_tables import shown

RECENT = 8
WORK = (Action.CREATE, Action.EDIT, Action.RESTORE, Action.REVERT, Action.STEP)


class HomeView(Page):
    """The first page of every role."""

    _default_view = "index"

    @expose("/")
    @opens("home.see")
    def index(self) -> str:
        session, user = db.session, signed_in()
        return self.render(
            "home.html",
            crumbs=[("待办", None)],
            groups=inbox.groups(session, user),
            empty=inbox.EMPTY,
            counts=counts(session, user),
            figures=figures(session, user),
            charts=charts(session, user),
            shortcuts=shortcuts(user),
            recent=recent(session, user),
            job=job(session, user),
        )


def counts(session: Session, user: User) -> list[dict[str, Any]]:
    """One number for each register the person may open: what lies in one's scope, counted up to the cap."""
    words = policy.registers_for(user)
    found = session.execute(_counting(policy.Standing.of(user))).one() if words else ()
    return [
        {"label": REGISTERS[word].noun, "count": inbox.words(count), "url": url_for(f"{word}.index")}
        for word, count in zip(words, found, strict=True)
    ]


@lru_cache(maxsize=512)
def _counting(standing: policy.Standing) -> Select[Any]:
    """The question of `counts`, put together once for each standing."""
    user = standing.user
    scopes = (_scope(user, REGISTERS[word].model) for word in policy.registers_for(user))
    return counting(scopes, COUNT_CAP)


def _scope(user: User, model: Any) -> Select[tuple[int]]:
    """The ids of what a person may see of a register."""
    seen = alternatives(policy.visible(model, user))
    return Lines(model, seen, (model.removed_at.is_(None),)).some(COUNT_CAP + 1)


FIRST = ("total", "succeeded", "difficult", "amount")


def figures(session: Session, user: User) -> dict[str, Any] | None:
    """This month's and this year's numbers of one's own: the figures of the statistics page."""
    if not policy.may(user, "figure.see"):
        return None
    day = today()
    spans = {"本月": periods.month(day.year, day.month), "今年": periods.year(day.year)}
    numbers = [own(session, user, span, FIRST) for span in spans.values()]
    return {
        "label": "我承办的案件" if policy.may(user, "figure.own") else "统计",
        "spans": list(spans),
        "lines": _lines(numbers),
        "url": url_for("figures.charts"),
    }


def charts(session: Session, user: User) -> list[dict[str, Any]]:
    """This month beside the last, and twelve months: of the unit of the highest post, or of one's own."""
    if not policy.may(user, "figure.see"):
        return []
    asked = charts_at_home(session, user)
    found = of_now(session, user, asked.whose)
    return [drawn(each, behind_of(asked)) for each in found if each.total]


def _lines(numbers: list[dict[str, Number]]) -> list[dict[str, Any]]:
    """A line for each figure, with its number in each span."""
    found = [
        {"label": FIGURE[name].label, "texts": [_said(name, each) for each in numbers]} for name in FIRST
    ]
    success = RATES[0]
    return [*found, {"label": success.label, "texts": [percent(success.of(each)) for each in numbers]}]


def _said(name: str, numbers: Numbers) -> str:
    return f"{shown(FIGURE[name], numbers[name])} {FIGURE[name].unit}"


def job(session: Session, user: User) -> dict[str, Any] | None:
    """When the daily job was done last, and whether the worker lives, for whoever looks after them."""
    if not policy.may(user, "job.see"):
        return None
    run = job_runs.last(session)
    if run is None or run.at is None:
        words = "还没有做过。"
    elif run.failed:
        words = f"{local(run.at):%Y-%m-%d %H:%M} 没有做成（{run.words}），过几分钟会再试。"
    else:
        words = f"上次 {local(run.at):%Y-%m-%d %H:%M}，做到 {run.day}：{run.words}。"
    return {"words": words, "stale": job_runs.stale(run), "idle": not job_runs.working(session)}


def shortcuts(user: User) -> list[dict[str, Any]]:
    """The acts of one's trade; the first is the primary one."""
    offered = [
        ("case.create", "登记案件", "case.create"),
        ("case.quick", "快速登记", "case.quick"),
        ("case.export", "下载台账", "ledgers.index"),
        ("log.see", "查看日志", "log.index"),
        ("user.create", "添加用户", "user.create"),
        ("mediator.create", "登记调解员", "mediator.create"),
    ]
    mine = [(label, endpoint) for action, label, endpoint in offered if policy.may(user, action)]
    return [
        {"label": label, "url": url_for(endpoint), "primary": number == 0}
        for number, (label, endpoint) in enumerate(mine)
    ]


def recent(session: Session, user: User) -> list[dict[str, Any]]:
    """What this person did last, as links back to it: only to what they can still see, for people move."""
    query = select(Entry).where(Entry.actor_id == user.id, Entry.action.in_(WORK))
    newest = list(session.scalars(query.order_by(Entry.id.desc()).limit(RECENT)))
    seen = {word: _seen(session, user, word, newest) for word in policy.registers_for(user)}
    return [
        {
            "text": f"{Action(entry.action).label}{REGISTERS[entry.register].noun} {entry.title}",
            "when": f"{local(entry.at):%m-%d %H:%M}",
            "url": url_for(f"{entry.register}.detail", record_id=entry.record_id),
        }
        for entry in newest
        if entry.record_id in seen.get(entry.register, ())
    ]


def _seen(session: Session, user: User, word: str, lines: list[Entry]) -> set[int]:
    """Which of the records of one register in these lines the person may open now."""
    ids = {each.record_id for each in lines if each.register == word}
    if not ids:
        return set()
    model = REGISTERS[word].model
    open_to_user = policy.visible(model, user, f"{word}.open")
    found = select(model.id).where(model.id.in_(ids), model.removed_at.is_(None), open_to_user)
    return set(session.scalars(found))
