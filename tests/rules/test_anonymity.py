"""No name, number, address of a case may pass into the library, however it is spelled."""

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from admin_app.rules.anonymity import Kind, Leak, Secret, leaks, nameless, nobody, somewhere, stem_of

NAME = Secret(Kind.PERSON, "王小明", "申请人姓名", "某甲")
SHORT = Secret(Kind.PERSON, "李四", "被申请人姓名", "某乙")
PHONE = Secret(Kind.NUMBER, "13857912345", "联系方式", "（电话略）")
CARD = Secret(Kind.NUMBER, "33070219750607121X", "证件号码", "（证件号略）")
HOME = Secret(Kind.ADDRESS, "婺城区城东街道桃园社区12幢3单元501室", "住址", "某地")
FIRM = Secret(Kind.BODY, "金华市宏达五金有限公司", "单位名称", "某公司")
VILLAGE = Secret(Kind.PLACE, "桃园社区", "地名", "某社区")
FILE = Secret(Kind.REFERENCE, "（2026）桃园人调字第0012号", "案号", "（编号略）")
SECRETS = (NAME, SHORT, PHONE, CARD, HOME, FIRM, VILLAGE, FILE)


def found(text: str) -> list[Leak]:
    return leaks(text, SECRETS)


def test_a_leak_tells_its_very_place() -> None:
    [leak] = found("申请人王 小 明说")
    assert (leak.start, leak.end, leak.text, leak.secret) == (3, 8, "王 小 明", NAME)
    assert "申请人姓名" in leak.sentence
    assert "某甲" in leak.sentence


def test_a_traditional_form_is_found_and_shown_as_it_stands() -> None:
    wei = Secret(Kind.PERSON, "张伟", "申请人姓名", "某甲")
    [leak] = leaks("当事人張偉说", [wei])
    assert (leak.start, leak.end, leak.text) == (3, 5, "張偉")
    assert leaks("张伟说", [Secret(Kind.PERSON, "張偉", "申请人姓名", "某甲")])
    assert leaks("住桃園社區", [VILLAGE])


def test_every_spelling_of_a_name_is_found() -> None:
    for text in (
        "王小明",
        "王　小　明",
        "王-小-明",
        "王·小·明",
        "王\u200b小\u200b明",
        "王*明",
        "王某明",
        "*小明",
        "“王”小明",
    ):
        assert [each.secret for each in found(text)] == [NAME], text


def test_every_spelling_of_a_number_is_found() -> None:
    for text in (
        "13857912345",
        "１３８５７９１２３４５",
        "138-5791-2345",
        "138 5791 2345",
        "138.5791.2345",
        "（138）5791，2345",
        "一三八五七九一二三四五",
        "幺三八五七九幺二三四五",
        "①③⑧⑤⑦⑨①②③④⑤",
        "138****2345",
        "1385791****",
        "电话尾数5791234",
        "138xxxx2345",
    ):
        assert [each.secret for each in found(text)] == [PHONE], text


def test_every_spelling_of_a_card_is_found() -> None:
    for text in (
        "33070219750607121X",
        "３３０７０２１９７５０６０７１２１ｘ",
        "330702 19750607 121x",
        "330702********121X",
        "19750607",
    ):
        assert {each.secret for each in found(text)} == {CARD}, text


def test_parts_of_an_address_and_of_a_firms_name_are_found() -> None:
    assert found("住在桃园社区12幢")[0].secret in (HOME, VILLAGE)
    assert {each.secret for each in found("12幢3单元501室")} == {HOME}
    assert {each.secret for each in found("金华市宏达五金厂")} == {FIRM}
    assert {each.secret for each in found("(2026)桃园人调字第0012号")} == {FILE}


def test_a_nameless_text_has_nothing_in_it() -> None:
    text = "某甲与某乙因某社区的相邻关系发生争执，王某表示，李某不同意；赔偿13800元，2026年9月12日达成协议。"
    assert found(text) == []


def test_the_same_place_is_told_once() -> None:
    assert len(found("13857912345")) == 1
    assert len(found("婺城区城东街道桃园社区12幢3单元501室")) == 1


def test_it_proposes_what_stands_instead() -> None:
    text = "王小明（13857912345）住桃园社区，和李四争执。"
    assert nameless(text, SECRETS) == "某甲（（电话略））住某社区，和某乙争执。"


def test_whoever_is_called_nobody_becomes_a_blank() -> None:
    secret = Secret(Kind.PERSON, "某甲", "姓名", "某甲")
    assert leaks(nameless("某甲来了", [secret]), [secret]) == []


def test_the_words_for_nobody_and_somewhere() -> None:
    assert [nobody(n) for n in (0, 1, 9, 10)] == ["某甲", "某乙", "某癸", "某甲2"]
    assert [somewhere(name) for name in ("桃园社区", "城东街道", "塘雅镇", "新店")] == [
        "某社区",
        "某街道",
        "某镇",
        "某地",
    ]
    assert [stem_of(name) for name in ("桃园社区", "李村")] == ["桃园", "李村"]


# ---------------------------------------------------------------- whatever the name, whatever the spelling

HAN = st.characters(
    min_codepoint=0x4E00,
    max_codepoint=0x9FA5,
    exclude_characters="某零一二三四五六七八九两幺壹贰叁肆伍陆柒捌玖",
)
NAMES = st.text(HAN, min_size=2, max_size=4)
BETWEEN = st.sampled_from(["", " ", "　", "-", "—", "·", ".", "_", "\u200b", "\n", "/", "*"])
PROSE = st.text(st.one_of(HAN, st.sampled_from("，。、；：0123456789（）某甲乙村 ")), max_size=30)


def wide(text: str) -> str:
    return "".join(chr(ord(each) + 0xFEE0) if "!" <= each <= "~" else each for each in text)


@st.composite
def spelled(draw: st.DrawFn, text: str) -> str:
    """One of the spellings of a text: something between its characters, or in full width."""
    text = wide(text) if draw(st.booleans()) else text
    between = draw(BETWEEN)
    return between.join(text)


@settings(deadline=None)
@given(st.data(), NAMES, PROSE, PROSE)
def test_no_name_passes_in_any_spelling(data: st.DataObject, name: str, before: str, after: str) -> None:
    secret = Secret(Kind.PERSON, name, "姓名", "某甲")
    text = f"{before}，{data.draw(spelled(name))}，{after}"
    assert leaks(text, [secret])
    assert leaks(nameless(text, [secret]), [secret]) == []


@settings(deadline=None)
@given(
    st.data(), NAMES.filter(lambda name: len(name) >= 3), st.integers(0, 3), st.sampled_from("*某×○"), PROSE
)
def test_no_half_masked_name_passes(data: st.DataObject, name: str, at: int, mask: str, after: str) -> None:
    at = at % len(name)
    secret = Secret(Kind.PERSON, name, "姓名", "某甲")
    text = f"由{name[:at]}{mask}{name[at + 1 :]}，{after}"
    assert leaks(text, [secret])


DIGITS = st.text("0123456789", min_size=7, max_size=18)


@settings(deadline=None)
@given(st.data(), DIGITS, PROSE, PROSE)
def test_no_number_passes_in_any_spelling(data: st.DataObject, number: str, before: str, after: str) -> None:
    secret = Secret(Kind.NUMBER, number, "号码", "（略）")
    text = f"{before}号{data.draw(spelled(number))}，{after}"
    assert leaks(text, [secret])
    assert leaks(nameless(text, [secret]), [secret]) == []


@settings(deadline=None)
@given(DIGITS.filter(lambda number: len(number) >= 10), st.sampled_from("*＊x×●"), PROSE)
def test_no_half_masked_number_passes(number: str, mask: str, after: str) -> None:
    """As the panel itself masks them: the middle four."""
    assume(len(number) - 4 >= 6)
    secret = Secret(Kind.NUMBER, number, "号码", "（略）")
    text = f"电话{number[:3]}{mask * 4}{number[7:]}号，{after}"
    assert leaks(text, [secret])


@settings(deadline=None)
@given(st.data(), st.text(HAN, min_size=6, max_size=20), PROSE)
def test_no_address_passes_in_any_spelling(data: st.DataObject, home: str, after: str) -> None:
    secret = Secret(Kind.ADDRESS, home, "住址", "某地")
    text = f"住在{data.draw(spelled(home))}，{after}"
    assert leaks(text, [secret])
    assert leaks(nameless(text, [secret]), [secret]) == []


@settings(deadline=None, max_examples=60)
@given(st.lists(NAMES, min_size=1, max_size=4, unique=True), PROSE, DIGITS)
def test_a_nameless_text_has_no_leak_whoever_there_is(names: list[str], prose: str, number: str) -> None:
    secrets = [Secret(Kind.PERSON, name, "姓名", nobody(n)) for n, name in enumerate(names)]
    secrets.append(Secret(Kind.NUMBER, number, "号码", "（电话略）"))
    text = prose.join([*names, number, *reversed(names)])
    assert leaks(nameless(text, secrets), secrets) == []
