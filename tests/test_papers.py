"""The doors of papers: who may take which, what they hand over, and the line that each leaves."""

from dataclasses import dataclass
from datetime import date
from io import BytesIO
from zipfile import ZipFile

import docx
import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.models.attachments import Attachment
from admin_app.models.cases import Case
from admin_app.models.follow_ups import FollowUp
from admin_app.models.history import Entry
from admin_app.models.sessions import CaseSession
from admin_app.operations.files import store_of
from admin_app.rules.dates import now
from tests.web import named
from tests.world import World


def lines(session: Session) -> list[tuple[str, int | None, str]]:
    """What the history tells of papers: who, of which record, which."""
    entries = session.scalars(select(Entry).where(Entry.action == "paper").order_by(Entry.id))
    found = [(each.actor_name.split()[0], each.record_id, each.note) for each in entries]
    session.rollback()
    return found


@dataclass(frozen=True)
class Full:
    """A case with everything, by id: a record at hand would keep the database from the application."""

    id: int
    sessions: list[tuple[int, str]]


@pytest.fixture
def full(session: Session, world: World) -> Full:
    """A settled case with its sessions, a follow-up and a scan."""
    case = session.get_one(Case, world.settled_case)
    case.form, case.agreed_on, case.agreement, case.agreement_number = "2", date(2026, 9, 12), "和好", "第1号"
    case.sessions = [
        CaseSession(kind="01", held_on=date(2026, 9, day), place=f"第{day}次", record="说") for day in (9, 10)
    ]
    case.follow_ups = [
        FollowUp(visited_on=date(2026, 10, 1), visited="甲", fulfilment="03", satisfied="01", situation="好")
    ]
    case.attachments = [
        Attachment(
            kind="07", title="照片 a/b.pdf", pages=3, size=4, media_type="application/pdf", extension=".pdf",
            sha256=store_of(session).keep(b"%PDF"), uploaded_at=now(),
        )
    ]  # fmt: skip
    session.flush()
    found = Full(case.id, [(each.id, each.place) for each in case.sessions])
    session.commit()
    return found


def text_of(data: bytes) -> str:
    return "".join(docx.Document(BytesIO(data)).element.body.itertext())


def test_the_tab_lists_what_can_be_made_and_what_is_blank(app: Flask, world: World, full: Full) -> None:
    here = named(app, world, "owner")
    assert f"/case/{full.id}/papers" in here.get(f"/case/{full.id}").text
    page = here.get(f"/case/{full.id}/papers").text
    assert "人民调解协议书" in page
    assert "参考格式" in page
    assert "统一格式" in page
    assert "还缺：" in page
    assert "口头协议登记表" not in page
    assert page.count("人民调解记录（2026-09-") >= 2


def test_a_word_file_is_handed_over_and_noted(app: Flask, world: World, session: Session, full: Full) -> None:
    answer = named(app, world, "owner").post(f"/papers/case/{full.id}/agreement.docx")
    assert answer.status_code == 200
    assert "attachment" in answer.headers["Content-Disposition"]
    assert "13857911111" in text_of(answer.data)
    assert lines(session) == [("owner", full.id, "下载《人民调解协议书》Word 文件")]


def test_a_page_to_print_shows_the_paper_and_is_noted(
    app: Flask, world: World, session: Session, full: Full
) -> None:
    answer = named(app, world, "owner").post(f"/papers/case/{full.id}/agreement")
    assert answer.status_code == 200
    assert "13857911111" in answer.text
    assert "papers.css" in answer.text
    assert lines(session) == [("owner", full.id, "打印《人民调解协议书》")]


def test_a_line_is_named_by_its_id(app: Flask, world: World, full: Full) -> None:
    here = named(app, world, "owner")
    for line, place in full.sessions:
        answer = here.post(f"/papers/case/{full.id}/record.docx?line={line}")
        assert place in text_of(answer.data)
    for wrong in (0, 10**6, "x"):
        status = here.post(f"/papers/case/{full.id}/record.docx?line={wrong}").status_code
        assert status == (200 if wrong == "x" else 404)


def test_a_foreign_line_is_not_found(app: Flask, world: World, session: Session, full: Full) -> None:
    other = session.get_one(Case, world.far_case)
    other.sessions = [CaseSession(kind="01", held_on=date(2026, 9, 9), place="别处", record="密")]
    session.flush()
    foreign = other.sessions[0].id
    session.commit()
    here = named(app, world, "owner")
    assert here.post(f"/papers/case/{full.id}/record.docx?line={foreign}").status_code == 404


def test_the_whole_dossier_comes_in_the_order_of_the_file(
    app: Flask, world: World, session: Session, full: Full
) -> None:
    answer = named(app, world, "owner").post(f"/papers/case/{full.id}/dossier.zip")
    archive = ZipFile(BytesIO(answer.data))
    names = archive.namelist()
    assert names[:3] == ["01 卷宗封面.docx", "02 卷内目录.docx", "03 人民调解申请书.docx"]
    assert names[-1].endswith("封底.docx")
    scan = next(each for each in names if each.endswith(".pdf"))
    assert scan[3:] == "照片 ab.pdf"
    assert archive.read(scan) == b"%PDF"
    assert [each[:2] for each in names] == [f"{n:02d}" for n in range(1, len(names) + 1)]
    contents = text_of(archive.read("02 卷内目录.docx"))
    assert all(each[3:].removesuffix(".docx") in contents for each in names[2:] if each.endswith(".docx"))
    assert "3页" in contents
    assert lines(session) == [("owner", full.id, f"下载整卷：{len(names)} 份")]


def test_a_missing_scan_is_said_and_nothing_is_noted(
    app: Flask, world: World, session: Session, full: Full
) -> None:
    session.get_one(Case, full.id).attachments[0].sha256 = "f" * 64
    session.commit()
    answer = named(app, world, "owner").post(f"/papers/case/{full.id}/dossier.zip")
    assert answer.status_code == 404
    assert "没有找到这个文件" in answer.text
    assert lines(session) == []


def test_what_the_case_cannot_produce_yet_is_refused(app: Flask, world: World, session: Session) -> None:
    here = named(app, world, "owner")
    answer = here.post(f"/papers/case/{world.case}/agreement.docx")
    assert answer.status_code == 409
    assert "现在还不能出具《人民调解协议书》" in answer.text
    for wrong in ("nothing", "visit", "agreement.pdf"):
        assert here.post(f"/papers/case/{world.case}/{wrong}.docx").status_code == 404
    assert lines(session) == []


DOORS = ("cover.docx", "cover", "dossier.zip")


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("owner", 200),
        ("director", 200),
        ("office", 200),
        ("bureau_county", 200),
        ("colleague", 403),  # reads the committee's cases, and does not hold this one
        ("inspector", 403),
        ("expert", 403),
        ("auditor", 403),
        ("sysadmin", 403),
        ("stranger", 404),
        ("other_office", 404),
        ("bureau_far", 404),
    ],
)
def test_who_may_take_the_papers_of_a_case(
    app: Flask, world: World, who: str, status: int, door: str
) -> None:
    assert named(app, world, who).post(f"/papers/case/{world.case}/{door}").status_code == status


def test_the_tab_is_there_for_those_who_may_take(app: Flask, world: World) -> None:
    for who, status in (("owner", 200), ("colleague", 403), ("inspector", 403), ("stranger", 404)):
        here = named(app, world, who)
        assert here.get(f"/case/{world.case}/papers").status_code == status
        if status == 403:
            assert f"/case/{world.case}/papers" not in here.get(f"/case/{world.case}").text


def test_a_paper_is_never_a_get(app: Flask, world: World) -> None:
    """A link in a letter must not leave a line in somebody's name."""
    here = named(app, world, "owner")
    for door in DOORS:
        assert here.get(f"/papers/case/{world.case}/{door}").status_code in (404, 405)
    assert here.post(f"/papers/case/{world.case}/cover.docx", token=False).status_code == 400


def test_the_sheet_of_a_visit(app: Flask, world: World, session: Session) -> None:
    here = named(app, world, "office")
    assert "打印来访登记表" in here.get(f"/visit/{world.visit}").text
    word = here.post(f"/papers/visit/{world.visit}/visit.docx")
    assert "来访登记表" in text_of(word.data)
    assert here.post(f"/papers/visit/{world.visit}/visit").status_code == 200
    assert here.post(f"/papers/visit/{world.visit}/cover").status_code == 404
    assert named(app, world, "bureau_far").post(f"/papers/visit/{world.visit}/visit.docx").status_code == 404
    assert named(app, world, "inspector").post(f"/papers/visit/{world.visit}/visit").status_code == 403
    assert [note for _, _, note in lines(session)] == ["下载《来访登记表》Word 文件", "打印《来访登记表》"]
