"""Files that people upload 附件: which are taken, and what is said of the others.

What a file is, its bytes decide; its name must agree. Nothing in a file is ever run, and nothing is unpacked
without a bound. Source: rules of the house; no regulation names file formats.
"""

from dataclasses import dataclass
from typing import BinaryIO

from admin_app.rules.findings import Finding
from admin_app.rules.refusals import RecordRefused
from admin_app.rules.uploads.kinds import KINDS, TAKEN, seems
from admin_app.rules.uploads.names import fit_name
from admin_app.rules.uploads.unfit import Unfit

MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Accepted:
    """A file that may be kept: what it is, under which name it is shown, and its pages where one can tell."""

    media_type: str
    extension: str
    pages: int | None
    name: str


def inspect(name: str, content: bytes | BinaryIO, *, largest: int, field: str = "file") -> Accepted:
    """What the file is, or `RecordRefused` with one sentence beside the field.

    An open file is read from its beginning and left there.
    """
    try:
        return _inspect(fit_name(name), _bytes(content, largest), largest)
    except Unfit as fault:
        raise RecordRefused([Finding(field, str(fault))]) from None


def _bytes(content: bytes | BinaryIO, largest: int) -> bytes:
    """The whole content, or one byte more than is allowed."""
    if isinstance(content, bytes):
        return content
    content.seek(0)
    read = content.read(largest + 1)
    content.seek(0)
    return read


def _inspect(name: str, content: bytes, largest: int) -> Accepted:
    _, dot, tail = name.rpartition(".")
    extension = f"{dot}{tail}".lower()
    if not any(extension in kind.extensions for kind in KINDS):
        raise Unfit(f"不能上传{f'以“{extension}”结尾的' if dot else '没有后缀的'}文件。{TAKEN}")
    if not content:
        raise Unfit("这个文件是空的（0 字节），请打开它看一看，重新选择。")
    if len(content) > largest:
        raise Unfit(f"这个文件太大了，最多 {largest / MEGABYTE:.3g} MB。请压缩图片或分成几个文件再传。")
    seen = seems(content)
    if isinstance(seen, str):
        raise Unfit(f"文件名以“{extension}”结尾，内容却{seen}，不能上传。{TAKEN}")
    if extension not in seen.extensions:
        raise Unfit(
            f"内容是{seen.label}，文件名却以“{extension}”结尾。请把结尾改成“{seen.extensions[0]}”再传。"
        )
    return Accepted(seen.media_type, extension, seen.pages(content), name)
