"""Word documents without macros, passwords, or threads to the outside.

How many pages a document has, only Word can say: what it notes of itself is often wrong.
"""

import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from io import BytesIO
from zipfile import ZipFile

import olefile

from admin_app.rules.uploads.package import open_package
from admin_app.rules.uploads.unfit import Unfit

BROKEN = "这个 Word 文档打不开，可能坏了或者没有传完整。请用 Word 打开，另存为 .docx 再传。"
LOCKED = "这个 Word 文档加了密码，请去掉密码再传。"
MACROS = "这个 Word 文档里带有宏（小程序），不能上传。请另存为 PDF 或不带宏的 .docx 再传。"
OUTSIDE = "这个 Word 文档要从外面取模板、图片或别的内容，不能上传。请在 Word 里另存为 PDF 再传。"

# ECMA-376 part 2 (Open Packaging): the types of the parts, and how parts relate.
TYPES, MAIN = "[Content_Types].xml", "wordprocessingml.document.main+xml"
MACRO_WORDS = ("vbaproject", "vbadata", "macroenabled")
LARGEST_XML = 4 * 1024 * 1024
# [MS-DOC] 2.5.2 FibBase: wIdent, fEncrypted
WORD_MARK, ENCRYPTED = 0xA5EC, 0x0100
OLD_MACROS = {"macros", "vba", "_vba_project", "_vba_project_cur"}


def word_pages(content: bytes) -> None:
    """A sound .docx: a package whose main part is a document."""
    try:
        with open_package(content) as package:
            _look(package)
    except Unfit:
        raise
    except Exception:  # the bytes are a stranger's: whatever the library stumbles over, they are broken
        raise Unfit(BROKEN) from None


def _look(package: ZipFile) -> None:
    types = {each.get("ContentType", "").lower() for each in _parsed(package, TYPES)}
    said = [*types, *map(str.lower, package.namelist())]
    if any(word in text for text in said for word in MACRO_WORDS):
        raise Unfit(MACROS)
    if not any(each.endswith(MAIN) for each in types):
        raise Unfit(BROKEN)
    if any(map(_reaches_out, _relations(package))):
        raise Unfit(OUTSIDE)


def _relations(package: ZipFile) -> Iterator[ElementTree.Element]:
    for name in package.namelist():
        if name.lower().endswith(".rels"):
            yield from _parsed(package, name)


def _reaches_out(relation: ElementTree.Element) -> bool:
    """Fetches something from outside when opened; a link waits until somebody clicks it."""
    outside = relation.get("TargetMode", "").lower() == "external"
    return outside and not relation.get("Type", "").endswith("/hyperlink")


class _Plain(ElementTree.TreeBuilder):
    """XML without a document type, which packages may not have: entities cannot grow."""

    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:
        raise Unfit(BROKEN)


def _parsed(package: ZipFile, name: str) -> ElementTree.Element:
    if package.getinfo(name).file_size > LARGEST_XML:
        raise Unfit(BROKEN)
    return ElementTree.fromstring(package.read(name), ElementTree.XMLParser(target=_Plain()))


def old_word_pages(content: bytes) -> None:
    """A sound .doc: a compound file, in which streams lie as in folders."""
    try:
        with olefile.OleFileIO(BytesIO(content)) as file:
            _look_at_old(file, len(content))
    except Unfit:
        raise
    except Exception:  # as above
        raise Unfit(BROKEN) from None


def _look_at_old(file: olefile.OleFileIO, size: int) -> None:
    names = {part.lower() for path in file.listdir(streams=True, storages=True) for part in path}
    if "encryptedpackage" in names:
        raise Unfit(LOCKED)
    head = file.openstream("WordDocument").read()
    promised = sum(
        entry.size for entry in file.direntries if entry and entry.entry_type == olefile.STGTY_STREAM
    )
    if len(head) < file.get_size("WordDocument") or promised > size:
        raise Unfit(BROKEN)
    if len(head) < 32 or int.from_bytes(head[:2], "little") != WORD_MARK:
        raise Unfit(BROKEN)
    if int.from_bytes(head[10:12], "little") & ENCRYPTED:
        raise Unfit(LOCKED)
    if names & OLD_MACROS:
        raise Unfit(MACROS)
