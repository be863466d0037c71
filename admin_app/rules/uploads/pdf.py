"""PDF: how many pages, and whether it is open, whole, and does nothing by itself.

Refused: passwords (nobody can read it in ten years) and what runs when the document or a page is opened or a
field is clicked: scripts and the starting of programs. Evidence is paper; it needs neither, and
printing to PDF removes them. Only the document's structure is asked, at the places where a viewer looks
for actions; streams are not searched. Passed: attached files (electronic invoices carry their data so) and
links, which do nothing until somebody opens them.
"""

import logging
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NullObject

from admin_app.rules.uploads.unfit import Unfit

MOST_PAGES = 3_000
MOST_PLACES = 50_000  # nodes, pages, notes and actions looked at
TAIL = 2048  # the end mark stands in the last 1024 bytes (ISO 32000 annex); some programs add a little
MOST_ACTIONS = 100
ACTING = {"/JavaScript", "/Launch"}

BROKEN = "这个 PDF 打不开，可能坏了或者没有传完整。请重新扫描或者重新生成一次再传。"
LOCKED = "这个 PDF 加了密码或限制，请去掉密码再传；能打开的话，打印成 PDF 即可。"
ACTS = "这个 PDF 里带有会自己运行的内容，不能上传。请打开它，打印成 PDF 再传。"
TOO_MANY = f"这个 PDF 的内容太多（超过 {MOST_PAGES} 页或者结构不正常），请分成几个文件再传。"

logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # a stranger's file shall not fill the log


def pdf_pages(content: bytes) -> int:
    """How many pages it has."""
    if b"%%EOF" not in content[-TAIL:]:
        raise Unfit(BROKEN)
    try:
        return _look(PdfReader(BytesIO(content)))
    except Unfit:
        raise
    except Exception:  # the bytes are a stranger's: whatever the library stumbles over, they are broken
        raise Unfit(BROKEN) from None


def _look(reader: PdfReader) -> int:
    if reader.is_encrypted:
        raise Unfit(LOCKED)
    root = _table(reader.trailer.get("/Root"))
    form = _table(root.get("/AcroForm"))
    if "/JavaScript" in _table(root.get("/Names")) or "/XFA" in form or _acts(root):
        raise Unfit(ACTS)
    pages = 0
    for number, (place, is_page) in enumerate(_places(root, form)):
        pages += is_page
        if number > MOST_PLACES or pages > MOST_PAGES:
            raise Unfit(TOO_MANY)
        if _acts(place):
            raise Unfit(ACTS)
    if not pages:
        raise Unfit(BROKEN)
    return pages


def _places(root: DictionaryObject, form: DictionaryObject) -> Iterator[tuple[DictionaryObject, bool]]:
    """Each node of the page tree, the notes on the pages, each field; and whether it is a page."""
    for node in _tree(ArrayObject([root.get("/Pages", NullObject())])):
        yield node, "/Kids" not in node and bool(node)
        for note in _array(node.get("/Annots")):
            yield _table(note), False
    for field in _tree(_array(form.get("/Fields"))):
        yield field, False


def _tree(top: ArrayObject) -> Iterator[DictionaryObject]:
    """The nodes from the top down. A tree that bites its tail never ends: who asks must count."""
    waiting = [iter(top)]
    while waiting:
        for each in waiting[-1]:
            node = _table(each)
            yield node
            waiting.append(iter(_array(node.get("/Kids"))))
            break
        else:
            waiting.pop()


def _acts(place: DictionaryObject) -> bool:
    """Whether one of the actions hung on this place runs something."""
    hung = [place.get("/OpenAction"), place.get("/A"), *_table(place.get("/AA")).values()]
    return any(_runs(action) for action in hung)


def _runs(action: Any) -> bool:
    """Whether this action, or one that follows it, runs something; a chain without end counts as one."""
    waiting = [action]
    for _ in range(MOST_ACTIONS):
        if not waiting:
            return False
        step = _known(waiting.pop())
        if isinstance(step, ArrayObject):
            waiting.extend(step[: MOST_ACTIONS + 1])
        elif isinstance(step, DictionaryObject):
            if _known(step.get("/S")) in ACTING or "/JS" in step:
                return True
            waiting.append(step.get("/Next"))
    return True


def _known(value: Any) -> Any:
    """The value itself, where a reference stands."""
    return value.get_object() if isinstance(value, IndirectObject) else value


def _table(value: Any) -> DictionaryObject:
    found = _known(value)
    return found if isinstance(found, DictionaryObject) else DictionaryObject()


def _array(value: Any) -> ArrayObject:
    found = _known(value)
    return found if isinstance(found, ArrayObject) else ArrayObject()
