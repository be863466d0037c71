"""Checking a ledger that somebody hands in: as downloaded, saved again, changed, or from elsewhere."""

import io
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import Engine, event, func, select, text
from sqlalchemy.orm import Session

from admin_app import history
from admin_app.exports.checking import FOREIGN, reckon
from admin_app.models.history import Entry
from tests.exports_book import fill_book
from tests.library import fill_library
from tests.made_ledgers import shelved
from tests.web import Browser, named
from tests.world import World

BOOKS = ("case-register", "test-statistics", "referral-notices", "mediator-roster", "hand-over-register")


@pytest.fixture(autouse=True)
def made() -> Iterator[None]:
    with shelved():
        yield


@pytest.fixture
def books(app: Flask, session: Session, world: World) -> dict[str, bytes]:
    """Some ledgers as the office downloads them: long texts, money, days, several lines in a cell, forms."""
    fill_book(session, world, 30)
    fill_library(session, world)
    session.commit()
    office = named(app, world, "office")
    return {name: office.post(f"/ledgers/{name}", {"acknowledged": "y"}).data for name in BOOKS}


@pytest.fixture
def auditor(app: Flask, world: World) -> Browser:
    return named(app, world, "auditor")


def ask(auditor: Browser, content: bytes, name: str = "book.xlsx") -> str:
    return auditor.post("/log/check", {"file": (io.BytesIO(content), name)}).text


def changed(content: bytes, old: str, new: str, part: str = "xl/worksheets/sheet1.xml") -> bytes:
    """The file with one place of a part put otherwise, and nothing else: as Excel would leave it."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(out, "w") as after:
        for name in before.namelist():
            text = before.read(name)
            if name == part:
                assert old.encode() in text
                text = text.replace(old.encode(), new.encode(), 1)
            after.writestr(name, text)
    return out.getvalue()


def test_a_file_as_downloaded_agrees_and_tells_who_took_it_when(
    books: dict[str, bytes], auditor: Browser
) -> None:
    for name, content in books.items():
        digest, borne = reckon(content)
        assert digest == borne, name
        page = ask(auditor, content)
        assert "与下载记录一致" in page, name
        assert "office 用户" in page


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("（2026）城东人调字第0001号", "（2026）城东人调字第0009号"),  # a text
        ("<v>46023</v>", "<v>46024</v>"),  # a day
        ("<v>0.50</v>", "<v>0.51</v>"),  # an amount
        ("<v>0.50</v>", ""),  # none any more
        ("期间：全部", "期间：2026年"),  # what stands above
    ],
)
def test_one_changed_cell_is_noticed(books: dict[str, bytes], auditor: Browser, old: str, new: str) -> None:
    part = "xl/sharedStrings.xml" if "期间" in old else "xl/worksheets/sheet1.xml"
    content = books["case-register"]
    if part not in zipfile.ZipFile(io.BytesIO(content)).namelist():
        part = "xl/worksheets/sheet1.xml"
    page = ask(auditor, changed(content, old, new, part))
    assert "内容被改动过" in page
    assert "office 用户" in page


def test_the_look_of_the_sheet_is_not_its_content(books: dict[str, bytes], auditor: Browser) -> None:
    content = changed(books["case-register"], "宋体", "楷体", "xl/styles.xml")
    assert "与下载记录一致" in ask(auditor, content)


def test_a_book_from_elsewhere_is_not_in_the_history(
    books: dict[str, bytes], app: Flask, auditor: Browser
) -> None:
    book = openpyxl.Workbook()
    for words in ("自己做的表", "校验码：0000-0000-0000-0000-0000"):
        book.active.append([words])
        out = io.BytesIO()
        book.save(out)
        assert "没有这份下载记录" in ask(auditor, out.getvalue())


@pytest.mark.parametrize(
    "content", [b"", b"name;phone", b"PK\x03\x04 broken", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"]
)
def test_what_is_no_workbook_is_refused_with_a_sentence(auditor: Browser, content: bytes) -> None:
    answer = auditor.post("/log/check", {"file": (io.BytesIO(content), "x.xlsx")})
    assert answer.status_code == 422
    assert FOREIGN in answer.text or "打不开" in answer.text


def test_only_the_auditor_may_ask(app: Flask, world: World) -> None:
    for who in ("office", "bureau_city", "sysadmin", "inspector"):
        assert named(app, world, who).get("/log/check").status_code == 403
    assert named(app, world, "auditor").get("/log/check").status_code == 200


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
@pytest.mark.parametrize("ground", ["sqlite"], indirect=True)
def test_a_file_saved_again_by_another_program_still_agrees(
    books: dict[str, bytes], auditor: Browser, tmp_path: Path
) -> None:
    for name, content in books.items():
        (tmp_path / f"{name}.xlsx").write_bytes(content)
    again = tmp_path / "again"
    subprocess.run(
        ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/home", "--convert-to",
         "xlsx:Calc MS Excel 2007 XML", "--outdir", again, *tmp_path.glob("*.xlsx")],
        check=True, capture_output=True, timeout=240,
    )  # fmt: skip
    for name, content in books.items():
        saved = (again / f"{name}.xlsx").read_bytes()
        assert saved != content
        assert "与下载记录一致" in ask(auditor, saved), name


@pytest.mark.parametrize("shift", [-1, 0, 1])
@pytest.mark.parametrize(
    "spoilt",
    ["UPDATE history SET title = 'x' WHERE place = :place", "DELETE FROM history WHERE place = :place"],
)
def test_a_record_of_the_download_that_was_tampered_with_proves_nothing(
    books: dict[str, bytes], auditor: Browser, session: Session, shift: int, spoilt: str
) -> None:
    """The line itself, or one beside it: a row put in by hand, too, has no seal that fits."""
    content = books["case-register"]
    digest, _ = reckon(content)
    place = session.scalar(select(Entry.place).where(Entry.note.contains(digest)))
    assert place
    session.execute(text(spoilt), {"place": place + shift})
    session.commit()
    page = ask(auditor, content)
    assert "与下载记录一致" not in page
    assert ("没有这份下载记录" if "DELETE" in spoilt and not shift else f"（第 {place} 号），但它") in page


def test_the_newest_download_stands_at_the_end_of_the_chain(
    books: dict[str, bytes], session: Session, auditor: Browser, app: Flask, world: World
) -> None:
    content = named(app, world, "office").post("/ledgers/mediator-roster").data
    place = session.scalar(select(func.max(Entry.place)))
    session.rollback()  # end of reading
    assert f"下载记录（第 {place} 号）也完好" in ask(auditor, content)


def test_how_much_is_read_does_not_grow_with_the_history(
    books: dict[str, bytes], session: Session, engine: Engine
) -> None:
    session.info.setdefault("seal", b"")
    entry = session.scalars(select(Entry).order_by(Entry.place)).first()
    assert entry
    asked: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *each: asked.append(each[2]))
    history.stands(session, entry)
    assert len(asked) == 1
