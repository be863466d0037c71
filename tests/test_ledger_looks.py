"""A look at a ledger: every sheet of its workbook, each group of lines with its sums."""

import re
from collections.abc import Iterator
from html import unescape

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from admin_app.exports.columns import Line, column
from admin_app.exports.layout import Layout
from admin_app.exports.ledger import LEDGERS, Asked, Counted, Ledger
from admin_app.models.users import User
from tests.web import Browser, named
from tests.world import World

VILLAGES = {"一村": 9, "二村": 9, "三村": 9}


def _lines(session: Session, actor: User, asked: Asked) -> list[Line]:
    return [{"village": name, "n": 1, "group": name} for name, most in VILLAGES.items() for _ in range(most)]


GROUPED = Ledger(
    name="test-groups",
    label="分村明细表",
    word="case",
    main=False,
    source=Counted(_lines),
    layout=Layout(
        columns=(column("village", "村", 12), column("n", "件数", 8, kind="integer", summed=True)),
        subtotals=True,
    ),
)


@pytest.fixture(autouse=True)
def made() -> Iterator[None]:
    LEDGERS[GROUPED.name] = GROUPED
    yield
    del LEDGERS[GROUPED.name]


@pytest.fixture
def office(app: Flask, world: World) -> Browser:
    return named(app, world, "office")


def cells(page: str) -> list[list[str]]:
    """The look's rows as words."""
    [table] = re.findall(r"<table class=\"sheet-look\".*?</table>", page, re.S)
    return [
        [unescape(re.sub(r"<[^>]+>", "", cell)) for cell in re.findall(r"<t[dh].*?</t[dh]>", row, re.S)]
        for row in re.findall(r"<tr.*?</tr>", table, re.S)
    ]


def test_each_group_ends_with_its_sums_and_one_that_goes_on_has_none(office: Browser) -> None:
    rows = cells(office.get("/ledgers/test-groups").text)[2:]  # about, heading
    assert rows[9] == ["一村小计", "9"]
    assert rows[19] == ["二村小计", "9"]
    assert rows[20:] == [["三村", "1"], ["三村", "1"], ["合计　27 条", "27"]]


def test_every_sheet_of_the_workbook_is_seen_and_may_be_jumped_to(app: Flask, world: World) -> None:
    page = named(app, world, "bureau_city").get("/ledgers/organisation").text
    captions = re.findall(r"<caption>(.*?)</caption>", page)
    assert [re.search("（(.*)）", each)[1] for each in captions] == ["组织和保障", "队伍", "经费"]  # type: ignore[index]
    links = dict(re.findall(r'<a href="#(sheet-\d)">(.*?)</a>', page))
    assert dict(re.findall(r'<h2 id="(sheet-\d)">(.*?)\s*</h2>', page)) == links
    assert len(links) == 3


def test_a_workbook_of_one_sheet_has_no_list_of_sheets(office: Browser) -> None:
    assert 'id="sheet-1"' not in office.get("/ledgers/test-groups").text
