"""The brief: on the page, as a Word file whose charts Word draws, in the history, from the shell."""

import io
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from datetime import date
from html import unescape
from pathlib import Path

import docx
import openpyxl
import pytest
from flask import Flask
from lxml import etree
from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.database import db
from admin_app.documents.briefs import draw
from admin_app.exports.writing.native_charts import native
from admin_app.history import Action
from admin_app.models.committees import Committee
from admin_app.models.history import Entry
from admin_app.models.units import Unit
from admin_app.models.users import User
from admin_app.operations.briefs import facts
from admin_app.operations.figures import count
from admin_app.rules.bulletin import sections
from admin_app.rules.charts import Chart, Kind, Mark, Series
from admin_app.rules.dates import today
from admin_app.rules.periods import month, year
from admin_app.rules.refusals import NotAllowed, NotSeen
from tests.test_figures import make
from tests.web import named
from tests.world import World

Person = Callable[[str], User]
CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
MADE = Chart(
    *("made", "各单位受理和结果", "件", Kind.STACKED, ("甲镇", "乙<镇>")),
    (Series("调解成功", (Mark(3), Mark(5))), Series("调解不成功", (Mark(1), Mark(0)))),
)


def brief(session: Session, actor: User, unit: Unit) -> bytes:
    told = facts(session, actor, unit, year(2026))
    return draw(told.unit, told.period.label, "2026年第1期", date(2026, 11, 2), sections(told), native)


def words(content: bytes) -> str:
    return "\n".join(each.text for each in docx.Document(io.BytesIO(content)).paragraphs)


def test_a_chart_is_described_with_its_numbers_and_has_its_workbook() -> None:
    part, workbook = native(MADE)
    tree = etree.fromstring(part)
    assert [each.text for each in tree.iter(f"{CHART}v")][:3] == ["调解成功", "甲镇", "乙<镇>"]
    assert {each.get("val") for each in tree.iter(f"{CHART}showSerName")} == {"0"}
    rows = list(openpyxl.load_workbook(io.BytesIO(workbook)).active.values)
    assert rows == [(None, "调解成功", "调解不成功"), ("甲镇", 3, 1), ("乙<镇>", 5, 0)]


def test_the_word_file_tells_what_the_sheet_counts(looking: Session, person: Person, world: World) -> None:
    actor, unit = person("bureau_county"), looking.get_one(Unit, world.county)
    content = brief(looking, actor, unit)
    numbers = count(looking, actor, unit, year(2026))[-1].numbers
    told = words(content)
    assert f"婺城区各级人民调解组织共受理矛盾纠纷{numbers['total']}件" in told
    assert "2026年第1期" in told
    assert "婺城区编" in told
    assert "五、下步工作" in told
    tables = docx.Document(io.BytesIO(content)).tables
    assert [each.rows[-1].cells[1].text for each in tables] == [f"{numbers['total']}"] * 2


def test_every_chart_of_the_file_leads_to_its_workbook(
    looking: Session, person: Person, world: World
) -> None:
    content = brief(looking, person("bureau_county"), looking.get_one(Unit, world.county))
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        names = [each for each in file.namelist() if re.fullmatch(r"word/charts/chart\d\.xml", each)]
        assert len(names) == 3
        for name in names:
            tree = etree.fromstring(file.read(name))
            [way] = tree.iter(f"{CHART}externalData")
            link = way.get("{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id")
            relations = file.read(name.replace("charts/", "charts/_rels/") + ".rels").decode()
            found = re.search(rf'Id="{link}"[^>]*|[^<]*Id="{link}"', relations)
            assert found
            book = re.search(r"embeddings/chart\d\.xlsx", relations)
            assert book
            assert openpyxl.load_workbook(io.BytesIO(file.read(f"word/{book[0]}"))).sheetnames == ["数据"]
        assert file.read("word/document.xml").decode().count("<c:chart ") == 3


@pytest.mark.skipif(not shutil.which("soffice"), reason="no LibreOffice")
def test_an_office_program_opens_and_draws_it(
    looking: Session, person: Person, world: World, tmp_path: Path
) -> None:
    (tmp_path / "brief.docx").write_bytes(
        brief(looking, person("bureau_county"), looking.get_one(Unit, world.county))
    )
    home = f"-env:UserInstallation=file://{tmp_path}/home"
    command = ["soffice", home, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path)]
    subprocess.run([*command, str(tmp_path / "brief.docx")], check=True, capture_output=True, timeout=240)
    read = subprocess.run(["pdftotext", "-layout", str(tmp_path / "brief.pdf"), "-"], capture_output=True)
    drawn = read.stdout.decode()
    assert "近十二个月受理和调解成功（件）" in drawn  # the title of a chart, which only a drawn chart shows


@pytest.mark.parametrize(("who", "unit", "whose"), [
    ("bureau_city", "county", "婺城区"),
    ("director", "village", "COMMITTEE"),
    ("office", "county", "婺城区（本人权限范围内）"),
])  # fmt: skip
def test_it_says_honestly_whose_numbers_they_are(
    looking: Session, person: Person, world: World, who: str, unit: str, whose: str
) -> None:
    committee = looking.get_one(Committee, world.village_committee).name
    told = facts(looking, person(who), looking.get_one(Unit, getattr(world, unit)), year(2026))
    assert told.unit == whose.replace("COMMITTEE", committee)


def test_who_may_not_take_figures_gets_no_brief(looking: Session, person: Person, world: World) -> None:
    with pytest.raises(NotAllowed):
        facts(looking, person("auditor"), looking.get_one(Unit, world.county), year(2026))
    with pytest.raises(NotSeen):
        facts(looking, person("office"), looking.get_one(Unit, world.far_county), year(2026))


def test_the_page_shows_the_last_month_and_sends_the_file(app: Flask, world: World) -> None:
    here = named(app, world, "bureau_county")
    page = here.get("/figures/brief").text
    last = month(today().year, today().month).before()
    assert last
    assert f"婺城区，{last.label}" in page
    address = re.search(r'action="([^"]+brief\.docx[^"]*)"', page)
    assert address
    answer = here.post(unescape(address[1]))
    assert answer.status_code == 200
    assert f"{last.label}" in words(answer.data)
    with app.app_context():
        line = db.session.scalars(select(Entry).order_by(Entry.id.desc()).limit(1)).one()
        assert line.action == Action.EXPORT
        assert f"婺城区{last.label}人民调解工作简报" in line.note


def test_another_month_and_issue_are_asked_for_in_the_address(app: Flask, world: World) -> None:
    here = named(app, world, "office")
    asked = f"unit={world.township}&year=2026&part=month3&issue=25"
    assert "2026年3月" in here.get(f"/figures/brief?{asked}").text
    assert "2026年第25期" in words(here.post(f"/figures/brief.docx?{asked}").data)
    assert here.post(f"/figures/brief.docx?unit={world.far_township}").status_code == 404


def test_a_period_that_runs_says_so(app: Flask, world: World) -> None:
    part = f"year={today().year}&part=month{today().month}"
    here = named(app, world, "office")
    assert "还没有过完" in here.get(f"/figures/brief?{part}").text
    assert "还没有过完" not in here.get("/figures/brief").text


def test_the_marks_of_the_page_lead_to_cases(app: Flask, world: World) -> None:
    with app.app_context():
        make(db.session, world, accepted_on=date(2026, 3, 3))
        db.session.commit()
    here = named(app, world, "office")
    links = re.findall(r'href="(/figures/cases[^"]+)"', here.get("/figures/brief?year=2026&part=month3").text)
    assert links
    assert all(here.get(unescape(each)).status_code == 200 for each in set(links))
