"""网络和配备: unit by unit what is asked, what there is, who is wanting; studios; 六统一 and terms."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import request, url_for
from flask_admin import expose
from sqlalchemy import select
from sqlalchemy.orm import Session
from wtforms import Form, StringField

from admin_app import policy
from admin_app.database import db
from admin_app.models.units import Unit
from admin_app.models.users import User
from admin_app.operations import network as net
from admin_app.operations import studios
from admin_app.operations.figures import RowKind
from admin_app.operations.network import NORM, NORMS, SEEN, Line, Network, Room
from admin_app.operations.studios import Studio
from admin_app.rules.dates import today
from admin_app.rules.refusals import NotSeen
from admin_app.rules.staffing import Aim, Goal, Key, Need, Standing
from admin_app.rules.tiers import Tier
from admin_app.views.addresses import address
from admin_app.views.doors import Page, opens, signed_in
from admin_app.views.figure_asked import aimed
from admin_app.views.typed import clean, whole
from admin_app.views.widgets import LookupField

SIZE = 50
Each = TypeVar("Each")


class NetworkForm(Form):
    unit = LookupField("单位")
    year = StringField("年度", render_kw={"inputmode": "numeric"})


@dataclass(frozen=True)
class Asked:
    """What the address asks for, cleaned."""

    network: Network
    notices: tuple[str, ...]

    def pairs(self, unit: Unit | None = None, **more: str) -> list[tuple[str, str]]:
        """As a query that another page of this view reads."""
        asked = {"unit": str((unit or self.network.unit).id), "year": str(self.network.year), **more}
        return [(name, value) for name, value in asked.items() if value]


class NetworkView(Page):
    """The network of a unit; each number leads to the very committees."""

    _default_view = "index"

    @expose("/")
    @opens(SEEN)
    def index(self) -> str:
        """The targets of the year for the unit, and how each of its parts stands."""
        asked = _asked()
        network, lines = asked.network, list(net.lines(asked.network))
        told = _told(lines)
        return self.render(
            "network.html",
            crumbs=[("网络和配备", None)],
            **_frame(asked, "index"),
            targets=[_target(asked, each) for each in lines[-1].standings if each.needs],
            heads=[net.said(db.session, key, network.day) for key in told],
            lines=[_line(asked, each, told) for each in lines],
            later=[_later(network, each) for each in network.later],
        )

    @expose("/needs")
    @opens(SEEN)
    def needs(self) -> str:
        """Of whom one target is said: the committees or units, those that fall short first or alone."""
        asked = _asked()
        network, key = asked.network, _key()
        standing = next((each for each in net.whole(network).standings if each.key == key), Standing(key, ()))
        every = request.args.get("every") == "1"
        found = list(standing.among or standing.needs) if every else list(standing.short)
        label = net.said(db.session, key, network.day)
        pairs = {"goal": _code(key), "every": "1" if every else ""}
        shown, turns = _page_of(asked, found, "network.needs", pairs)
        return self.render(
            "network_list.html",
            crumbs=[("网络和配备", address("network.index", asked.pairs())), (label, None)],
            **_frame(asked, "index"),
            title=label,
            about=f"{net.asked(network, key)}；{_summary(standing)}",
            switch=_switch(asked, key, every),
            heads=["名称", "要求", "现有", "还缺"],
            rows=[_need(network, each) for each in shown],
            empty="都达标了。" if standing.needs else "这个单位没有这项目标。",
            total=len(found),
            **turns,
        )

    @expose("/norms")
    @opens(SEEN)
    def norms(self) -> str:
        """六统一 and terms of office, unit by unit."""
        asked = _asked()
        unities = net.unities_of(db.session, asked.network.day)
        return self.render(
            "network_norms.html",
            crumbs=[("网络和配备", address("network.index", asked.pairs())), ("六统一和任期", None)],
            **_frame(asked, "norms"),
            heads=[each.label for each in NORMS],
            lines=[_norm_line(asked, each, unities) for each in net.lines(asked.network)],
        )

    @expose("/committees")
    @opens(SEEN)
    def committees(self) -> str:
        """The committees behind one number of 六统一 and terms."""
        asked, name = _asked(), request.args.get("figure", "")
        network, unities = asked.network, net.unities_of(db.session, asked.network.day)
        rooms = list(network.rooms.values())
        if request.args.get("level") == "1":
            rooms = [room for room in rooms if room.body.path == network.unit.path]
        found = net.of_norm(rooms, name, unities, network.day)
        shown, turns = _page_of(asked, found, "network.committees", {"figure": name})
        words = dict(net.unity_words(db.session, network.day))
        label = NORM[name].label
        return self.render(
            "network_list.html",
            crumbs=[("网络和配备", address("network.norms", asked.pairs())), (label, None)],
            **_frame(asked, "norms"),
            title=label,
            about="",
            switch=None,
            heads=["调委会", "六统一还缺", "任期届满"],
            rows=[_room(each, words) for each in shown],
            empty="没有这样的调委会。",
            total=len(found),
            **turns,
        )

    @expose("/studios")
    @opens(SEEN)
    def studios(self) -> str:
        """The personal brand studios: who leads them, and whether the conditions are met."""
        asked = _asked()
        network = asked.network
        rooms = studios.of_network(network)
        shown, turns = _page_of(asked, rooms, "network.studios", {})
        return self.render(
            "network_studios.html",
            crumbs=[("网络和配备", address("network.index", asked.pairs())), ("个人品牌调解工作室", None)],
            **_frame(asked, "studios"),
            asks=studios.asked(db.session, network.day),
            studios=[_studio(each) for each in studios.told(db.session, shown, network.day)],
            total=len(rooms),
            **turns,
        )


def _asked() -> Asked:
    session, user, notices = db.session, signed_in(), []
    text = clean(request.args.get("year"), 10)
    year = whole(text) or today().year
    if not 2000 <= year <= today().year + 10:
        notices.append(f"年度“{text}”看不懂，已按今年计算。")
        year = today().year
    return Asked(net.read(session, user, _unit(session, user), year), tuple(notices))


def _unit(session: Session, user: User) -> Unit:
    """The unit asked for; else that of the person's highest post."""
    chosen = whole(request.args.get("unit"))
    if chosen:
        return policy.find(session, user, Unit, chosen)
    highest = min(policy.paths(user, SEEN), key=len)
    return session.scalars(select(Unit).where(Unit.path == highest)).one()


def _frame(asked: Asked, current: str) -> dict[str, Any]:
    """What every page of this view shows around its own."""
    network = asked.network
    form = NetworkForm(data={"unit": network.unit.id, "year": str(network.year)})
    tabs = (("index", "人员配备"), ("studios", "个人品牌调解工作室"), ("norms", "六统一和任期"))
    return {
        "network": network,
        "notices": asked.notices,
        "query": aimed(form, network.unit),
        "above": _above(asked, current),
        "tabs": [
            {
                "label": label,
                "url": address(f"network.{name}", asked.pairs()),
                "current": name == current,
                "count": None,
            }
            for name, label in tabs
        ],
    }


def _above(asked: Asked, current: str) -> dict[str, str] | None:
    """The way up, as far as the person's own units reach."""
    unit = asked.network.unit
    parent = db.session.get(Unit, unit.parent_id) if unit.parent_id else None
    tops = policy.paths(signed_in(), SEEN)
    if parent is None or not any(parent.path.startswith(each) for each in tops):
        return None
    return {"label": str(parent), "url": address(f"network.{current}", asked.pairs(parent))}


def _told(lines: list[Line]) -> list[Key]:
    """The targets of which the table by unit tells: not those that are said of the whole alone."""
    parts = lines[:-1] or lines
    said = {each.key for line in parts for each in line.standings if each.needs}
    return [each.key for each in lines[-1].standings if each.key in said]


def _code(key: Key) -> str:
    """A target in an address."""
    return ".".join((key.aim.value, key.kind, key.tier.value if key.tier else ""))


def _key() -> Key:
    """The target that the address names; 404 for none."""
    named = request.args.get("goal", "").split(".")
    try:
        aim, kind, tier = named
        return Key(Aim(aim), kind, Tier(tier) if tier else None)
    except ValueError:
        raise NotSeen("没有这项目标。") from None


def _target(asked: Asked, standing: Standing) -> dict[str, Any]:
    key, network = standing.key, asked.network
    return {
        "said": net.said(db.session, key, network.day),
        "asked": net.asked(network, key),
        "subjects": standing.asked_of,
        "met": standing.reached,
        "required": standing.required,
        "there": standing.there,
        "gap": standing.gap,
        "counted": net.counted(key),
        "percent": standing.percent,
        "url": _needs_url(asked, network.unit, key),
        "every_url": address("network.needs", asked.pairs(goal=_code(key), every="1")),
    }


def _later(network: Network, goal: Goal) -> dict[str, Any]:
    said = net.said(db.session, goal.key, network.day)
    return {"year": goal.year, "said": said, "asked": net.measured(goal)}


def _needs_url(asked: Asked, unit: Unit, key: Key) -> str:
    return address("network.needs", asked.pairs(unit, goal=_code(key)))


def _line(asked: Asked, line: Line, told: list[Key]) -> dict[str, Any]:
    """A line of the table, with those of the targets that are said of anybody here."""
    words, tone = _standing_words(line)
    return {
        "label": line.label,
        "url": address("network.index", asked.pairs(line.unit)) if line.kind is RowKind.SUB else None,
        "total": line.kind is RowKind.TOTAL,
        "words": words,
        "tone": tone,
        "cells": [_cell(asked, line, each) for each in line.standings if each.key in told],
    }


def _standing_words(line: Line) -> tuple[str, str]:
    """A line in a word, with its tone."""
    if not any(each.needs for each in line.standings):
        return "没有目标", "neutral"
    if line.people_short:
        return f"还缺 {line.people_short:,} 人", "seal"
    return (f"{line.missed} 项没达标", "warn") if line.missed else ("全部达标", "ok")


def _cell(asked: Asked, line: Line, standing: Standing) -> dict[str, Any]:
    label = net.said(db.session, standing.key, asked.network.day)
    linked = standing.gap and line.kind is not RowKind.OWN
    return {
        "label": label,
        "text": f"{standing.reached:,}/{standing.asked_of:,}" if standing.needs else "—",
        "gap": f"缺 {standing.gap:,} {net.counted(standing.key)}" if standing.gap else "",
        "url": _needs_url(asked, line.unit, standing.key) if linked else None,
    }


def _summary(standing: Standing) -> str:
    if not standing.needs:
        return "没有这项目标"
    if not standing.gap:
        return "已经达标"
    return f"还缺 {standing.gap:,} {net.counted(standing.key)}"


def _switch(asked: Asked, key: Key, every: bool) -> dict[str, str]:
    pairs = asked.pairs(goal=_code(key), every="" if every else "1")
    return {"label": "只看没达标的" if every else "看全部", "url": address("network.needs", pairs)}


def _need(network: Network, need: Need) -> dict[str, Any]:
    room = network.rooms.get(need.committee_id) if need.committee_id else None
    unit = next((each for each in network.units if each.path == need.path), network.unit)
    gap = f"{need.gap:,}" if need.gap else "—"
    return {
        "title": room.name if room else unit.name,
        "url": url_for("committee.detail", record_id=need.committee_id)
        if room
        else address("mediator.index", [("unit", str(unit.id))]),
        "words": [f"{need.required:,}", f"{need.there:,}", gap],
        "short": bool(need.gap),
    }


def _room(room: Room, words: dict[str, str]) -> dict[str, Any]:
    lacking = "、".join(label for code, label in words.items() if code not in room.unities)
    return {
        "title": room.name,
        "url": url_for("committee.detail", record_id=room.body.id),
        "words": [lacking or "—", f"{room.term_until:%Y-%m-%d}" if room.term_until else "没有登记"],
        "short": False,
    }


def _norm_line(asked: Asked, line: Line, unities: frozenset[str]) -> dict[str, Any]:
    cells = []
    for norm in NORMS:
        number = len(net.of_norm(line.rooms, norm.name, unities, asked.network.day))
        level = "1" if line.kind is RowKind.OWN else ""
        url = address("network.committees", asked.pairs(line.unit, figure=norm.name, level=level))
        cells.append(
            {
                "label": norm.label,
                "text": f"{number:,}",
                "url": url if number else None,
                "tone": norm.tone if number else "",
            }
        )
    return {
        "label": line.label,
        "url": address("network.norms", asked.pairs(line.unit)) if line.kind is RowKind.SUB else None,
        "total": line.kind is RowKind.TOTAL,
        "cells": cells,
    }


def _studio(studio: Studio) -> dict[str, Any]:
    return {
        "name": studio.room.name,
        "url": url_for("committee.detail", record_id=studio.room.body.id),
        "founder": studio.founder,
        "founder_url": url_for("mediator.detail", record_id=studio.founder_id) if studio.founder_id else None,
        "conditions": [
            {"label": each.label, "actual": f"{each.actual.normalize():f}", "met": each.met}
            for each in studio.conditions
        ],
        "full": studio.room.body.full,
        "qualifies": studio.qualifies,
    }


def _page_of(
    asked: Asked, found: Sequence[Each], endpoint: str, more: dict[str, str]
) -> tuple[Sequence[Each], dict[str, str | None]]:
    """One page of a list, and the ways to the ones beside it."""
    page = min(max(1, whole(request.args.get("page")) or 1), 100_000)

    def turn(to: int) -> str:
        return address(endpoint, [*asked.pairs(None, **more), ("page", str(to))])

    ways = {
        "prev_url": turn(page - 1) if page > 1 else None,
        "next_url": turn(page + 1) if len(found) > page * SIZE else None,
    }
    return found[(page - 1) * SIZE : page * SIZE], ways
