"""All ledgers of an inspection 检查 as one archive: a contents sheet 目录 and every workbook.

Everything goes through files on the disk, however long the ledgers are.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from shutil import copyfileobj
from tempfile import TemporaryFile
from typing import BinaryIO
from zipfile import ZIP_STORED, ZipFile

from sqlalchemy.orm import Session

from admin_app import history, replica
from admin_app.exports.columns import column, ordinal
from admin_app.exports.downloads import file_name, fill, may, may_unmask, note, period_words
from admin_app.exports.layout import Layout
from admin_app.exports.ledger import Asked, Counted, Ledger
from admin_app.exports.reading import count, read
from admin_app.exports.rows import Paper, Row, Written
from admin_app.exports.writing.book import CODE, write
from admin_app.models.users import User
from admin_app.rules.dates import local, now
from admin_app.rules.refusals import RecordRefused

CONTENTS = "目录.xlsx"
NOTHING = Written(0, "")
LAYOUT = Layout(
    columns=(
        ordinal(),
        column("label", "台账", 34),
        column("file", "文件名", 52),
        column("lines", "行数", 9, kind="integer", summed=True),
        column("read_at", "数据截至", 18),
        column("digest", "校验码", 28),
        column("remark", "说明", 40),
    ),
    counted="本",
    signs=(),
)


@dataclass(frozen=True)
class Packed:
    """One ledger of the archive; one that was refused has a sentence instead of a file."""

    ledger: Ledger
    asked: Asked
    name: str = ""
    written: Written = NOTHING
    refused: str = ""
    read_at: str = ""  # until when what happened is in it

    @property
    def row(self) -> Row:
        """Its line of the contents; the writer counts the running number."""
        remark = self.refused or (f"有 {self.written.faults} 处核对不符" if self.written.faults else "")
        label = f"《{self.ledger.label}》"
        return Row([None, label, self.name, self.written.lines, self.read_at, self.written.digest, remark])


def pack(
    session: Session,
    actor: User,
    chosen: Sequence[Ledger],
    asked: Asked,
    file: BinaryIO,
    progress: Callable[[int], None] = lambda lines: None,
) -> tuple[list[Packed], Written]:
    """Write the archive: what became of each ledger, and the contents. It reads and changes nothing.

    Ledgers that the person may not download are left out, and nothing is said of them.
    """
    packed: list[Packed] = []
    with replica.reading(session), ZipFile(file, "w", ZIP_STORED) as archive:  # workbooks are packed already
        for ledger in chosen:
            if may(actor, ledger):
                done = sum(each.written.lines for each in packed)
                packed.append(
                    _add(session, actor, archive, ledger, asked, len(packed) + 1, _onwards(progress, done))
                )
        return packed, _add_contents(actor, archive, packed, asked)


def lines(session: Session, actor: User, chosen: Sequence[Ledger], asked: Asked) -> int:
    """How many lines of records it will have: whether somebody would wait for long."""
    with replica.reading(session):
        return sum(
            count(read(session, actor, each, _fitting(actor, each, asked)))
            for each in chosen
            if may(actor, each) and not isinstance(each.source, Counted)
        )


def note_all(
    session: Session, actor: User, packed: Sequence[Packed], asked: Asked, reason: str, contents: Written
) -> None:
    """A line in the history for every workbook, and one for the whole."""
    done = [each for each in packed if not each.refused]
    for each in done:
        note(session, actor, each.ledger, each.asked, reason, each.written)
    words = (
        f"{actor.name}打包下载 {len(done)} 本台账",
        f"单位：{asked.unit.name if asked.unit else '本人权限范围'}",
        f"期间：{period_words(asked)}",
        f"理由：{reason.strip() or '未填'}",
        f"{CODE}{contents.digest}",
    )
    history.note(session, history.Action.EXPORT, title="检查台账目录", words="；".join(words))


def bundle_name(asked: Asked) -> str:
    """检查台账 婺城区 2026年上半年.zip."""
    return " ".join(["检查台账", *([asked.unit.name] if asked.unit else []), f"{period_words(asked)}.zip"])


def _add(
    session: Session,
    actor: User,
    archive: ZipFile,
    ledger: Ledger,
    asked: Asked,
    place: int,
    progress: Callable[[int], None],
) -> Packed:
    asked, read_at = _fitting(actor, ledger, asked), f"{local(replica.moment(session, now())):%Y-%m-%d %H:%M}"
    name = f"{place:02d} {file_name(ledger, asked)}"
    with TemporaryFile() as book:
        try:
            written = fill(session, actor, ledger, asked, book, progress)
        except RecordRefused as refused:
            return Packed(ledger, asked, refused=refused.sentence)
        _copy(archive, name, book)
    return Packed(ledger, asked, name, written, read_at=read_at)


def _fitting(actor: User, ledger: Ledger, asked: Asked) -> Asked:
    """A register without units is asked for as a whole; what the person may not read in full is masked."""
    counted = isinstance(ledger.source, Counted)
    unit = asked.unit if counted or hasattr(ledger.model, "under") else None
    return replace(asked, unit=unit, masked=asked.masked or not may_unmask(actor, ledger))


def _add_contents(actor: User, archive: ZipFile, packed: Sequence[Packed], asked: Asked) -> Written:
    paper = Paper(
        title="检查台账目录",
        about=f"单位：{asked.unit.name if asked.unit else '本人权限范围'}　　　期间：{period_words(asked)}",
        layout=LAYOUT,
        made=f"制表人：{actor.name}　制表时间：{local(now()):%Y-%m-%d %H:%M}",
        name="目录",
    )
    with TemporaryFile() as book:
        written = write(book, [(paper, _numbered(packed))])
        _copy(archive, CONTENTS, book)
    return written


def _numbered(packed: Sequence[Packed]) -> Iterator[Row]:
    for number, each in enumerate(packed, 1):
        yield Row([number, *each.row.cells[1:]])


def _copy(archive: ZipFile, name: str, book: BinaryIO) -> None:
    book.seek(0)
    with archive.open(name, "w", force_zip64=True) as entry:
        copyfileobj(book, entry)


def _onwards(progress: Callable[[int], None], done: int) -> Callable[[int], None]:
    return lambda lines: progress(done + lines)
