"""The pages of an import, from the template to the undoing, as a person in the browser meets them."""

import io
import re
from datetime import date
from typing import Any

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import func, select, text
from werkzeug.test import TestResponse

from admin_app import history, jobs
from admin_app.database import db
from admin_app.imports.sheet import SHEETS
from admin_app.models.cases import Case
from admin_app.models.import_batches import ImportBatch, ImportWord
from admin_app.models.mediators import Mediator
from admin_app.models.parameters import Parameter
from admin_app.rules.parameters import SETTINGS, Setting
from tests.web import Browser, named
from tests.workbooks import xlsx
from tests.world import World

ROSTER = ["姓名", "性别", "专兼职", "职务", "所属调委会", "身份证号", "手机", "出生年月"]
WANG = [
    "王小明",
    "男",
    "兼职",
    "委员",
    "桃园社区人民调解委员会",
    "330702198001011234",
    "13857900010",
    "1980.1.1",
]
# Cut off, nothing, a web page, a stranger's headings, some missing, no lines, nothing at all, a password.
BROKEN = [
    xlsx([ROSTER])[:900],
    b"",
    b"<html><table></table></html>",
    xlsx([["名称", "数量"], ["苹果", 3]]),
    xlsx([["姓名", "性别"], ["张三", "男"]]),
    xlsx([ROSTER]),
    xlsx([[]]),
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le"),
]
LI = ["李小红", "女", "专职", "副主任", "桃园社区", None, "0579-82300001", "1982年3月"]


def upload(here: Browser, sheet: str, content: bytes, name: str = "名册.xlsx", **more: Any) -> TestResponse:
    return here.post(f"/imports/{sheet}", {"file": (io.BytesIO(content), name), **more})


def previewed(here: Browser, sheet: str, content: bytes, **more: Any) -> str:
    """The address of the preview of a file."""
    answer = upload(here, sheet, content, **more)
    assert answer.status_code == 302, re.sub(r"<[^>]+>|\s+", " ", answer.text)[-1500:]
    return str(answer.headers["Location"])


def mediators(app: Flask) -> dict[str, Mediator]:
    with app.app_context():
        return {
            each.name: each
            for each in db.session.scalars(select(Mediator).where(Mediator.removed_at.is_(None)))
        }


@pytest.mark.parametrize("name", sorted(SHEETS))
def test_every_book_has_a_template_that_it_understands_itself(app: Flask, world: World, name: str) -> None:
    here = named(app, world, "bureau_city")
    answer = here.get(f"/imports/{name}/template.xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.data)).worksheets[0]
    labels = [cell.value for cell in sheet[2]]
    assert len(labels) == 1 + len({each.name for each in SHEETS[name].items if not each.told})
    coded = any(
        each.field and each.field.kind in ("code", "choice") and not each.take for each in SHEETS[name].items
    )
    assert bool(sheet.data_validations.dataValidation) == coded
    refused = upload(here, name, answer.data)
    assert refused.status_code == 422
    assert "一行内容也没有" in refused.text  # the examples and the help are no lines


def test_a_roster_is_looked_at_imported_and_taken_back(app: Flask, world: World) -> None:
    here = named(app, world, "director")
    where = previewed(here, "mediators", xlsx([["桃园社区人民调解员名册"], ROSTER, WANG, LI]))
    page = here.get(where)
    assert "新增 2" in page.text
    assert "王小明" not in mediators(app)

    assert here.post(where).status_code == 302
    made = mediators(app)
    assert made["王小明"].birth_on == date(1980, 1, 1)
    assert made["李小红"].committee_id == world.village_committee
    assert "新增 2 条" in here.get(where).text
    assert "撤销这一批" in here.get(where).text

    assert here.post(where).status_code == 409  # pressed twice
    assert here.post(f"{where}/undo").status_code == 302
    assert not {"王小明", "李小红"} & mediators(app).keys()
    with app.app_context():
        assert history.verify(db.session)[1] is None


def test_known_people_stay_or_are_updated_field_by_field(app: Flask, world: World) -> None:
    here = named(app, world, "director")
    sheet = xlsx(
        [
            ["姓名", "性别", "专兼职", "职务", "所属调委会", "学历"],
            ["张伟", "男", "专职", "委员", "桃园社区", "大专"],
        ]
    )
    where = previewed(here, "mediators", sheet)
    assert "学历：（空） → 专科" in here.get(where).text
    assert "确认导入" not in here.get(where).text  # nothing to do without the tick

    where = previewed(here, "mediators", sheet, update="y")
    assert here.post(where).status_code == 302
    assert mediators(app)["张伟"].education == "30"
    assert here.post(f"{where}/undo").status_code == 302
    assert mediators(app)["张伟"].education is None


def test_wrong_lines_go_back_marked_and_nothing_is_imported(app: Flask, world: World) -> None:
    here = named(app, world, "director")
    bad = [*WANG[:5], "3.30702E+17", "123", "1980-13-01"]
    where = previewed(here, "mediators", xlsx(("名册", [ROSTER, WANG, ["赵大", *bad[1:]]])))
    page = here.get(where).text
    assert "名册 F3" in page
    assert "确认导入" not in page
    assert here.post(where).status_code == 409
    assert "王小明" not in mediators(app)

    marked = openpyxl.load_workbook(io.BytesIO(here.get(f"{where}/errors.xlsx").data))["名册"]
    assert marked["F3"].fill.fgColor.rgb == "00F8CBAD"
    assert "身份证号" in marked["I3"].value
    assert marked["F3"].comment is not None
    assert marked["F2"].comment is None


def test_a_word_of_old_is_explained_on_the_spot(app: Flask, world: World) -> None:
    here = named(app, world, "director")
    rows = [["案号", "受理日期", "当事人", "纠纷类型", "案件来源", "调解结果", "结案日期"]]
    rows.append(["老1号", "2009-3-4", "王某、李某", "牛马纠纷", "主动", "成功", "2009-4-1"])
    where = previewed(here, "cases", xlsx(rows), placed=world.village_committee)
    assert "牛马纠纷" in here.get(where).text
    assert here.post(f"{where}/words", {"word-0": "18"}).status_code == 302
    assert "新增 1" in here.get(where).text
    assert here.post(where).status_code == 302
    with app.app_context():
        case = db.session.scalars(select(Case).where(Case.number == "老1号")).one()
        assert (case.kind, case.stage.value) == ("18", "closed")
        assert db.session.scalar(select(func.count()).select_from(ImportWord)) == 1


def test_nobody_sees_the_import_of_another(app: Flask, world: World) -> None:
    where = previewed(named(app, world, "director"), "mediators", xlsx([ROSTER, WANG]))
    for who in ("office", "bureau_city", "colleague"):
        other = named(app, world, who)
        assert other.get(where).status_code == 404
        assert other.post(where).status_code == 404
        assert other.post(f"{where}/undo").status_code == 404
        assert other.get(f"{where}/errors.xlsx").status_code == 404


def test_a_place_out_of_reach_is_no_place(app: Flask, world: World) -> None:
    here = named(app, world, "director")
    far = [*WANG[:4], "王坦社区人民调解委员会", *WANG[5:]]
    nowhere = [*WANG[:4], "不存在的调委会", *WANG[5:]]
    sentences = []
    for row in (far, nowhere):
        page = here.get(previewed(here, "mediators", xlsx([ROSTER, row]))).text
        found = re.search(r"没有找到叫“[^”]*”的([^<]*)", page)
        assert found
        sentences.append(found[1])
    assert sentences[0] == sentences[1]  # what is far is not told from what is not
    assert upload(here, "mediators", xlsx([ROSTER, WANG]), placed=world.far_committee).status_code == 422


def test_an_import_needs_its_right(app: Flask, world: World) -> None:
    for who, status in (("owner", 403), ("inspector", 403), ("auditor", 403), ("office", 200)):
        assert named(app, world, who).get("/imports/mediators").status_code == status
    assert named(app, world, "office").get("/imports/nothing").status_code == 404


def test_what_changed_since_the_preview_is_shown_anew(app: Flask, world: World) -> None:
    here = named(app, world, "director")
    where = previewed(here, "mediators", xlsx([ROSTER, WANG]))
    assert here.post(previewed(here, "mediators", xlsx([ROSTER, WANG]))).status_code == 302
    answer = here.post(where)
    assert answer.status_code == 409
    assert "有了变化" in answer.text
    assert "没有变化 1" in answer.text
    with app.app_context():
        count = select(func.count()).select_from(Mediator).where(Mediator.name == "王小明")
        assert db.session.scalar(count) == 1


def test_what_was_changed_since_is_not_undone(app: Flask, world: World) -> None:
    here = named(app, world, "director")
    where = previewed(here, "mediators", xlsx([ROSTER, WANG, LI]))
    here.post(where)
    with app.app_context():
        mediator = db.session.scalars(select(Mediator).where(Mediator.name == "王小明")).one()
        mediator.employer = "别处"
        db.session.commit()
    answer = here.post(f"{where}/undo")
    assert answer.status_code == 409
    assert "王小明”导入以后又改过" in answer.text
    assert "李小红" in mediators(app)
    with app.app_context():
        assert db.session.scalars(select(ImportBatch.standing)).one().value == "done"


def test_a_long_book_is_left_to_the_worker(app: Flask, world: World) -> None:
    with app.app_context():
        least = SETTINGS[Setting.JOB_ROWS].least
        db.session.add(Parameter(setting=Setting.JOB_ROWS, value=str(least), valid_from=date(2026, 1, 1)))
        db.session.commit()
    here = named(app, world, "director")
    rows = [ROSTER, *([f"新{n}", *LI[1:7], "1980-1-1"] for n in range(least + 1))]
    where = previewed(here, "mediators", xlsx(rows))
    assert "/jobs/" in where
    batch = re.search(r'href="(/imports/batch/\d+)"', here.get("/imports/").text)
    assert batch
    assert "后台" in here.get(batch[1]).text
    jobs.work_off(app)
    assert f"新增 {least + 1}" in here.get(batch[1]).text

    assert "/jobs/" in str(here.post(batch[1]).headers["Location"])
    jobs.work_off(app)
    assert len(mediators(app)) > least
    assert _reckoned(app, "mediators") in (None, len(mediators(app))), "SQLite still plans for an empty house"
    assert "/jobs/" in str(here.post(f"{batch[1]}/undo").headers["Location"])
    jobs.work_off(app)
    assert "已撤销" in here.get(batch[1]).text
    assert "新0" not in mediators(app)


def _reckoned(app: Flask, table: str) -> int | None:
    """How many lines SQLite believes a table to have; None for PostgreSQL, which counts by itself."""
    with app.app_context():
        if db.engine.dialect.name != "sqlite":
            return None
        found = db.session.execute(text("SELECT stat FROM sqlite_stat1 WHERE tbl = :table"), {"table": table})
        return max((int(each.stat.split()[0]) for each in found), default=0)


def test_the_marked_book_of_a_long_one_is_made_with_its_preview(app: Flask, world: World) -> None:
    with app.app_context():
        least = SETTINGS[Setting.JOB_ROWS].least
        db.session.add(Parameter(setting=Setting.JOB_ROWS, value=str(least), valid_from=date(2026, 1, 1)))
        db.session.commit()
    here = named(app, world, "director")
    rows = [ROSTER, *([f"新{n}", *LI[1:7], "不是日期"] for n in range(least + 1))]
    previewed(here, "mediators", xlsx(rows))
    jobs.work_off(app)
    found = re.search(r'href="(/imports/batch/\d+)"', here.get("/imports/").text)
    assert found
    answer = here.client.get(f"{found[1]}/errors.xlsx")
    assert answer.status_code == 302
    job = str(answer.headers["Location"])
    assert f"{least + 1} 行有问题" in here.get(job).text
    book = openpyxl.load_workbook(io.BytesIO(here.post(f"{job}/file").data))
    assert "看不懂" in str([[cell.value for cell in row] for row in book.worksheets[0].iter_rows()])


@pytest.mark.parametrize("case", range(len(BROKEN)))
def test_no_broken_file_breaks_the_page(app: Flask, world: World, case: int) -> None:
    """Refused with a sentence, and nothing is left of it."""
    here = named(app, world, "director")
    before = mediators(app).keys()
    answer = upload(here, "mediators", BROKEN[case])
    assert answer.status_code == 422
    assert "需要改" in answer.text
    assert mediators(app).keys() == before
    assert "第 1 批" not in here.get("/imports/").text


@pytest.mark.parametrize(
    "name", ["../../x.xlsx", "a\x00.xlsx", "C:\\报表\\名册.xlsx", "‮xslx.exe", "名" * 300 + ".xlsx", "x"]
)
def test_a_file_s_name_is_only_a_name(app: Flask, world: World, name: str) -> None:
    answer = upload(named(app, world, "director"), "mediators", xlsx([ROSTER, WANG]), name)
    assert answer.status_code in (302, 422)
