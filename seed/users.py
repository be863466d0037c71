"""The accounts of the demo: each role, each tier, and strangers in another county."""

import os
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from admin_app.models.users import Post as Duty
from admin_app.models.users import Role, User
from admin_app.operations.users import set_password
from admin_app.rules.committees import DIRECTOR
from admin_app.rules.tiers import Tier
from seed.bulk import Row, add, next_id
from seed.committees import Room
from seed.experts import Adviser
from seed.mediators import Post
from seed.places import Place

HOME, AWAY = "330702", "330703"  # 婺城区, 金东区


@dataclass(frozen=True)
class Stand:
    """Where the demo's people stand: the first township of a county and a village committee in it."""

    city: Place
    county: Place
    town: Place
    room: Room
    town_room: Room
    director: Post
    mediator: Post


@dataclass(frozen=True)
class Account:
    """One row of the table of accounts."""

    username: str
    name: str
    role: Role
    place: Place
    room: Room | None = None
    post: Post | None = None
    adviser: Adviser | None = None


@dataclass(frozen=True)
class Desk:
    """Who of the demo's people acts where, by ids: for units, committees, mediators, experts."""

    offices: dict[int, int]
    directors: dict[int, int]
    mediators: dict[int, int]
    experts: dict[int, int]

    def at(self, unit_id: int) -> tuple[int, ...]:
        """The people of a centre."""
        return tuple(filter(None, (self.offices.get(unit_id),)))

    def of_room(self, room_id: int, mediators: Iterable[int] = ()) -> tuple[int, ...]:
        """The director of a committee, and those of its mediators who can sign in."""
        found = [self.directors.get(room_id), *(self.mediators.get(each) for each in mediators)]
        return tuple(dict.fromkeys(each for each in found if each))

    def actor(self, room: Room, mediators: Iterable[int] = ()) -> int | None:
        """Who takes the steps of a case there: its mediator, the director, the centre."""
        people = [*(self.mediators.get(each) for each in mediators), self.directors.get(room.id)]
        return next(filter(None, people), self.offices.get(room.place.id))


def stand(county: str, places: list[Place], rooms: list[Room], posts: list[Post]) -> Stand:
    """The first township there, and its first village committee with a director and one more mediator."""
    by_code = {place.code: place for place in places}
    town = next(place for place in places if place.tier is Tier.TOWNSHIP and place.parent is by_code[county])
    staff: dict[int, list[Post]] = {}
    for post in posts:
        staff.setdefault(post.room.id, []).append(post)
    room = next(
        room for room in rooms if room.place.parent is town and len(room.mediators) > 1 and room.id in staff
    )
    director, mediator = staff[room.id][:2]
    assert director.position == DIRECTOR
    town_room = next(room for room in rooms if room.place is town)
    return Stand(by_code["330700"], by_code[county], town, room, town_room, director, mediator)


def accounts(home: Stand, away: Stand, adviser: Adviser) -> list[Account]:
    """Who may sign in."""
    return [
        Account("admin", "系统管理员", Role.SYSADMIN, home.city),
        Account("audit", "审计员", Role.AUDITOR, home.city),
        Account("city", "市局管理员", Role.BUREAU, home.city),
        Account("county", "区局管理员", Role.BUREAU, home.county),
        Account("office", "司法所工作人员", Role.OFFICE, home.town),
        Account("director", home.director.person.name, Role.COMMITTEE, home.room.place, home.room),
        Account(
            "mediator", home.mediator.person.name, Role.MEDIATOR, home.room.place, home.room, home.mediator
        ),
        Account("inspector", "检查人员", Role.INSPECTOR, home.county),
        Account("expert", adviser.name, Role.EXPERT, home.county, adviser=adviser),
        Account("office2", "外区司法所工作人员", Role.OFFICE, away.town),
        Account(
            "mediator2", away.mediator.person.name, Role.MEDIATOR, away.room.place, away.room, away.mediator
        ),
    ]


def load_users(
    session: Session,
    home: Stand,
    away: Stand,
    advisers: list[Adviser],
    password: str | None,
    accounts_file: Path,
) -> Desk:
    """The users; tells who acts where. Without a password each gets one of their own."""
    given = accounts(home, away, next(each for each in advisers if each.place is home.county))
    passwords = [password or secrets.token_urlsafe(12) for _ in given]
    first = next_id(session, User)
    add(session, User, [_user(first + n, each, passwords[n]) for n, each in enumerate(given)])
    add(session, Duty, [_duty(first + n, each) for n, each in enumerate(given)])
    write_accounts(accounts_file, given, passwords)
    ids = list(enumerate(given, first))
    return Desk(
        offices={each.place.id: n for n, each in ids if each.role in (Role.BUREAU, Role.OFFICE)},
        directors={each.room.id: n for n, each in ids if each.room and each.role is Role.COMMITTEE},
        mediators={each.post.id: n for n, each in ids if each.post and each.role is Role.MEDIATOR},
        experts={each.adviser.id: n for n, each in ids if each.adviser},
    )


def _user(user_id: int, account: Account, password: str) -> Row:
    user = User()
    set_password(user, password, must_change=False)
    return {
        "id": user_id,
        "username": account.username,
        "name": account.name,
        "password_hash": user.password_hash,
        "must_change_password": user.must_change_password,
        "session_stamp": user.session_stamp,
    }


def _duty(user_id: int, account: Account) -> Row:
    return {
        "user_id": user_id,
        "role": account.role,
        "unit_id": account.place.id,
        "committee_id": account.room.id if account.room else None,
        "mediator_id": account.post.id if account.post else None,
        "expert_id": account.adviser.id if account.adviser else None,
    }


def write_accounts(file: Path, given: list[Account], passwords: list[str]) -> None:
    """A table in Markdown that only its owner may read, from the first byte on."""
    lines = ["# 演示账号", "", "| 用户名 | 角色 | 单位 | 密码 |", "|---|---|---|---|"]
    for each, password in zip(given, passwords, strict=True):
        where = each.room.name if each.room else each.place.full
        lines.append(f"| {each.username} | {each.role.label} | {where} | `{password}` |")
    file.unlink(missing_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
        out.write("\n".join(lines) + "\n")
