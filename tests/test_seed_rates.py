"""The rates of the demo are such as a bureau could have typed in."""

from sqlalchemy.orm import Session

from admin_app.models.rates import Rate
from admin_app.models.registry import REGISTERS
from admin_app.rules.dates import today
from seed.places import places
from seed.rates import rate_rows
from tests.world import World


def test_every_seeded_rate_keeps_the_rules(looking: Session, world: World) -> None:
    rows = rate_rows(places(looking), today())
    assert len(rows) > 10
    rules = REGISTERS["rate"].rules
    assert [found for row in rows for found in rules(Rate(**row))] == []
    assert all("参考" in row["basis"] for row in rows)
