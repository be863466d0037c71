"""The questions that every page asks are answered by an index on the table itself, at any size."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import Select, and_, event, func, select, text, true
from sqlalchemy.orm import Session

from admin_app import policy
from admin_app.models.cases import Case
from admin_app.models.deadlines import Deadline
from admin_app.models.figures import in_period, sum_of
from admin_app.models.registry import REGISTERS
from admin_app.models.screenings import Screening
from admin_app.models.units import Unit
from admin_app.models.users import User
from admin_app.models.visits import Visit
from admin_app.operations import inbox
from admin_app.operations.charts import MONTHLY
from admin_app.operations.figures import scope_of_posts
from admin_app.operations.past import touched
from admin_app.operations.search import hits as found_cases
from admin_app.operations.sums import Scope, query_by_month
from admin_app.operations.warning_facts import Look
from admin_app.rules.cases import Stage
from admin_app.rules.dates import now
from admin_app.rules.figures import EVERY, FIGURE, Measure, Of
from admin_app.rules.periods import year
from admin_app.rules.search import asked
from admin_app.views.lists import Due, ListState, conditions, order
from tests.world import World


def plan(
    session: Session, query: Select[tuple[int]], avoided: tuple[str, ...] = ("seqscan", "bitmapscan", "sort")
) -> str:
    """How the database goes about a query, asked with the very words and parameters that it gets."""
    sent = []
    connection = session.connection()
    event.listen(connection, "before_cursor_execute", lambda *given: sent.append(given[2:4]))
    session.execute(query)
    statement, parameters = sent[0]
    if connection.dialect.name == "sqlite":
        return "\n".join(
            row[-1] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        )
    # On a table of twenty rows PostgreSQL would rather read them all.
    for way in avoided:
        session.execute(text(f"SET LOCAL enable_{way} = off"))
    return "\n".join(row[0] for row in connection.exec_driver_sql(f"EXPLAIN {statement}", parameters))


@pytest.fixture
def live(looking: Session, person: Callable[[str], User]) -> Select[tuple[int]]:
    """The cases a county's bureau sees."""
    return select(Case.id).where(policy.visible(Case, person("bureau_county")), Case.removed_at.is_(None))


def test_a_list_is_read_off_the_index_of_its_scope_and_order(
    looking: Session, live: Select[tuple[int]]
) -> None:
    found = plan(looking, live.order_by(Case.registered_on.desc(), Case.id.desc()).limit(20))
    assert "ix_cases_county" in found
    assert "Sort" not in found
    assert "ORDER BY" not in found


def test_a_scope_is_counted_without_touching_the_table(looking: Session, live: Select[tuple[int]]) -> None:
    found = plan(looking, select(func.count()).select_from(live.limit(10_001).subquery()))
    assert "COVERING INDEX ix_cases_county" in found or "Index Only Scan using ix_cases_county" in found


def test_a_stage_is_found_by_its_own_index(looking: Session, live: Select[tuple[int]]) -> None:
    query = live.where(Case.stage == Stage.REGISTERED).order_by(Case.registered_on.desc(), Case.id.desc())
    assert "ix_cases_county_stage" in plan(looking, query)


def test_what_is_late_is_read_off_the_index_of_what_waits_the_oldest_deadline_first(
    looking: Session, live: Select[tuple[int]]
) -> None:
    late = ListState(REGISTERS["case"], filters={"due_on": Due.LATE})
    found = plan(looking, live.where(*conditions(late)).order_by(*order(late)).limit(20))
    assert "ix_cases_county_waiting" in found
    assert "Sort" not in found
    assert "ORDER BY" not in found
    assert [(each.column.key, each.down) for each in order(late)] == [("due_on", False), ("id", False)]


def test_the_recycle_bin_is_found_by_an_index_of_what_was_removed(
    looking: Session, person: Callable[[str], User]
) -> None:
    query = select(Case.id).where(policy.visible(Case, person("bureau_county")), Case.removed_at.is_not(None))
    assert "ix_cases_county_bin" in plan(looking, query)


@pytest.mark.parametrize("who", ["bureau_county", "office", "director"])
def test_what_is_late_is_found_on_the_index_of_the_open_deadlines(
    looking: Session, person: Callable[[str], User], who: str
) -> None:
    first = inbox.late(person(who)).with_only_columns(Deadline.id).limit(5)
    assert re.search(r"ix_deadlines_\w*open", plan(looking, first))


def test_the_groups_of_a_county_are_counted_on_its_stages(
    looking: Session, person: Callable[[str], User]
) -> None:
    for name in ("accept", "close"):
        waiting = inbox.waiting(person("bureau_county"), inbox.GROUP[name]).with_only_columns(Case.id)
        assert "ix_cases_county" in plan(looking, waiting.limit(100)), name


@pytest.mark.parametrize("who", ["office", "bureau_county", "bureau_city"])
def test_what_came_by_the_window_is_found_on_the_index_of_what_waits(
    looking: Session, person: Callable[[str], User], who: str
) -> None:
    waiting = inbox.waiting(person(who), inbox.GROUP["window"]).with_only_columns(Visit.id)
    assert "ix_visits_opinion" in plan(looking, waiting.limit(100))


# A request for help is seen by its helper and by whoever holds the case, a supervision from both its ends:
# no one index serves such an OR, as with referrals.
@pytest.mark.parametrize(
    "word", ["visit", "hand_over", "dossier", "lookback", "evaluation", "screening", "find", "warning"]
)
def test_what_hangs_on_cases_is_listed_off_an_index_of_its_own(
    looking: Session, person: Callable[[str], User], word: str
) -> None:
    register = REGISTERS[word]
    model = register.model
    scoped = select(model.id).where(
        policy.visible(model, person("bureau_county")), model.removed_at.is_(None)
    )
    found = plan(looking, scoped.order_by(*order(ListState(register))).limit(20))
    assert f"ix_{model.__tablename__}_county" in found
    assert "Sort" not in found
    assert "ORDER BY" not in found


def test_what_the_daily_job_asks_for_warnings_is_read_off_indexes(looking: Session, world: World) -> None:
    """Cases and visits of some days, cases that still wait, the parties of others."""
    look = Look((looking.get_one(Unit, world.city).path,), date(2026, 9, 1), date(2026, 9, 8))
    assert "ix_cases_" in plan(looking, select(Case.id).where(look.over(Case, Case.registered_on)))
    assert "ix_visits_" in plan(looking, select(Visit.id).where(look.over(Visit, Visit.visited_on)))
    waiting = select(Case.id).where(look.within(Case), Case.waiting(), Case.removed_at.is_(None))
    assert "ix_cases_city" in plan(looking, waiting)


@pytest.mark.parametrize("who", ["owner", "director", "office"])
def test_what_is_owed_waits_on_an_index_of_what_is_due(
    looking: Session, person: Callable[[str], User], who: str
) -> None:
    waiting = inbox.waiting(person(who), inbox.GROUP["screen"]).with_only_columns(Screening.id)
    assert "ix_screenings_" in plan(looking, waiting.limit(100))


def test_statistics_are_added_up_off_their_index_without_touching_the_table(
    looking: Session, person: Callable[[str], User]
) -> None:
    """But for the heads of cases that do not tell them: their parties are asked."""
    scope, period = scope_of_posts(person("bureau_county")), year(2026)
    counted = and_(scope.of(Case), in_period(period))
    figures = {each.key: each for each in EVERY if each.of is Of.CASE}
    sums = [sum_of(key, Of.CASE) for key in figures if key[1] is not Measure.PEOPLE]
    looking.execute(text("DROP INDEX ix_cases_committee"))  # on twenty rows PostgreSQL likes it as well
    found = plan(looking, select(Case.committee_id, *sums).where(counted).group_by(Case.committee_id))
    assert "COVERING INDEX ix_cases_figures" in found or "Index Only Scan using ix_cases_figures" in found
    assert "TEMP B-TREE FOR GROUP BY" not in found


def test_the_months_of_a_chart_are_added_up_off_the_same_index(
    looking: Session, person: Callable[[str], User]
) -> None:
    scope = Scope(scope_of_posts(person("bureau_county")).committees, true())  # one by one, not off the tally
    keys = [FIGURE[each].key for each in MONTHLY]
    looking.execute(text("DROP INDEX ix_cases_committee"))  # on twenty rows PostgreSQL likes it as well
    found = plan(looking, query_by_month(scope, year(2026), keys))
    assert "COVERING INDEX ix_cases_figures" in found or "Index Only Scan using ix_cases_figures" in found


def test_what_has_changed_since_is_found_on_an_index_of_the_history(looking: Session) -> None:
    assert "ix_history_register" in plan(looking, touched("case", now()))


@pytest.mark.parametrize("many", [False, True])
def test_a_name_is_found_by_the_index_of_words_and_no_case_is_read_for_nothing(
    looking: Session, person: Callable[[str], User], monkeypatch: pytest.MonkeyPatch, *, many: bool
) -> None:
    """Few are read by their ids; where there are many, those of the scope, and each one's own entry."""
    if many:
        monkeypatch.setattr("admin_app.operations.search.MANY", -1)
    query = found_cases(looking, person("office"), REGISTERS["case"], asked("张伟"))
    told = plan(looking, query.limit(7), ("seqscan",))  # words have no index but a bitmap's
    assert "Seq Scan on cases" not in told
    assert "SCAN cases" not in told.replace("SCAN cases USING", "")
    if not many:
        assert "search_gin" in told or "search_fts" in told
