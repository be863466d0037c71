"""A process that is killed in the middle of its work leaves each step whole or not begun."""

import random
import subprocess
import sys
import time

import pytest
from sqlalchemy import URL
from sqlalchemy.orm import Session

from admin_app import history
from tests.databases import open_engine, open_session
from tests.invariants import faults
from tests.world import World

# Walks without an end over the database that stands in the first argument.
WALK = """
import random, sys
from tests.databases import open_engine, open_session
from tests.walker import Walker
with open_session(open_engine(sys.argv[1])) as session:
    walker = Walker(session, [int(each) for each in sys.argv[3:]], random.Random(int(sys.argv[2])).choice)
    while True:
        print(walker.knock(), flush=True)
"""
KILLS = 3


@pytest.mark.parametrize("seed", range(KILLS))
def test_a_step_is_whole_or_not_begun_when_its_process_is_killed(
    database_url: URL, world: World, seed: int
) -> None:
    engine = open_engine(database_url)
    with open_session(engine) as session:
        known, begun = set(faults(session)), _steps(session)
    address = database_url.render_as_string(hide_password=False)
    people = [world.director, world.office, world.bureau_county, world.bureau_city]
    walk = [sys.executable, "-c", WALK, address, str(seed), *map(str, people)]
    with subprocess.Popen(walk, stdout=subprocess.PIPE, text=True) as walker:
        assert walker.stdout is not None
        while walker.stdout.readline() != "done\n":
            assert walker.poll() is None, "it fell before it was killed"
        time.sleep(random.Random(seed).random())
        walker.kill()
    with open_session(engine) as session:
        assert _steps(session) > begun, "it was killed before it had done anything"
        assert set(faults(session)) - known == set()
        assert history.verify(session)[1] is None
    engine.dispose()


def _steps(session: Session) -> int:
    """How many lines the history has: each step leaves one."""
    return history.count(session)
