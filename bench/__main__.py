"""`python -m bench [--cases 10000,100000] [--databases sqlite,postgresql] [--parts rivals,load]`."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import click

from admin_app.database import db
from bench import books, contenders, expected, load, measures, old_books, rivalry, sheets, writers
from bench.desks import Desk, prepare
from bench.expected import Run
from bench.measures import Rows
from bench.servers import SERVERS, Databases
from bench.tables import table

SIZES = "10000,100000,1000000"
PARTS = ("pages", "ledgers", "rivals", "load", "writers", "book", "sheet")


@click.command(help="Measure the application, and print tables of medians (lowest–highest).")
@click.option("--cases", default=SIZES, show_default=True, help="numbers of cases, smallest first")
@click.option("--databases", default=",".join(SERVERS), show_default=True)
@click.option("--parts", default=",".join(PARTS), show_default=True, help="what is measured; or none")
@click.option("--rounds", default=measures.ROUNDS, show_default=True, type=click.IntRange(1))
@click.option("--seconds", default=load.SECONDS, show_default=True, help="how long a turn of the load lasts")
@click.option("--long-ledger", is_flag=True, help="the whole city's ledger of the largest sizes too")
@click.option("--book", default=10_000, show_default=True, help="lines of the old book that is imported")
@click.option("--clock", default="wall", type=click.Choice(["wall", "cpu"]), help="of the rivals' part")
@click.option("--keep", type=click.Path(path_type=Path), help="a folder that keeps the databases")
def bench(
    cases: str,
    databases: str,
    parts: str,
    rounds: int,
    seconds: float,
    long_ledger: bool,
    book: int,
    clock: str,
    keep: Path | None,
) -> None:
    os.environ["BENCH_CLOCK"] = clock
    sizes = [int(each) for each in cases.split(",")]
    wanted = set(parts.split(",")) - {"none"}  # none: the databases are made ready, and that is all
    if wanted - set(PARTS):
        raise click.BadParameter(f"unknown parts: {', '.join(sorted(wanted - set(PARTS)))}")
    found: dict[str, Rows] = {}
    runs: dict[str, Run] = {}
    for name in databases.split(","):
        with _folder(keep) as folder, SERVERS[name](folder, kept=keep is not None) as database:
            desks = [_prepared(name, database, size) for size in sizes]
            found[name] = _alone(name, desks, wanted, rounds, long=long_ledger)
            runs[name] = _rivals(name, desks, wanted, rounds, seconds)
            for part in (_shown(name, runs[name], sizes[-1]), _beside(name, database, sizes, wanted, book)):
                for each in part:
                    click.echo(f"{each}\n")
    if any(found.values()):
        click.echo(f"{table(found, sizes)}\n")
    if wanted & {"rivals", "load"}:
        click.echo("\n\n".join(filter(None, [expected.table(runs, sizes[-1]), contenders.missing()])))


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        yield keep
    else:
        with TemporaryDirectory(prefix="heshi-bench-", ignore_cleanup_errors=True) as folder:
            yield Path(folder)


def _alone(name: str, desks: list[Desk], wanted: set[str], rounds: int, *, long: bool) -> Rows:
    """Ours, page by page, and its ledgers."""
    rows: Rows = {}
    if "pages" in wanted:
        _say(f"{name}: pages")
        rows.update(measures.measure(desks, rounds))
    if "ledgers" in wanted:
        _say(f"{name}: ledgers")
        rows.update(books.download(desks, long=long))
    for desk in desks:
        with desk.app.app_context():
            db.engine.dispose()
    return rows


def _rivals(name: str, desks: list[Desk], wanted: set[str], rounds: int, seconds: float) -> Run:
    """Ours beside the rivals; many at once only on the server that is made for many."""
    timed, loads = None, []
    if "rivals" in wanted:
        _say(f"{name}: beside the rivals")
        timed = rivalry.measure(desks, rounds)
    if "load" in wanted:
        _say(f"{name}: {load.PEOPLE} people at once")
        loads = load.measure(desks[-1], rivals=name == "postgresql", seconds=seconds)
    return Run(timed, loads)


def _shown(name: str, run: Run, largest: int) -> Iterator[str]:
    if run.rivalry:
        yield rivalry.table(name, run.rivalry)
    if run.loads:
        yield load.table(name, largest, run.loads)


def _beside(name: str, database: Databases, sizes: list[int], wanted: set[str], book: int) -> Iterator[str]:
    """The other ways to write the register, at the largest size that they can be asked, and more."""
    if "writers" in wanted:
        _say(f"{name}: other writers")
        size = max((each for each in sizes if each <= writers.MOST), default=sizes[0])
        yield f"{name}\n\n{writers.compare(prepare(database(size), size))}"
    if "book" in wanted:
        _say(f"{name}: an old book")
        yield f"{name}\n\n{old_books.compare(prepare(database(sizes[0]), sizes[0]), book)}"
    if "sheet" in wanted:
        _say(f"{name}: the statistics sheet")
        yield f"{name}\n\n{sheets.compare(prepare(database(sizes[-1]), sizes[-1]))}"


def _prepared(name: str, database: Databases, size: int) -> Desk:
    start = perf_counter()
    desk = prepare(database(size), size)
    _say(f"{name}: {size:,} cases ready after {perf_counter() - start:.0f} s")
    return desk


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


if __name__ == "__main__":
    bench()
