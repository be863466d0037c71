"""Screens 页面: every place a person may go, by its name: those of the menu, and those beside them."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from flask import current_app, url_for
from flask_admin import Admin
from flask_admin.menu import MenuCategory

from admin_app import policy
from admin_app.exports.downloads import may
from admin_app.exports.ledger import LEDGERS
from admin_app.imports.sheet import SHEETS
from admin_app.models.pinyin import spellings
from admin_app.models.registry import in_menu_order
from admin_app.models.users import User
from admin_app.rules.search import folded
from admin_app.views.doors import action_of_endpoint

# Screens with a name of their own that no menu leads to: endpoint → name, and where it stands.
BESIDE = {
    "case.quick": ("快速登记", "案件"),
    "case.quick_batch": ("批量快速登记", "案件"),
    "figures.charts": ("图表", "统计"),
    "figures.brief": ("简报", "统计"),
    "figures.organisation": ("组织队伍经费", "统计"),
    "network.studios": ("个人品牌调解工作室", "网络和配备"),
    "network.norms": ("六统一和任期", "网络和配备"),
    "budget.standing": ("经费执行情况", "经费预算"),
    "parameter.now": ("现行参数", "系统设置"),
    "ledgers.inspection": ("检查打包", "台账"),
    "log.verify": ("核对日志", "日志"),
    "log.check": ("核对台账文件", "日志"),
    "notices.index": ("通知", "右上角"),
    "jobs.index": ("后台任务", "我的账号"),
    "sign_in.change_password": ("修改密码", "我的账号"),
}


@dataclass(frozen=True)
class Screen:
    """A place to go: its name, where it stands, its address."""

    label: str
    place: str
    url: str


def entries(admin: Admin) -> Iterator[tuple[str, Any]]:
    """(group, entry) of the menu in its order: only what this person may open."""
    for item in admin.menu():
        if isinstance(item, MenuCategory):
            yield from ((item.name, each) for each in item.get_children())  # it asks each of them itself
        elif item.is_accessible() and item.is_visible():
            yield "", item


def screens(user: User) -> Iterator[Screen]:
    """Every screen that this person may open."""
    for group, entry in entries(current_app.extensions["admin"][0]):
        yield Screen(entry.name, group, entry.get_url())
    for register in in_menu_order():
        made = {"create": f"{register.making}{register.noun}"} if register.making else {}
        for view, label in {**made, "bin": f"{register.noun}回收站"}.items():
            if _open(user, f"{register.word}.{view}"):
                yield Screen(label, register.noun, url_for(f"{register.word}.{view}"))
    for endpoint, (label, place) in BESIDE.items():
        if _open(user, endpoint):
            yield Screen(label, place, url_for(endpoint))
    for sheet in SHEETS.values():
        if policy.may(user, sheet.action):
            yield Screen(f"导入{sheet.label}", "导入", url_for("imports.sheet", sheet=sheet.name))


def ledgers(user: User) -> Iterator[Screen]:
    """Every ledger that this person may download."""
    for ledger in LEDGERS.values():
        if may(user, ledger):
            yield Screen(ledger.label, ledger.shelf, url_for("ledgers.ledger", book=ledger.name))


def _open(user: User, endpoint: str) -> bool:
    return policy.may(user, _action(endpoint))


@cache
def _action(endpoint: str) -> str:
    return action_of_endpoint(current_app, endpoint)


def named(found: Iterator[Screen], question: str) -> list[tuple[int, Screen]]:
    """Those whose name has each word of a question, in characters, pinyin or initials; the nearest first,

    each with where in its name the first of the words stands.
    """
    words = folded(question).split()
    if not words:
        return []
    near = [(far, each) for each in found if (far := _distance(each.label, words)) is not None]
    return sorted(near, key=lambda one: (one[0], len(one[1].label)))


def _distance(label: str, words: list[str]) -> int | None:
    """How far within a name the first of the words stands; None where one of them does not."""
    ways = _ways(label)
    places = [next((place for place, way in ways if way.startswith(word)), None) for word in words]
    return None if None in places else places[0]


@cache
def _ways(label: str) -> tuple[tuple[int, str], ...]:
    """How a name may be begun to be typed, at each of its characters."""
    plain = folded(label)
    return tuple(
        (place, way)
        for place in range(len(plain))
        for way in (plain[place:], *spellings(plain[place:]).split())
    )
