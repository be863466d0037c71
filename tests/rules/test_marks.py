"""What a question has found in a text is marked, and the text stays what it was."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from admin_app.models.pinyin import syllables
from admin_app.rules.marks import asks_for_tail, pieces
from admin_app.rules.numbers import ways_to_write


def marked(text: str, question: str) -> str:
    """The text with its found parts in angle brackets."""
    return "".join(f"<{part}>" if hit else part for part, hit in pieces(text, question, syllables))


@pytest.mark.parametrize(
    ("text", "question", "shown"),
    [
        ("张伟、李四", "张伟", "<张伟>、李四"),
        ("張偉、李四", "张伟", "<張偉>、李四"),
        ("张伟、李四", "zw", "<张伟>、李四"),
        ("张伟、李四", "lisi", "张伟、<李四>"),
        ("张伟、李四", "zhangw", "<张伟>、李四"),
        ("王张伟", "zhangwei", "王张伟"),
        ("张", "张伟", "张"),
        ("张伟明与王伟明", "张伟明王", "<张伟明>与王<伟明>"),
        ("（2026）城东人调字第0012号", "（2026） 城东 12", "（<2026>）<城东>人调字第<0012>号"),
        ("第120号", "12", "第120号"),
        ("第00100号", "100", "第<00100>号"),
        ("330702001", "33070", "<33070>2001"),
        ("138****2345", "13857912345", "138****<2345>"),
        ("138****2345", "2345", "138****<2345>"),
        ("ABC公司", "abc", "<ABC>公司"),
        ("𠮷野家", "𠮷野", "<𠮷野>家"),
        ("甲乙", "", "甲乙"),
        ("50%_*", '%_*" AND NEAR(', "50%_*"),
    ],
)
def test_the_found_parts_are_marked(text: str, question: str, shown: str) -> None:
    assert marked(text, question) == shown


@given(st.text(max_size=20), st.text(max_size=20))
def test_marking_never_changes_a_text(text: str, question: str) -> None:
    assert "".join(part for part, _ in pieces(text, question, syllables)) == text


@given(st.text(alphabet="张伟李明 ab12、", min_size=1, max_size=12), st.data())
def test_what_stands_in_a_text_as_it_was_typed_is_marked(text: str, data: st.DataObject) -> None:
    runs = [run for run in text.replace("、", " ").split() if set(run) <= set("张伟李明")]
    if runs:
        run = data.draw(st.sampled_from(runs))
        assert f"{run}" in "".join(part for part, hit in pieces(text, run, syllables) if hit)


@pytest.mark.parametrize(
    ("question", "asks"),
    [("2345", True), ("13857912345", True), ("张伟 2345", True), ("12", False), ("张", False)],
)
def test_four_digits_or_a_whole_number_may_be_a_telephone(question: str, asks: bool) -> None:
    assert asks_for_tail(question) is asks


def test_a_number_is_known_in_any_brackets_and_width() -> None:
    number = "（2026）城东人调字第0012号"
    for typed in (
        number,
        "(2026)城东人调字第0012号",
        " 〔2026〕城东人调字第００１２号 ",
        "[2026] 城东人调字第0012号",
    ):
        assert number in ways_to_write(typed)
    assert ways_to_write("张伟") == set()
