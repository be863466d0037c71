"""A case walked through its life by the verbs: who holds it, what each step leaves, what it refuses."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from admin_app import policy
from admin_app.models.cases import Case
from admin_app.models.dossiers import Dossier
from admin_app.models.lookbacks import Lookback
from admin_app.models.referrals import Referral
from admin_app.models.users import User
from admin_app.operations.given import Given
from admin_app.operations.lives import take_step
from admin_app.rules.cases import Stage
from admin_app.rules.referrals import ReferralState
from admin_app.rules.refusals import NotAllowed, NotNow, NotSeen, RecordRefused, Stale
from tests.databases import open_session
from tests.walking import given_for
from tests.world import World

Person = Callable[[str], User]


def walk(session: Session, actor: User, record: Any, *names: str) -> None:
    for name in names:
        take_step(session, actor, record, name, given_for(session, actor, record, name))
        session.commit()


def test_a_case_lives_from_the_village_to_the_archive(session: Session, person: Person, world: World) -> None:
    director, case = person("director"), session.get_one(Case, world.case)
    walk(
        session, director, case, "triage", "accept", "start", "hold_session", "settle", "fulfil", "follow_up"
    )
    assert "人调字" in (case.number or "")
    assert case.agreement_number is not None
    assert (case.stage, case.result) == (Stage.SETTLED, "1")
    assert case.visited_on == case.follow_ups[0].visited_on
    walk(session, director, case, "close", "archive")
    assert case.stage is Stage.ARCHIVED
    dossier = session.scalars(select(Dossier).where(Dossier.case_id == case.id)).one()
    walk(session, director, dossier, "lend", "give_back")
    assert dossier.loans[0].returned_on is not None
    told = [(row.name, row.source.value, row.target.value) for row in case.steps]
    assert told[1] == ("accept", "registered", "accepted")
    assert told[-1] == ("archive", "closed", "archived")


def test_custody_moves_on_signing_and_the_sender_keeps_reading(
    session: Session, person: Person, world: World
) -> None:
    director, office, case = person("director"), person("office"), session.get_one(Case, world.case)
    walk(session, director, case, "transfer")
    referral = case.referrals[-1]
    assert (case.stage, referral.state) == (Stage.IN_TRANSFER, ReferralState.SENT)
    assert case.unit_id == world.village
    walk(session, office, referral, "receive")
    assert (case.stage, case.unit_id, case.committee_id) == (
        Stage.REGISTERED,
        world.township,
        world.township_committee,
    )
    assert case.mediators == []
    assert policy.find(session, director, Case, case.id) is case
    assert not policy.may(director, "case.edit", case)
    with pytest.raises(NotAllowed):
        take_step(session, director, case, "accept", Given())


def test_what_is_sent_back_is_as_it_was_and_gathers_as_evidence(
    session: Session, person: Person, world: World
) -> None:
    director, office, case = person("director"), person("office"), session.get_one(Case, world.mediating_case)
    held = case.unit_id, case.committee_id, [line.mediator_id for line in case.mediators]
    walk(session, director, case, "transfer")
    referral = case.referrals[-1]
    walk(session, office, referral, "send_back")
    assert case.stage is Stage.MEDIATING
    assert (case.unit_id, case.committee_id, [line.mediator_id for line in case.mediators]) == held
    assert case.steps[-1].note == referral.return_reason
    faults = session.scalars(select(Lookback.fault).where(Lookback.case_id == case.id)).all()
    assert "returned" in faults
    walk(session, director, case, "transfer")
    walk(session, director, case.referrals[-1], "withdraw")
    assert case.stage is Stage.MEDIATING


def test_a_led_step_is_not_taken_by_hand_and_an_unknown_one_does_not_exist(
    session: Session, person: Person, world: World
) -> None:
    case = session.get_one(Case, world.transfer_case)
    with pytest.raises(NotAllowed):
        take_step(session, person("bureau_city"), case, "receive")
    with pytest.raises(NotSeen):
        take_step(session, person("bureau_city"), case, "burn")


def test_a_step_says_which_facts_it_lacks_and_leaves_nothing(
    session: Session, person: Person, world: World
) -> None:
    case = session.get_one(Case, world.case)
    with pytest.raises(RecordRefused) as refused:
        take_step(session, person("director"), case, "accept", Given())
    fields = {each.field for each in refused.value.findings}
    assert {"accepted_on", "kin_checked"} <= fields
    session.rollback()
    assert case.stage is Stage.REGISTERED
    assert case.steps == []


def test_whoever_saw_an_older_state_is_told(session: Session, person: Person, world: World) -> None:
    director, case = person("director"), session.get_one(Case, world.case)
    seen = case.version
    walk(session, director, case, "triage")
    with pytest.raises(Stale):
        take_step(
            session, director, case, "accept", given_for(session, director, case, "accept"), version=seen
        )


def test_mediation_begun_anew_asks_for_its_own_agreement(
    session: Session, person: Person, world: World
) -> None:
    director, case = person("director"), session.get_one(Case, world.settled_case)
    walk(session, director, case, "follow_up", "close")
    walk(session, person("office"), case, "reopen")
    assert (case.stage, case.result, case.agreement, case.agreement_number) == (
        Stage.MEDIATING,
        None,
        None,
        None,
    )
    with pytest.raises(RecordRefused):
        take_step(session, director, case, "settle", Given())
    session.rollback()
    walk(session, director, case, "settle")
    assert case.result == "1"


def test_two_people_sign_for_it_at_once_and_one_is_told(engine: Engine, world: World) -> None:
    def sign(who: int, gate: Barrier) -> str:
        with open_session(engine) as session:
            actor = session.get_one(User, who)
            referral = session.get_one(Referral, world.sent_referral)
            given = given_for(session, actor, referral, "receive")
            session.rollback()  # what was read stands still no longer
            gate.wait()
            try:
                referral = session.get_one(Referral, world.sent_referral)
                take_step(session, actor, referral, "receive", given)
                session.commit()
            except NotNow as told:
                return told.sentence
            return "signed"

    gate = Barrier(2)
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda who: sign(who, gate), (world.office, world.bureau_county)))
    assert answers.count("signed") == 1, answers


def test_archived_is_for_ever(session: Session, person: Person, world: World) -> None:
    case = session.get_one(Case, world.archived_case)
    for name in ("reopen", "close", "follow_up", "urge", "hand_over", "attach"):
        with pytest.raises((NotNow, NotSeen)):
            take_step(session, person("bureau_city"), case, name)
