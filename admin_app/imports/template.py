"""The template of a sheet: its columns with their choices of today, help and examples."""

from typing import Any, BinaryIO

from sqlalchemy.orm import Session

from admin_app.exports.writing.template_sheet import Slot, write
from admin_app.imports.sheet import Item, Sheet
from admin_app.models.codes import codebook

NARROW, WIDE, WIDEST = 8.0, 14.0, 30.0
_HOW = {
    "date": "日期，如 2026-09-12",
    "money": "数字，单位：元",
    "decimal": "数字",
    "integer": "整数",
    "yes": "是 或 否",
    "codes": "几项之间用顿号隔开",
}


def template(session: Session, sheet: Sheet, file: BinaryIO) -> None:
    """Write the template of a sheet into `file`."""
    once = {each.name: each for each in reversed(sheet.items) if not each.told}
    asked = [each for each in sheet.items if each is once.get(each.name)]
    samples = [[_said(session, each, sample.get(each.name)) for each in asked] for sample in sheet.examples]
    write(file, sheet.label, [_slot(session, each) for each in asked], samples)


def _slot(session: Session, item: Item) -> Slot:
    return Slot(item.label, item.needed, _width(item), _choices(session, item), _help(item))


def _choices(session: Session, item: Item) -> tuple[str, ...]:
    field = item.field
    if field is None or (item.take is not None and not item.offered):
        return ()
    if field.kind == "code":
        return tuple(label for _, label in codebook(session).choices(field.say.codes))
    if field.choices is not None:
        return tuple(each.label for each in field.choices)
    return ("是", "否") if field.kind == "yes" else ()


def _help(item: Item) -> str:
    if item.help:
        return item.help
    if item.take is not None and not item.offered:
        return "几个名字之间用顿号隔开" if item.field is None else ""
    assert item.field is not None
    return _HOW.get(item.field.kind) or item.field.say.help


def _width(item: Item) -> float:
    if item.field is None:
        return WIDE
    if item.field.kind in ("long", "link"):
        return WIDEST
    return WIDE if (item.field.max_length or 0) != 1 else NARROW


def _said(session: Session, item: Item, value: Any) -> str:
    """A value of an example in words: a code as its label, the rest as it stands."""
    if value is None:
        return ""
    if item.field is not None and item.field.kind == "code":
        return codebook(session).label(item.field.say.codes, str(value))
    return str(value)
