"""The whole matrix: person × register × record × door, generated from the tables, none listed by hand.

What a door must answer is reckoned from `Reach.holds` on the record in memory; what it answers went
through `Reach.sql` in the database. So each checks the other, at every door.
"""

import io
import re
from collections.abc import Iterator

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import URL, Engine, select
from sqlalchemy.orm import Session

from admin_app import policy
from admin_app.database import db
from admin_app.exports.ledger import LEDGERS
from admin_app.models.cases import Case
from admin_app.models.registry import REGISTERS, Register
from admin_app.models.users import User
from admin_app.operations import checks
from tests.databases import Ground, open_engine, open_session
from tests.web import Browser, make_app, named
from tests.world import PEOPLE, World

SIGNED_IN = [who for who in PEOPLE if who != "inactive"]
LINKS = [
    (register.word, f"{part.name}.{field.name}" if part else field.name)
    for register in REGISTERS.values()
    for part in (None, *register.part_lists())
    for field in (part.fields if part else register.fields)
    if field.kind == "link"
]


@pytest.fixture(scope="module")
def url(ground: Ground) -> Iterator[URL]:
    """One copy of the world for the file: the matrix only knocks, and what it posts is refused."""
    with ground.world_url() as url:
        yield url


@pytest.fixture(scope="module")
def app(url: URL) -> Iterator[Flask]:
    app = make_app(url)
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="module")
def reckoning(url: URL) -> Iterator[Engine]:
    """A second way to the database: under an outer application context every browser would be one person."""
    engine = open_engine(url)
    yield engine
    engine.dispose()


@pytest.fixture(params=SIGNED_IN)
def who(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def here(app: Flask, world: World, who: str) -> Browser:
    return named(app, world, who)


@pytest.fixture
def me(reckoning: Engine, world: World, who: str) -> Iterator[tuple[Session, User]]:
    with open_session(reckoning) as session:
        if session.get_bind().dialect.name == "sqlite":
            session.connection(execution_options={"reads_only": True})
        yield session, session.get_one(User, getattr(world, who))


def records_of(session: Session, register: Register, *, removed: bool) -> list[object]:
    model = register.model
    condition = model.removed_at.is_not(None) if removed else model.removed_at.is_(None)
    return list(session.scalars(select(model).where(condition)))


def reachable(
    session: Session, user: User, register: Register, verb: str, *, removed: bool = False
) -> set[int]:
    """The ids that the table of the policy grants, reckoned in memory."""
    action = f"{register.word}.{verb}"
    return {r.id for r in records_of(session, register, removed=removed) if policy.may(user, action, r)}


def ids_in(page: str, word: str) -> set[int]:
    return {int(found) for found in re.findall(rf'<th scope="row">\s*<a href="/{word}/(\d+)', page)}


@pytest.mark.parametrize("word", REGISTERS)
def test_a_list_shows_and_counts_just_what_the_policy_grants(
    here: Browser, me: tuple[Session, User], word: str
) -> None:
    session, user = me
    answer = here.get(f"/{word}/?size=100")
    if not policy.may(user, f"{word}.see"):
        assert answer.status_code == 403
        return
    expected = reachable(session, user, REGISTERS[word], "see")
    counted = re.search(r"共 (\d+) 条", answer.text)
    if len(expected) <= 100:
        assert ids_in(answer.text, word) == expected
    else:
        assert ids_in(answer.text, word) <= expected
    if expected:
        assert counted
        assert int(counted[1]) == len(expected)


@pytest.mark.parametrize("word", REGISTERS)
@pytest.mark.parametrize(("door", "verb"), [("", "see"), ("/edit", "edit"), ("/history", "history")])
def test_a_record_opens_by_its_address_only_within_scope_and_right(
    here: Browser, me: tuple[Session, User], word: str, door: str, verb: str
) -> None:
    session, user = me
    register = REGISTERS[word]
    for record in records_of(session, register, removed=False)[:40]:
        status = here.get(f"/{word}/{record.id}{door}").status_code
        if not policy.may(user, f"{word}.{verb}"):
            expected = 403
        elif not policy.may(user, f"{word}.see", record):
            expected = 404
        elif not policy.may(user, f"{word}.{verb}", record):
            expected = 403
        elif verb == "edit" and register.locked(record):
            expected = 409
        else:
            expected = 200
        assert status == expected, f"{user.username} {word} {record.id}{door}"


@pytest.mark.parametrize("word", REGISTERS)
@pytest.mark.parametrize(
    ("door", "verb"),
    [("/remove", "remove"), ("/unmask", "sensitive"), ("/edit", "edit"), ("/revert/1", "edit")],
)
def test_posting_to_a_record_outside_scope_or_right_is_refused_and_changes_nothing(
    here: Browser, me: tuple[Session, User], word: str, door: str, verb: str
) -> None:
    session, user = me
    register = REGISTERS[word]
    token = here.token()
    for record in records_of(session, register, removed=False)[:40]:
        if policy.may(user, f"{word}.see", record) and policy.may(user, f"{word}.{verb}", record):
            continue
        answer = here.post(f"/{word}/{record.id}{door}", {"csrf_token": token}, token=False)
        granted = policy.may(user, f"{word}.{verb}")
        visible = policy.may(user, f"{word}.see", record)
        assert answer.status_code == (403 if not granted or visible else 404)
        session.expire_all()
        assert record.removed_at is None


@pytest.mark.parametrize("word", REGISTERS)
def test_the_recycle_bin_shows_just_what_may_be_restored(
    here: Browser, me: tuple[Session, User], word: str
) -> None:
    session, user = me
    answer = here.get(f"/{word}/bin?size=100")
    if not policy.may(user, f"{word}.restore"):
        assert answer.status_code == 403
        return
    expected = reachable(session, user, REGISTERS[word], "restore", removed=True)
    shown = {int(found) for found in re.findall(r'name="ids" value="(\d+)"', answer.text)}
    assert shown == expected


@pytest.mark.parametrize(("word", "name"), LINKS, ids=[f"{word}-{name}" for word, name in LINKS])
def test_a_look_up_offers_only_what_the_verb_would_take(
    here: Browser, me: tuple[Session, User], word: str, name: str
) -> None:
    session, user = me
    register = REGISTERS[word]
    answer = here.get(f"/{word}/look-up/{name}?q=")
    if not policy.may(user, f"{word}.see"):
        assert answer.status_code == 403
        return
    part, _, field_name = name.rpartition(".")
    fields = next(p.fields for p in register.part_lists() if p.name == part) if part else register.fields
    field = next(each for each in fields if each.name == field_name)
    target = next(each for each in REGISTERS.values() if each.model is field.target)
    actions = [f"{word}.create"] if field.say.places else [f"{target.word}.see", f"{target.word}.choose"]
    granted = {
        r.id
        for r in records_of(session, target, removed=False)
        if any(policy.may(user, action, r) for action in actions)
    }
    offered = {item["id"] for item in answer.json["items"]}
    assert offered <= granted
    assert len(offered) == min(20, len(granted))
    for record_id in offered:
        assert checks.chosen(session, user, register, field, record_id)


@pytest.mark.parametrize("name", LEDGERS)
def test_a_ledger_holds_only_records_in_scope(
    here: Browser, me: tuple[Session, User], world: World, name: str
) -> None:
    session, user = me
    ledger = LEDGERS[name]
    answer = here.post(f"/ledgers/{name}", {"reason": "检查"})
    if not policy.may(user, ledger.action):
        assert answer.status_code == 403
        return
    sheet = openpyxl.load_workbook(io.BytesIO(answer.data)).active
    cells = {str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None}
    for case in records_of(session, REGISTERS["case"], removed=False):
        belongs = session.scalar(select(Case.id).where(Case.id == case.id, ledger.belongs)) is not None
        seen = policy.may(user, ledger.action, case)
        if case.number:
            assert (case.number in cells) == (belongs and seen), f"{user.username} {case.number}"


def test_a_ledger_of_a_unit_out_of_sight_is_not_found(
    here: Browser, me: tuple[Session, User], world: World
) -> None:
    session, user = me
    seen = reachable(session, user, REGISTERS["unit"], "see")
    for unit_id in (world.far_village, world.other_township, world.city):
        answer = here.post("/ledgers/case-register", {"unit": unit_id})
        if not policy.may(user, "case.export"):
            assert answer.status_code == 403
        else:
            assert answer.status_code == (200 if unit_id in seen else 404)


def test_a_mediator_of_one_township_meets_404_for_anothers_case_at_every_door(
    app: Flask, world: World
) -> None:
    stranger = named(app, world, "stranger")
    assert stranger.get(f"/case/{world.case}").status_code == 404
    assert stranger.get(f"/case/{world.case}/edit").status_code == 404
    assert stranger.get(f"/case/{world.case}/history").status_code == 404
    assert stranger.get(f"/case/?unit={world.village}").status_code == 404
    assert stranger.post("/ledgers/case-register", {"unit": world.village}).status_code == 404
    assert str(world.case) not in {
        str(i["id"]) for i in stranger.get("/referral/look-up/case_id?q=").json["items"]
    }
