"""Every list, whoever asks for it, in every order it offers and under each filter, is read off an index.

Each scope of a list is looked at by itself: from what they find, a page's worth each, the page is taken
(decision 0029). SQLite's plan does not look at the number of lines; PostgreSQL is kept from reading all.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy.orm import Session

from admin_app import policy
from admin_app.models.fields import Field
from admin_app.models.registry import REGISTERS, Register
from admin_app.models.users import User
from admin_app.operations.pages import Lines
from admin_app.rules.dates import today
from admin_app.views.lists import Due, ListState, lines, order, queried, served, sortable
from tests.test_indexes import plan

PEOPLE = (
    "bureau_county",
    "office",
    "director",
    "owner",
    "inspector",
    "expert",
    "sysadmin",
    "auditor",
    "two_posts",
)
SMALL = {
    **dict.fromkeys(("code", "holiday", "parameter", "requirement", "user"), "the bureau's own settings"),
    **dict.fromkeys(("unit", "form_template"), "no more than the places and papers there are"),
    **dict.fromkeys(
        ("cadence", "key_period", "meeting_rule", "rate", "staffing_target", "standard", "warning_rule"),
        "rules that a bureau lays down, some in a year",
    ),
    **dict.fromkeys(("evaluation_plan", "season", "training"), "plans of the year, some for each unit"),
}
# Not one in a hundred cases, and those that are late fewer still: they may be sorted.
FEW_ARE_LATE = ("assistance", "hand_over", "meeting_task", "urging")
# Bureaus and offices see what the cases within their reach have asked for: each request asks its case.
ASKS_ITS_CASE = "assistance"


def wishes(register: Register) -> Iterator[ListState]:
    """The list as it opens, in each order of which an index knows, and under each filter."""
    yield ListState(register)
    for each in sorted(sortable(register)):
        state = ListState(register, sort=each)
        if served(state):  # others are sorted when few are left
            yield state
    for field in queried(register):
        yield ListState(register, filters=asked(field))


def asked(field: Field) -> dict[str, Any]:
    if field.say.deadline:
        return {field.name: Due.LATE}
    if field.kind == "date":
        return {f"{field.name}_from": today(), f"{field.name}_to": today()}
    if field.kind == "choice":
        assert field.choices
        return {field.name: next(iter(field.choices))}
    return {field.name: {"text": "某", "code": "1", "yes": True}.get(field.kind, 1)}


def faults(found: str, table: str) -> set[str]:
    scanned = re.search(rf"^SCAN {table}( |$)", found, re.M) or f"Seq Scan on {table}" in found
    ordered = "TEMP B-TREE FOR ORDER" in found or re.search(r"^\W*(Incremental )?Sort\b", found, re.M)
    return {name for name, seen in (("scan", scanned), ("sort", ordered)) if seen}


def allowed(register: Register, state: ListState, scope: str) -> set[str]:
    """What lies under one committee, one person, one unit or one invitation may be sorted."""
    own = f"substr({register.model.__tablename__}."
    late = any(isinstance(value, Due) for value in state.filters.values())
    few = own not in scope or (late and register.word in FEW_ARE_LATE)
    walked = register.word == ASKS_ITS_CASE and "EXISTS" in scope
    return ({"scan"} if walked else set()) | ({"sort"} if few else set())


@pytest.mark.parametrize("word", sorted(set(REGISTERS) - set(SMALL)))
def test_a_list_is_read_off_an_index(looking: Session, person: Callable[[str], User], word: str) -> None:
    register, seen, bad = REGISTERS[word], set(), []
    for who in PEOPLE:
        user = person(who)
        if not policy.may(user, f"{word}.see"):
            continue
        for state in wishes(register):
            found = lines(user, state)
            for scope in found.scopes:
                asks = str(scope), state.sort, *state.filters
                if asks[0] == "false" or asks in seen:
                    continue
                seen.add(asks)
                ids = Lines(found.model, (scope,), found.conditions).ids(order(state), 20)
                wrong = faults(plan(looking, ids), register.model.__tablename__)
                wrong -= allowed(register, state, asks[0])
                bad += [(who, asks, wrong)] if wrong else []
    assert seen
    assert not bad


def test_the_small_tables_are_registers() -> None:
    assert set(SMALL) <= set(REGISTERS)
