"""The lives as `heshi lifecycle` draws them: every state and every step of the tables is in the drawing."""

import pytest

from admin_app.operations.drawings import drawn
from admin_app.operations.lives import LIVES


@pytest.mark.parametrize("word", LIVES)
def test_every_state_and_step_is_drawn(word: str) -> None:
    life, text = LIVES[word], drawn(word)
    for step in life.steps.values():
        assert f"| {step.label} |" in text
        for source in step.sources:
            assert f'state "{source.label}" as {source.value}' in text
            if step.to is not None and step.to is not source:
                assert f"    {source.value} --> {step.to.value}: {step.label}" in text
    assert "None" not in text


def test_a_step_back_leads_to_wherever_the_case_may_have_come_from() -> None:
    text = drawn("case")
    for state in ("registered", "accepted", "mediating"):
        assert f"    in_transfer --> {state}: 退回" in text
    assert "in_transfer --> settled" not in text


def test_what_a_step_asks_and_who_may_is_told() -> None:
    accept = next(line for line in drawn("case").splitlines() if line.startswith("| 受理 |"))
    for words in ("受理日期", "每个当事人：是否同意调解", "承办调解员", "司法所（本级及以下）"):
        assert words in accept
