"""What a bureau starts with, and the made-up data for showing."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from admin_app import history
from admin_app.models.base import Base
from admin_app.models.codes import Code, codebook
from admin_app.models.fields import fields_of
from admin_app.models.units import Unit
from admin_app.rules.tiers import Tier, tier_of
from seed.codes import code_rows, load_codes
from seed.units import load_units


@pytest.fixture
def bare(empty_engine: Engine) -> Iterator[Session]:
    """A session on tables without a row, acting as the system."""
    Base.metadata.create_all(empty_engine)
    with Session(empty_engine, info={"seal": b"x" * 32}) as session:
        history.act_as(session, None)
        yield session


def test_every_code_table_a_model_names_has_codes_and_none_is_unused() -> None:
    named = {f.say.codes for mapper in Base.registry.mappers for f in fields_of(mapper.class_) if f.say.codes}
    kept = {row["table"] for row in code_rows()}
    listed = {row["code"] for row in code_rows() if row["table"] == "code_table"}
    assert named == kept == listed


def test_codes_stand_once_and_fit_their_columns() -> None:
    keys = [(row["table"], row["code"]) for row in code_rows()]
    assert len(keys) == len(set(keys))
    assert all(len(row["label"]) <= 60 and row["remark"] for row in code_rows())


def test_loading_codes_again_adds_only_what_is_missing_and_keeps_the_bureaus_wording(
    bare: Session,
) -> None:
    assert load_codes(bare) == len(code_rows())
    village = bare.scalars(select(Code).where(Code.table == "committee_kind", Code.code == "01")).one()
    village.label = "村人民调解委员会"
    bare.delete(bare.scalars(select(Code).where(Code.table == "sex", Code.code == "9")).one())
    bare.commit()
    assert load_codes(bare) == 1
    bare.commit()
    assert load_codes(bare) == 0
    assert codebook(bare).label("committee_kind", "01") == "村人民调解委员会"
    assert codebook(bare).choices("sex")[-1] == ("9", "未说明")


def test_the_tree_of_units_has_four_tiers_and_every_path_continues_its_parents(bare: Session) -> None:
    assert load_units(bare) == 3456
    bare.commit()
    assert load_units(bare) == 0
    tiers = {tier: n for tier, n in bare.execute(select(Unit.tier, func.count()).group_by(Unit.tier))}
    assert tiers == {Tier.CITY: 1, Tier.COUNTY: 9, Tier.TOWNSHIP: 146, Tier.VILLAGE: 3300}
    units = {unit.id: unit for unit in bare.scalars(select(Unit))}
    for unit in units.values():
        above = units[unit.parent_id].path if unit.parent_id else ""
        assert unit.path == f"{above}{unit.code}/"
        assert tier_of(unit.path) is unit.tier
        assert unit.spelling
