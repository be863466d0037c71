"""What kind of thing a field is: a sum of money says so, other numbers with decimals are no money."""

from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from admin_app.exports.columns import reader, said
from admin_app.models.base import Base
from admin_app.models.cases import Case
from admin_app.models.committees import Committee
from admin_app.models.evaluations import Evaluation
from admin_app.models.experts import Expert
from admin_app.models.fields import field_of, fields_of
from admin_app.models.registry import REGISTERS
from admin_app.models.wording import from_raw, wording


@pytest.mark.parametrize(
    ("model", "name", "kind"),
    [
        (Case, "amount", "money"),
        (Expert, "fee", "money"),
        (Committee, "area", "decimal"),
        (Evaluation, "score", "decimal"),
    ],
)
def test_a_number_with_decimals_is_money_only_where_it_says_so(
    looking: Session, model: type[Base], name: str, kind: str
) -> None:
    field, number = field_of(model, name), Decimal("1234.5")
    assert field.kind == kind
    assert wording(looking, field, number) == wording(looking, field, "1234.5") == "1,234.50"
    assert from_raw(field, "1234.5") == number
    assert reader(looking, said(model, name, 10))({name: number}, False) == number


def test_a_list_can_fetch_what_any_of_its_links_points_at() -> None:
    """Every column may be chosen for a list, and a list fetches the titles behind its links at once."""
    lacking = [
        (word, each.name)
        for word, register in REGISTERS.items()
        for each in register.fields
        if each.kind == "link" and not hasattr(register.model, each.relation)
    ]
    assert lacking == []


def test_a_deadline_that_is_asked_for_says_while_it_runs() -> None:
    for word, register in REGISTERS.items():
        for each in register.fields:
            if each.say.deadline:
                assert hasattr(register.model, "waits"), word
            if each.say.deadline and each.say.queried:
                assert hasattr(register.model, "waiting"), word


def test_what_is_counted_in_yuan_is_money_and_nothing_else_is() -> None:
    numbers = [
        each
        for mapper in Base.registry.mappers
        for each in fields_of(mapper.class_)
        if each.kind in ("money", "decimal")
    ]
    assert {each.name for each in numbers if "元" in each.label} == {
        each.name for each in numbers if each.kind == "money"
    }
