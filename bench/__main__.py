"""`python -m bench [--cases 10000,100000] [--databases sqlite,postgresql]`."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import click

from admin_app.database import db
from bench import books, measures, old_books, sheets, writers
from bench.desks import Desk, prepare
from bench.measures import Rows
from bench.servers import SERVERS, Databases
from bench.tables import table

SIZES = "10000,100000,1000000"


@click.command(help="Measure the application, and print one table of medians (lowest–highest).")
@click.option("--cases", default=SIZES, show_default=True, help="numbers of cases, smallest first")
@click.option("--databases", default=",".join(SERVERS), show_default=True)
@click.option("--rounds", default=measures.ROUNDS, show_default=True, type=click.IntRange(1))
@click.option("--long-ledger", is_flag=True, help="the whole city's ledger of the largest sizes too")
@click.option("--book", default=10_000, show_default=True, help="lines of the old book that is imported")
@click.option("--keep", type=click.Path(path_type=Path), help="a folder that keeps the databases")
def bench(cases: str, databases: str, rounds: int, long_ledger: bool, book: int, keep: Path | None) -> None:
    sizes = [int(each) for each in cases.split(",")]
    found: dict[str, Rows] = {}
    beside: list[str] = []
    for name in databases.split(","):
        with _folder(keep) as folder, SERVERS[name](folder, kept=keep is not None) as database:
            found[name] = _run(name, database, sizes, rounds, long=long_ledger)
            beside.append(_beside(name, database, sizes, book))
    click.echo("\n\n".join([table(found, sizes), *beside]))


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        yield keep
    else:
        with TemporaryDirectory(prefix="heshi-bench-", ignore_cleanup_errors=True) as folder:
            yield Path(folder)


def _run(name: str, database: Databases, sizes: list[int], rounds: int, *, long: bool) -> Rows:
    desks = [_prepared(name, database, size) for size in sizes]
    rows = measures.measure(desks, rounds)
    _say(f"{name}: ledgers")
    rows.update(books.download(desks, long=long))
    for desk in desks:
        with desk.app.app_context():
            db.engine.dispose()
    return rows


def _beside(name: str, database: Databases, sizes: list[int], book: int) -> str:
    """The other ways to write the register, at the largest size that they can be asked, and more."""
    size = max((each for each in sizes if each <= writers.MOST), default=sizes[0])
    _say(f"{name}: other writers")
    written = writers.compare(prepare(database(size), size))
    _say(f"{name}: an old book")
    brought = old_books.compare(prepare(database(sizes[0]), sizes[0]), book)
    _say(f"{name}: the statistics sheet")
    counted = sheets.compare(prepare(database(sizes[-1]), sizes[-1]))
    return f"{name}\n\n{written}\n\n{brought}\n\n{counted}"


def _prepared(name: str, database: Databases, size: int) -> Desk:
    start = perf_counter()
    desk = prepare(database(size), size)
    _say(f"{name}: {size:,} cases ready after {perf_counter() - start:.0f} s")
    return desk


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


if __name__ == "__main__":
    bench()
