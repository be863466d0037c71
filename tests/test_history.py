"""The history: one line for each record and transaction, chained, and nothing passes it by."""

import os
import subprocess
import sys
import textwrap
import threading
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine, delete, func, insert, select, text, update
from sqlalchemy.orm import Session

from admin_app import history
from admin_app.history import Action
from admin_app.models.base import Base, Kept, Part
from admin_app.models.cases import Case, Party
from admin_app.models.history import Entry
from admin_app.models.preferences import Preference
from admin_app.models.units import Unit
from admin_app.models.users import User
from tests.databases import SEAL, open_session
from tests.world import World

Person = Callable[[str], User]
WATCHED = sorted(
    (each.class_ for each in Base.registry.mappers if issubclass(each.class_, Kept | Part)),
    key=lambda model: model.__name__,
)


def lines_since(session: Session, before: int) -> list[Entry]:
    return list(session.scalars(select(Entry).where(Entry.place > before).order_by(Entry.place)))


# ------------------------------------------------------------------ what is written


def test_several_flushes_of_one_record_are_one_line_with_the_first_and_the_last_value(
    session: Session, world: World
) -> None:
    before = history.count(session)
    case = session.get_one(Case, world.case)
    case.place = "祠堂"
    session.flush()
    case.remark = "下雨"
    session.flush()
    session.commit()
    (line,) = lines_since(session, before)
    assert line.changes["fields"] == [
        {"field": "place", "old": None, "new": "祠堂"},
        {"field": "remark", "old": None, "new": "下雨"},
    ]


def test_two_records_in_one_transaction_are_two_lines(session: Session, world: World) -> None:
    before = history.count(session)
    session.get_one(Case, world.case).place = "祠堂"
    session.get_one(Unit, world.village).phone = "0579-82300001"
    session.commit()
    assert {(each.register, each.record_id) for each in lines_since(session, before)} == {
        ("case", world.case),
        ("unit", world.village),
    }


def test_a_line_tells_who_what_where_and_the_title(session: Session, person: Person, world: World) -> None:
    before = history.count(session)
    history.act_as(session, person("owner"))
    case = session.get_one(Case, world.case)
    case.place = "祠堂"
    session.commit()
    (line,) = lines_since(session, before)
    assert (line.actor_id, line.actor_name) == (world.owner, "owner 用户")
    assert (line.action, line.register, line.record_id) == (Action.EDIT, "case", world.case)
    assert (line.title, line.path) == (str(case), case.path)


def test_the_old_value_is_told_even_if_it_was_not_loaded(session: Session, world: World) -> None:
    case = session.get_one(Case, world.case)
    brief = case.brief
    session.expire(case)
    before = history.count(session)
    case.brief = "另一件事"
    session.commit()
    (line,) = lines_since(session, before)
    assert line.changes["fields"] == [{"field": "brief", "old": brief, "new": "另一件事"}]


def test_setting_the_same_value_leaves_no_line(session: Session, world: World) -> None:
    before = history.count(session)
    case = session.get_one(Case, world.case)
    case.brief = str(case.brief)
    case.parties[0].name = "甲某"
    session.commit()
    assert history.count(session) == before


def test_a_change_of_a_line_alone_is_told_of_its_record(session: Session, world: World) -> None:
    before = history.count(session)
    party = session.get_one(Case, world.case).parties[0]
    party.name = "甲某某"
    session.commit()
    (line,) = lines_since(session, before)
    assert (line.register, line.record_id, line.action) == ("case", world.case, Action.EDIT)
    assert line.changes["fields"] == [
        {
            "field": "name",
            "old": "甲某",
            "new": "甲某某",
            "part": "parties",
            "line": party.id,
            "name": "甲某某",
        }
    ]


@pytest.mark.parametrize("how", ["cut off", "deleted"])
def test_a_line_taken_out_is_told_whole(session: Session, world: World, how: str) -> None:
    case = session.get_one(Case, world.case)
    gone = case.parties[0]
    before, line_id = history.count(session), gone.id
    if how == "cut off":
        case.parties.remove(gone)
    else:
        session.delete(gone)
    session.commit()
    (line,) = lines_since(session, before)
    told = {each["field"]: (each["old"], each["new"]) for each in line.changes["fields"]}
    assert {each["line"] for each in line.changes["fields"]} == {line_id}
    assert told["name"] == ("甲某", None)
    assert told["phone"] == ("13857911111", None)


def test_what_no_field_tells_can_be_noted(session: Session, person: Person, world: World) -> None:
    before = history.count(session)
    history.act_as(session, person("inspector"))
    case = session.get_one(Case, world.case)
    history.note(session, Action.UNMASK, record=case, words="核对身份")
    history.note(session, Action.EXPORT, title="调解案件登记册", words="12 行")
    history.note(session, Action.EXPORT, title="调解员名册", words="3 行")
    session.commit()
    assert [(each.action, each.title, each.note) for each in lines_since(session, before)] == [
        ("unmask", str(case), "核对身份"),
        ("export", "调解案件登记册", "12 行"),
        ("export", "调解员名册", "3 行"),
    ]


def test_what_is_no_register_leaves_no_line(session: Session, world: World) -> None:
    before = history.count(session)
    session.add(Preference(user_id=world.owner, name="columns.case", value=["number"]))
    session.commit()
    assert history.count(session) == before


# ------------------------------------------------------------------ what is not


def test_a_rollback_leaves_no_line_then_or_later(session: Session, world: World) -> None:
    before = history.count(session)
    session.get_one(Case, world.case).place = "祠堂"
    history.note(session, Action.EXPORT, title="不会发生")
    session.flush()
    session.rollback()
    session.get_one(Unit, world.village).phone = "0579-82300001"
    session.commit()
    assert [each.register for each in lines_since(session, before)] == ["unit"]


def test_a_commit_that_fails_leaves_neither_record_nor_line(session: Session, world: World) -> None:
    before = history.count(session)
    session.get_one(Case, world.case).place = "祠堂"
    session.add(Party(name="没有案件"))
    with pytest.raises(Exception, match="case_id"):
        session.commit()
    session.rollback()
    assert session.get_one(Case, world.case).place is None
    assert history.count(session) == before


@pytest.mark.parametrize("model", WATCHED, ids=lambda model: model.__name__)
def test_a_bulk_write_on_anything_watched_is_refused(looking: Session, model: Any) -> None:
    for statement in (
        update(model).values(id=model.id),
        delete(model),
        update(model.__table__).values(id=model.id),
        delete(model.__table__),
    ):
        with pytest.raises(RuntimeError, match="history"):
            looking.execute(statement)
    with pytest.raises(RuntimeError, match="history"):
        looking.query(model).delete()
    assert looking.scalar(select(func.count()).select_from(model)) is not None


def test_the_watch_covers_registers_and_their_lines() -> None:
    assert {Case, Party, User, Unit} <= set(WATCHED)
    assert Entry not in WATCHED


# ------------------------------------------------------------------ the chain


def _tamper(session: Session, statement: Any) -> None:
    """As somebody would who holds the database but not the key: past the ORM."""
    session.connection().execute(statement)


TABLE: Any = Entry.__table__
ALTERED = {
    "at": history.now().replace(year=2020),
    "actor_id": 999,
    "actor_name": "别人",
    "action": "export",
    "register": "expert",
    "record_id": 999,
    "title": "别的标题",
    "path": "330700/",
    "changes": {"fields": []},
    "note": "别的话",
    "digest": "0" * 64,
}


def test_an_untouched_chain_verifies_and_says_how_many_lines_stand(looking: Session) -> None:
    assert history.verify(looking) == (history.count(looking), None)


@pytest.mark.parametrize("column", ALTERED)
def test_an_altered_line_is_noticed(looking: Session, column: str) -> None:
    _tamper(looking, update(TABLE).where(TABLE.c.place == 7).values({column: ALTERED[column]}))
    assert history.verify(looking) == (6, 7)


def test_the_table_of_alterations_leaves_no_column_out() -> None:
    assert set(ALTERED) | {"id", "place"} == set(TABLE.c.keys())


@pytest.mark.parametrize("place", [1, 7])
def test_a_line_taken_out_is_noticed(looking: Session, place: int) -> None:
    _tamper(looking, delete(TABLE).where(TABLE.c.place == place))
    assert history.verify(looking) == (place - 1, place)


def test_a_line_taken_out_is_noticed_even_if_the_others_are_renumbered(looking: Session) -> None:
    _tamper(looking, delete(TABLE).where(TABLE.c.place == 7))
    for place in range(8, history.count(looking) + 2):
        _tamper(looking, update(TABLE).where(TABLE.c.place == place).values(place=place - 1))
    assert history.verify(looking) == (6, 7)


def test_two_lines_that_changed_places_are_noticed(looking: Session) -> None:
    for old, new in ((7, 10_000), (8, 7), (10_000, 8)):
        _tamper(looking, update(TABLE).where(TABLE.c.place == old).values(place=new))
    assert history.verify(looking) == (6, 7)


def test_a_line_put_in_without_the_key_is_noticed(looking: Session) -> None:
    count = history.count(looking)
    last = looking.scalars(select(Entry).order_by(Entry.place.desc()).limit(1)).one()
    line = {name: getattr(last, name) for name in TABLE.c.keys() if name != "id"}  # noqa: SIM118
    _tamper(looking, insert(TABLE).values({**line, "place": count + 1}))
    assert history.verify(looking) == (count, count + 1)


def test_another_key_fits_no_line(looking: Session) -> None:
    looking.info["seal"] = SEAL[::-1]
    assert history.verify(looking) == (0, 1)


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "UTC", "America/New_York"])
def test_the_chain_verifies_in_whatever_zone_the_server_keeps(
    session: Session, world: World, zone: str
) -> None:
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text(f"SET TIME ZONE '{zone}'"))
    session.get_one(Unit, world.village).phone = "0579-82300001"
    session.get_one(User, world.owner).signed_in_at = history.now()
    session.commit()
    assert history.verify(session) == (history.count(session), None)


# ------------------------------------------------------------------ many at once, and one cut short


def test_writers_at_once_leave_one_chain_without_a_gap(engine: Engine, world: World) -> None:
    names = ["case", "colleague_case", "mediating_case", "township_case"]
    rounds = 5
    with open_session(engine) as session:
        before = history.count(session)
    start = threading.Barrier(len(names))
    failures: list[BaseException] = []

    def write(name: str) -> None:
        start.wait(20)
        try:
            for turn in range(rounds):
                with open_session(engine) as session:
                    session.get_one(Case, getattr(world, name)).place = f"第 {turn} 处"
                    session.commit()
        except BaseException as failure:
            failures.append(failure)

    threads = [threading.Thread(target=write, args=(name,)) for name in names]
    for each in threads:
        each.start()
    for each in threads:
        each.join(60)
    assert failures == []
    with open_session(engine) as session:
        assert history.verify(session) == (before + rounds * len(names), None)
        places = list(session.scalars(select(Entry.place).order_by(Entry.place)))
        assert places == list(range(1, len(places) + 1))


KILLED = """
    import os, sys
    from sqlalchemy import event, make_url
    from admin_app.models.cases import Case
    from tests.databases import open_engine, open_session

    engine = open_engine(make_url(sys.argv[1]))
    with open_session(engine) as session:
        case = session.get_one(Case, int(sys.argv[2]))
        event.listen(engine, "commit", lambda connection: os._exit(77))
        case.place = "停电之前"
        session.commit()
    os._exit(0)
"""


def test_a_process_killed_in_the_act_leaves_neither_record_nor_line(engine: Engine, world: World) -> None:
    """The light goes out after the line has been written and before the database has committed."""
    with open_session(engine) as session:
        before = history.count(session)
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            textwrap.dedent(KILLED),
            engine.url.render_as_string(hide_password=False),
            str(world.case),
        ],
        env={**os.environ, "PYTHONPATH": "."},
        timeout=60,
        check=False,
    )
    assert done.returncode == 77
    with open_session(engine) as session:
        assert session.get_one(Case, world.case).place is None
        assert history.count(session) == before
        session.get_one(Case, world.case).place = "来电以后"
        session.commit()
        assert history.verify(session) == (before + 1, None)
