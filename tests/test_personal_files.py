"""A mediator's file 一人一档: the photo, who sees it, and what the page tells."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document
from flask import Flask
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.database import db
from admin_app.models.history import Entry
from admin_app.models.mediators import Mediator
from admin_app.models.users import User
from admin_app.operations import personal_files
from admin_app.rules.refusals import NotAllowed, RecordRefused
from tests.files import pdf
from tests.web import Browser, named
from tests.world import World

Person = Callable[[str], User]


def picture(kind: str = "JPEG", size: tuple[int, int] = (1200, 1600)) -> bytes:
    made = BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(made, kind)
    return made.getvalue()


def send(here: Browser, mediator_id: int, content: bytes, name: str) -> int:
    data = {"csrf_token": here.token(), "photo": (BytesIO(content), name)}
    url = f"/mediator/{mediator_id}/photo"
    return here.client.post(url, data=data, content_type="multipart/form-data").status_code


def test_a_photo_is_kept_small_and_without_what_a_telephone_writes(session: Session) -> None:
    made = BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "某品牌手机"
    Image.new("RGB", (3000, 4000)).save(made, "JPEG", exif=exif)
    sha256 = personal_files.taken_in(session, "照片.jpg", BytesIO(made.getvalue()))
    with personal_files.store_of(session).open(sha256) as file:
        kept = Image.open(BytesIO(file.read()))
    assert kept.size <= personal_files.SIZE
    assert dict(kept.getexif()) == {}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("照片.jpg", b"GIF89a not a photo"),
        ("照片.jpg", picture()[:200]),
        ("照片.png", picture("JPEG")),
        ("档案.pdf", pdf()),
        ("照片.gif", picture("GIF")),
        ("照片.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
        ("照片.exe", b"MZ"),
        ("照片.jpg", b""),
        ("巨大.png", picture("PNG", (9000, 9000))),
    ],
)
def test_what_is_no_photo_is_refused(session: Session, name: str, content: bytes) -> None:
    with pytest.raises(RecordRefused) as refused:
        personal_files.taken_in(session, name, BytesIO(content))
    assert refused.value.findings[0].field == "photo"


def test_the_photo_is_personal_data(session: Session, person: Person, world: World) -> None:
    mediator = session.get_one(Mediator, world.mediator)
    sha256 = personal_files.taken_in(session, "照片.jpg", BytesIO(picture()))
    for who in ("owner", "colleague", "inspector"):
        with pytest.raises(NotAllowed):
            personal_files.hang(session, person(who), mediator, sha256)
    personal_files.hang(session, person("director"), mediator, sha256)
    session.commit()
    assert personal_files.photo_of(session, person("owner"), mediator) is not None
    for who in ("colleague", "inspector"):
        with pytest.raises(NotAllowed):
            personal_files.photo_of(session, person(who), mediator)
    last = session.scalars(select(Entry).order_by(Entry.place.desc())).first()
    assert last is not None
    assert last.note == "更换照片"
    assert sha256 not in str(last.changes)


def test_the_file_shows_the_photo_only_with_a_reason(app: Flask, world: World) -> None:
    director = named(app, world, "director")
    url = f"/mediator/{world.mediator}/file"
    assert send(director, world.mediator, picture(), "照片.jpg") == 302
    page = director.get(url).text
    assert "data:image" not in page
    assert "138****2345" in page
    assert "13857912345" not in page
    assert director.post(f"{url}/full", {"reason": " "}).status_code == 409
    full = director.post(f"{url}/full", {"reason": "年度建档"}).text
    assert "data:image/jpeg;base64," in full
    assert "13857912345" in full
    assert named(app, world, "inspector").post(f"{url}/full", {"reason": "检查"}).status_code == 403
    with app.app_context():
        notes = db.session.scalars(select(Entry.note).where(Entry.action == "unmask")).all()
    assert notes == ["一人一档，理由：年度建档"]
    assert director.post(f"/mediator/{world.mediator}/photo", {"remove": "1"}).status_code == 302
    assert "还没有照片" in director.get(url).text


def test_a_wrong_file_is_said_so_on_the_page_and_nothing_changes(app: Flask, world: World) -> None:
    director = named(app, world, "director")
    assert send(director, world.mediator, pdf(), "扫描.pdf") == 422
    assert send(director, world.mediator, b"", "") == 422
    with app.app_context():
        assert db.session.get_one(Mediator, world.mediator).photo is None


def test_the_file_tells_what_the_registers_know(app: Flask, world: World) -> None:
    page = named(app, world, "office").get(f"/mediator/{world.mediator}/file").text
    for words in (
        "城东街道人民调解员业务培训班",
        "已有 8",
        "还差 12",
        "92.50",
        "优秀",
        "调解成功",
        "参考格式",
    ):
        assert words in page, words
    assert "周杰" not in page
    for who, status in (("owner", 200), ("stranger", 404), ("bureau_far", 404), ("expert", 403)):
        assert named(app, world, who).get(f"/mediator/{world.mediator}/file").status_code == status, who


def test_a_colleague_does_not_read_the_hours_and_scores_of_another(app: Flask, world: World) -> None:
    page = named(app, world, "colleague").get(f"/mediator/{world.mediator}/file").text
    assert "已有 8" not in page
    assert "92.50" not in page


def test_the_photo_of_a_record_is_no_file_of_the_server(session: Session, world: World) -> None:
    mediator = session.get_one(Mediator, world.mediator)
    mediator.photo = "../../etc/passwd"
    with pytest.raises(Exception, match="没有找到"):
        personal_files.store_of(session).open(mediator.photo)
    assert not Path(mediator.photo).is_absolute()


def test_the_file_as_a_word_form(app: Flask, world: World) -> None:
    url = f"/papers/mediator/{world.mediator}/mediator_file.docx"
    answer = named(app, world, "director").post(url)
    assert answer.status_code == 200
    words = "\n".join(
        cell.text
        for table in Document(BytesIO(answer.data)).tables
        for row in table.rows
        for cell in row.cells
    )
    for told in ("33070219750607121X", "城东街道人民调解员业务培训班 8", "2025年全年 92.5"):
        assert told in words, told
    assert named(app, world, "inspector").post(url).status_code == 403
    assert named(app, world, "colleague").post(url).status_code == 403
    assert named(app, world, "bureau_far").post(url).status_code == 404
    assert named(app, world, "director").post(url.replace("mediator_file", "cover")).status_code == 404
    with app.app_context():
        note = db.session.scalars(select(Entry.note).order_by(Entry.place.desc())).first()
    assert note == "下载《人民调解员档案》Word 文件"
