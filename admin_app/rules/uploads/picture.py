"""Pictures: whole, and not so large that showing them would fill a computer's memory.

Only the header is read; pixels are never unpacked.
"""

from collections.abc import Callable
from io import BytesIO

from PIL import Image

from admin_app.rules.uploads.unfit import Unfit

MOST_PIXELS = 100_000_000  # an A3 page at 600 dpi has 70 million
BROKEN = "这张图片打不开，可能坏了或者没有传完整。请重新拍照、扫描或者另存一次再传。"


def picture_pages(*formats: str) -> Callable[[bytes], int]:
    """The check for these formats of Pillow; a picture is one page."""

    def pages(content: bytes) -> int:
        try:
            with Image.open(BytesIO(content), formats=formats) as picture:
                width, height = picture.size
                _fit_size(width, height)
                picture.verify()
        except Unfit:
            raise
        except Image.DecompressionBombError:
            raise Unfit(_too_large("太多了")) from None
        except Exception:  # the bytes are a stranger's: whatever the library stumbles over, they are broken
            raise Unfit(BROKEN) from None
        if not _ends(formats[0], content):
            raise Unfit(BROKEN)
        return 1

    return pages


def _fit_size(width: int, height: int) -> None:
    if width < 1 or height < 1:
        raise Unfit(BROKEN)
    if width * height > MOST_PIXELS:
        raise Unfit(_too_large(f"{width}×{height}"))


def _too_large(size: str) -> str:
    return f"这张图片的像素{size}，超过一亿，打开它会卡住电脑。请缩小后再传。"


def _ends(format_: str, content: bytes) -> bool:
    """Whether the end is there. PNG needs no look: Pillow has walked through all of its blocks."""
    if format_ == "JPEG":
        return _jpeg_ends(content)
    if format_ == "GIF":
        return content.rstrip(b"\0").endswith(b";")
    if format_ == "BMP":
        return int.from_bytes(content[2:6], "little") <= len(content)
    if format_ == "WEBP":
        return int.from_bytes(content[4:8], "little") + 8 <= len(content)
    return True


def _jpeg_ends(content: bytes) -> bool:
    """Whether an end mark follows the scan; the one of a thumbnail in the header does not count."""
    place = 2
    while content[place : place + 1] == b"\xff":
        mark = content[place + 1]
        if mark == 0xDA:  # the scan begins
            return content.find(b"\xff\xd9", place) > 0
        filler = mark == 0xFF
        place += 1 if filler else 2 + int.from_bytes(content[place + 2 : place + 4], "big")
        if place + 4 > len(content):
            return False
    return False
