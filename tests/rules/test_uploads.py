"""Which files are taken, and what is said of the others."""

import struct
import time
import zlib
from collections.abc import Callable
from io import BytesIO

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image

from admin_app.rules.refusals import RecordRefused
from admin_app.rules.uploads import Accepted, inspect, package, pdf, picture
from tests import files

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
Made = Callable[[], bytes]  # made when the test runs, for some are large
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
HONEST = {
    "调解协议书.pdf": (files.pdf(3), "application/pdf", 3),
    "现场照片.jpg": (files.picture("JPEG"), "image/jpeg", 1),
    "现场照片.JPEG": (files.picture("JPEG"), "image/jpeg", 1),
    "截图.png": (files.picture("PNG"), "image/png", 1),
    "签名.gif": (files.picture("GIF"), "image/gif", 1),
    "扫描.bmp": (files.picture("BMP"), "image/bmp", 1),
    "扫描.webp": (files.picture("WEBP"), "image/webp", 1),
    "调查笔录.docx": (files.docx(), WORD, None),
    "旧笔录.doc": (files.doc(), "application/msword", None),
}


def taken(name: str, content: bytes) -> Accepted:
    return inspect(name, content, largest=files.LARGEST)


def refusal(name: str, content: bytes) -> str:
    """The one sentence with which the file is refused."""
    with pytest.raises(RecordRefused) as refused:
        taken(name, content)
    (finding,) = refused.value.findings
    assert (finding.field, finding.grave) == ("file", True)
    assert finding.sentence.endswith("。")
    return finding.sentence


@pytest.mark.parametrize("name", HONEST)
def test_an_honest_file_is_taken(name: str) -> None:
    content, media_type, pages = HONEST[name]
    extension = name[name.rindex(".") :].lower()
    assert taken(name, content) == Accepted(media_type, extension, pages, name)


@pytest.mark.parametrize("name", HONEST)
def test_a_file_cut_short_is_refused(name: str) -> None:
    content, *_ = HONEST[name]
    assert "没有传完整" in refusal(name, content[: len(content) * 3 // 4])


def test_an_open_file_is_read_from_its_beginning_and_left_there() -> None:
    file = BytesIO(files.pdf(2))
    file.read(7)
    assert inspect("a.pdf", file, largest=files.LARGEST).pages == 2
    assert file.tell() == 0


def test_the_finding_stands_beside_the_field_that_is_named() -> None:
    with pytest.raises(RecordRefused) as refused:
        inspect("a.pdf", b"", largest=1, field="content")
    assert refused.value.findings[0].field == "content"


# ---------------------------------------------------------------- names


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("", "请选择文件"),
        ("   ", "请选择文件"),
        ("../../etc/passwd.pdf", "/"),
        ("..\\..\\boot.pdf", "\\"),
        ("C:\\Users\\a.pdf", ":"),
        ("a.pdf:stream.pdf", ":"),
        ("a\0.pdf", "看不见的字符"),
        ("a\r\nSet-Cookie: x.pdf", "看不见的字符"),
        ("协议‮fdp.exe", "看不见的字符"),
        ("a​.pdf", "看不见的字符"),
        ("a\ud800.pdf", "看不见的字符"),
        (".pdf", "开头"),
        (".htaccess", "开头"),
        ("CON.pdf", "留用"),
        ("con", "留用"),
        ("LPT1.x.pdf", "留用"),
        ("长" * 147 + ".pdf", "太长（151 个字）"),
        ("a.exe", "以“.exe”结尾"),
        ("a.pdf.exe", "以“.exe”结尾"),
        ("a.pdf.", "以“.”结尾"),
        ("a.html", "以“.html”结尾"),
        ("a.svg", "以“.svg”结尾"),
        ("a.zip", "以“.zip”结尾"),
        ("a.docm", "以“.docm”结尾"),
        ("协议书", "没有后缀"),
    ],
)
def test_a_name_that_misleads_is_refused(name: str, words: str) -> None:
    assert words in refusal(name, files.pdf())


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        (" 协议 书（终稿）.pdf ", "协议 书（终稿）.pdf"),
        ("cafe\u0301.pdf", "caf\u00e9.pdf"),
        ("长" * 146 + ".pdf", "长" * 146 + ".pdf"),
        ("CONTRACT.pdf", "CONTRACT.pdf"),
        ("a..b.pdf", "a..b.pdf"),
        ("𠮷先生.pdf", "𠮷先生.pdf"),
    ],
)
def test_an_ordinary_name_is_kept(name: str, kept: str) -> None:
    assert taken(name, files.pdf()).name == kept


# ---------------------------------------------------------------- what the bytes say

EXECUTABLE = b"MZ\x90\x00" + bytes(200)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.pdf", lambda: b"", "是空的（0 字节）"),
        ("a.pdf", lambda: b"%PDF-1.7" + bytes(files.LARGEST), "太大了，最多 4 MB"),
        ("a.pdf", lambda: EXECUTABLE, "Windows 程序"),
        ("a.jpg", lambda: b"\x7fELF" + bytes(200), "Linux 程序"),
        ("a.docx", lambda: b"#!/bin/sh\nrm -rf ~\n", "脚本"),
        ("a.pdf", lambda: b"<!DOCTYPE html><script>alert(1)</script>", "网页"),
        ("a.png", lambda: b'<?xml version="1.0"?><svg onload="alert(1)"/>', "SVG"),
        ("a.jpg", lambda: b"\xef\xbb\xbf <html>", "网页"),
        ("a.docx", lambda: files.zipped({"a.txt": b"1"}), "压缩包"),
        ("a.docx", lambda: files.zipped({"xl/workbook.xml": b"1"}), "Excel"),
        ("a.docx", lambda: files.zipped({"META-INF/MANIFEST.MF": b"1"}), "程序"),
        ("a.pdf", lambda: files.zipped({"OFD.xml": b"1"}), "OFD"),
        ("a.pdf", lambda: b"Rar!\x1a\x07" + bytes(50), "压缩包"),
        ("a.doc", lambda: files.doc(main="Workbook"), "Excel"),
        ("a.doc", lambda: files.doc(main="Setup"), "别的程序"),
        ("a.docx", lambda: files.doc(main="EncryptedPackage"), "去掉密码"),
        ("a.doc", lambda: b"{\\rtf1 a}", "RTF"),
        ("a.jpg", lambda: b"\0\0\0\x18ftypheic" + bytes(50), "请先转成 JPG"),
        ("a.jpg", lambda: b"\0\0\0\x18ftypmp42" + bytes(50), "视频"),
        ("a.jpg", lambda: b"II*\x00" + bytes(50), "TIFF"),
        ("a.pdf", lambda: b"just words", "不是它该有的样子"),
        ("a.pdf", lambda: b"\n" + files.pdf(), "不是它该有的样子"),
        ("a.jpg", lambda: files.picture("PNG"), "把结尾改成“.png”"),
        ("a.png", lambda: files.picture("WEBP"), "把结尾改成“.webp”"),
        ("a.doc", lambda: files.docx(), "把结尾改成“.docx”"),
        ("a.pdf", lambda: files.picture("JPEG"), "把结尾改成“.jpg”"),
    ],
)
def test_what_is_not_what_its_name_says_is_refused(name: str, content: Made, words: str) -> None:
    assert words in refusal(name, content())


def test_the_limit_itself_is_allowed() -> None:
    content = files.pdf()
    assert inspect("a.pdf", content, largest=len(content)).pages == 1
    with pytest.raises(RecordRefused):
        inspect("a.pdf", BytesIO(content), largest=len(content) - 1)


# ---------------------------------------------------------------- Word


def bomb(parts: int, size: int) -> bytes:
    """A document in which blank text lies in so many parts of this size."""
    return files.docx_with({f"word/blank{number}.xml": bytes(size) for number in range(parts)})


def relation(kind: str, target: str, mode: str = "External") -> bytes:
    """A document with this relation."""
    line = f'<Relationship Id="r1" Type="{RELATIONS}/{kind}" Target="{target}" TargetMode="{mode}"/>'
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    content = f'<Relationships xmlns="{space}">{line}</Relationships>'.encode()
    return files.docx_with({"word/_rels/settings.xml.rels": content})


def forged(content: bytes, offset: int, layout: str, value: int) -> bytes:
    """The archive with one number of its first directory entry changed."""
    place = content.index(package.ENTRY) + offset
    size = struct.calcsize(layout)
    return content[:place] + struct.pack(layout, value) + content[place + size :]


MACRO_TYPES = b"""<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Override PartName="/word/document.xml" ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/>
</Types>"""
LAUGHS = (
    b"""<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><Types>&b;</Types>"""
)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (lambda: bomb(1, package.LARGEST_PART + 1), package.BOMB),
        (lambda: bomb(1, package.SMALL + 1), package.BOMB),
        (lambda: files.docx_with({f"word/{n}.xml": b"" for n in range(package.MOST_PARTS)}), package.BOMB),
        (lambda: forged(files.docx(), 24, "<I", 0xFFFFFFF0), package.BOMB),
        (lambda: forged(files.docx(), 24, "<I", 3), package.BROKEN),  # promises 3 bytes, holds more
        (lambda: forged(files.docx(), 8, "<H", 1), package.LOCKED),
        (lambda: forged(files.docx(), 10, "<H", 14), package.BROKEN),  # LZMA, which unpacks without a bound
        (lambda: files.docx_with({"../../etc/cron.d/x": b"x"}), package.ODD),
        (lambda: files.docx_with({"word/../../x": b"x"}), package.ODD),
        (lambda: files.docx_with({"/etc/passwd": b"x"}), package.ODD),
        (lambda: files.docx_with({"..\\x": b"x"}), package.ODD),
        (lambda: files.docx_with({"C:x": b"x"}), package.ODD),
        (lambda: files.docx_with({"WORD/document.xml": b"x"}), package.ODD),
        (lambda: files.docx_with({"word/vbaProject.bin": b"x"}), "宏"),
        (lambda: files.docx_with({"word/VBAPROJECT.BIN": b"x"}), "宏"),
        (lambda: files.docx_with({"[Content_Types].xml": MACRO_TYPES}), "宏"),
        (lambda: files.docx_with({"[Content_Types].xml": MACRO_TYPES.decode().encode("utf-16")}), "宏"),
        (lambda: files.docx_with({"[Content_Types].xml": LAUGHS}), "打不开"),
        (lambda: files.docx_with({"[Content_Types].xml": b"<Types/>"}), "打不开"),
        (lambda: files.docx_with({"[Content_Types].xml": b"not xml"}), "打不开"),
        (lambda: relation("attachedTemplate", "http://evil.example/a.dotm"), "从外面取"),
        (lambda: relation("attachedTemplate", "file://evil/a.dotm", "EXTERNAL"), "从外面取"),
        (lambda: relation("image", "http://evil.example/track.png"), "从外面取"),
        (lambda: relation("oleObject", "file://evil/x"), "从外面取"),
    ],
)
def test_a_word_document_that_bears_something_else_is_refused(content: Made, words: str) -> None:
    assert words in refusal("a.docx", content())


@pytest.mark.parametrize(
    "content",
    [
        lambda: relation("hyperlink", "https://www.gov.cn/"),
        lambda: relation("attachedTemplate", "template.dotx", "Internal"),
        lambda: bomb(1, package.SMALL // 2),
    ],
)
def test_what_ordinary_documents_have_is_taken(content: Made) -> None:
    assert taken("a.docx", content()).media_type == WORD


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (lambda: files.doc(flags=0x0100), "密码"),
        (lambda: files.doc(beside=("EncryptedPackage",)), "密码"),
        (lambda: files.doc(beside=("Macros",)), "宏"),
        (lambda: files.doc(beside=("Data", "_VBA_PROJECT")), "宏"),
        (lambda: files.doc().replace(b"\xec\xa5", b"\0\0"), "打不开"),
    ],
)
def test_an_old_word_document_that_is_locked_or_acts_is_refused(content: Made, words: str) -> None:
    assert words in refusal("a.doc", content())


# ---------------------------------------------------------------- PDF


TREE = "<</Type/Pages/Kids[3 0 R]/Count 1>>"
LAUNCH = "<</S/Launch/F(cmd.exe)>>"


def one_page(root: str = "", page: str = "", fourth: str = "") -> bytes:
    """A PDF of one page; something added to its catalogue or its page, and perhaps one object more."""
    head, leaf = f"<</Type/Catalog/Pages 2 0 R{root}>>", f"<</Type/Page/Parent 2 0 R{page}>>"
    return files.raw_pdf(head, TREE, leaf, fourth or "null")


def tree(*nodes: str) -> bytes:
    """A PDF whose page tree are these nodes, number 2 first."""
    return files.raw_pdf("<</Type/Catalog/Pages 2 0 R>>", *nodes)


@pytest.mark.parametrize(
    "content",
    [
        one_page("/Names<</JavaScript<</Names[]>>>>"),
        one_page("/OpenAction<</S/JavaScript/JS(app.alert(1))>>"),
        one_page("/OpenAction<</S/J#61vaScript>>"),
        one_page("/OpenAction 4 0 R", fourth=LAUNCH),
        one_page("/OpenAction 4 0 R", fourth="<</S/GoTo/Next 4 0 R>>"),
        one_page(f"/AA<</WC {LAUNCH}>>"),
        one_page(page=f"/AA<</O {LAUNCH}>>"),
        one_page(page="/Annots[4 0 R]", fourth=f"<</A {LAUNCH}>>"),
        one_page(page="/Annots[<</A<</S/URI/Next[4 0 R]>>>>]", fourth=LAUNCH),
        one_page("/AcroForm<</XFA[]>>"),
        one_page(f"/AcroForm<</Fields[<</Kids[<</AA<</K {LAUNCH}>>>>]>>]>>"),
    ],
)
def test_a_pdf_that_acts_by_itself_is_refused(content: bytes) -> None:
    assert refusal("a.pdf", content) == pdf.ACTS


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (files.pdf(password="secret"), pdf.LOCKED),
        (tree("<</Type/Pages/Kids[2 0 R]>>"), pdf.TOO_MANY),  # it bites its tail
        (tree(f"<</Type/Pages/Kids[{'3 0 R ' * 3001}]>>", "<</Type/Page>>"), pdf.TOO_MANY),
        (tree("<</Type/Pages/Kids[]/Count 9>>"), pdf.BROKEN),
        (tree(), pdf.BROKEN),
        (b"%PDF-1.7\n%%EOF", pdf.BROKEN),
        (b"%PDF-1.7\nstartxref\n999999999999999999999999\n%%EOF", pdf.BROKEN),
    ],
    ids=["locked", "tail", "many", "empty", "none", "head", "far"],
)
def test_a_pdf_that_is_locked_endless_or_broken_is_refused(content: bytes, sentence: str) -> None:
    assert refusal("a.pdf", content) == sentence


def test_a_page_tree_that_doubles_at_each_level_is_refused_soon() -> None:
    nodes = [f"<</Type/Pages/Kids[{n} 0 R {n} 0 R]>>" for n in range(3, 43)]
    began = time.monotonic()
    assert refusal("a.pdf", tree(*nodes, "<</Type/Page>>")) == pdf.TOO_MANY
    assert time.monotonic() - began < 10


def test_the_pages_are_counted_in_the_tree_and_not_as_they_are_announced() -> None:
    content = tree("<</Kids[3 0 R 4 0 R]/Count 99>>", "<</Kids[4 0 R 4 0 R]>>", "<</Type/Page>>")
    assert taken("a.pdf", content).pages == 3


def test_links_and_destinations_are_no_actions() -> None:
    link = "/Annots[<</A<</S/URI/URI(https://www.gov.cn/)>>>>]"
    assert taken("a.pdf", one_page("/OpenAction[3 0 R/Fit]", link)).pages == 1


# ---------------------------------------------------------------- pictures


def huge_png(width: int, height: int) -> bytes:
    """A PNG that claims this size and holds nothing."""

    def block(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    empty = zlib.compress(b"")
    return b"\x89PNG\r\n\x1a\n" + block(b"IHDR", head) + block(b"IDAT", empty) + block(b"IEND", b"")


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize(("width", "height"), [(10_001, 10_000), (50_000, 50_000), (2**31 - 1, 2**31 - 1)])
def test_a_picture_of_absurd_size_is_refused_by_its_header(width: int, height: int) -> None:
    assert "像素" in refusal("a.png", huge_png(width, height))


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_the_largest_picture_is_taken() -> None:
    assert taken("a.png", huge_png(10_000, picture.MOST_PIXELS // 10_000)).pages == 1


def test_the_end_of_a_thumbnail_is_not_the_end_of_the_picture() -> None:
    thumbnail = files.picture("JPEG", (8, 8))
    header = Image.Exif()
    header[0x9286] = thumbnail.decode("latin-1")
    with BytesIO() as buffer:
        Image.effect_noise((60, 40), 80).save(buffer, "JPEG", exif=header, comment=thumbnail)
        content = buffer.getvalue()
    assert taken("a.jpg", content).pages == 1
    assert refusal("a.jpg", content[:-20]) == picture.BROKEN


def test_what_a_telephone_puts_behind_the_picture_does_not_matter() -> None:
    assert taken("a.jpg", files.picture("JPEG") + bytes(range(256))).pages == 1


# ---------------------------------------------------------------- whatever comes

NAMES = st.one_of(st.text(max_size=20), st.sampled_from(list(HONEST)))
HEADS = st.sampled_from([content[:size] for content, *_ in HONEST.values() for size in (4, 8, 16, 512)])


def answered(name: str, content: bytes) -> None:
    """Taken or refused: nothing else may come of it."""
    try:
        assert taken(name, content).extension
    except RecordRefused as answer:
        refused = answer
    else:
        return
    assert len(refused.findings) == 1


@given(NAMES, st.one_of(st.binary(max_size=300), st.tuples(HEADS, st.binary(max_size=600)).map(b"".join)))
@example("a.jpg", b"\xff\xd8\xff")
@example("a.jpg", b"\xff\xd8\xff\xff\xff\xff")
def test_random_bytes_with_any_name_are_only_ever_refused_or_taken(name: str, content: bytes) -> None:
    answered(name, content)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(list(HONEST)), st.data())
def test_an_honest_file_with_a_few_bytes_changed_is_refused_or_taken(name: str, data: st.DataObject) -> None:
    content = bytearray(HONEST[name][0])
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    answered(name, bytes(content))
