"""The store of uploaded files 附件: each under the hash of its content, where no browser can ask for it.

A file bears its final name only when it is complete, has passed the virus check and has reached the disk, and
from then on nobody writes to it. So whatever is killed, and whenever, a name in the store means a whole file;
and as records name a file only after it is kept, no record names a missing one.
"""

import hashlib
import os
import re
import shlex
import subprocess
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from sqlalchemy.orm import Session

from admin_app.rules.findings import Finding
from admin_app.rules.refusals import NotSeen, RecordRefused

NAME = re.compile(r"[0-9a-f]{64}")
CHUNK = 1024 * 1024
SCAN_SECONDS = 10  # shorter than other writers wait for the database (HESHI_LOCK_SECONDS)
UNFINISHED = ".part"

INFECTED = "这个文件没有通过病毒检查，没有保存。请换一个文件；如果每个文件都这样，请告诉系统管理员。"
UNSCANNED = "病毒检查没有做成，文件没有保存。请告诉系统管理员检查 HESHI_SCAN_COMMAND。"
UNWRITTEN = "文件没有存进去，可能磁盘满了或者文件夹不能写。请告诉系统管理员。"
DAMAGED = "服务器上已有的同一个文件坏了，不能再存。请告诉系统管理员从备份恢复。"
MISSING = "没有找到这个文件。如果它应该在，请告诉系统管理员从备份恢复。"


@dataclass(frozen=True)
class Store:
    """A folder of files, and the command that checks each for viruses ("" checks nothing)."""

    directory: Path
    scan: str = ""

    def keep(self, content: bytes | BinaryIO, *, field: str = "file") -> str:
        """Keep the content, and return its SHA-256, by which it is found again.

        An open file is read from where it stands. `RecordRefused` beside the field when it cannot be kept.
        """
        try:
            return self._keep(BytesIO(content) if isinstance(content, bytes) else content, field)
        except OSError:
            raise _refused(field, UNWRITTEN) from None

    def open(self, sha256: str) -> BinaryIO:
        """The file for reading."""
        try:
            return self.path_of(sha256).open("rb")
        except FileNotFoundError:
            raise NotSeen(MISSING) from None

    def path_of(self, sha256: str) -> Path:
        """Where the file of this hash lies, or will lie; anything but a hash leads nowhere."""
        if not NAME.fullmatch(sha256):
            raise NotSeen(MISSING)
        return self.directory / sha256[:2] / sha256[2:]

    def _keep(self, content: BinaryIO, field: str) -> str:
        _make(self.directory)
        # Beside its final place, so that the renaming is one step; readable by its owner alone.
        handle, name = tempfile.mkstemp(dir=self.directory, suffix=UNFINISHED)
        written = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                sha256 = _copy(content, file)
            fault = _scanned(self.scan, written)
            if fault:
                raise _refused(field, fault)
            self._place(written, sha256, field)
        finally:
            written.unlink(missing_ok=True)
        return sha256

    def _place(self, written: Path, sha256: str, field: str) -> None:
        """Give the file its name, unless it bears it already."""
        final = self.path_of(sha256)
        if not final.exists():
            _make(final.parent)
            # Should another have been faster: here its file is replaced by the like, on Windows it stays.
            with suppress(FileExistsError):
                written.rename(final)
            _remember(final.parent)
        elif _hash(final) != sha256:
            raise _refused(field, DAMAGED)


def store_of(session: Session) -> Store:
    """The store that goes with this session's database; whoever makes sessions says which."""
    store: Store = session.info["files"]
    return store


def _refused(field: str, sentence: str) -> RecordRefused:
    return RecordRefused([Finding(field, sentence)])


def _copy(content: BinaryIO, file: BinaryIO) -> str:
    """Write the content to the disk, not only to the system's memory, and return its hash."""
    digest = hashlib.sha256()
    while chunk := content.read(CHUNK):
        digest.update(chunk)
        file.write(chunk)
    file.flush()
    os.fsync(file.fileno())
    return digest.hexdigest()


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _make(folder: Path) -> None:
    """A folder for its owner alone, and a lasting line of it in the folder above."""
    if not folder.is_dir():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _remember(folder.parent)


def _remember(folder: Path) -> None:
    """Write a folder's list of names to the disk; Windows does so by itself."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _scanned(command: str, path: Path) -> str:
    """What the virus check says against the file, "" for nothing; a check not done has not passed."""
    if not command:
        return ""
    try:
        done = subprocess.run(
            [*shlex.split(command), str(path)],
            env={name: value for name, value in os.environ.items() if not name.startswith("HESHI_")},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=SCAN_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return UNSCANNED
    return INFECTED if done.returncode else ""
