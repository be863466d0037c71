"""A person who tries doors at random, and a small model that says beforehand what each must answer.

The model knows the tables of steps and the policy, and keeps its own account of every life: where it
stands, where a case came from before it was on its way, and who holds it. What the panel does is held
against that account. `python -m tests.walker --steps 100000` walks long; the tests walk a little.
"""

import argparse
import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app import history, policy
from admin_app.models.registry import REGISTERS
from admin_app.models.users import User
from admin_app.operations.given import Given
from admin_app.operations.lives import LIVES, take_step
from admin_app.rules.cases import Stage
from admin_app.rules.referrals import LEADS
from admin_app.rules.refusals import NotAllowed, NotNow, NotSeen, RecordRefused, Refusal
from tests.databases import Ground, open_engine, open_session
from tests.invariants import faults
from tests.walking import given_for

ROUND = 2_000  # steps over one copy: by then most of its cases are at the end of their lives
# Those who hold things, those beside them, and those from elsewhere.
WALKERS = (
    "director",
    "director",
    "owner",
    "office",
    "office",
    "bureau_county",
    "bureau_city",
    "colleague",
    "stranger",
    "other_office",
    "bureau_far",
    "expert",
    "inspector",
    "sysadmin",
    "nobody",
)
Pick = Callable[[Sequence[Any]], Any]
MODELS = {word: REGISTERS[word].model for word in LIVES}


@dataclass
class Walker:
    """Walks over one database; `pick` chooses, so that hypothesis or a seeded chance may lead."""

    session: Session
    people: list[int]
    pick: Pick
    answers: Counter[str] = field(default_factory=Counter)
    stands: dict[tuple[str, int], str] = field(default_factory=dict)
    before: dict[int, str] = field(default_factory=dict)  # of a case on its way: the stage it had
    held: dict[int, tuple[int, int]] = field(default_factory=dict)  # of a case: unit and committee

    def __post_init__(self) -> None:
        self.look()

    def look(self) -> None:
        """Take the things into account as they stand."""
        for word, model in MODELS.items():
            for record in self.session.scalars(select(model).where(model.removed_at.is_(None))):
                self.note(word, record)

    def note(self, word: str, record: Any) -> None:
        """One thing as it stands now."""
        self.stands[word, record.id] = LIVES[word].stands(record).value
        if word == "case":
            self.held[record.id] = record.unit_id, record.committee_id
            if record.stage is Stage.IN_TRANSFER:
                self.before.setdefault(record.id, _left(record))

    def knock(self) -> str:
        """One person, one thing, one step, with right facts or with none; returns how it was answered."""
        word = self.pick(("case", *sorted(LIVES)))
        ids = sorted(record_id for kind, record_id in self.stands if kind == word)
        record = self.session.get_one(MODELS[word], self.pick(ids))
        knows_the_rules = self.pick((True, True, False))
        actor, name = (self._sensibly if knows_the_rules else self._blindly)(word, record)
        filled = self.pick((True, True, True, False))
        wanted = self.wanted(actor, word, record, name)
        got = self._try(actor, word, record, name, filled)
        told = f"{actor.username} {word} {record.id} {name} at {self.stands[word, record.id]}"
        if wanted in ("404", "403", "409"):
            assert got == wanted, f"{told}: {got}, not {wanted}"
        else:
            assert got in ("done", "422", "409"), f"{told}: {got}"
        self.check(word, record, name, got)
        self.answers[got] += 1
        return got

    def _blindly(self, word: str, record: Any) -> tuple[User, str]:
        """Anybody, any step."""
        return self.session.get_one(User, self.pick(self.people)), self.pick(sorted(LIVES[word].steps))

    def _sensibly(self, word: str, record: Any) -> tuple[User, str]:
        """A step that is open now, by somebody who may take it; where there is none, blindly."""
        stands = self.stands[word, record.id]
        steps = [each for each in LIVES[word].steps.values() if stands in {s.value for s in each.sources}]
        known = select(User).where(User.id.in_(self.people)).order_by(User.id)
        people = self.session.scalars(known).all()  # at once: each commit has made them all stale
        able = [
            (user, step.name)
            for step in steps
            for user in people
            if not step.led and policy.may(user, f"{word}.{step.name}", record)
        ]
        return self.pick(able) if able else self._blindly(word, record)

    def wanted(self, actor: User, word: str, record: Any, name: str) -> str:
        """What the tables say: 404, 403, 409, or "" where the facts decide."""
        step = LIVES[word].steps[name]
        if not policy.may(actor, f"{word}.open", record):
            return "404"
        if step.led or not policy.may(actor, f"{word}.{name}", record):
            return "403"
        standing = {state.value for state in step.sources}
        return "" if self.stands[word, record.id] in standing else "409"

    def _try(self, actor: User, word: str, record: Any, name: str, filled: bool) -> str:
        session = self.session
        history.act_as(session, actor)
        try:
            found = policy.find(session, actor, MODELS[word], record.id)
            given = given_for(session, actor, found, name) if filled else Given()
            take_step(session, actor, found, name, given, version=found.version)
            session.commit()
        except Refusal as refusal:
            session.rollback()
            return _status(refusal)
        return "done"

    def check(self, word: str, record: Any, name: str, got: str) -> None:
        """What was refused left all as it was; what was done moved just what the tables say."""
        if got == "done":
            self._moved(word, record, name)
            self.look()
            return
        assert LIVES[word].stands(record).value == self.stands[word, record.id]
        if word == "case":
            assert self.held[record.id] == (record.unit_id, record.committee_id)

    def _moved(self, word: str, record: Any, name: str) -> None:
        """The account moves as the table says; `look` and `check` hold the panel against it afterwards."""
        step, before = LIVES[word].steps[name], self.stands[word, record.id]
        now = LIVES[word].stands(record).value
        assert now == (step.to.value if step.to else before), f"{word} {name}: {before} → {now}"
        leads = LEADS.get(name) if word == "referral" else None
        case_id = record.case_id if leads else record.id
        if leads in ("receive", "send_back", "withdraw"):
            case = self.session.get_one(MODELS["case"], case_id)
            assert case.stage.value == self.before.pop(case_id), "a case came back to another stage"
            held = (record.to_unit_id, record.to_committee_id) if leads == "receive" else self.held[case_id]
            assert (case.unit_id, case.committee_id) == held, "custody went elsewhere"
        if leads == "transfer" or (word, name) == ("case", "transfer"):
            self.before[case_id] = self.stands["case", case_id]


def _left(case: Any) -> str:
    moves = [row for row in case.steps if row.target is Stage.IN_TRANSFER and row.source is not row.target]
    left: str = moves[-1].source.value
    return left


def _status(refusal: Refusal) -> str:
    kinds = ((NotSeen, "404"), (NotAllowed, "403"), (NotNow, "409"), (RecordRefused, "422"))
    return next(status for kind, status in kinds if isinstance(refusal, kind))


def walk(ground: Ground, steps: int, chance: random.Random) -> Counter[str]:
    """So many steps over a fresh copy of the world; its invariants hold at the end as at the beginning."""
    with ground.world_url() as url:
        engine = open_engine(url)
        with open_session(engine) as session:
            people = [getattr(ground.world, who) for who in WALKERS]
            walker, known = Walker(session, people, chance.choice), set(faults(session))
            for _ in range(steps):
                walker.knock()
            new = set(faults(session)) - known
            assert not new, new
        engine.dispose()
    return walker.answers


def main() -> None:
    """Walk long, over one copy of the world after the other, and say how."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--steps", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=330700)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    asked = parser.parse_args()
    ground, began, chance = Ground(asked.database), time.monotonic(), random.Random(asked.seed)
    answers: Counter[str] = Counter()
    while answers.total() < asked.steps:
        answers += walk(ground, min(ROUND, asked.steps - answers.total()), chance)
        seconds = time.monotonic() - began
        print(f"{answers.total()} steps on {asked.database} in {seconds:.0f} s: {dict(answers)}", flush=True)
    ground.stop()


if __name__ == "__main__":
    main()
