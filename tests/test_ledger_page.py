"""The ledgers page: the shelf and its stars, the look, the period, the faults, the download."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import date
from html import unescape
from urllib.parse import quote, unquote

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from admin_app.exports.writing.book import CODE
from admin_app.models.history import Entry
from admin_app.rules.dates import today
from tests.exports_book import fill_book
from tests.made_ledgers import FAULT, shelved
from tests.web import Browser, named
from tests.world import World

PAGE, STATISTICS, NOTICES = (
    f"/ledgers/{each}" for each in ("case-register", "test-statistics", "test-notices")
)
HALF = "span=half&span_year=2026&span_half=1"


@pytest.fixture(autouse=True)
def made() -> Iterator[None]:
    with shelved():
        yield


@pytest.fixture
def office(app: Flask, world: World) -> Browser:
    return named(app, world, "office")


@pytest.fixture
def book(session: Session, world: World, app: Flask) -> None:
    """Sixty cases in the first half of 2026."""
    fill_book(session, world, 60)
    session.commit()


def newest(session: Session) -> Entry:
    """The last line; without keeping the database, which on SQLite only one may write to."""
    entry = session.scalars(select(Entry).order_by(Entry.place.desc()).limit(1)).one()
    session.expunge(entry)
    session.rollback()
    return entry


def plain(page: TestResponse) -> str:
    """The page's words, without its marks."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page.text)))


def rows(page: TestResponse) -> int:
    table = re.search(r"<table class=\"sheet-look\".*?</table>", page.text, re.S)
    return len(re.findall(r"<td class=\"ordinal\">", table[0])) if table else -1


# ---------------------------------------------------------------- the shelf


def test_the_shelf_is_searched_by_name_and_by_pinyin(office: Browser) -> None:
    for typed, found in (("统计", True), ("tjajqk", True), ("TIAOJIE", True), ("没有的", False)):
        page = office.get(f"/ledgers/?q={quote(typed)}").text
        assert ("调解案件情况统计表</a>" in page) == found, typed
    assert "没有找到这样的台账" in office.get("/ledgers/?q=%E6%B2%A1%E6%9C%89").text


def test_a_star_puts_a_ledger_first_for_this_person_alone(app: Flask, world: World, office: Browser) -> None:
    assert "<h2>收藏</h2>" not in office.get("/ledgers/").text
    assert office.post(f"{STATISTICS}/star").location == "/ledgers/"
    office.get("/ledgers/")  # says that it is marked, once
    shelf = office.get("/ledgers/").text
    assert shelf.index("<h2>收藏</h2>") < shelf.index("调解案件情况统计表") < shelf.index("<h2>案件管理</h2>")
    assert "<h2>收藏</h2>" not in named(app, world, "director").get("/ledgers/").text
    assert office.post(f"{STATISTICS}/star", {"stay": "1"}).location == STATISTICS
    assert "<h2>收藏</h2>" not in office.get("/ledgers/").text


def test_a_star_is_for_whoever_may_download(app: Flask, world: World, office: Browser) -> None:
    assert named(app, world, "sysadmin").post(f"{PAGE}/star").status_code == 403
    assert office.post("/ledgers/no-such/star").status_code == 404


# ---------------------------------------------------------------- the look


def test_the_look_shows_the_heading_the_first_lines_and_how_many_there_are(
    book: None, office: Browser
) -> None:
    page = office.get(f"{PAGE}?{HALF}")
    assert rows(page) == 20
    assert "共 60 件，上面是前 20 件" in plain(page)
    assert "期间：2026年上半年" in page.text
    assert re.search(r'colspan="4"[^>]*><span>纠纷情况', page.text)
    assert re.search(r'rowspan="2"[^>]*><span>案号', page.text)
    assert page.text.count("<col width=") == 21
    assert "合计" not in plain(page)  # sums of some lines would mislead


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 67),
        ("span=year&span_year=2026", 67),
        ("span=year&span_year=2025", 0),
        (HALF, 60),
        ("span=quarter&span_year=2026&span_quarter=1", 30),
        ("span=month&span_year=2026&span_month=1", 11),
        ("since=20260101&until=2026-1-31", 11),
        ("span=days&until=20260131", 11),
        ("span=all&span_year=2025&since=20990101", 67),
    ],
)
def test_each_way_of_saying_a_period_counts_its_lines(
    book: None, app: Flask, world: World, query: str, count: int
) -> None:
    page = named(app, world, "bureau_county").get(f"{PAGE}?{query}")
    assert f"共 {count} 件" in plain(page)


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("span=fortnight", "请重新选择期间"),
        ("span=year&span_year=1799", "请重新选择哪一年"),
        ("span=days&since=昨天", "日期看不懂"),
        ("span=days&since=20260630&until=20260101", "截止日期不能早于起始日期"),
    ],
)
def test_nonsense_is_said_beside_the_field_and_shows_no_look(
    office: Browser, query: str, sentence: str
) -> None:
    page = office.get(f"{PAGE}?{query}")
    assert (page.status_code, rows(page)) == (200, -1)
    assert sentence in page.text
    assert office.post(f"{PAGE}?{query}").status_code == 422


def test_the_units_offered_are_those_of_ones_own_tree(app: Flask, world: World, office: Browser) -> None:
    found = {each["label"] for each in office.get("/ledgers/units?q=%E8%A1%97%E9%81%93").json["items"]}
    assert found == {"城东街道"}
    tree = re.search(r'<nav class="units.*?</nav>', office.get(PAGE).text, re.S)
    assert tree
    assert "城东街道" in tree[0]
    assert "婺城区" not in tree[0]


def test_the_tree_keeps_the_period_and_the_period_keeps_the_unit(world: World, office: Browser) -> None:
    page = office.get(f"{PAGE}?{HALF}&unit={world.village}").text
    half = HALF.replace("&", "&amp;")
    assert f'href="/ledgers/case-register?unit={world.township}&amp;{half}"' in page
    assert f'action="/ledgers/case-register?unit={world.village}&amp;{half}"' in page


def test_sums_are_shown_where_all_lines_are(office: Browser) -> None:
    page = office.get(f"{STATISTICS}?span=year&span_year=2025")
    assert "下级上报总计 7 1 6 2.00" in plain(page)
    assert "本级上报总计 9 3 6 2.00" in plain(page)
    assert 'class="upright"' in page.text
    assert "单位 件 件 件 万元 1 2 3 4 5" in plain(page)


def test_figures_are_of_this_month_until_somebody_chooses(office: Browser) -> None:
    day = today()
    assert f"期间：{day.year}年{day.month}月" in office.get(STATISTICS).text


def test_a_form_is_shown_as_the_form_it_is(office: Browser) -> None:
    page = office.get(NOTICES)
    assert "通知书（存根）" in page.text
    assert "裁剪线" in page.text
    assert "因屋檐滴水发生争执" in page.text
    assert "上面是第一张" in plain(page)
    assert 'name="span"' not in page.text  # it has no period


def test_personal_data_is_masked_in_the_look(office: Browser) -> None:
    assert "13857911111" not in office.get(PAGE).text


# ---------------------------------------------------------------- the download


def test_the_file_is_named_after_unit_and_period_and_the_history_says_so(
    book: None, session: Session, world: World, office: Browser
) -> None:
    answer = office.post(f"{PAGE}?{HALF}&unit={world.township}", {"reason": "上半年检查", "format": "xlsx"})
    assert "《调解案件登记册》城东街道 2026年上半年.xlsx" in unquote(answer.headers["Content-Disposition"])
    sheet = openpyxl.load_workbook(io.BytesIO(answer.data)).active
    assert sheet["A2"].value == "单位：城东街道　　　期间：2026年上半年"
    note = newest(session).note
    assert "受理日期：2026年上半年；" in note
    assert "理由：上半年检查；" in note
    assert CODE in note


def test_csv_is_the_same_lines_with_a_mark_for_excel(book: None, office: Browser) -> None:
    answer = office.post(f"{PAGE}?{HALF}", {"format": "csv"})
    assert unquote(answer.headers["Content-Disposition"]).endswith("2026年上半年.csv")
    assert answer.data[:3] == b"\xef\xbb\xbf"
    lines = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert len(lines) == 61
    assert lines[0][:3] == ["序号", "案号", "受理日期"]
    assert lines[1][2] == date(2026, 1, 1).isoformat()


def test_another_format_is_refused(office: Browser) -> None:
    assert office.post(PAGE, {"format": "pdf"}).status_code == 422


# ---------------------------------------------------------------- sums that do not agree


def test_faults_must_be_acknowledged_and_then_stand_on_the_sheet_and_in_the_history(
    session: Session, office: Browser
) -> None:
    url = f"{STATISTICS}?span=year&span_year=2026"
    shown = office.get(url)
    assert "有 1 处核对不符" in shown.text
    assert FAULT in shown.text
    before = newest(session).place
    refused = office.post(url, {"reason": "月报"})
    assert refused.status_code == 422
    assert FAULT in refused.text
    assert "我已核对以上问题，仍要下载" in refused.text
    assert 'value="月报"' in refused.text
    assert newest(session).place == before
    taken = office.post(url, {"reason": "月报", "acknowledged": "y"})
    told = "有 1 处核对不符，制表人已确认"
    sheet = openpyxl.load_workbook(io.BytesIO(taken.data)).active
    assert any(told in str(cell.value) for row in sheet.iter_rows() for cell in row)
    assert told in newest(session).note


def test_where_sums_agree_nothing_has_to_be_acknowledged(session: Session, office: Browser) -> None:
    url = f"{STATISTICS}?span=year&span_year=2025"
    assert "acknowledged" not in office.get(url).text
    assert office.post(url).status_code == 200
    assert "核对不符" not in newest(session).note


def test_a_day_to_look_back_from_is_asked_for_counted_ledgers_alone(
    session: Session, office: Browser
) -> None:
    assert 'name="as_of"' not in office.get(PAGE).text
    url = f"{STATISTICS}?span=year&span_year=2025&as_of=20260630"
    assert "数据截至 2026-06-30" in office.get(url).text
    office.post(url)
    assert "数据截至 2026-06-30" in newest(session).note
    assert "不能晚于今天" in office.get(f"{STATISTICS}?as_of=29990101").text
