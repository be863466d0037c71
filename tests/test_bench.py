"""The bench itself: whoever wants to measure finds it working."""

import re

import pytest
from click.testing import CliRunner

from bench import books, contenders, load, old_books, writers
from bench.__main__ import bench
from bench.expected import at_least, at_most
from bench.measures import Spread
from bench.operations import OPERATIONS
from bench.tables import table


def test_the_bench_measures_a_small_database_and_prints_its_table(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(books, "BOOKS", books.BOOKS[-1:])  # each takes a process of its own
    monkeypatch.setattr(writers, "ROUNDS", 1)
    monkeypatch.setattr(load, "PEOPLE", 2)
    monkeypatch.setattr(load, "WARM", 0.2)
    monkeypatch.setattr(load, "TURNS", 1)
    asked = ["--cases", "300", "--databases", "sqlite", "--rounds", "1", "--book", "200", "--seconds", "4"]
    answer = CliRunner().invoke(bench, asked)
    assert answer.exit_code == 0, answer.output
    assert "| operation | sqlite 300 |" in answer.output
    assert all(f"| {each.label} (ms) |" in answer.output for each in OPERATIONS)
    assert "| ledger, the whole city (lines) | 300 |" in answer.output
    assert f"| {old_books.IMPORT} |" in answer.output
    assert "| statistics sheet of the city, 300 cases |" in answer.output
    assert all(f"| {each.label} | 300 | " in answer.output for each in contenders.TASKS)
    many = answer.output.partition("| many people at once, sqlite, 300 cases |")[2]
    assert re.search(r"^\| ours \| .* \| 0 \|$", many, re.M), many  # nobody met an error
    assert "KiB, met |" in answer.output


def test_the_table_tells_the_growth_from_the_smallest_to_the_largest() -> None:
    rows = {
        "list (ms)": {1000: Spread((1.0, 2.0, 3.0)), 2_000_000: Spread((4.0, 3.0, 5.0))},
        "book (s)": {1000: Spread((7.0,))},
    }
    assert table({"sqlite": rows}, [1000, 2_000_000]).splitlines() == [
        "| operation | sqlite 1k | sqlite 2M | 1k→2M |",
        "| --- | ---: | ---: | ---: |",
        "| list (ms) | 2.0 (1.0–3.0) | 4.0 (3.0–5.0) | ×1.67 |",
        "| book (s) | 7.0 |  |  |",
    ]


@pytest.mark.parametrize(
    ("ratio", "said"),
    [(20.0, "×20.0, met"), (15.0, "×15.0, missed by 25%"), (None, "")],
)
def test_an_expectation_tells_by_how_much_it_is_missed(ratio: float | None, said: str) -> None:
    assert at_least(ratio, 20) == said


def test_what_should_stay_small_is_told_alike() -> None:
    assert (at_most(60, 60), at_most(75, 60)) == ("met", "missed by 25%")


def test_a_rival_that_is_not_installed_is_named() -> None:
    assert contenders.present()[0] is contenders.OURS
    absent = [each.label for each in contenders.CONTENDERS if not each.installed]
    assert all(each in contenders.missing() for each in absent)
    assert bool(contenders.missing()) == bool(absent)
