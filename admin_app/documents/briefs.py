"""The brief 简报 as a Word file: a red head, running text, tables, and charts that Word draws itself.

The layout is ours, after bulletins that bureaus publish (参考格式). A chart is a part of its own beside the
text, with its workbook (docs/decisions/0026). Who calls gives the maker of both: Excel is not known here.
"""

from collections.abc import Callable, Iterable
from datetime import date
from xml.sax.saxutils import escape

from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE as RELATION
from docx.opc.packuri import PackURI
from docx.opc.part import Part as FilePart
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from admin_app.documents.drawing import blank, put, saved
from admin_app.documents.layout import WIDTH, Block, Cell, Grid, Row, Words, label
from admin_app.documents.said import day_words
from admin_app.rules.bulletin import Section, Table
from admin_app.rules.charts import Chart, Kind

Maker = Callable[[Chart], tuple[bytes, bytes]]  # the part that describes a chart, and its workbook

TITLE = "人民调解工作简报"
NOTE = "注：案件按受理日期统计，数据截至{day}。本简报版式为参考格式。"
SIGNED = "签发：　　　　　　　审核：　　　　　　　撰稿："
BODY, HEAD, KAI = "仿宋", "黑体", "楷体"
SIZE = 16.0  # points: 三号
CHART_TYPE = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
BOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ONLY = "rId1"  # what the one relation of a part is called
EMU = 36000  # of a millimetre
BASE, EACH, MOST, STANDING = 26, 6.5, 200, 60  # millimetres: of a chart, of each bar, at most; of columns


def draw(unit: str, period: str, issue: str, day: date, sections: Iterable[Section], maker: Maker) -> bytes:
    """The Word file of a brief."""
    document = blank(f"{unit}{period}{TITLE}")
    put(document, _head(unit, period, issue, day))
    number = 0
    for section in sections:
        put(document, [Words(section.heading, size=SIZE, before=8, indent=True, keep=True, font=HEAD)])
        for part in section.parts:
            if isinstance(part, Chart):
                number += 1
                _place(document, part, number, maker)
            else:
                put(document, _told(part))
    put(document, _foot(day))
    return saved(document)


def _head(unit: str, period: str, issue: str, day: date) -> list[Block]:
    return [
        Words(TITLE, "center", size=36, bold=True, font=HEAD, red=True),
        Words(issue, "center", size=SIZE, before=6, font=BODY),
        Words(f"{unit}编　　　　　　{day_words(day)}", "center", size=14, before=6, font=BODY, ruled=True),
        Words(f"{unit}{period}人民调解工作情况", "center", size=20, bold=True, before=18, keep=True),
        Words("", size=8),
    ]


def _foot(day: date) -> list[Block]:
    return [
        Words(NOTE.format(day=day_words(day)), size=10.5, before=12, font=KAI, ruled=True),
        Words(SIGNED, size=14, before=6, font=BODY),
    ]


def _told(part: str | Table) -> list[Block]:
    if isinstance(part, str):
        return [Words(part, size=SIZE, indent=True, font=BODY)]
    return [Words(part.title, "center", size=12, before=6, keep=True, font=HEAD), _grid(part)]


def _grid(table: Table) -> Grid:
    heading = Row(tuple(label(each) for each in table.heads), height=8, heading=True)
    rows = tuple(
        Row((Cell(cells[0]), *(Cell(each, align="right") for each in cells[1:])), height=7)
        for cells in table.rows
    )
    return Grid(_breadths(table), (heading, *rows), size=10.5)


def _breadths(table: Table) -> tuple[float, ...]:
    """The width shared out by the longest text of each column; a heading may be broken once."""
    needs = [
        max(_letters(head) / 2, *(_letters(row[place]) for row in table.rows)) + 3
        for place, head in enumerate(table.heads)
    ]
    return tuple(WIDTH * each / sum(needs) for each in needs)


def _letters(text: str) -> int:
    """How wide a text is: a Chinese character as two."""
    return sum(1 if each.isascii() else 2 for each in text)


# ------------------------------------------------------------------ charts


def _place(document: Document, chart: Chart, number: int, maker: Maker) -> None:
    """The chart in a paragraph of its own; its part and its workbook in the file."""
    drawn, workbook = maker(chart)
    package = document.part.package
    book = FilePart(PackURI(f"/word/embeddings/chart{number}.xlsx"), BOOK_TYPE, workbook, package)
    part = FilePart(PackURI(f"/word/charts/chart{number}.xml"), CHART_TYPE, _leading(drawn), package)
    part.relate_to(book, RELATION.PACKAGE)
    inline = _inline(chart, number, document.part.relate_to(part, RELATION.CHART))
    body = document.element.body
    body.insert(len(body) - 1, parse_xml(inline))


def _leading(drawn: bytes) -> bytes:
    """The description with the way to its workbook, where the order of the format wants it."""
    way = f'<c:externalData r:id="{ONLY}"><c:autoUpdate val="0"/></c:externalData>'.encode()
    return drawn.replace(b"<c:printSettings>", way + b"<c:printSettings>", 1)


def _inline(chart: Chart, number: int, link: str) -> str:
    width, height = WIDTH * EMU, round(_height(chart) * EMU)
    names = nsdecls("w", "wp", "a", "r")
    return (
        f'<w:p {names} xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart">'
        '<w:pPr><w:spacing w:before="120" w:after="0"/><w:jc w:val="center"/></w:pPr><w:r><w:drawing>'
        f'<wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{width}" cy="{height}"/>'
        f'<wp:docPr id="{number}" name="图{number}" descr="{_described(chart)}"/>'
        '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart">'
        f'<c:chart r:id="{link}"/></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>'
    )


def _height(chart: Chart) -> float:
    if chart.kind in (Kind.COLUMNS, Kind.LINE):
        return STANDING
    return min(BASE + EACH * len(chart.categories), MOST)


def _described(chart: Chart) -> str:
    """What is read out instead of the picture."""
    told = [
        f"{label}{each.label if each.label != chart.unit else ''}{chart.said(mark.number)}{chart.unit}"
        for each in chart.series
        for label, mark in zip(chart.categories, each.marks, strict=True)
    ]
    return escape(f"{chart.title}：{'，'.join(told)}", {'"': "&quot;"})
