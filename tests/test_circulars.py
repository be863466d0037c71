"""通报: one choice for a whole subtree, receipts with person and time, reminders, and withdrawing."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app import policy
from admin_app.models.circulars import Circular, Reading, Receipt
from admin_app.models.history import Entry
from admin_app.models.notices import Notice
from admin_app.models.registry import REGISTERS
from admin_app.models.users import User
from admin_app.operations import circulars, inbox, records
from admin_app.operations.given import Given, Line
from admin_app.operations.lives import take_step
from admin_app.rules.circulars import CircularState
from admin_app.rules.refusals import NotAllowed, NotNow, NotSeen, RecordRefused
from tests.web import named
from tests.world import World

Person = Callable[[str], User]


def drafted(session: Session, person: Person, world: World, unit: str, *, whole: bool) -> Circular:
    lines = {"recipients": [Line(None, {"unit_id": getattr(world, unit), "whole": whole})]}
    values = {"title": "关于排查的通报", "kind": "01", "unit_id": world.county, "text": "现通报如下。"}
    return records.create(session, person("bureau_county"), REGISTERS["circular"], Given(values, lines))


def sent(
    session: Session, person: Person, world: World, unit: str = "county", *, whole: bool = True
) -> Circular:
    circular = drafted(session, person, world, unit, whole=whole)
    take_step(session, person("bureau_county"), circular, "send")
    return circular


def owed(session: Session, circular: Circular) -> set[int]:
    return set(session.scalars(select(Receipt.unit_id).where(Receipt.circular_id == circular.id)))


def told(session: Session, circular: Circular) -> dict[str, int]:
    query = select(User.username).join(Notice, Notice.user_id == User.id)
    names = list(session.scalars(query.where(Notice.word == "circular", Notice.record_id == circular.id)))
    return {name: names.count(name) for name in names}


def waiting(session: Session, user: User) -> set[int]:
    return set(session.scalars(inbox.waiting(user, inbox.GROUP["circular"]).with_only_columns(Circular.id)))


def test_one_choice_reaches_the_whole_subtree_but_not_the_sender(
    session: Session, person: Person, world: World
) -> None:
    circular = sent(session, person, world)
    near = ("township", "other_township", "village", "next_village", "other_village", "grid")
    assert owed(session, circular) == {getattr(world, each) for each in near}
    assert circular.sender == "bureau_county 用户"
    assert {"office", "director", "owner", "stranger", "other_office"} <= set(told(session, circular))
    assert not {"bureau_far", "bureau_county", "inspector"} & set(told(session, circular))


def test_without_the_tick_it_is_one_units(session: Session, person: Person, world: World) -> None:
    circular = sent(session, person, world, "township", whole=False)
    assert owed(session, circular) == {world.township}
    assert waiting(session, person("office")) >= {circular.id}
    assert circular.id not in waiting(session, person("director"))
    with pytest.raises(NotSeen):
        policy.find(session, person("director"), Circular, circular.id)


def test_a_draft_is_the_senders_own(session: Session, person: Person, world: World) -> None:
    circular = drafted(session, person, world, "county", whole=True)
    with pytest.raises(NotSeen):
        policy.find(session, person("office"), Circular, circular.id)
    with pytest.raises(RecordRefused):
        records.create(
            session,
            person("office"),
            REGISTERS["circular"],
            Given({"title": "x", "kind": "01", "unit_id": world.county, "text": "x"}),
        )


def test_nobody_is_reached_by_a_circular_to_oneself(session: Session, person: Person, world: World) -> None:
    circular = drafted(session, person, world, "county", whole=False)
    with pytest.raises(RecordRefused, match="没有别的单位"):
        take_step(session, person("bureau_county"), circular, "send")


def test_signing_leaves_person_time_and_a_line_in_the_history(
    session: Session, person: Person, world: World
) -> None:
    circular, director = sent(session, person, world), person("director")
    session.commit()
    assert circular.id in waiting(session, director)
    circulars.sign(session, director, circular)
    session.commit()
    assert circular.id not in waiting(session, director)
    receipt = session.scalars(
        select(Receipt).where(Receipt.circular_id == circular.id, Receipt.unit_id == world.village)
    ).one()
    assert (receipt.reader_id, receipt.read_at is not None) == (world.director, True)
    assert circulars.standing(session, circular) == (6, 1)
    told_of = session.scalars(
        select(Entry.note).where(Entry.register == "circular", Entry.record_id == circular.id)
    )
    assert any("签阅：director 用户" in words for words in told_of)
    with pytest.raises(NotNow, match="已经签阅"):
        circulars.sign(session, director, circular)
    circulars.sign(session, person("owner"), circular)  # a colleague signs for themselves
    assert receipt.reader_id == world.director
    assert len(session.scalars(select(Reading).where(Reading.circular_id == circular.id)).all()) == 2


@pytest.mark.parametrize("who", ["bureau_county", "inspector", "bureau_far"])
def test_only_whom_it_was_sent_to_signs(looking: Session, person: Person, world: World, who: str) -> None:
    with pytest.raises(NotAllowed):
        circulars.sign(looking, person(who), looking.get_one(Circular, world.circular))


def test_only_the_rest_is_reminded_and_once_a_day(session: Session, person: Person, world: World) -> None:
    circular = sent(session, person, world)
    circulars.sign(session, person("director"), circular)
    for _ in range(2):
        take_step(session, person("bureau_county"), circular, "remind")
    counted = told(session, circular)
    assert counted["director"] == counted["owner"] == 1  # their unit has read it
    assert counted["office"] == counted["stranger"] == 2


def test_what_was_withdrawn_is_read_by_nobody_any_more(
    session: Session, person: Person, world: World
) -> None:
    circular, director = sent(session, person, world), person("director")
    circulars.sign(session, director, circular)
    take_step(session, person("bureau_county"), circular, "withdraw", Given({"withdraw_reason": "数字有误"}))
    assert circular.state is CircularState.WITHDRAWN
    with pytest.raises(NotSeen):
        policy.find(session, director, Circular, circular.id)
    assert circular.id not in waiting(session, person("office"))
    words = session.scalars(select(Notice.words).where(Notice.user_id == world.director)).all()
    assert any("已撤回" in each for each in words)


def test_a_circular_that_is_out_stays_as_it_is(session: Session, person: Person, world: World) -> None:
    circular = sent(session, person, world)
    with pytest.raises(NotNow):
        records.edit(
            session, person("bureau_county"), circular, Given({"text": "x"}), version=circular.version
        )


def signed(app: Flask, world: World, who: str) -> Any:
    return named(app, world, who).post(f"/circular/{world.circular}/sign")


def test_the_page_asks_the_reader_to_sign_and_shows_the_sender_who_has_not(app: Flask, world: World) -> None:
    office, county = named(app, world, "office"), named(app, world, "bureau_county")
    assert f"/circular/{world.circular}/sign" in office.get(f"/circular/{world.circular}").text
    board = f"/circular/{world.circular}/board"
    assert "桃园社区" in county.get(board).text
    assert office.get(board).status_code == 403
    assert signed(app, world, "office").status_code == 302
    assert f"/circular/{world.circular}/sign" not in office.get(f"/circular/{world.circular}").text
    assert "office 用户" in county.get(f"{board}?which=read").text
    assert "4 个单位，已签阅 1 个，还有 3 个" in county.get(board).text
    assert signed(app, world, "office").status_code == 409
    assert signed(app, world, "bureau_county").status_code == 403
    assert signed(app, world, "bureau_far").status_code == 404


def test_it_goes_out_as_word(app: Flask, world: World) -> None:
    answer = named(app, world, "director").post(f"/papers/circular/{world.circular}/circular.docx")
    assert (answer.status_code, answer.data[:2]) == (200, b"PK")
    county = named(app, world, "bureau_county")
    assert county.post(f"/papers/circular/{world.draft_circular}/circular.docx").status_code == 409
