"""Warnings at the door: the evidence a step away, a rule's dry run, its new edition, 责任倒查."""

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.database import db
from admin_app.models.cases import Case
from admin_app.models.lookbacks import Lookback
from admin_app.models.registry import REGISTERS
from admin_app.models.units import Unit
from admin_app.models.users import User
from admin_app.models.warning_rules import WarningRule
from admin_app.models.warnings import EarlyWarning
from admin_app.operations import accountability, warning_rules
from admin_app.operations.figures import RowKind
from admin_app.rules.dates import today
from admin_app.rules.lookbacks import Fault
from admin_app.rules.periods import Period
from admin_app.rules.refusals import NotAllowed, NotNow
from admin_app.rules.warnings import Sign
from tests.test_warnings import case, month, rule
from tests.web import named
from tests.world import World

Person = Callable[[str], User]


# ------------------------------------------------------------------ a warning and its records


def test_a_warning_leads_to_its_records_and_they_lead_to_it(app: Flask, world: World) -> None:
    here = named(app, world, "office")
    page = here.get(f"/warning/{world.warning}").text
    assert f'href="/case/{world.mediating_case}"' in page
    assert f'href="/warning/{world.warning}"' in here.get(f"/case/{world.mediating_case}").text
    assert f'href="/warning/{world.own_warning}"' in here.get(f"/find/{world.find}").text


def test_the_inbox_of_whose_it_is_leads_to_the_handling(app: Flask, world: World) -> None:
    page = named(app, world, "office").get("/").text
    assert f'href="/warning/{world.warning}/step/handle"' in page
    assert f'href="/warning/{world.own_warning}/step/handle"' not in page
    assert f'href="/warning/{world.own_warning}/step/handle"' in named(app, world, "director").get("/").text


# ------------------------------------------------------------------ a rule


def test_the_dry_run_shows_what_a_rule_would_have_raised_and_saves_nothing(app: Flask, world: World) -> None:
    with app.app_context():
        session = db.session
        model = session.get_one(WarningRule, world.warning_rule)
        many = case(session, world, today() - timedelta(days=3), people=15)
        case(session, world, today() - timedelta(days=40), people=15)
        case(session, world, today() - timedelta(days=3), like="far_case", people=15)
        session.commit()
        assert model.valid_until is not None
        before = session.scalars(select(EarlyWarning.id)).all()
        many_id = many.id
    page = named(app, world, "bureau_county").get(f"/warning_rule/{world.warning_rule}/trial").text
    assert "会发出 1 条预警" in page
    assert f'href="/case/{many_id}"' in page
    with app.app_context():
        assert db.session.scalars(select(EarlyWarning.id)).all() == before
    assert named(app, world, "office").get(f"/warning_rule/{world.warning_rule}/trial").status_code == 403
    assert named(app, world, "bureau_far").get(f"/warning_rule/{world.warning_rule}/trial").status_code == 404


def test_a_surge_is_tried_day_by_day_and_told_on_its_first(
    session: Session, person: Person, world: World
) -> None:
    row = rule(session, world.county, Sign.KIND)
    for back in (1, 2, 3):
        month(session, world, (2025, 11 - back), 1, kind="5")
    month(session, world, (2025, 11), 5, kind="5")  # on the 2nd, 3rd, 4th …
    [found] = warning_rules.tried(session, person("bureau_county"), row, date(2025, 11, 30))
    assert found.day == date(2025, 11, 4)
    with pytest.raises(NotAllowed):
        warning_rules.tried(session, person("office"), row, date(2025, 11, 30))


def test_a_new_edition_holds_from_tomorrow(app: Flask, world: World) -> None:
    with app.app_context():
        row = rule(db.session, world.county, Sign.PEOPLE)
        db.session.commit()
        number = row.id
    here = named(app, world, "bureau_county")
    answer = here.post(f"/warning_rule/{number}/copy")
    assert answer.status_code == 302
    with app.app_context():
        old, new = db.session.scalars(
            select(WarningRule).where(WarningRule.id >= number).order_by(WarningRule.id)
        )
        assert (old.valid_until, new.valid_from, new.valid_until) == (
            today(),
            today() + timedelta(days=1),
            None,
        )
        assert (new.least, new.sign, new.path) == (old.least, old.sign, old.path)
        assert answer.location.startswith(f"/warning_rule/{new.id}/edit")
    assert here.post(f"/warning_rule/{world.warning_rule}/copy").status_code == 409


def test_a_rule_that_has_not_begun_is_mended_and_not_renewed(
    session: Session, person: Person, world: World
) -> None:
    row = rule(session, world.county, Sign.PEOPLE, valid_from=today() + timedelta(days=1))
    with pytest.raises(NotNow):
        warning_rules.renew(session, person("bureau_county"), row)


@pytest.mark.parametrize(
    ("sign", "blank", "sentence"),
    [
        (Sign.PEOPLE, "least", "请填至少几个"),
        (Sign.AGAIN, "days", "请填在多少天以内"),
        (Sign.KIND, "ratio", "请填是平时的几倍"),
        (Sign.PLACE, "tier", "请选择按哪一级"),
    ],
)
def test_a_rule_says_what_its_sign_needs(
    session: Session, world: World, sign: Sign, blank: str, sentence: str
) -> None:
    row = rule(session, world.county, sign)
    assert REGISTERS["warning_rule"].rules(row) == []
    setattr(row, blank, None)
    assert [sentence in each.sentence for each in REGISTERS["warning_rule"].rules(row)] == [True]
    session.rollback()


# ------------------------------------------------------------------ the board of 责任倒查


def evidence(session: Session, world: World, on: date, fault: Fault, key: str, turns: int) -> None:
    """On so many mediators of one case."""
    held = session.get_one(Case, getattr(world, key))
    for _ in range(turns):
        session.add(
            Lookback(
                fault=fault,
                case_id=held.id,
                committee_id=held.committee_id,
                unit_id=held.unit_id,
                path=held.path,
                happened_on=on,
                explanation="查明的情况",
            )
        )


def test_a_case_counts_once_however_many_mediators_it_has(
    session: Session, person: Person, world: World
) -> None:
    on, period = date(2025, 5, 6), Period(date(2025, 5, 1), date(2025, 5, 31))
    evidence(session, world, on, Fault.DECLINED, "case", 2)
    evidence(session, world, on, Fault.LATE, "case", 1)
    evidence(session, world, on, Fault.LATE, "township_case", 1)
    evidence(session, world, on, Fault.LATE, "far_case", 3)
    evidence(session, world, date(2025, 4, 30), Fault.LATE, "other_case", 1)
    session.flush()
    city, actor = session.get_one(Unit, world.city), person("bureau_city")
    lines = accountability.count(session, actor, city, period)
    told = {line.label: (line.numbers["declined"], line.numbers["late"]) for line in lines}
    assert told["婺城区"] == (1, 2)
    assert told["金东区"] == (0, 1)
    assert (lines[-1].kind, told[lines[-1].label]) == (RowKind.TOTAL, (1, 3))
    near = accountability.count(session, person("bureau_county"), city, period)
    assert near[-1].numbers["late"] == 2


@pytest.mark.parametrize("who", ["director", "office", "bureau_county", "inspector", "bureau_city"])
def test_every_number_counts_the_rows_behind_it(
    looking: Session, person: Person, world: World, who: str
) -> None:
    actor, period = person(who), Period(None, None)
    for where in ("city", "county", "township", "village"):
        unit = looking.get_one(Unit, getattr(world, where))
        try:
            lines = accountability.count(looking, actor, unit, period)
        except NotAllowed:
            continue
        for name, head in accountability.HEAD.items():
            found = accountability.behind(actor, unit, period, name)
            rows = looking.scalars(select(head.model).where(found)).all()
            assert lines[-1].numbers[name] == len(rows), (where, name)


def test_the_board_leads_to_the_very_evidence(app: Flask, world: World) -> None:
    here = named(app, world, "bureau_city")
    asked = "since=2026-09-01&until=2026-11-30"
    page = here.get(f"/accountability/?{asked}").text
    assert "婺城区" in page
    late = here.get(f"/accountability/rows?unit={world.county}&{asked}&figure=late").text
    assert set(map(int, re.findall(r'href="/lookback/(\d+)"', late))) == {world.lookback}
    owners = here.get(f"/accountability/rows?unit={world.city}&{asked}&figure=warned").text
    assert f'href="/warning/{world.far_warning}"' in owners
    assert here.get(f"/accountability/rows?{asked}&figure=nonsense").status_code == 404
    for who in ("owner", "expert", "auditor", "sysadmin"):
        assert named(app, world, who).get("/accountability/").status_code == 403
