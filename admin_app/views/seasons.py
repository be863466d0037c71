"""Seasons: points reckoned as a job, nomination in batch, the ranking by unit, the public notice."""

from typing import Any

from flask import flash, redirect, request, url_for
from flask_admin import expose
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from wtforms import Form, SelectField
from wtforms.fields.choices import SelectChoice

from admin_app import policy
from admin_app.database import db
from admin_app.models.committees import Committee
from admin_app.models.mediators import Mediator
from admin_app.models.seasons import Season, Standing
from admin_app.models.standards import Standard
from admin_app.models.units import Unit
from admin_app.models.users import User
from admin_app.operations import certificates, seasons, standings
from admin_app.rules.dates import local, today
from admin_app.rules.measures import Subject
from admin_app.rules.refusals import NotSeen
from admin_app.rules.seasons import COUNTED, SeasonState
from admin_app.rules.tiers import Tier, covers
from admin_app.views.addresses import address
from admin_app.views.doors import opens, signed_in
from admin_app.views.registers import RegisterView
from admin_app.views.registers.reading import remark
from admin_app.views.typed import whole

SIZE = 50
MOST_UNITS = 400
QUALIFIED = "qualified"


class BoardForm(Form):
    unit = SelectField("单位", choices=[])
    only = SelectField("看哪些", choices=[SelectChoice("", "全部"), SelectChoice(QUALIFIED, "够条件的")])


class SeasonView(RegisterView):
    """Seasons."""

    def tabs_of(self, record: Season) -> list[tuple[str, str]]:
        first, *rest = super().tabs_of(record)
        board = [("board", "排名")] if policy.may(signed_in(), "committee.rank") else []
        return [first, *board, ("public_notice", "公示"), *rest]

    def remarks(self, record: Season) -> list[dict[str, Any]]:
        """When the points were reckoned; where to read them, and the applications."""
        links: list[tuple[str, str]] = []
        if record.reckoned_at is not None and policy.may(signed_in(), "committee.rank"):
            links.append(("看排名", self.url_of("board", record_id=record.id)))
        if policy.may(signed_in(), "award.see"):
            links.append(("看申报", address("award.index", [("season_id", str(record.id))])))
        reckoned = record.reckoned_at
        said = f"积分算于 {local(reckoned):%Y-%m-%d %H:%M}。" if reckoned else "还没有算过积分。"
        return [*super().remarks(record), remark(said, *links)]

    def _acts(self, user: User, record: Season) -> dict[str, Any]:
        """Reckoning while the season runs; application and nomination while it is open.

        For those who have nothing else to do here the application is the obvious next act.
        """
        acts, more = super()._acts(user, record), []
        if _takes_entries(record) and _may_apply(user, record.standard):
            more.append({"label": "申报", "url": address("award.create", [("season", str(record.id))])})
        if record.state in COUNTED and policy.may(user, "season.compute", record):
            more.append(_act("计算积分", self.url_of("compute", record_id=record.id)))
        if record.state is SeasonState.OPEN and policy.may(user, "season.nominate", record):
            url = self.url_of("nominate", record_id=record.id)
            more.append(_act("按积分和名额提名", f"{url}?by=quota", "确定按积分和名额提名吗？"))
            sure = "确定把全部符合条件、还没有申报的都提名吗？"
            more.append(_act("提名全部符合条件的", url, sure))
        if acts["primary"] is None and more and "method" not in more[0]:
            acts = {**acts, "primary": more.pop(0)}
        return {**acts, "more": [*more, *acts["more"]]}

    @expose("/<int:record_id>/compute", methods=("POST",))
    @opens("compute")
    def compute(self, record_id: int) -> Any:
        """Have the points reckoned; the job's page shows how far it is."""
        job = standings.ask(db.session, signed_in(), self.find(record_id))
        return redirect(url_for("jobs.job", record_id=job.id))

    @expose("/<int:record_id>/nominate", methods=("POST",))
    @opens("nominate")
    def nominate(self, record_id: int) -> Any:
        """Put forward whoever qualifies."""
        quota = request.args.get("by") == "quota"
        count = seasons.nominate(db.session, signed_in(), self.find(record_id), quota=quota)
        said = f"已提名 {count} 名。" if count else "没有新的提名：符合条件的都已经申报了，或者名额已满。"
        flash(said, "ok" if count else "warn")
        return redirect(self.url_of("detail", record_id=record_id))

    @expose("/<int:record_id>/public-notice")
    @opens("open")
    def public_notice(self, record_id: int) -> str:
        """Everybody of the season whose notice runs."""
        season = self.find(record_id)
        found = certificates.noticed(db.session, season.id)
        return self.render(
            "awards/notice.html",
            crumbs=self._crumbs(season, "公示"),
            title=f"{season}公示",
            tabs=self._tabs(season, "public_notice"),
            notice=certificates.notice_of(db.session, found, str(season)) if found else None,
            back_url=self.url_of("detail", record_id=season.id),
        )

    @expose("/<int:record_id>/board")
    @opens("committee.rank")
    def board(self, record_id: int) -> str:
        """The ranking of a unit: place, points, level, each item, what is short."""
        session, user, season = db.session, signed_in(), self.find(record_id)
        units = _units(session, user, season)
        unit = _chosen(units, whole(request.args.get("unit")))
        page = max(1, whole(request.args.get("page")) or 1)
        only = QUALIFIED if request.args.get("only") == QUALIFIED else ""
        where = standings.seen(season, user, unit.path if unit else "")
        where += [Standing.rank > 0] if only == QUALIFIED else []
        count = session.scalar(select(func.count()).select_from(Standing).where(*where)) or 0
        rows = _rows(session, season, where, page)

        def at(number: int) -> str:
            given = [("unit", str(unit.id) if unit else ""), ("only", only), ("page", str(number))]
            return address("season.board", [each for each in given if each[1]], record_id=season.id)

        return self.render(
            "awards/board.html",
            crumbs=self._crumbs(season, "排名"),
            title=str(season),
            tabs=self._tabs(season, "board"),
            season=season,
            reckoned=f"{local(season.reckoned_at):%Y-%m-%d %H:%M}" if season.reckoned_at else "",
            query=_query(units, unit, only),
            reset_url=self.url_of("board", record_id=season.id),
            items=[label for label, points in rows[0]["items"]] if rows else [],
            rows=rows,
            count=count,
            person=season.standard.subject is Subject.MEDIATOR,
            pager={
                "prev_url": at(page - 1) if page > 1 else None,
                "next_url": at(page + 1) if page * SIZE < count else None,
            },
        )

    def _crumbs(self, season: Season, last: str) -> list[tuple[str, str | None]]:
        before = self.crumbs(str(season))[:-1]
        return [*before, (str(season), self.url_of("detail", record_id=season.id)), (last, None)]


def _takes_entries(season: Season) -> bool:
    return season.state is SeasonState.OPEN and today() <= season.entries_until


def _may_apply(user: User, standard: Standard) -> bool:
    """Whether the person puts others forward, or may apply for themself by this standard."""
    themself = standard.subject is Subject.MEDIATOR and standard.self_apply
    return policy.may(user, "award.put_forward" if not themself else "award.create")


def _act(label: str, url: str, confirm: str = "") -> dict[str, Any]:
    return {"label": label, "url": url, "method": "post", "confirm": confirm, "tone": ""}


def _units(session: Session, user: User, season: Season) -> list[Unit]:
    """The units whose ranking may be asked for: those of the season's region down to the townships."""
    query = (
        select(Unit)
        .where(
            Unit.under(season.path),
            Unit.tier.in_((Tier.CITY, Tier.COUNTY, Tier.TOWNSHIP)),
            Unit.removed_at.is_(None),
            policy.visible(Unit, user),
        )
        .order_by(Unit.path)
    )
    return [each for each in session.scalars(query.limit(MOST_UNITS)) if covers(season.path, each.path)]


def _chosen(units: list[Unit], unit_id: int | None) -> Unit | None:
    if unit_id is None:
        return None
    for each in units:
        if each.id == unit_id:
            return each
    raise NotSeen("没有找到这个单位，它可能不在您的管辖范围内。")


def _query(units: list[Unit], unit: Unit | None, only: str) -> BoardForm:
    form = BoardForm(data={"unit": str(unit.id) if unit else "", "only": only})
    form.unit.choices = [SelectChoice("", "全部"), *(SelectChoice(str(each.id), each.name) for each in units)]
    return form


def _rows(session: Session, season: Season, where: list[Any], page: int) -> list[dict[str, Any]]:
    """One page of the ranking."""
    levels = {each.rank: each.name for each in season.standard.levels}
    query = (
        select(Standing, Committee.name.label("committee"), Mediator.name.label("mediator"))
        .join(Committee, Committee.id == Standing.committee_id)
        .outerjoin(Mediator, Mediator.id == Standing.mediator_id)
        .where(*where)
        .order_by(Standing.rank.desc(), Standing.points.desc(), Standing.id)
        .limit(SIZE)
        .offset((page - 1) * SIZE)
    )
    return [
        {
            "place": row.Standing.place,
            "whom": row.mediator or row.committee,
            "committee": row.committee,
            "points": row.Standing.points,
            "level": levels.get(row.Standing.rank, ""),
            "items": [
                (label, points) for label, _, _, _, points in row.Standing.verdicts if points is not None
            ],
            "short": [
                f"{label}：{actual}（{short}）" if short else f"{label}：{actual}"
                for label, actual, passed, short, _ in row.Standing.verdicts
                if passed is False
            ],
        }
        for row in session.execute(query)
    ]
