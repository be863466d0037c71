"""The migrations and the models tell the same shape, and every way up has a way down."""

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, create_engine, inspect, text

from admin_app import migrations
from admin_app.models.base import Base
from tests.databases import Ground, open_engine

# SQLite cannot tell Alembic of its expression indexes; `indexes` below compares them all.
pytestmark = [
    pytest.mark.filterwarnings("ignore:autogenerate skipping metadata-specified expression-based index"),
    pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index"),
]

INDEXES = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL",
    "postgresql": "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema()",
}


@pytest.fixture
def migrated(empty_engine: Engine) -> Engine:
    """A database brought up by the migrations."""
    migrations.upgrade(empty_engine)
    return empty_engine


@pytest.fixture
def modelled(ground: Ground) -> Iterator[Engine]:
    """A database made from the models, to compare with."""
    with ground.empty_url() as url:
        engine = open_engine(url)
        Base.metadata.create_all(engine)
        yield engine
        engine.dispose()


def indexes(engine: Engine) -> dict[str, str]:
    """Every index by name, with the database's own definition, expression and partial ones too."""
    with engine.connect() as connection:
        rows = connection.execute(text(INDEXES[engine.dialect.name])).all()
    return {name: " ".join(sql.split()) for name, sql in rows if not name.startswith("alembic")}


def columns(engine: Engine) -> dict[str, set[tuple[str, str, bool]]]:
    """Every column with its type; their order is the models' to change, it is the order of the form."""
    inspector = inspect(engine)
    return {
        table: {(each["name"], str(each["type"]), each["nullable"]) for each in inspector.get_columns(table)}
        for table in inspector.get_table_names()
        if table != "alembic_version"
    }


def test_alembic_finds_no_difference_between_migrations_and_models(migrated: Engine) -> None:
    with migrated.connect() as connection:
        ours = {
            "include_name": lambda name, kind, parents: (
                not (name or "").startswith(("search_fts", "search_gin"))
            )
        }
        differences = compare_metadata(MigrationContext.configure(connection, opts=ours), Base.metadata)
    assert differences == []


def test_the_migrations_make_the_very_columns_of_the_models(migrated: Engine, modelled: Engine) -> None:
    assert columns(migrated) == columns(modelled)


def test_the_migrations_make_the_very_indexes_of_the_models(migrated: Engine, modelled: Engine) -> None:
    made = indexes(migrated)
    assert made == indexes(modelled)
    assert {index.name for table in Base.metadata.tables.values() for index in table.indexes} <= set(made)


def test_the_way_down_leaves_nothing_and_the_way_up_works_again(migrated: Engine) -> None:
    before = columns(migrated), indexes(migrated)
    migrations.downgrade(migrated, "base")
    assert inspect(migrated).get_table_names() == ["alembic_version"]
    assert indexes(migrated) == {}
    assert migrations.current(migrated) is None

    migrations.upgrade(migrated)
    assert (columns(migrated), indexes(migrated)) == before


def test_going_up_twice_changes_nothing(migrated: Engine) -> None:
    before = columns(migrated)
    migrations.upgrade(migrated)
    assert columns(migrated) == before
    assert migrations.current(migrated) == migrations.newest()


def test_a_failing_migration_leaves_the_database_as_it_was(empty_engine: Engine) -> None:
    with empty_engine.begin() as connection:
        connection.execute(text("CREATE TABLE cases (id INTEGER PRIMARY KEY)"))  # in the migration's way
    with pytest.raises(Exception, match="cases"):
        migrations.upgrade(empty_engine)
    assert [table for table in inspect(empty_engine).get_table_names() if table != "alembic_version"] == [
        "cases"
    ]


def test_migrations_are_named_by_their_day() -> None:
    files = [each.stem for each in (migrations.HERE / "versions").glob("*.py")]
    days = [date.fromisoformat(f"{name[:4]}-{name[4:6]}-{name[6:8]}") for name in files]
    assert len(days) >= 1
    assert all(name[8] == "_" for name in files)


def test_a_draft_of_a_new_migration_is_a_program_that_runs(
    migrated: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The template is only seen when the next migration is written: so write one, elsewhere."""
    elsewhere = tmp_path / "migrations"
    shutil.copytree(migrations.HERE, elsewhere, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(migrations, "HERE", elsewhere)
    migrations.draft(migrated, "nothing_new", date(2026, 12, 1))
    assert (elsewhere / "versions" / "20261201_nothing_new.py").exists()
    migrations.upgrade(migrated)
    assert migrations.current(migrated) == "20261201_nothing_new"
    migrations.downgrade(migrated, "base")
    assert inspect(migrated).get_table_names() == ["alembic_version"]


def test_an_engine_that_is_not_prepared_can_be_migrated_too(ground: Ground) -> None:
    with ground.empty_url() as url:
        engine = create_engine(url)
        migrations.upgrade(engine)
        assert migrations.current(engine) == migrations.newest()
        engine.dispose()
