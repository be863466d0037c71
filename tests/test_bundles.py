"""All ledgers of an inspection as one archive."""

import io
from collections.abc import Iterator
from datetime import date
from urllib.parse import unquote
from zipfile import ZipFile

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app import jobs
from admin_app.exports.checking import reckon
from admin_app.exports.writing import form
from admin_app.models.history import Entry
from admin_app.models.jobs import Job
from admin_app.models.parameters import Parameter
from admin_app.rules.dates import today
from admin_app.rules.parameters import Setting
from tests.exports_book import fill_book
from tests.made_ledgers import shelved
from tests.web import Browser, named
from tests.world import World

PAGE = "/ledgers/inspection"
NAMES = ["case-register", "mediator-roster", "test-statistics"]
YEAR = {"span": "year", "span_year": "2026", "reason": "年度检查"}


@pytest.fixture(autouse=True)
def made() -> Iterator[None]:
    with shelved():
        yield


@pytest.fixture
def office(app: Flask, world: World) -> Browser:
    return named(app, world, "office")


def contents(archive: ZipFile) -> list[list[object]]:
    """The lines of the contents sheet: name of the ledger, file, lines, until when, digest, remark."""
    sheet = openpyxl.load_workbook(io.BytesIO(archive.read("目录.xlsx"))).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4)]
    return [row[1:] for row in rows if isinstance(row[0], int)]


def test_the_archive_holds_every_workbook_and_a_contents_sheet(
    session: Session, world: World, office: Browser
) -> None:
    fill_book(session, world, 12)
    session.commit()
    answer = office.post(PAGE, {**YEAR, "names": NAMES, "unit": world.township, "acknowledged": "y"})
    assert "检查台账 城东街道 2026年.zip" in unquote(answer.headers["Content-Disposition"])
    archive = ZipFile(io.BytesIO(answer.data))
    assert archive.testzip() is None
    assert archive.namelist()[0] == "01 《调解案件登记册》城东街道 2026年.xlsx"
    assert archive.namelist()[-1] == "目录.xlsx"
    lines = contents(archive)
    assert [line[1] for line in lines] == archive.namelist()[:-1]
    for _, name, _, read_at, digest, _ in lines:
        assert str(read_at).startswith(f"{today():%Y-%m-%d} ")
        assert reckon(archive.read(str(name))) == (digest, digest)
    assert lines[-1][5] == "有 1 处核对不符"
    notes = list(session.scalars(select(Entry.note).where(Entry.action == "export").order_by(Entry.place)))
    assert len(notes) == len(NAMES) + 1
    assert all("理由：年度检查" in each for each in notes)
    assert "打包下载 3 本台账；单位：城东街道；期间：2026年" in notes[-1]
    assert str(lines[0][4]) in notes[0]


def test_what_may_not_be_downloaded_is_left_out_without_a_word(app: Flask, world: World) -> None:
    mediator = named(app, world, "owner")
    answer = mediator.post(PAGE, {**YEAR, "names": ["case-register", "committee-roster", "no-such"]})
    archive = ZipFile(io.BytesIO(answer.data))
    assert [line[0] for line in contents(archive)] == ["《调解案件登记册》"]
    assert len(archive.namelist()) == 2


def test_what_is_refused_is_told_in_the_contents(
    office: Browser, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(form, "MOST", 0)
    answer = office.post(PAGE, {**YEAR, "names": ["case-register", "test-notices", "test-statistics"]})
    archive = ZipFile(io.BytesIO(answer.data))
    lines = {line[0]: line for line in contents(archive)}
    assert "一次最多制 0 张" in str(lines["《调解案件通知书》"][5])
    assert "核对不符" in str(lines["《调解案件情况统计表》"][5])
    assert lines["《调解案件通知书》"][1] is None
    assert len(archive.namelist()) == 2
    notes = list(session.scalars(select(Entry.note).where(Entry.action == "export")))
    assert len(notes) == 2


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({}, "请至少选一本台账"),
        ({"names": "case-register", "span": "x"}, "请重新选择期间"),
        ({"names": "case-register", "since": "20260601", "until": "20260101"}, "截止日期不能早于起始日期"),
    ],
)
def test_nonsense_is_refused_beside_the_field(office: Browser, given: dict[str, str], sentence: str) -> None:
    answer = office.post(PAGE, given)
    assert answer.status_code == 422
    assert sentence in answer.text


def test_a_unit_out_of_sight_is_not_found(world: World, office: Browser) -> None:
    assert office.post(PAGE, {"names": NAMES, "unit": world.far_township}).status_code == 404


def test_who_may_download_nothing_has_no_such_page(app: Flask, world: World) -> None:
    assert named(app, world, "auditor").get(PAGE).status_code == 403


def test_a_long_one_is_made_by_a_job(app: Flask, session: Session, world: World, office: Browser) -> None:
    session.add(Parameter(setting=Setting.JOB_ROWS, value="10", valid_from=date(2026, 1, 1)))
    fill_book(session, world, 30)
    session.commit()
    answer = office.post(PAGE, {**YEAR, "names": NAMES[:2]})
    assert answer.status_code == 302
    jobs.work_off(app)
    job = session.scalars(select(Job)).one()
    assert (job.words, job.file_name) == ("共 2 本台账", "检查台账 2026年.zip")
    session.rollback()
    archive = ZipFile(io.BytesIO(office.post(f"{answer.location}/file").data))
    assert len(archive.namelist()) == 3
    assert len(list(session.scalars(select(Entry.id).where(Entry.action == "export")))) == 3


PHONES = "visit-register"


def shown(answer: bytes) -> str:
    """All cells of the first workbook."""
    archive = ZipFile(io.BytesIO(answer))
    book = openpyxl.load_workbook(io.BytesIO(archive.read(archive.namelist()[0])))
    return " ".join(str(cell.value) for row in book.active.iter_rows() for cell in row)


def test_personal_data_are_given_in_full_for_a_reason_to_whoever_may_read_them(
    app: Flask, session: Session, world: World
) -> None:
    bureau, asked = named(app, world, "bureau_county"), {"span": "all", "names": PHONES}
    assert "显示完整的身份证号、电话和住址" in bureau.get(PAGE).text
    assert "**" in shown(bureau.post(PAGE, {**asked, "reason": "检查"}).data)
    refused = bureau.post(PAGE, {**asked, "unmasked": "y", "reason": " "})
    assert refused.status_code == 422
    assert "要完整的个人信息，请写明下载用途" in refused.text
    assert "**" not in shown(bureau.post(PAGE, {**asked, "unmasked": "y", "reason": "核查"}).data)
    notes = select(Entry.note).where(Entry.action == "export", Entry.note.contains("理由：核查"))
    assert any("敏感信息：按本人权限完整显示" in each for each in session.scalars(notes))


def test_an_inspector_is_offered_and_given_masked_data_alone(app: Flask, world: World) -> None:
    inspector = named(app, world, "inspector")
    assert "显示完整" not in inspector.get(PAGE).text
    given = {"span": "all", "names": PHONES, "unmasked": "y", "reason": "检查"}
    answer = inspector.post(PAGE, given)
    assert "**" in shown(answer.data)
