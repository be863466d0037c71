"""The table of parameters: every default fits its kind, every text that does not fit is told why."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from admin_app.rules.numbers import Series
from admin_app.rules.parameters import (
    PATTERN_OF,
    SETTINGS,
    Kind,
    Setting,
    Value,
    read,
    value_findings,
    written,
)


def test_every_parameter_stands_in_the_table_and_every_series_has_its_pattern() -> None:
    assert set(SETTINGS) == set(Setting)
    assert set(PATTERN_OF) == set(Series)
    assert {SETTINGS[each].kind for each in PATTERN_OF.values()} == {Kind.PATTERN}
    assert sum(spec.kind is Kind.PATTERN for spec in SETTINGS.values()) == len(Series)
    assert all(len(each.value) <= 40 for each in Setting)


@pytest.mark.parametrize("setting", Setting)
def test_every_default_is_read_back_as_it_is_written(setting: Setting) -> None:
    default = SETTINGS[setting].default
    assert read(setting, written(default)) == default
    assert type(read(setting, written(default))) is type(default)


@pytest.mark.parametrize(
    ("setting", "text", "value"),
    [
        (Setting.DUE_DAYS, "45", 45),
        (Setting.DUE_DAYS, " ４５ ", 45),
        (Setting.WARN_DAYS, "0", 0),
        (Setting.TRIAGE_COMMON_AMOUNT, "8,000.50", Decimal("8000.50")),
        (Setting.TRIAGE_COMMON_AMOUNT, "0", Decimal(0)),
        (Setting.TIER_BY_TIER, "否", False),
        (Setting.RETENTION, "3", "3"),
        (Setting.CASE_NUMBER, "（{year}）{unit}民调字第{n}号", "（{year}）{unit}民调字第{n}号"),
    ],
)
def test_what_fits_is_read(setting: Setting, text: str, value: Value) -> None:
    assert read(setting, text) == value
    assert value_findings(setting, text) == []


@pytest.mark.parametrize(
    ("setting", "text", "words"),
    [
        (Setting.DUE_DAYS, "0", "1 至 3650 之间的整数"),
        (Setting.DUE_DAYS, "-3", "整数"),
        (Setting.DUE_DAYS, "三十", "整数"),
        (Setting.DUE_DAYS, "30.5", "整数"),
        (Setting.DUE_DAYS, "9" * 400, "整数"),
        (Setting.LARGEST_UPLOAD, "201", "1 至 200"),
        (Setting.TRIAGE_GRAVE_AMOUNT, "十万", "请填金额"),
        (Setting.TRIAGE_GRAVE_AMOUNT, "NaN", "一万亿"),
        (Setting.TRIAGE_GRAVE_AMOUNT, "-1", "一万亿"),
        (Setting.TRIAGE_GRAVE_AMOUNT, "1.005", "两位小数"),
        (Setting.TIER_BY_TIER, "yes", "只能填“是”或“否”"),
        (Setting.CASE_NUMBER, "{year}{unit}第{n}号{n}", "各要写一次"),
    ],
)
def test_what_does_not_fit_is_told_beside_the_value(setting: Setting, text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        read(setting, text)
    (finding,) = value_findings(setting, text)
    assert finding.field == "value"
    assert finding.grave
    assert finding.sentence.startswith(setting.label)


@given(setting=st.sampled_from(Setting), text=st.text(max_size=30))
def test_no_text_at_all_makes_the_reading_stumble(setting: Setting, text: str) -> None:
    if not value_findings(setting, text):
        assert type(read(setting, text)) is type(SETTINGS[setting].default)
