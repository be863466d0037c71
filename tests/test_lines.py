"""Lines that steps have added: mended and taken out until their record is locked, on every list."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.models.cases import Case
from admin_app.models.codes import codebook
from admin_app.models.dossiers import Dossier
from admin_app.models.history import Entry
from admin_app.models.registry import REGISTERS, register_of
from admin_app.models.users import User
from admin_app.operations import lines
from admin_app.operations.deadlines import open_of
from admin_app.operations.lives import take_step
from admin_app.rules.deadlines import DeadlineKind
from admin_app.rules.refusals import NotAllowed, NotNow, NotSeen, RecordRefused, Stale
from tests.samples import Samples
from tests.walking import given_for
from tests.web import form_data, named
from tests.world import World

Person = Callable[[str], User]
# Which step adds a line to which list, of which record of the world.
ADDED = {
    ("case", "sessions"): ("hold_session", "mediating_case"),
    ("case", "preventions"): ("prevent", "mediating_case"),
    ("case", "follow_ups"): ("follow_up", "settled_case"),
    ("dossier", "loans"): ("lend", "dossier"),
    ("case", "attachments"): ("", "mediating_case"),
    ("training", "attendances"): ("", "training"),
}
LISTS = [(word, part.name) for word, each in REGISTERS.items() for part in each.open_lists()]
FIXED = [(word, name) for word, each in REGISTERS.items() for name in each.fixed]


def with_line(session: Session, actor: User, world: World, word: str, list_name: str) -> Any:
    """A record of the world with a line in this list."""
    step, name = ADDED[word, list_name]
    record: Any = session.get_one(REGISTERS[word].model, getattr(world, name))
    if step:
        take_step(session, actor, record, step, given_for(session, actor, record, step))
        session.commit()
    return record


@pytest.mark.parametrize(("word", "list_name"), LISTS)
def test_every_line_may_be_mended_and_the_history_tells(
    session: Session, person: Person, world: World, word: str, list_name: str
) -> None:
    actor = person("bureau_city")
    record = with_line(session, actor, world, word, list_name)
    part, line = lines.find_line(record, list_name, getattr(record, list_name)[0].id)
    each = next(
        e for e in part.fields if e.open_to(line) and e.kind in ("long", "text", "choice") and e.required
    )
    samples = Samples(session, actor, register_of(type(record)))
    value = next(v for turn in (1, 0) if (v := samples.value(each, turn)) != getattr(line, each.name))
    version = record.version
    lines.mend(session, actor, record, list_name, line.id, {each.name: value}, version=version)
    session.commit()
    assert getattr(line, each.name) == value
    assert record.version == version + 1
    entry = session.scalars(select(Entry).order_by(Entry.place.desc())).first()
    assert entry is not None
    assert (entry.action, entry.register, entry.record_id) == ("mend", word, record.id)
    (change,) = entry.changes["fields"]
    assert (change["part"], change["field"], change["new"]) == (list_name, each.name, value)
    with pytest.raises(RecordRefused):
        lines.mend(session, actor, record, list_name, line.id, {each.name: None}, version=record.version)


@pytest.mark.parametrize(("word", "list_name"), LISTS)
def test_every_line_may_be_taken_out_and_whoever_saw_less_is_told(
    session: Session, person: Person, world: World, word: str, list_name: str
) -> None:
    actor = person("bureau_city")
    record = with_line(session, actor, world, word, list_name)
    if word == "dossier":
        with pytest.raises(NotNow, match="请先办理“归还”"):
            lines.take_out(session, actor, record, list_name, record.loans[0].id, version=record.version)
        take_step(session, actor, record, "give_back")
        session.commit()
    line_id, before = getattr(record, list_name)[0].id, len(getattr(record, list_name))
    with pytest.raises(Stale):
        lines.take_out(session, actor, record, list_name, line_id, version=record.version - 1)
    lines.take_out(session, actor, record, list_name, line_id, version=record.version)
    session.commit()
    session.refresh(record)
    assert len(getattr(record, list_name)) == before - 1
    entry = session.scalars(select(Entry).order_by(Entry.place.desc())).first()
    assert entry is not None
    assert entry.action == "take_out"
    with pytest.raises(NotSeen):
        lines.take_out(session, actor, record, list_name, line_id, version=record.version)


@pytest.mark.parametrize(("word", "list_name"), FIXED)
def test_what_is_evidence_is_neither_mended_nor_taken_out(
    session: Session, person: Person, word: str, list_name: str
) -> None:
    """Not by anybody, and wherever the record stands: the door does not know these lists."""
    actor = person("bureau_city")
    record = REGISTERS[word].model()
    line = next(each.model for each in REGISTERS[word].trail_lists() if each.name == list_name)(id=1)
    setattr(record, list_name, [line])
    for act in (lines.take_out, lambda *args, version: lines.mend(*args, {}, version=version)):
        with pytest.raises(NotSeen):
            act(session, actor, record, list_name, 1, version=1)
    assert getattr(record, list_name) == [line]


def test_the_last_visit_stands_in_the_case(session: Session, person: Person, world: World) -> None:
    actor = person("director")
    case = with_line(session, actor, world, "case", "follow_ups")
    visit = case.follow_ups[0]
    assert case.visited_on == visit.visited_on
    other = next(c for c, _ in codebook(session).choices("satisfaction") if c != visit.satisfied)
    lines.mend(session, actor, case, "follow_ups", visit.id, {"satisfied": other}, version=case.version)
    assert case.satisfied == other
    lines.take_out(session, actor, case, "follow_ups", visit.id, version=case.version)
    assert (case.visited_on, case.satisfied) == (None, None)


def test_who_takes_out_the_only_visit_is_waited_for_again(
    session: Session, person: Person, world: World
) -> None:
    def waits() -> set[date]:
        return {each.due_on for each in open_of(session, case) if each.kind is DeadlineKind.FOLLOW_UP}

    case, actor = session.get_one(Case, world.case), person("director")
    for step in ("accept", "start", "settle"):
        take_step(session, actor, case, step, given_for(session, actor, case, step))
    first = waits()
    assert len(first) == 1
    for _ in range(2):
        take_step(session, actor, case, "follow_up", given_for(session, actor, case, "follow_up"))
    for expected in (set(), first):
        assert waits() == set()
        lines.take_out(session, actor, case, "follow_ups", case.follow_ups[-1].id, version=case.version)
        assert waits() == expected


def test_a_closed_case_and_a_case_of_others_stay_as_they_are(
    session: Session, person: Person, world: World
) -> None:
    for name in ("closed_case", "archived_case", "transfer_case"):
        case = session.get_one(Case, getattr(world, name))
        with pytest.raises(NotNow):
            lines.take_out(
                session,
                person("bureau_city"),
                case,
                "attachments",
                case.attachments[0].id,
                version=case.version,
            )
    case = session.get_one(Case, world.mediating_case)
    for who in ("inspector", "stranger", "expert", "sysadmin"):
        with pytest.raises(NotAllowed):
            lines.mend(
                session, person(who), case, "attachments", case.attachments[0].id, {}, version=case.version
            )
    for list_name in ("parties", "mediators", "steps", "loans", "__class__"):
        with pytest.raises(NotSeen):
            lines.find_line(case, list_name, 1)


def test_the_form_shows_the_line_keeps_it_and_compares_versions(app: Flask, world: World) -> None:
    here = named(app, world, "director")
    page = here.get(f"/case/{world.mediating_case}/step/hold_session").text
    data = form_data(page) | {
        "sessions-0-kind": "01",
        "sessions-0-place": "村委会",
        "sessions-0-record": "双方各退一步",
    }
    assert here.post(f"/case/{world.mediating_case}/step/hold_session", data).status_code == 302
    detail = here.get(f"/case/{world.mediating_case}").text
    found = re.search(rf'href="(/case/{world.mediating_case}/line/sessions/\d+)', detail)
    assert found
    form = form_data(here.get(found[1]).text)
    assert form["place"] == "村委会"
    refused = here.post(found[1], {**form, "place": ""})
    assert refused.status_code == 422
    assert "请填写地点" in refused.text
    assert here.post(found[1], {**form, "place": "祠堂"}).status_code == 302
    stale = here.post(found[1], {**form, "place": "晒谷场"})
    assert stale.status_code == 409
    assert "晒谷场" in stale.text
    again = form_data(stale.text)
    assert here.post(found[1], again).status_code == 302
    assert here.get(f"/case/{world.mediating_case}/line/parties/1").status_code == 404
    assert here.get(f"/case/{world.archived_case}/line/sessions/1").status_code == 409


def test_an_overdue_loan_is_said_on_the_dossiers_page(
    session: Session, person: Person, world: World, app: Flask
) -> None:
    dossier = session.get_one(Dossier, world.dossier)
    actor = person("director")
    take_step(session, actor, dossier, "lend", given_for(session, actor, dossier, "lend"))
    session.commit()
    loan = dossier.loans[0]
    lent_on = loan.lent_on.replace(year=loan.lent_on.year - 1)
    values = {"lent_on": lent_on, "due_on": lent_on}
    lines.mend(session, actor, dossier, "loans", loan.id, values, version=dossier.version)
    session.commit()
    session.close()
    page = named(app, world, "director").get(f"/dossier/{world.dossier}").text
    assert "请催还" in page
    assert f"/dossier/{world.dossier}/line/loans/" in page
