"""The kinds of files that are taken, and how the bytes tell a kind.

Not taken, though they would be possible: TIFF (no browser shows it and its readers are the weakest), HEIC
(few computers of the offices open it), archives (what is in them nobody has looked at).
"""

from collections.abc import Callable
from dataclasses import dataclass

from admin_app.rules.uploads.pdf import pdf_pages
from admin_app.rules.uploads.picture import picture_pages
from admin_app.rules.uploads.word import old_word_pages, word_pages


@dataclass(frozen=True)
class Kind:
    """A kind of file; `pages` looks inside and raises `Unfit` when something is wrong there."""

    label: str
    media_type: str
    extensions: tuple[str, ...]
    begins: Callable[[bytes], bool]
    pages: Callable[[bytes], int | None]


def _starts(*heads: bytes) -> Callable[[bytes], bool]:
    return lambda content: content.startswith(heads)


def _at(place: int, *heads: bytes) -> Callable[[bytes], bool]:
    return lambda content: content.startswith(heads, place)


def _says(*tags: bytes) -> Callable[[bytes], bool]:
    """Text that opens with one of these tags, or has it near the top."""
    return lambda content: any(tag in content[:1024].lower() for tag in tags)


def _holds(head: bytes, *names: bytes) -> Callable[[bytes], bool]:
    """A container that begins so and names one of these parts; the names stand in it unpacked."""
    return lambda content: content.startswith(head) and any(name in content for name in names)


def _wide(name: str) -> bytes:
    return name.encode("utf-16-le")


ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


KINDS = (
    Kind("PDF", "application/pdf", (".pdf",), _starts(b"%PDF-"), pdf_pages),
    Kind(
        " JPG 图片",
        "image/jpeg",
        (".jpg", ".jpeg", ".jfif"),
        _starts(b"\xff\xd8\xff"),
        picture_pages("JPEG", "MPO"),
    ),
    Kind(" PNG 图片", "image/png", (".png",), _starts(b"\x89PNG\r\n\x1a\n"), picture_pages("PNG")),
    Kind(" GIF 图片", "image/gif", (".gif",), _starts(b"GIF87a", b"GIF89a"), picture_pages("GIF")),
    Kind(" BMP 图片", "image/bmp", (".bmp",), _starts(b"BM"), picture_pages("BMP")),
    Kind(
        " WebP 图片",
        "image/webp",
        (".webp",),
        lambda content: content.startswith(b"RIFF") and content.startswith(b"WEBP", 8),
        picture_pages("WEBP"),
    ),
    Kind(
        " Word 文档",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        (".docx",),
        _holds(ZIP, b"word/"),
        word_pages,
    ),
    Kind(
        "老版本的 Word 文档",
        "application/msword",
        (".doc",),
        _holds(OLE, _wide("WordDocument")),
        old_word_pages,
    ),
)
TAKEN = "可以上传 PDF、Word（.docx、.doc）和图片（.jpg、.png、.gif、.bmp、.webp）。"


# What people send by mistake, or on purpose, and what it looks like; the first that fits.
OTHERS: tuple[tuple[Callable[[bytes], bool], str], ...] = (
    (_starts(b"MZ"), "像 Windows 程序"),
    (_starts(b"\x7fELF"), "像 Linux 程序"),
    (_starts(b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe"), "像程序"),
    (_starts(b"#!"), "像脚本"),
    (_starts(b"\x4c\x00\x00\x00\x01\x14\x02\x00"), "像快捷方式"),
    (_holds(ZIP, b"xl/workbook"), "像 Excel 表格（请另存为 PDF）"),
    (_holds(ZIP, b"ppt/presentation"), "像演示文稿（请另存为 PDF）"),
    (_holds(ZIP, b"OFD.xml"), "像 OFD 文件（请转成 PDF）"),
    (_holds(ZIP, b"AndroidManifest.xml", b"META-INF/MANIFEST.MF"), "像程序"),
    (_starts(b"PK", b"Rar!", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00"), "像压缩包"),
    (_holds(OLE, _wide("EncryptedPackage")), "像加了密码的文件（请去掉密码）"),
    (_holds(OLE, _wide("Workbook")), "像 Excel 表格（请另存为 PDF）"),
    (_holds(OLE, _wide("PowerPoint Document")), "像演示文稿（请另存为 PDF）"),
    (_starts(OLE), "像别的程序的文件"),
    (_starts(b"{\\rtf"), "像 RTF 文档（请用 Word 另存为 .docx）"),
    (_starts(b"II*\x00", b"MM\x00*"), "像 TIFF 图片（请先转成 PDF 或 JPG）"),
    (_at(4, b"ftyphei", b"ftyphev", b"ftypmif1"), "像苹果手机的 HEIC 照片（请先转成 JPG）"),
    (_at(4, b"ftypavif"), "像 AVIF 图片（请先转成 JPG）"),
    (_at(4, b"ftyp"), "像视频或录音"),
    (_starts(b"RIFF", b"ID3", b"OggS"), "像视频或录音"),
    (_says(b"<svg"), "像 SVG 图形（请先转成 PNG 或 JPG）"),
    (_says(b"<!doctype html", b"<html", b"<script"), "像网页"),
    (_says(b"<?xml"), "像 XML 文字"),
)


def seems(content: bytes) -> Kind | str:
    """The kind that the bytes show, or in words what they look like instead."""
    kind = next((each for each in KINDS if each.begins(content)), None)
    if kind is not None:
        return kind
    return next((looks for fits, looks in OTHERS if fits(content)), "不是它该有的样子，可能坏了或者改过名字")
