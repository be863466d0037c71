"""Random walks through all lives: each door answers as the tables say, and no invariant is ever broken.

The long walk of 100 000 steps is `python -m tests.walker`; here hypothesis leads shorter ones, and shrinks
what goes wrong to the few steps that matter.
"""

import random
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from admin_app import policy
from admin_app.models.cases import Case
from admin_app.models.users import User
from admin_app.operations.lives import take_step
from admin_app.rules.refusals import NotAllowed
from tests.databases import Ground, open_engine, open_session
from tests.invariants import faults
from tests.walker import WALKERS, Walker, walk
from tests.walking import given_for
from tests.world import World

STEPS = 20
slow = settings(
    max_examples=6,
    deadline=None,
    database=None,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
    ],
)


@slow
@given(data=st.data())
def test_any_step_by_anybody_is_answered_as_the_tables_say(ground: Ground, data: st.DataObject) -> None:
    def pick(things: Sequence[Any]) -> Any:
        return data.draw(st.sampled_from(list(things)))

    with ground.world_url() as url:
        engine = open_engine(url)
        with open_session(engine) as session:
            known = set(faults(session))
            walker = Walker(session, [getattr(ground.world, who) for who in WALKERS], pick)
            for _ in range(STEPS):
                walker.knock()
            new = set(faults(session)) - known
            assert not new, new
        engine.dispose()


def test_a_walk_of_some_hundred_steps_does_much_and_breaks_nothing(ground: Ground) -> None:
    answers = walk(ground, 250, random.Random(20261122))
    assert set(answers) >= {"done", "404", "403", "409", "422"}


def test_whoever_follows_a_case_and_has_nothing_to_choose_from_is_refused_like_anybody(
    looking: Session, world: World
) -> None:
    """An expert who is asked for advice opens the case, and sees no register of experts to choose from."""
    expert, case = looking.get_one(User, world.expert), looking.get_one(Case, world.mediating_case)
    assert policy.may(expert, "case.open", case)
    given = given_for(looking, expert, case, "consult")
    assert given.lines["assistances"][0].values["expert_id"] is None
    with pytest.raises(NotAllowed):
        take_step(looking, expert, case, "consult", given)
