"""The public window: what is counted, what is told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from admin_app.rules.cases import Stage
from admin_app.rules.window import asked_findings, digits, phone_finding, spaced, standing


@pytest.mark.parametrize("stage", Stage)
def test_every_stage_has_words_of_its_own(stage: Stage) -> None:
    found = standing("01", stage)
    assert found.words
    assert found.advice


@pytest.mark.parametrize(
    ("opinion", "words"),
    [
        ("05", "已收到，等待处理"),
        ("01", "已受理，正在登记"),
        ("02", "已转有关单位办理"),
        ("03", "建议走其他途径解决"),
        ("04", "已经答复"),
        ("77", "已收到，等待处理"),
    ],
)
def test_an_opinion_is_told_in_words_of_the_house(opinion: str, words: str) -> None:
    assert standing(opinion, None).words == words


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("1234 5678 9012", "123456789012"),
        ("１２３４－５６７８", "12345678"),
        ("查询码：12", "12"),
        ("", ""),
        ("①", "1"),
    ],
)
def test_digits_are_read_however_they_are_typed(typed: str, read: str) -> None:
    assert digits(typed) == read


@given(st.text(st.sampled_from("0123456789"), min_size=12, max_size=12))
def test_a_code_reads_back_as_it_was_told(code: str) -> None:
    assert digits(spaced(code)) == code
    assert asked_findings(digits(spaced(code)), "0000") == []


def test_what_can_be_no_code_is_told_beside_its_box() -> None:
    assert [each.field for each in asked_findings("12345", "1")] == ["code", "tail"]


def test_a_telephone_is_asked_for() -> None:
    assert phone_finding(None) is not None
    assert phone_finding("13857900001") is None
