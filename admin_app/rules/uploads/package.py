"""Packages 压缩包格式: Office files are zip archives. Opened only when unpacking them cannot hurt."""

from collections import Counter
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from admin_app.rules.uploads.unfit import Unfit

MEGABYTE = 1024 * 1024
MOST_PARTS = 2_000
LARGEST_PART = 64 * MEGABYTE
HIGHEST_RATIO = 100  # text of a document packs 5 to 30 times
SMALL = 8 * MEGABYTE  # what unpacks to less hurts nobody, however well it packs
ENCRYPTED = 0x1
ENTRY = b"PK\x01\x02"  # the head of each entry in the central directory

BROKEN = "这个文件打不开，可能坏了或者没有传完整。请打开它另存一次再传。"
BOMB = "这个文件解开以后会大得不正常，不能上传。请打开它另存为 PDF 再传。"
ODD = "这个文件里有不正常的路径，不能上传。请打开它另存一次再传。"
LOCKED = "这个文件加了密码，请去掉密码再传。"


def open_package(content: bytes, *, largest_part: int = LARGEST_PART) -> ZipFile:
    """The archive, proven: within bounds by its directory, and each part is what the directory says.

    A sheet of a hundred thousand lines is one large part: whoever reads such allows more.
    """
    if content.count(ENTRY) > MOST_PARTS:  # counted before the directory is read into memory
        raise Unfit(BOMB)
    try:
        package = ZipFile(BytesIO(content))
        _fit_directory(package.infolist(), largest_part)
        damaged = package.testzip()  # unpacks bit by bit, never more than the directory has promised
    except Unfit:
        raise
    except Exception:  # the bytes are a stranger's: whatever the library stumbles over, they are broken
        raise Unfit(BROKEN) from None
    if damaged is not None:
        raise Unfit(BROKEN)
    return package


def _fit_directory(parts: list[ZipInfo], largest_part: int) -> None:
    if any(part.flag_bits & ENCRYPTED for part in parts):
        raise Unfit(LOCKED)
    if any(part.compress_type not in (ZIP_STORED, ZIP_DEFLATED) for part in parts):
        raise Unfit(BROKEN)
    if any(map(_strays, parts)) or max(Counter(p.filename.lower() for p in parts).values(), default=0) > 1:
        raise Unfit(ODD)
    whole, packed = sum(p.file_size for p in parts), sum(p.compress_size for p in parts)
    if any(p.file_size > largest_part for p in parts) or whole > 2 * largest_part:
        raise Unfit(BOMB)
    if whole > SMALL and whole > HIGHEST_RATIO * packed:
        raise Unfit(BOMB)


def _strays(part: ZipInfo) -> bool:
    """Whether the name leads out of the archive."""
    name = part.orig_filename
    return name.startswith("/") or "\\" in name or ":" in name or "\0" in name or ".." in name.split("/")
