"""A desk: one database of so many cases, the application upon it, and the people who work there."""

from dataclasses import dataclass
from itertools import cycle

from flask import Flask
from sqlalchemy import URL, Engine, func, select
from sqlalchemy.orm import Session

from admin_app import history, migrations, search
from admin_app.models.cases import Case
from admin_app.models.committees import Committee
from admin_app.models.units import Unit
from admin_app.models.users import Post, Role, User
from admin_app.rules.cases import EDITABLE
from admin_app.rules.tiers import PATH_WIDTH, Tier
from seed.scale import load_scale
from seed.users import HOME
from tests.databases import SEAL, STORE, open_engine
from tests.web import Browser, browser, make_app

DEEP = 1000  # pages of 20
SAVED = 50  # so many cases take turns in being saved


@dataclass(frozen=True)
class Facts:
    """What the operations need to know of one database."""

    people: dict[str, int]
    county: int
    township: int
    words: str  # two characters of the township's name
    name: str  # two characters of a party's name
    number: str  # the digits of a case's number
    page: int  # a deep one of the list
    open: list[int]  # cases that may still be changed, the newest first


@dataclass
class Desk:
    """One size of database, and the browser of each person."""

    cases: int
    url: URL
    app: Flask
    facts: Facts
    at: dict[str, Browser]
    turn: "cycle[int]"  # the open cases, one after the other


def prepare(url: URL, cases: int) -> Desk:
    """Fill the database if it is empty, and sit down."""
    engine = open_engine(url)
    stood = migrations.current(engine)
    migrations.upgrade(engine)
    with Session(engine, info={"seal": SEAL, "files": STORE}) as session:
        history.act_as(session, None)
        if session.scalar(select(User.id).limit(1)) is None:
            load_scale(session, cases, lambda done, total: None)
            _people(session)
            session.commit()
        if not search.filled(session):  # the database is older than the index
            search.rebuild(session)
            session.commit()
        if stood != migrations.newest():  # a new index is of no use to a planner that knows nothing of it
            session.commit()
            _tidy(engine)
        facts = _facts(session, cases)
    engine.dispose()
    app = make_app(url)
    at = {name: browser(app, user_id) for name, user_id in facts.people.items()}
    return Desk(cases, url, app, facts, at, cycle(facts.open))


def _tidy(engine: Engine) -> None:
    """What PostgreSQL does by itself in its quiet minutes, done at once; SQLite learns its indexes."""
    postgresql = engine.dialect.name == "postgresql"
    with engine.connect() as connection:
        quiet = connection.execution_options(isolation_level="AUTOCOMMIT") if postgresql else connection
        quiet.exec_driver_sql("VACUUM ANALYZE" if postgresql else "ANALYZE")
        quiet.commit()


def _people(session: Session) -> None:
    city = session.scalars(select(Unit).where(Unit.tier == Tier.CITY)).one()
    county = session.scalars(select(Unit).where(Unit.code == HOME)).one()
    township = _largest_township(session, county)
    committee = session.scalars(select(Committee).where(Committee.unit_id == township.id)).first()
    assert committee
    posts = {
        "city": Post(role=Role.BUREAU, unit=city),
        "county": Post(role=Role.BUREAU, unit=county),
        "township": Post(role=Role.OFFICE, unit=township),
        "committee": Post(role=Role.COMMITTEE, unit=township, committee_id=committee.id),
    }
    for name, post in posts.items():
        session.add(User(username=name, name=name, must_change_password=False, posts=[post]))


def _largest_township(session: Session, county: Unit) -> Unit:
    """The one with most committees, and so with most cases."""
    town = func.substr(Committee.path, 1, PATH_WIDTH[Tier.TOWNSHIP])
    most = (
        select(town)
        .where(Committee.under(county.path), func.length(Committee.path) > PATH_WIDTH[Tier.TOWNSHIP])
        .group_by(town)
        .order_by(func.count().desc(), town)
        .limit(1)
    )
    return session.scalars(select(Unit).where(Unit.path == most.scalar_subquery())).one()


def _facts(session: Session, cases: int) -> Facts:
    users = {user.username: user for user in session.scalars(select(User))}
    township = users["township"].posts[0].unit
    middle = session.execute(
        select(Case.names, Case.number)
        .where(Case.id >= cases // 2, Case.number.is_not(None))
        .order_by(Case.id)
        .limit(1)
    ).one()
    editable = select(Case.id).where(Case.stage.in_(EDITABLE)).order_by(Case.id.desc()).limit(SAVED)
    return Facts(
        people={name: user.id for name, user in users.items()},
        county=users["county"].posts[0].unit_id,
        township=township.id,
        words=township.name[:2],
        name=middle.names[:2],
        number=middle.number[-9:-1],
        page=max(1, min(DEEP, cases // 25)),
        open=list(session.scalars(editable)),
    )
