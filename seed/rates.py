"""The rates of `rates.csv`: tables of formats.md 5.2 and the stipends of S0, as examples; and budgets."""

import csv
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

from sqlalchemy.orm import Session

from admin_app.models.budgets import Budget
from admin_app.models.rates import Rate
from admin_app.rules.rates import Ended, Per, SubsidyKind
from admin_app.rules.tiers import Tier
from seed.bulk import Row, add
from seed.places import Place

RATES = Path(__file__).with_name("rates.csv")
_YEARS = 3  # before the present one
_SUBSIDIES, _GUIDANCE = "03", "01"  # code table funding_kind
_TOWN, _COUNTY = "01", "02"  # code table funding_source


def rate_rows(places: list[Place], today: date) -> list[Row]:
    """Every row of the file as a row of the table; a blank does not matter."""
    by_code = {place.code: place for place in places}
    with RATES.open(encoding="utf-8", newline="") as file:
        given = [{name: text or None for name, text in each.items()} for each in csv.DictReader(file)]
    return [_rate(each, by_code[each.pop("unit") or ""], today) for each in given]


def _rate(given: Row, place: Place, today: date) -> Row:
    return {
        **given,
        "kind": SubsidyKind(given["kind"]),
        "unit_id": place.id,
        "path": place.path,
        "tier": Tier(given["tier"]) if given["tier"] else None,
        "outcome": Ended(given["outcome"]) if given["outcome"] else None,
        "amount": Decimal(given["amount"]) if given["amount"] else None,
        "share": Decimal(given["share"]) if given["share"] else None,
        "per": Per(given["per"]) if given["per"] else None,
        "valid_from": date(today.year - _YEARS, 1, 1),
    }


def budget_rows(places: list[Place], today: date) -> Iterator[Row]:
    """This year's and last year's: of every county, and of its townships a little."""
    for place in places:
        if place.tier is Tier.COUNTY:
            yield from _budgets(place, today, _SUBSIDIES, _COUNTY, 2_000_000)
            yield from _budgets(place, today, _GUIDANCE, _COUNTY, 300_000)
        elif place.tier is Tier.TOWNSHIP:
            yield from _budgets(place, today, _SUBSIDIES, _TOWN, 60_000)


def _budgets(place: Place, today: date, kind: str, source: str, amount: int) -> Iterator[Row]:
    for year in (today.year - 1, today.year):
        yield {
            "year": year,
            "unit_id": place.id,
            "path": place.path,
            "funding_kind": kind,
            "funding_source": source,
            "amount": Decimal(amount),
        }


def load_rates(session: Session, places: list[Place], today: date) -> None:
    """What the demo pays, and out of what."""
    add(session, Rate, rate_rows(places, today))
    add(session, Budget, list(budget_rows(places, today)))
