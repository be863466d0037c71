"""Numbers of persons, organisations, telephones, and what a stranger may read of them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from admin_app.rules import identity

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643, written out once more
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100


@st.composite
def id_numbers(draw: st.DrawFn) -> str:
    region = draw(st.sampled_from(["330702", "330703", "110105", "650102"]))
    born = draw(st.dates(date(1900, 1, 1), date(2020, 12, 31)))
    head = f"{region}{born:%Y%m%d}{draw(st.integers(0, 999)):03}"
    total = sum(int(digit) * weight for digit, weight in zip(head, WEIGHTS, strict=True))
    return head + "10X98765432"[total % 11]


@st.composite
def credit_codes(draw: st.DrawFn) -> str:
    head = "".join(
        (
            draw(st.sampled_from(["91", "52", "11"])),
            "330702",
            draw(st.text(ALPHABET, min_size=9, max_size=9)),
        )
    )
    total = sum(ALPHABET.index(char) * pow(3, place, 31) for place, char in enumerate(head))
    return head + ALPHABET[(31 - total % 31) % 31]


@given(id_numbers())
def test_a_well_formed_id_number_passes(number: str) -> None:
    assert identity.id_number(number) is None


@given(id_numbers(), st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_among_the_first_seventeen_is_noticed(number: str, place: int, by: int) -> None:
    wrong = str((int(number[place]) + by) % 10)
    finding = identity.id_number(number[:place] + wrong + number[place + 1 :])
    assert finding is not None
    assert not finding.grave  # old books hold such numbers


@given(id_numbers(), st.sampled_from("0123456789X"))
def test_a_wrong_check_digit_is_named(number: str, other: str) -> None:
    finding = identity.id_number(number[:17] + other)
    assert (finding is None) == (other == number[17])
    assert finding is None or f"应为 {number[17]}" in finding.sentence


@given(id_numbers())
def test_birth_date_and_sex_are_read_from_the_id_number(number: str) -> None:
    assert f"{identity.birth_date(number):%Y%m%d}" == number[6:14]
    assert identity.sex_code(number) == ("1" if int(number[16]) % 2 else "2")


def test_an_id_number_of_the_old_kind_is_kept_with_a_warning() -> None:
    finding = identity.id_number("330702750607121")
    assert finding is not None
    assert not finding.grave
    assert identity.birth_date("330702750607121") == date(1975, 6, 7)
    assert identity.sex_code("330702750607121") == "1"


@pytest.mark.parametrize("text", ["", "123", "33070219750607121", "33070219750607121x", "A" * 18, "３" * 18])
def test_what_is_no_id_number_at_all_is_refused(text: str) -> None:
    finding = identity.id_number(text)
    assert finding is not None
    assert finding.grave


def test_a_birth_date_that_never_was_is_noticed() -> None:
    head = "33070219750230121"
    total = sum(int(digit) * weight for digit, weight in zip(head, WEIGHTS, strict=True))
    finding = identity.id_number(head + "10X98765432"[total % 11])
    assert finding is not None
    assert "出生日期" in finding.sentence


@given(credit_codes())
def test_a_well_formed_credit_code_passes(code: str) -> None:
    assert identity.credit_code(code) is None


@given(credit_codes(), st.integers(2, 16), st.integers(1, 30))
def test_one_wrong_character_in_a_credit_code_is_noticed(code: str, place: int, by: int) -> None:
    wrong = ALPHABET[(ALPHABET.index(code[place]) + by) % 31]
    finding = identity.credit_code(code[:place] + wrong + code[place + 1 :])
    assert finding is not None
    assert not finding.grave


@pytest.mark.parametrize("code", ["", "91330702", "9" * 19])
def test_a_credit_code_of_another_length_is_refused(code: str) -> None:
    finding = identity.credit_code(code)
    assert finding is not None
    assert finding.grave


@pytest.mark.parametrize("number", ["13857912345", "0579-82300000", "82300000", "010-62345678-123"])
def test_telephones_pass(number: str) -> None:
    assert identity.phone(number) is None


@pytest.mark.parametrize("number", ["1385791234", "138579123456", "0579-1", "二三四", "١٣٨٥٧٩١٢٣٤٥", ""])
def test_what_is_no_telephone_is_refused(number: str) -> None:
    assert identity.phone(number) is not None


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("３３０７０２ 19750607　121x", "33070219750607121X"), (" 9133\t0702 ", "91330702"), ("", "")],
)
def test_numbers_are_tidied_as_clerks_type_them(typed: str, kept: str) -> None:
    assert identity.tidy_number(typed) == kept


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("330702197506071234", "330702********1234"),
        ("13812345678", "138****5678"),
        ("0579-82300000", "057****0000"),
        ("浙江省金华市婺城区城东街道桃园社区 3 号", "浙江省****"),
        ("8230000", "823****"),
        ("桃园社区", "桃****"),
        ("张", "****"),
    ],
)
def test_masks_read_as_agreed(text: str, shown: str) -> None:
    assert identity.mask(text) == shown


@given(st.one_of(st.text(min_size=1), st.text("0123456789-", min_size=1), id_numbers()))
def test_a_mask_never_shows_the_middle(text: str) -> None:
    head, stars, tail = identity.mask(text).partition("*" * 4)
    tail = tail.lstrip("*")
    assert stars
    assert text.startswith(head)
    assert text.endswith(tail)
    hidden = len(text) - len(head) - len(tail)
    assert hidden >= (4 if len(text) > 6 else max(len(text) - 1, 1))


@given(st.text())
def test_no_text_whatever_breaks_the_readers_of_numbers(text: str) -> None:
    tidy = identity.tidy_number(text)
    for each in (text, tidy, tidy.ljust(18, "٣")[:18], tidy.ljust(15, "²")[:15]):
        identity.id_number(each)
        identity.credit_code(each)
        identity.phone(each)
        assert identity.birth_date(each) is None or identity.birth_date(each) < date(9999, 12, 31)
        assert identity.sex_code(each) in (None, "1", "2")


@given(st.dates(date(1900, 1, 1), date(2000, 1, 1)), st.integers(0, 120))
def test_one_grows_older_on_the_birthday_and_not_before(born: date, years: int) -> None:
    birthday = date(born.year + years, 3, 1) if (born.month, born.day) == (2, 29) else None
    birthday = birthday or born.replace(year=born.year + years)
    assert identity.age_on(born, birthday) == years
    eve = date.fromordinal(birthday.toordinal() - 1)
    leap = (eve.month, eve.day) == (2, 29)
    assert identity.age_on(born, eve) == (years if leap and (born.month, born.day) == (2, 29) else years - 1)
