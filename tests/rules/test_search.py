"""The words of a search: what finds what."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from admin_app.models.pinyin import readings
from admin_app.rules.search import Sought, asked, folded, holds, places_of, unit_word, words_of
from admin_app.rules.tiers import path_of

HAN = st.sampled_from("张王李赵欧阳诸葛单曾娜伟芳𠮷龘㐂〇妘")
NAMES = st.text(HAN, min_size=2, max_size=6)


def name(text: str) -> frozenset[str]:
    return words_of(text, Sought.NAME, readings(text))


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("张伟", "张伟"),
        ("张伟", "zhangwei"),
        ("张伟", "zw"),
        ("张伟", "ZW"),
        ("张伟", "ｚｈａｎｇ"),
        ("张伟", "張偉"),
        ("張偉", "张伟"),
        ("欧阳娜娜", "阳娜"),
        ("欧阳娜娜", "歐陽"),
        ("阿卜杜·拉合曼", "卜杜拉合"),
        ("阿卜杜·拉合曼", "阿卜杜•拉合曼"),
        ("𠮷野龘", "𠮷野"),
        ("ABC物业公司", "abc"),
        ("ABC物业公司", "ＡＢＣ物业"),
        ("桃园社区第2调委会", "桃园 2"),
        *(("吕布", each) for each in ("lvbu", "lubu", "lyubu", "lübu", "lǚ")),
        *(("单雄", each) for each in ("shanxiong", "danxiong", "sx", "dx")),
        ("曾小明", "zengxiao"),
        ("解放", "xiefang"),
        ("张三、李四", "李四"),
        ("张伟民", "伟"),
        ("张伟", "张"),
    ],
)
def test_a_name_is_found(text: str, question: str) -> None:
    assert holds(name(text), asked(question))


@pytest.mark.parametrize(
    ("text", "question"),
    [("张伟", "张卫"), ("张伟", "伟张"), ("李娜", "zw"), ("张伟", "张伟 李"), ("张三、李四", "三李")],
)
def test_another_name_is_not(text: str, question: str) -> None:
    assert not holds(name(text), asked(question))


@pytest.mark.parametrize(
    "question",
    ["0042", "42", "2026 42", "人调字第0042号", "（２０２６）桃园", "桃园人调字", "〔2026〕42号", "42号"],
)
def test_a_number_is_found_by_a_part_of_it(question: str) -> None:
    assert holds(words_of("（2026）桃园人调字第0042号", Sought.NUMBER), asked(question))


@pytest.mark.parametrize(
    ("question", "found"),
    [("4321", True), ("13857904321", True), ("138-5790 4321", True), ("1385", False), ("432", False)],
)
def test_a_telephone_is_found_by_its_end(question: str, found: bool) -> None:
    assert holds(words_of("138-5790-4321", Sought.PHONE), asked(question)) is found


@pytest.mark.parametrize("question", ["", " ", "，。", "·", "a", "\u200b", "'\";--"])
def test_what_says_nothing_asks_for_nothing(question: str) -> None:
    assert asked(question) == ()


def test_where_a_record_lies_narrows_by_every_unit_below_the_topmost() -> None:
    path = path_of(path_of(path_of("", "330700"), "330702"), "330702001")
    assert places_of(path) == ("u330702", "u330702001")
    assert [unit_word(each) for each in (path, path[:14], path[:7])] == ["u330702001", "u330702", None]


@given(NAMES, st.data())
def test_any_two_characters_of_a_name_find_it(text: str, data: st.DataObject) -> None:
    begin = data.draw(st.integers(0, len(text) - 2))
    end = data.draw(st.integers(begin + 2, len(text)))
    assert holds(name(text), asked(text[begin:end]))


@given(NAMES, st.text(HAN, min_size=2, max_size=2))
def test_what_finds_a_name_by_two_characters_stands_in_it(text: str, pair: str) -> None:
    assert holds(name(text), asked(pair)) == (folded(pair) in folded(text))


@given(st.text(max_size=80))
def test_anything_may_be_asked_and_every_word_is_plain(text: str) -> None:
    for word in (word for group in asked(text) for way in group for word in way):
        assert word.text.isascii()
        assert word.text.replace("_", "").isalnum()
    assert all(word.isascii() and " " not in word for word in name(text))
