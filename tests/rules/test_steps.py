"""The tables of steps: every arrow begins and ends at a state, and a life keeps to them."""

from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from admin_app.rules import assistances, cases, dossiers, hand_overs, referrals, urgings
from admin_app.rules.assistances import AssistanceState
from admin_app.rules.cases import Stage
from admin_app.rules.choices import Choice
from admin_app.rules.dossiers import DossierState
from admin_app.rules.hand_overs import HandOverState
from admin_app.rules.referrals import ReferralState
from admin_app.rules.refusals import NotNow
from admin_app.rules.steps import Step
from admin_app.rules.urgings import UrgingState

LIVES = [
    (cases, Stage),
    (referrals, ReferralState),
    (assistances, AssistanceState),
    (hand_overs, HandOverState),
    (urgings, UrgingState),
    (dossiers, DossierState),
]
ALL = [
    pytest.param(step, states, id=f"{module.__name__.rsplit('.')[-1]}.{step.name}")
    for module, states in LIVES
    for step in module.STEPS
]


@pytest.mark.parametrize(("step", "states"), ALL)
def test_a_step_leads_from_states_to_a_state(step: Step[Choice], states: type[Choice]) -> None:
    assert step.sources
    assert step.sources <= set(states)
    assert step.to is None or step.to in set(states)
    assert step.label
    assert step.name.isidentifier()


@pytest.mark.parametrize(("step", "states"), ALL)
def test_a_step_is_refused_with_a_sentence_from_every_other_state(
    step: Step[Choice], states: type[Choice]
) -> None:
    for state in states:
        if state in step.sources:
            step.check(state)
        else:
            with pytest.raises(NotNow) as refusal:
                step.check(state)
            assert state.label in refusal.value.sentence
            assert step.label in refusal.value.sentence
            assert refusal.value.status == 409


@pytest.mark.parametrize(("module", "states"), LIVES)
def test_step_names_are_unique_and_looked_up_by_name(module: ModuleType, states: type[Choice]) -> None:
    assert len({step.name for step in module.STEPS}) == len(module.STEPS)
    assert {step.name: step for step in module.STEPS} == module.STEP


@pytest.mark.parametrize(("module", "states"), LIVES)
def test_every_state_is_reached_from_the_first(module: ModuleType, states: type[Choice]) -> None:
    reached, before = {next(iter(states))}, set()
    while reached != before:
        before = set(reached)
        reached |= {step.to for step in module.STEPS if step.to and step.sources & reached}
    assert reached == set(states)


@pytest.mark.parametrize(("module", "states"), LIVES)
@given(data=st.data())
def test_a_random_walk_stays_in_the_table(
    module: ModuleType, states: type[Choice], data: st.DataObject
) -> None:
    state = next(iter(states))
    for _ in range(12):
        steps = [step for step in module.STEPS if state in step.sources]
        if not steps:
            break
        step = data.draw(st.sampled_from(steps))
        step.check(state)
        state = step.to or state
        assert state in set(states)


def test_lifes_ends_are_where_the_regulation_puts_them() -> None:
    """From an end no step leads on, though a declined case may still be handed to another agency."""
    ends = {
        cases: {Stage.DECLINED, Stage.ARCHIVED},
        referrals: {ReferralState.CLOSED, ReferralState.RETURNED, ReferralState.WITHDRAWN},
        assistances: {AssistanceState.ANSWERED, AssistanceState.WITHDRAWN},
        hand_overs: {HandOverState.ANSWERED},
        urgings: {UrgingState.CLOSED},
        dossiers: set(),
    }
    for module, states in LIVES:
        left = {state for step in module.STEPS if step.to or step.back for state in step.sources}
        assert set(states) - left == ends[module], module.__name__
    assert not any(Stage.ARCHIVED in step.sources for step in cases.STEPS)


def test_an_archived_case_a_closed_one_and_one_in_transfer_are_not_edited() -> None:
    assert not {Stage.ARCHIVED, Stage.CLOSED, Stage.IN_TRANSFER, Stage.DECLINED} & cases.EDITABLE
    assert {Stage.REGISTERED, Stage.ACCEPTED, Stage.MEDIATING, Stage.SETTLED} <= cases.EDITABLE


def test_the_receiving_office_sees_nothing_before_it_is_sent() -> None:
    hidden = {ReferralState.DRAFT, ReferralState.ASKED}
    assert set(ReferralState) - referrals.SEEN_BY_RECEIVER == hidden


CITY, COUNTY, TOWN = "330700/", "330700/330702/", "330700/330702/330702001/"
OTHER_TOWN, FAR_COUNTY = "330700/330702/330702002/", "330700/330703/"


@pytest.mark.parametrize(
    ("direction", "sender", "receiver", "fits"),
    [
        ("up", TOWN, COUNTY, True),
        ("up", TOWN, CITY, True),
        ("up", COUNTY, TOWN, False),
        ("up", TOWN, FAR_COUNTY, False),
        ("down", COUNTY, TOWN, True),
        ("down", TOWN, COUNTY, False),
        ("down", FAR_COUNTY, TOWN, False),
        ("sideways", TOWN, OTHER_TOWN, True),
        ("sideways", COUNTY, FAR_COUNTY, True),
        ("sideways", TOWN, COUNTY, False),
        ("up", TOWN, TOWN, False),
        ("down", TOWN, TOWN, False),
        ("sideways", TOWN, TOWN, False),
    ],
)
def test_a_referral_goes_where_its_direction_says(
    direction: str, sender: str, receiver: str, fits: bool
) -> None:
    finding = referrals.direction_finding(referrals.Direction(direction), sender, receiver)
    assert (finding is None) == fits
    assert finding is None or (finding.field, finding.grave) == ("to_unit_id", True)
