"""Files that people upload, honest and otherwise; each is made here, byte by byte or by a library."""

import struct
from collections.abc import Mapping
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx import Document
from PIL import Image
from pypdf import PdfWriter

LARGEST = 4 * 1024 * 1024


def pdf(pages: int = 1, *, password: str = "") -> bytes:
    """A PDF of blank pages."""
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(width=595, height=842)
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    return _written(writer.write)


def raw_pdf(*objects: str) -> bytes:
    """A PDF of objects as they stand, number 1 first, which is the catalogue."""
    body, places = b"%PDF-1.7\n", []
    for number, each in enumerate(objects, start=1):
        places.append(len(body))
        body += f"{number} 0 obj\n{each}\nendobj\n".encode()
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    size = len(objects) + 1
    tail = f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n<</Size {size}/Root 1 0 R>>\n"
    return body + f"{tail}startxref\n{len(body)}\n%%EOF\n".encode()


def picture(format_: str = "JPEG", size: tuple[int, int] = (60, 40)) -> bytes:
    """A picture of noise, as Pillow writes it."""
    image = Image.effect_noise(size, 80)
    return _written(lambda file: image.save(file, format_))


def docx() -> bytes:
    """A document as python-docx writes it."""
    document = Document()
    document.add_paragraph("双方自愿达成如下协议。")
    return _written(document.save)


def docx_with(parts: Mapping[str, bytes]) -> bytes:
    """The same document with these parts added or put in place of its own."""
    with ZipFile(BytesIO(docx())) as file:
        own = {name: file.read(name) for name in file.namelist()}
    return zipped({**own, **parts})


def zipped(parts: Mapping[str, bytes]) -> bytes:
    """An archive; a name stands in it as given, however crooked."""
    with BytesIO() as buffer:
        with ZipFile(buffer, "w", ZIP_DEFLATED) as file:
            for name, content in parts.items():
                info = ZipInfo(name)
                info.filename, info.compress_type = name, ZIP_DEFLATED
                file.writestr(info, content)
        return buffer.getvalue()


def doc(*, flags: int = 0, beside: tuple[str, ...] = (), main: str = "WordDocument") -> bytes:
    """An old Word document: a compound file with one stream of 4 KB, and empty streams beside it.

    [MS-CFB]: the header, sector 0 the allocation table, sectors 1 and 2 the directory, then the stream.
    """
    free, end = 0xFFFFFFFF, 0xFFFFFFFE
    chain = [0xFFFFFFFD, 2, end, *range(4, 11), end]
    table = struct.pack("<128I", *chain, *[free] * (128 - len(chain)))
    header = struct.pack(
        "<8s16s5H6s9I",
        *(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"", 0x3E, 3, 0xFFFE, 9, 6, b""),
        *(0, 1, 1, 0, 4096, end, 0, end, 0),
    ) + struct.pack("<109I", 0, *[free] * 108)
    names = (main, *beside)
    right = [*range(2, len(names) + 1), free]
    entries = [_entry("Root Entry", 5, free, 1, end, 0), _entry(main, 2, right[0], free, 3, 4096)]
    entries += [_entry(n, 2, r, free, end, 0) for n, r in zip(beside, right[1:], strict=True)]
    directory = b"".join(entries).ljust(1024, b"\0")
    stream = struct.pack("<5H", 0xA5EC, 0xC1, 0, 0, 0) + struct.pack("<H", flags)
    return header + table + directory + stream.ljust(4096, b"\0")


def _entry(name: str, kind: int, right: int, child: int, start: int, size: int) -> bytes:
    wide = (name + "\0").encode("utf-16-le")
    free = 0xFFFFFFFF
    head = struct.pack("<64sHBB3I", wide, len(wide), kind, 1, free, right, child)
    return head + bytes(36) + struct.pack("<IQ", start, size)


def _written(write: Any) -> bytes:
    with BytesIO() as buffer:
        write(buffer)
        return buffer.getvalue()
