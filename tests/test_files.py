"""The store of uploaded files: whole or not at all, never overwritten, checked for viruses."""

import hashlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from sqlalchemy.orm import Session

from admin_app.application import create_app
from admin_app.database import db
from admin_app.operations import files
from admin_app.operations.files import Store, store_of
from admin_app.rules.refusals import NotSeen, RecordRefused
from admin_app.settings import PROGRAM, Settings
from tests.databases import SEAL, STORE

CONTENT = "调解协议书".encode() * 1000
SHA256 = hashlib.sha256(CONTENT).hexdigest()
posix = pytest.mark.skipif(os.name == "nt", reason="rights of files and shell scripts as Unix has them")
Scanner = Callable[[str], str]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "files")


@pytest.fixture
def scanner(tmp_path: Path) -> Scanner:
    """`scanner("exit 1")`: the command of a virus check that does this; the file's path is `$2`."""

    def write(script: str) -> str:
        file = tmp_path / "check it.sh"
        file.write_text(f"#!/bin/sh\n{script}\n")
        file.chmod(0o700)
        return f"'{file}' --quiet"

    return write


def names(store: Store) -> list[str]:
    """The files in the store, as their paths run."""
    found = store.directory.rglob("*")
    return sorted("".join(each.relative_to(store.directory).parts) for each in found if each.is_file())


def refusal(store: Store, content: bytes = CONTENT) -> str:
    with pytest.raises(RecordRefused) as refused:
        store.keep(content, field="content")
    (finding,) = refused.value.findings
    assert finding.field == "content"
    return finding.sentence


def test_a_kept_file_is_found_by_its_hash(store: Store) -> None:
    assert store.keep(CONTENT) == SHA256
    with store.open(SHA256) as file:
        assert file.read() == CONTENT
    assert store.path_of(SHA256) == store.directory / SHA256[:2] / SHA256[2:]
    assert names(store) == [SHA256]


def test_an_open_file_is_kept_in_pieces(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "CHUNK", 7)
    assert store.keep(BytesIO(CONTENT)) == SHA256
    assert store.path_of(SHA256).read_bytes() == CONTENT


@posix
def test_nobody_but_the_owner_may_read_it(store: Store) -> None:
    mask = os.umask(0)
    try:
        path = store.path_of(store.keep(CONTENT))
    finally:
        os.umask(mask)
    modes = [each.stat().st_mode & 0o777 for each in (path, path.parent, store.directory)]
    assert modes == [0o600, 0o700, 0o700]


def test_the_same_content_is_kept_once_and_not_written_again(store: Store) -> None:
    path = store.path_of(store.keep(CONTENT))
    before = path.stat()
    assert store.keep(CONTENT) == SHA256
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert names(store) == [SHA256]


def test_a_damaged_file_is_noticed_and_left_as_it_is(store: Store) -> None:
    path = store.path_of(store.keep(CONTENT))
    path.write_bytes(b"something else")
    assert refusal(store) == files.DAMAGED
    assert path.read_bytes() == b"something else"
    assert names(store) == [SHA256]


@pytest.mark.parametrize(
    "sha256",
    [
        "",
        "..",
        "../../etc/passwd",
        "a" * 63,
        "a" * 65,
        "A" * 64,
        f"{'a' * 64}\n",
        f"../{'a' * 61}",
        "/" * 64,
        "０" * 64,
    ],
)
def test_what_is_no_hash_leads_nowhere(store: Store, sha256: str) -> None:
    for ask in (store.path_of, store.open):
        with pytest.raises(NotSeen):
            ask(sha256)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=80))
def test_no_text_leads_out_of_the_store(store: Store, text: str) -> None:
    try:
        path = store.path_of(text)
    except NotSeen:
        return
    assert path.parent.parent == store.directory


def test_a_file_that_is_not_there_is_not_seen(store: Store) -> None:
    with pytest.raises(NotSeen) as refused:
        store.open("a" * 64)
    assert refused.value.sentence == files.MISSING


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "files").write_text("a file stands where the folder should")
    assert refusal(Store(tmp_path / "files")) == files.UNWRITTEN


def test_an_upload_that_breaks_off_leaves_nothing(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken(BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            if self.tell():
                raise OSError("the line broke")
            return super().read(size)

    monkeypatch.setattr(files, "CHUNK", 7)
    with pytest.raises(RecordRefused, match=files.UNWRITTEN):
        store.keep(Broken(CONTENT))
    assert names(store) == []


# ---------------------------------------------------------------- several at once, and a sudden end


def keep(folder: Path) -> str:
    return Store(folder).keep(CONTENT)


@pytest.mark.parametrize("pool", [ThreadPoolExecutor, ProcessPoolExecutor])
def test_several_may_keep_the_same_content_at_once(
    store: Store, pool: type[ThreadPoolExecutor | ProcessPoolExecutor]
) -> None:
    with pool(4) as workers:
        assert set(workers.map(keep, [store.directory] * 40)) == {SHA256}
    assert names(store) == [SHA256]
    assert store.path_of(SHA256).read_bytes() == CONTENT


SLOW = """
import sys, time
from pathlib import Path
from admin_app.operations.files import Store

class Slow:
    pieces = [b"first", b"second", b""]
    def read(self, size):
        piece = self.pieces.pop(0)
        if piece != b"first":
            print("half", flush=True)
            time.sleep(60)
        return piece

Store(Path(sys.argv[1])).keep(Slow())
"""


@posix
def test_a_process_killed_in_the_middle_leaves_no_named_file(store: Store) -> None:
    environment = {**os.environ, "PYTHONPATH": str(PROGRAM.parent)}
    with subprocess.Popen(
        [sys.executable, "-c", SLOW, str(store.directory)], stdout=subprocess.PIPE, env=environment
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == b"half\n"
        process.send_signal(signal.SIGKILL)
    (left,) = names(store)
    assert left.endswith(files.UNFINISHED)
    assert store.keep(CONTENT) == SHA256


# ---------------------------------------------------------------- viruses


@posix
def test_a_file_that_passes_the_check_is_kept(store: Store, scanner: Scanner, tmp_path: Path) -> None:
    checked = Store(store.directory, scanner(f'[ "$1" = --quiet ] && cp "$2" "{tmp_path}/seen"'))
    assert checked.keep(CONTENT) == SHA256
    assert (tmp_path / "seen").read_bytes() == CONTENT


@posix
def test_a_file_that_does_not_pass_is_not_kept(store: Store, scanner: Scanner) -> None:
    assert (
        refusal(Store(store.directory, scanner('grep -q EICAR "$2" && exit 1; exit 0')), b"EICAR")
        == files.INFECTED
    )
    assert names(store) == []


@posix
def test_content_that_is_there_already_is_checked_all_the_same(store: Store, scanner: Scanner) -> None:
    store.keep(CONTENT)  # yesterday, when the virus was not known
    assert refusal(Store(store.directory, scanner("exit 1"))) == files.INFECTED


@posix
def test_a_check_that_takes_too_long_has_not_passed(
    store: Store, scanner: Scanner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "SCAN_SECONDS", 0.2)
    began = time.monotonic()
    assert refusal(Store(store.directory, scanner("sleep 30"))) == files.UNSCANNED
    assert time.monotonic() - began < 10
    assert names(store) == []


def test_a_check_that_is_not_there_has_not_passed(store: Store) -> None:
    assert refusal(Store(store.directory, "no-such-scanner --quiet")) == files.UNSCANNED
    assert names(store) == []


@posix
def test_the_check_is_not_told_our_secrets(
    store: Store, scanner: Scanner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HESHI_SECRET_KEY", SEAL.decode())
    assert Store(store.directory, scanner("env | grep -q HESHI_ && exit 1; exit 0")).keep(CONTENT) == SHA256


# ---------------------------------------------------------------- who says which store


def test_a_session_knows_its_store(looking: Session, app: Flask) -> None:
    assert store_of(looking) == STORE
    with app.app_context():
        assert store_of(db.session) == STORE


def test_the_settings_name_the_store(tmp_path: Path) -> None:
    chosen = Settings(
        secret_key=SEAL.decode(),
        database_url=f"sqlite:///{tmp_path / 'heshi.db'}",
        files_dir=tmp_path / "a" / ".." / "files",
        scan_command="clamdscan --fdpass",
    )
    with create_app(chosen).app_context():
        assert store_of(db.session) == Store((tmp_path / "files").resolve(), "clamdscan --fdpass")
        db.engine.dispose()


@pytest.mark.parametrize(
    "folder", [PROGRAM, PROGRAM / "static", PROGRAM / "static" / "x" / "..", PROGRAM.parent]
)
def test_files_may_not_lie_where_the_program_lies(folder: Path) -> None:
    with pytest.raises(ValidationError, match="HESHI_FILES_DIR"):
        Settings(secret_key=SEAL.decode(), files_dir=folder)


def test_a_check_with_an_open_quote_is_refused_at_the_start() -> None:
    with pytest.raises(ValidationError, match="HESHI_SCAN_COMMAND"):
        Settings(secret_key=SEAL.decode(), scan_command="'clamdscan")
