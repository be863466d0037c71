"""Published bulletins come back: cases made to their figures give those figures (formats.md 2.1)."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from itertools import cycle
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app import tally
from admin_app.models.cases import Case
from admin_app.models.committees import Committee
from admin_app.models.units import Unit
from admin_app.models.users import User
from admin_app.operations.figures import RowKind, count
from admin_app.rules.cases import Stage
from admin_app.rules.figure_checks import RATES, failures, growth, percent
from admin_app.rules.figures import Numbers
from admin_app.rules.periods import Period, month
from seed.bulk import add
from tests.test_figures import line, make
from tests.world import World

PLAIN = {
    "stage": Stage.MEDIATING,
    "kind": "1",
    "source": "1",
    "difficulty": "1",
    "risk": "1",
    "names": "甲某",
    "brief": "争执",
    "people": 2,
    "result": None,
    "form": None,
    "amount": None,
}
Person = Callable[[str], User]

# 黄石, August 2016 (HSM), by code; 劳动争议 and 消费, which are two and three classes now, under one of them.
HSM_SOURCES = {"2": 455, "1": 378, "5": 36}
HSM_KINDS = {
    "1": 160,
    "2": 278,
    "3": 67,
    "4": 44,
    "5": 31,
    "6": 76,
    "7": 18,
    "8": 28,
    "9": 4,
    "11": 13,
    "14": 7,
    "15": 55,
    "16": 33,
    "17": 1,
    "18": 54,
}
# A county's first three quarters (TW): classes of today by code, the two that are no more by their old words.
TW_KINDS = {
    "1": 646,
    "2": 1670,
    "3": 224,
    "6": 446,
    "4": 122,
    "7": 1408,
    "8": 317,
    "11": 45,
    "9": 18,
    "16": 48,
    "15": 28,
    "17": 2,
    "18": 849,
    "计划生育": 13,
    "村务管理": 99,
}


def numbers(session: Session, person: Person, world: World, period: Period) -> Numbers:
    city = session.get_one(Unit, world.city)
    return line(count(session, person("bureau_city"), city, period), RowKind.TOTAL)


def fill(session: Session, world: World, day: date, cases: list[dict[str, Any]]) -> None:
    """The cases of a bulletin, spread over the committees; as thousands go in, in bulk where they can."""
    homes = cycle(session.scalars(select(Committee).order_by(Committee.id)).all())
    rows = []
    for each in cases:
        if "preventions" in each:
            make(session, world, **{"accepted_on": day, "parties": (), **each})
        else:
            home = next(homes)
            rows.append(
                PLAIN
                | {"accepted_on": day, "registered_on": day, "committee_id": home.id}
                | {"unit_id": home.unit_id, "path": home.path, **each}
            )
    add(session, Case, rows)
    session.flush()
    tally.mend(session)


def told(table: dict[str, int]) -> list[str]:
    """As many times each code as the bulletin says."""
    return [code for code, times in table.items() for _ in range(times)]


def test_the_bulletin_of_a_month(looking: Session, person: Person, world: World) -> None:
    cases: list[dict[str, Any]] = [
        {"source": source, "kind": kind, "result": "2"}
        for source, kind in zip(told(HSM_SOURCES), reversed(told(HSM_KINDS)), strict=True)
    ]
    for number, each in enumerate(cases[:842]):
        each |= {"result": "1", "form": "12"[number % 2], "amount": Decimal(34000)}
    cases[0]["amount"] += Decimal(28_738_000 - 842 * 34000)
    cases[3]["preventions"] = [("02", 4)]
    for number in (5, 7, 9):
        cases[number]["preventions"] = [("03", 5)]
    fill(looking, world, date(2016, 8, 15), cases)
    fill(looking, world, date(2016, 7, 31), [{}] * 840)
    fill(looking, world, date(2015, 8, 1), [{}] * 1028)

    period = month(2016, 8)
    found = numbers(looking, person, world, period)
    assert (found["total"], found["succeeded"]) == (869, 842)
    assert percent(RATES[0].of(found)) == "96.9%"
    assert found["amount"] == Decimal("2873.80")
    assert (found["own_initiative"], found["on_application"], found["entrusted"]) == (455, 378, 36)
    shares = [Decimal(found[name]) / 869 for name in ("own_initiative", "on_application", "entrusted")]
    assert [percent(each) for each in shares] == ["52.4%", "43.5%", "4.1%"]
    assert {code: found[f"kind_{code}"] for code in HSM_KINDS} == HSM_KINDS
    assert (found["crime_cases"], found["crime_people"]) == (1, 4)
    assert (found["petitioning_cases"], found["petitioning_people"]) == (3, 15)
    assert failures(found) == []
    before, year_before = period.before(), period.year_before()
    assert before
    assert year_before
    assert percent(growth(869, numbers(looking, person, world, before)["total"])) == "3.5%"
    assert percent(growth(869, numbers(looking, person, world, year_before)["total"])) == "-15.5%"


def test_the_classes_of_a_county_sum_to_its_total(looking: Session, person: Person, world: World) -> None:
    cases = [
        {"kind": kind, "result": "1" if number < 5894 else "2"} for number, kind in enumerate(told(TW_KINDS))
    ]
    fill(looking, world, date(2015, 5, 5), cases)
    found = numbers(looking, person, world, Period(date(2015, 1, 1), date(2015, 9, 30)))
    assert (found["total"], found["succeeded"]) == (5935, 5894)
    assert percent(RATES[0].of(found)) == "99.3%"
    still = {code: times for code, times in TW_KINDS.items() if code.isdecimal() and code != "18"}
    assert {code: found[f"kind_{code}"] for code in still} == still
    assert found["kind_18"] == 849 + 13 + 99
    assert {each.check.name for each in failures(found)} == {
        "sum_of_forms"
    }  # the text tells of no agreements
