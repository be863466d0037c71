"""Files of a case: who may upload, open, rename and take out; hostile files; what the history tells."""

import io
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from admin_app import policy
from admin_app.database import db
from admin_app.models.attachments import Attachment
from admin_app.models.cases import Case
from admin_app.models.history import Entry
from admin_app.models.users import User
from admin_app.operations import attachments
from admin_app.operations.files import UNWRITTEN, store_of
from admin_app.rules.cases import EDITABLE, Stage
from admin_app.rules.dossiers import OPEN_TO_UPLOADS
from admin_app.rules.refusals import NotAllowed, NotNow, RecordRefused
from tests import files
from tests.databases import STORE, open_session
from tests.web import Browser, named
from tests.world import PEOPLE, SCAN, World

Person = Callable[[str], User]
SIGNED_IN = [who for who in PEOPLE if who != "inactive"]
CASES = (
    "case",
    "mediating_case",
    "closed_case",
    "archived_case",
    "transfer_case",
    "township_case",
    "far_case",
)


def upload(here: Browser, case_id: int, *given: tuple[str, bytes], **fields: str) -> TestResponse:
    data: dict[str, Any] = {"kind": "07", **fields}
    data["files"] = [(io.BytesIO(content), name) for name, content in given]
    return here.post(f"/case/{case_id}/attach", data)


def lines_of(app: Flask, case_id: int) -> list[Attachment]:
    with app.app_context():
        query = select(Attachment).where(Attachment.case_id == case_id).order_by(Attachment.id)
        return list(db.session.scalars(query))


def told(app: Flask, action: str) -> list[tuple[str, str]]:
    with app.app_context():
        rows = db.session.scalars(select(Entry).where(Entry.action == action).order_by(Entry.place))
        return [(row.actor_name, row.note) for row in rows]


# ---------------------------------------------------------------- the verb


def test_a_file_is_kept_and_told_of(session: Session, person: Person, world: World) -> None:
    case, content = session.get_one(Case, world.case), files.pdf(3)
    version = case.version
    line = attachments.attach(session, person("owner"), case, "07", "", "借条.pdf", content)
    session.commit()
    assert (line.title, line.pages, line.size) == ("借条", 3, len(content))
    assert (line.media_type, line.uploader) == ("application/pdf", "owner 用户")
    with store_of(session).open(line.sha256) as file:
        assert file.read() == content
    entry = session.scalars(select(Entry).order_by(Entry.place.desc())).first()
    assert entry is not None
    assert (entry.action, entry.record_id, entry.note) == ("attach", case.id, "借条")
    assert {each["part"] for each in entry.changes["fields"]} == {"attachments"}
    assert case.version == version  # nobody who edits the case is disturbed


@pytest.mark.parametrize("stage", Stage)
def test_uploads_are_open_until_the_archive(
    session: Session, person: Person, world: World, stage: Stage
) -> None:
    case = session.get_one(Case, world.case)
    with session.no_autoflush:
        session.connection().execute(
            Case.__table__.update().where(Case.__table__.c.id == case.id).values(stage=stage)  # type: ignore[attr-defined]
        )
        session.refresh(case)
    if stage in OPEN_TO_UPLOADS:
        attachments.attach(session, person("owner"), case, "07", "", "a.pdf", SCAN)
    else:
        with pytest.raises(NotNow, match="不能再上传"):
            attachments.attach(session, person("owner"), case, "07", "", "a.pdf", SCAN)


def test_a_wrong_kind_or_title_is_said(session: Session, person: Person, world: World) -> None:
    case = session.get_one(Case, world.case)
    for kind, title in (("", "好"), ("77", "好"), ("07", "长" * 151), ("07", "a\u202eb")):
        with pytest.raises(RecordRefused) as refused:
            attachments.attach(session, person("owner"), case, kind, title, "a.pdf", SCAN)
        assert refused.value.findings[0].sentence
        session.rollback()
    assert len(case.attachments) == 4


def test_what_is_rolled_back_leaves_no_line(session: Session, person: Person, world: World) -> None:
    case = session.get_one(Case, world.case)
    attachments.attach(session, person("owner"), case, "07", "", "a.pdf", SCAN)
    session.rollback()
    assert len(case.attachments) == 4
    assert session.scalar(select(Entry.id).where(Entry.action == "attach")) is None


def test_whoever_archives_first_shuts_the_door(
    session: Session, person: Person, world: World, engine: Engine
) -> None:
    """The case as the uploader read it is open; the row that is locked is not."""
    case = session.get_one(Case, world.case)
    incoming, owner = attachments.take_in(session, "a.pdf", SCAN), person("owner")
    session.rollback()
    with open_session(engine) as other:
        table: Any = Case.__table__
        archived = table.update().where(table.c.id == world.case).values(stage=Stage.ARCHIVED)
        other.connection().execute(archived)
        other.commit()
    with pytest.raises(NotNow):
        attachments.hang(session, owner, case, "07", "", incoming)


# ---------------------------------------------------------------- the matrix: person × case × door


def answer_of(me: User, case: Case, verb: str, *, now: bool, done: int) -> int:
    """What a door must answer: 403 without the right anywhere, then 404, 403, 409, or what it does."""
    if not policy.may(me, f"case.{verb}"):
        return 403
    if not policy.may(me, "case.open", case):
        return 404
    if not policy.may(me, f"case.{verb}", case):
        return 403
    return done if now else 409


def test_every_door_answers_as_the_policy_says(
    app: Flask, world: World, session: Session, person: Person
) -> None:
    faults, reckoned = [], []
    for who in SIGNED_IN:
        for name in CASES:
            case, me = session.get_one(Case, getattr(world, name)), person(who)
            open_, editable = case.stage in OPEN_TO_UPLOADS, case.stage in EDITABLE
            line = f"{case.id}/line/attachments/{case.attachments[0].id}"
            doors = {
                ("get", f"{case.id}/dossier"): answer_of(me, case, "open", now=True, done=200),
                ("post", f"{case.id}/attach"): answer_of(me, case, "attach", now=open_, done=422),
                ("post", f"{case.id}/attachment/{case.attachments[0].id}"): answer_of(
                    me, case, "sensitive", now=True, done=200
                ),
                ("get", line): answer_of(me, case, "edit", now=editable, done=200),
                # without the version that was seen
                ("post", f"{line}/take-out"): answer_of(me, case, "edit", now=editable, done=409),
            }
            reckoned += [(who, name, *door, want) for door, want in doors.items()]
    session.rollback()  # SQLite: let the application write
    browsers = {who: named(app, world, who) for who in SIGNED_IN}
    for who, name, method, address, want in reckoned:
        got = getattr(browsers[who], method)(f"/case/{address}").status_code
        if got != want:
            faults.append(f"{who} {name} {address}: {got} not {want}")
    assert faults == []
    assert len(lines_of(app, world.case)) == 4


def test_a_stranger_and_a_visitor_without_name_see_nothing(app: Flask, world: World) -> None:
    line = lines_of(app, world.case)[0]
    stranger = named(app, world, "stranger")
    assert stranger.post(f"/case/{world.case}/attachment/{line.id}").status_code == 404
    own = world.other_case
    assert (
        stranger.post(f"/case/{own}/attachment/{line.id}").status_code == 404
    )  # a foreign line of one's own case
    assert stranger.get(f"/case/{own}/line/attachments/{line.id}").status_code == 404
    assert told(app, "download") == []


# ---------------------------------------------------------------- through the browser


def test_several_files_at_once_and_the_list_shows_them(app: Flask, world: World) -> None:
    here = named(app, world, "owner")
    photo, deed = files.picture("JPEG"), files.docx()
    answer = upload(here, world.case, ("现场.jpg", photo), ("欠条.docx", deed), title="不用")
    assert answer.status_code == 302
    page = here.get(f"/case/{world.case}/dossier").text
    assert {"现场", "欠条"} <= {each.title for each in lines_of(app, world.case)}
    assert ("现场" in page, "欠条" in page, "现场.jpg" in page) == (True, True, False)
    assert told(app, "attach") == [("owner 用户", "现场")]  # one line of the history for one request
    assert [each.kind for each in lines_of(app, world.case)][-2:] == ["07", "07"]


def test_one_bad_file_lets_none_in_and_is_named(app: Flask, world: World) -> None:
    here = named(app, world, "owner")
    answer = upload(here, world.case, ("好.pdf", SCAN), ("坏.pdf", b""))
    assert answer.status_code == 422
    assert "“坏.pdf”：这个文件是空的" in answer.text
    assert len(lines_of(app, world.case)) == 4


HOSTILE: dict[str, tuple[str, bytes]] = {
    "empty": ("空.pdf", b""),
    "program": ("合同.pdf", b"MZ" + b"\0" * 200),
    "path": ("../../etc/passwd.pdf", b"MZ"),
    "svg": ("图.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"),
    "svg as png": ("图.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
    "page": ("页.jpg", b"<!doctype html><script>alert(1)</script>"),
    "bomb": ("炸.docx", files.docx_with({f"word/{n}.xml": b" " * 30_000_000 for n in range(4)})),
    "broken": ("断.pdf", SCAN[:100]),
    "no name": (".pdf", SCAN),
    "turned": ("\u202efdp.exe", b"MZ"),
    "locked": ("锁.pdf", files.pdf(password="secret")),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_with_a_sentence(app: Flask, world: World, name: str) -> None:
    here = named(app, world, "owner")
    answer = upload(here, world.case, HOSTILE[name])
    assert answer.status_code == 422
    fault = re.search(r'<div class="note bad".*?</div>', answer.text, re.S)
    assert fault
    assert re.search("[。？！）]|请", fault[0])
    assert "<script>alert" not in answer.text
    assert len(lines_of(app, world.case)) == 4


def test_without_a_file_or_with_too_many_it_says_so(app: Flask, world: World) -> None:
    here = named(app, world, "owner")
    assert "请先选择文件" in upload(here, world.case).text
    many = [(f"{number}.pdf", SCAN) for number in range(21)]
    assert "一次最多 20 个文件" in upload(here, world.case, *many).text


def test_a_file_over_the_limit_of_the_bureau_is_refused(app: Flask, world: World) -> None:
    here = named(app, world, "owner")
    answer = upload(here, world.case, ("大.pdf", SCAN + b"\0" * (21 * 1024 * 1024)))
    assert answer.status_code == 422
    assert "最多 20 MB" in answer.text


def test_a_request_over_the_limit_gets_a_chinese_page(app: Flask, world: World) -> None:
    here = named(app, world, "owner")
    here.token()
    app.config["MAX_CONTENT_LENGTH"] = 1024 * 1024
    answer = upload(here, world.case, ("大.pdf", SCAN + b"\0" * (2 * 1024 * 1024)))
    assert answer.status_code == 413
    assert "提交的内容太大了" in answer.text


def test_an_ordinary_form_stays_small(app: Flask, world: World) -> None:
    here = named(app, world, "owner")
    answer = here.post(f"/case/{world.case}/step/triage", {"note": "长" * 3_000_000})
    assert answer.status_code == 413


def test_a_script_is_told_where_to_go_and_what_is_wrong(app: Flask, world: World) -> None:
    here = named(app, world, "owner")
    address, script = f"/case/{world.case}/attach", {"Accept": "application/json"}

    def send(name: str, content: bytes) -> TestResponse:
        data = {"csrf_token": here.token(), "kind": "07", "files": (io.BytesIO(content), name)}
        return here.client.post(address, data=data, headers=script)

    good, bad = send("好.pdf", SCAN), send("坏.exe", b"MZ")
    assert good.json == {"url": f"/case/{world.case}/dossier"}
    assert bad.status_code == 422
    assert bad.json is not None
    assert "坏.exe" in bad.json["errors"][0]


# ---------------------------------------------------------------- downloads


def test_a_download_is_whole_harmless_and_told_of(app: Flask, world: World) -> None:
    here = named(app, world, "director")
    line = lines_of(app, world.case)[0]
    answer = here.post(f"/case/{world.case}/attachment/{line.id}")
    assert answer.data == SCAN
    assert answer.mimetype == "application/pdf"
    assert (
        answer.headers["Content-Disposition"]
        == "attachment; filename*=UTF-8''%E8%BA%AB%E4%BB%BD%E8%AF%81.pdf"
    )
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert told(app, "download") == [("director 用户", "身份证.pdf")]


def test_pictures_may_be_looked_at_and_nothing_else(app: Flask, world: World) -> None:
    here = named(app, world, "owner")
    upload(here, world.case, ("现场.png", files.picture("PNG")))
    scan, *_, photo = lines_of(app, world.case)
    for line, begins in ((photo, "inline"), (scan, "attachment")):
        answer = here.post(f"/case/{world.case}/attachment/{line.id}", {"show": "1"})
        assert answer.headers["Content-Disposition"].startswith(begins)
        assert answer.headers["Content-Security-Policy"].endswith("sandbox")


def test_a_link_alone_downloads_nothing(app: Flask, world: World) -> None:
    here = named(app, world, "owner")
    line = lines_of(app, world.case)[0]
    assert here.get(f"/case/{world.case}/attachment/{line.id}").status_code == 405
    assert here.post(f"/case/{world.case}/attachment/{line.id}", token=False).status_code == 400
    assert told(app, "download") == []


def test_a_renamed_file_keeps_the_ending_of_what_it_is(app: Flask, world: World) -> None:
    here, line = named(app, world, "owner"), lines_of(app, world.case)[0]
    address = f"/case/{world.case}/line/attachments/{line.id}"
    version = re.search(r'name="version"[^>]*value="(\d+)"', here.get(address).text)
    assert version
    data = {"version": version[1], "kind": "03", "title": "a/b.exe", "pages": "2"}
    assert here.post(address, data).status_code == 302
    answer = here.post(f"/case/{world.case}/attachment/{line.id}")
    assert answer.headers["Content-Disposition"] == "attachment; filename*=UTF-8''a_b.exe.pdf"
    assert told(app, "mend") == [("owner 用户", "附件 a/b.exe")]


def test_what_is_taken_out_stays_in_the_store_and_in_the_history(app: Flask, world: World) -> None:
    here, line = named(app, world, "owner"), lines_of(app, world.case)[0]
    page = here.get(f"/case/{world.case}/line/attachments/{line.id}").text
    version = re.search(r'name="version"[^>]*value="(\d+)"', page)
    assert version
    answer = here.post(f"/case/{world.case}/line/attachments/{line.id}/take-out", {"version": version[1]})
    assert answer.headers["Location"] == f"/case/{world.case}/dossier"
    assert line.id not in {each.id for each in lines_of(app, world.case)}
    assert told(app, "take_out") == [("owner 用户", "附件 身份证.pdf")]
    with app.app_context():
        assert store_of(db.session).path_of(line.sha256).exists()
        entry = db.session.scalars(select(Entry).where(Entry.action == "take_out")).one()
        assert {"field": "title", "old": "身份证.pdf", "new": None}.items() <= entry.changes["fields"][
            1
        ].items()
        entry_id = entry.id
    answer = here.post(f"/case/{world.case}/revert/{entry_id}")
    assert answer.status_code == 409
    assert "不能改回" in answer.text


# ---------------------------------------------------------------- two at once


def test_two_uploads_at_once_both_arrive(app: Flask, world: World) -> None:
    people = [named(app, world, who) for who in ("owner", "director", "office", "owner")]
    for each in people:
        each.token()
    with ThreadPoolExecutor(4) as pool:
        sent = [
            pool.submit(upload, here, world.case, (f"{number}.pdf", files.pdf(number + 1)))
            for number, here in enumerate(people)
        ]
        assert {each.result().status_code for each in sent} == {302}
    assert {each.title for each in lines_of(app, world.case)} >= {f"{number}" for number in range(4)}


def test_a_full_disk_is_said_and_leaves_no_line(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("admin_app.operations.files._copy", full)
    answer = upload(named(app, world, "owner"), world.case, ("好.pdf", SCAN))
    assert answer.status_code == 422
    assert UNWRITTEN in answer.text
    assert len(lines_of(app, world.case)) == 4


def test_a_missing_file_is_said(app: Flask, world: World) -> None:
    line = lines_of(app, world.case)[0]
    path = STORE.path_of(line.sha256)
    aside = path.with_suffix(".aside")
    path.rename(aside)
    try:
        answer = named(app, world, "owner").post(f"/case/{world.case}/attachment/{line.id}")
        assert answer.status_code == 404
        assert "从备份恢复" in answer.text
    finally:
        aside.rename(path)
    assert told(app, "download") == []


def test_whoever_may_not_see_personal_data_reads_the_list_and_opens_nothing(
    session: Session, person: Person, world: World
) -> None:
    with pytest.raises(NotAllowed):
        attachments.read(session, person("inspector"), session.get_one(Case, world.case), 1)
