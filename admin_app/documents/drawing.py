"""Draws the supplied Word templates from the layouts: `python -m admin_app.documents` writes them all.

Lines of gaps are tables whose values have a rule under them: a long name wraps in its place, and an empty
place is a line to write on, in every program that opens the file.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from xml.sax.saxutils import escape

import docx
from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt

from admin_app.documents import forms as _forms  # noqa: F401  (declares the forms)
from admin_app.documents.form import FORMS, Form
from admin_app.documents.layout import (
    BOTTOM,
    LEFT,
    RIGHT,
    SHEET,
    SIZE,
    TOP,
    WIDTH,
    Align,
    Block,
    Cell,
    Cut,
    Each,
    Gap,
    Grid,
    Lines,
    Long,
    Loop,
    NewPage,
    Row,
    Rows,
    Sides,
    Words,
)

FOLDER = Path(__file__).parent / "templates"
FONT = "宋体"
TWIPS = 1440 / 25.4  # of a millimetre
POINT = 20  # twips
RULE = 4  # eighths of a point: 0.5 pt
RED = "C00000"
LEADING = 1.5  # of the size of the letters
LEFT_SIDE = 0.62  # of the width, for those who sign on the left
MADE = datetime(2026, 11, 22, tzinfo=UTC)


def template_of(form: Form) -> Path:
    """The supplied template of a form."""
    return FOLDER / f"{form.word}.docx"


def draw_all(folder: Path = FOLDER) -> int:
    """Write every supplied template; how many."""
    folder.mkdir(exist_ok=True)
    for form in FORMS.values():
        (folder / f"{form.word}.docx").write_bytes(draw(form))
    return len(FORMS)


def draw(form: Form) -> bytes:
    """The supplied template of a form."""
    document = blank(form.title)
    put(document, form.blocks)
    return saved(document)


def put(document: Document, blocks: Iterable[Block]) -> None:
    """The blocks at the end of a document."""
    body = document.element.body
    for xml in _flow(blocks):
        body.insert(len(body) - 1, parse_xml(xml))


def saved(document: Document) -> bytes:
    """The file."""
    _end(document)
    drawn = BytesIO()
    document.save(drawn)
    return drawn.getvalue()


def blank(title: str) -> Document:
    """An empty sheet with the margins and the letters of a form."""
    document = docx.Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(SHEET[0]), Mm(SHEET[1])
    section.top_margin, section.bottom_margin = Mm(TOP), Mm(BOTTOM)
    section.left_margin, section.right_margin = Mm(LEFT), Mm(RIGHT)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = FONT, Pt(SIZE)
    fonts = normal.element.get_or_add_rPr().get_or_add_rFonts()
    fonts.set(qn("w:eastAsia"), FONT)
    properties = document.core_properties
    properties.title, properties.author, properties.comments = title, "", ""
    properties.created = properties.modified = MADE
    return document


def _end(document: Document) -> None:
    """After a table Word wants a paragraph; a small one pushes nothing to another page."""
    body = document.element.body
    if body[-2].tag == qn("w:tbl"):
        body.insert(len(body) - 1, parse_xml(_paragraph(Words("", size=1))))


# ------------------------------------------------------------------ paragraphs


def _flow(blocks: Iterable[Block]) -> Iterator[str]:
    before: Block | None = None
    for block in blocks:
        if isinstance(before, Lines | Grid | Sides) and isinstance(block, Lines | Grid | Sides):
            yield _paragraph(Words("", size=1))  # two tables that touch become one in Word
        yield from _drawn(block)
        before = block


def _drawn(block: Block) -> Iterator[str]:
    match block:
        case Words():
            yield _paragraph(block)
        case Lines():
            yield _lines(block)
        case Long():
            yield from _long(block)
        case Each():
            yield from _looped(block)
        case Grid():
            yield _grid(block)
        case Sides():
            yield _sides(block)
        case Cut(text=text):
            yield _paragraph(
                Words(f"- - - - - - - - - -　{text}　- - - - - - - - - -", "center", 12, before=18)
            )
        case NewPage():
            yield f'<w:p {nsdecls("w")}><w:r><w:br w:type="page"/></w:r></w:p>'


def _paragraph(words: Words, inner: str = "") -> str:
    """`inner` are properties that stand before the spacing, as the order of the format wants."""
    leading = max(words.size * LEADING, 1)
    spacing = (
        f'<w:spacing w:before="{words.before * POINT:.0f}" w:after="0"'
        f' w:line="{leading * POINT:.0f}" w:lineRule="atLeast"/>'
    )
    indent = (
        f'<w:ind w:firstLineChars="200" w:firstLine="{words.size * 2 * POINT:.0f}"/>' if words.indent else ""
    )
    keep = "<w:keepNext/>" if words.keep else ""
    align = {"left": "left", "center": "center", "right": "right"}[words.align]
    if words.ruled:
        inner += f'<w:pBdr><w:bottom w:val="single" w:sz="12" w:space="4" w:color="{RED}"/></w:pBdr>'
    properties = f'{keep}{inner}{spacing}{indent}<w:jc w:val="{align}"/>{_letters(words)}'
    return f"<w:p {nsdecls('w')}><w:pPr>{properties}</w:pPr>{_runs(words)}</w:p>"


def _runs(words: Words) -> str:
    """The text, its line breaks kept."""
    said = [f'<w:t xml:space="preserve">{escape(each)}</w:t>' for each in words.text.split("\n")]
    return f"<w:r>{_letters(words)}{'<w:br/>'.join(said)}</w:r>" if words.text else ""


def _letters(words: Words) -> str:
    """Font and size: of the text, and of the paragraph's end, which decides how high an empty one is."""
    half, font = words.size * 2, words.font or FONT
    colour = f'<w:color w:val="{RED}"/>' if words.red else ""
    return (
        f'<w:rPr><w:rFonts w:ascii="{font}" w:hAnsi="{font}" w:eastAsia="{font}" w:hint="eastAsia"/>'
        f"{'<w:b/>' if words.bold else ''}{colour}"
        f'<w:sz w:val="{half:.0f}"/><w:szCs w:val="{half:.0f}"/><w:lang w:eastAsia="zh-CN"/></w:rPr>'
    )


def _tag(text: str) -> str:
    return _paragraph(Words("{%p " + text + " %}"))


def _looped(each: Each) -> Iterator[str]:
    yield _tag(f"for {each.loop.var} in {each.loop.over}")
    yield from map(_paragraph, each.blocks)
    yield _tag("endfor")


def _long(long: Long) -> Iterator[str]:
    if long.label:
        yield _paragraph(Words(long.label, before=6, keep=True))
    yield _tag(f"if {long.name}")
    yield _paragraph(Words("{{ " + long.name + " }}"))
    yield _tag("else")
    rule = f'w:val="single" w:sz="{RULE}" w:space="1" w:color="auto"'
    ruled = f"<w:pBdr><w:bottom {rule}/><w:between {rule}/></w:pBdr>"
    yield from (_paragraph(Words(""), ruled) for _ in range(long.lines))
    yield _tag("endif")


# ------------------------------------------------------------------ tables


def _table(columns: Sequence[int], rows: Iterable[str], *, ruled: bool, padding: int) -> str:
    """A table of fixed columns (twips)."""
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    kind = f'w:val="single" w:sz="{RULE}" w:space="0" w:color="auto"' if ruled else 'w:val="nil"'
    borders = "".join(f"<w:{side} {kind}/>" for side in sides)
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in columns)
    margins = f'<w:left w:w="{padding}" w:type="dxa"/><w:right w:w="{padding}" w:type="dxa"/>'
    return (
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="{sum(columns)}" w:type="dxa"/>'
        f'<w:jc w:val="center"/><w:tblBorders>{borders}</w:tblBorders><w:tblLayout w:type="fixed"/>'
        f"<w:tblCellMar>{margins}</w:tblCellMar></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )


def _row(cells: Iterable[str], height: float, *, heading: bool = False, whole: bool = True) -> str:
    """A row of a least height (millimetres); a `whole` one is not broken between pages."""
    properties = (
        f"{'<w:cantSplit/>' if whole else ''}"
        f'<w:trHeight w:val="{height * TWIPS:.0f}" w:hRule="atLeast"/>{"<w:tblHeader/>" if heading else ""}'
    )
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(cells)}</w:tr>"


def _cell(content: str, width: int, across: int = 1, *, under: bool = False, align: str = "center") -> str:
    span = f'<w:gridSpan w:val="{across}"/>' if across > 1 else ""
    rule = f'<w:tcBorders><w:bottom w:val="single" w:sz="{RULE}" w:space="0" w:color="auto"/></w:tcBorders>'
    properties = (
        f'<w:tcW w:w="{width}" w:type="dxa"/>{span}{rule if under else ""}<w:vAlign w:val="{align}"/>'
    )
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{content}</w:tc>"


def _tag_row(text: str, columns: Sequence[int]) -> str:
    """A row that docxtpl takes for the tag in it."""
    return _row([_cell(_paragraph(Words("{%tr " + text + " %}")), sum(columns), len(columns))], 5)


def _repeated(rows: list[str], loop: Loop | None, columns: Sequence[int]) -> list[str]:
    if loop is None:
        return rows
    return [_tag_row(f"for {loop.var} in {loop.over}", columns), *rows, _tag_row("endfor", columns)]


def _lines(lines: Lines) -> str:
    """Each row has places of its own; the table's columns are all of them together."""
    places = [_places(row, lines.size) for row in lines.rows]
    ends = sorted({end for row in places for _, end in row})
    starts = [0, *ends[:-1]]
    columns = [end - start for start, end in zip(starts, ends, strict=True)]
    rows = [
        _row(_gap_cells(row, where, (starts, ends), lines, keep=row is not lines.rows[-1]), lines.height)
        for row, where in zip(lines.rows, places, strict=True)
    ]
    return _table(columns, _repeated(rows, lines.each, columns), ruled=False, padding=0)


def _places(row: Sequence[Gap], size: float) -> list[tuple[int, int]]:
    """Where each label and each value of a row stands (twips): the last value ends at the margin."""
    em, whole, at = size * POINT, round(WIDTH * TWIPS), 0.0
    found = []
    for index, gap in enumerate(row):
        labelled = at + (len(gap.label) + 0.5) * em
        end = labelled + gap.width * em if gap.width and index < len(row) - 1 else whole
        if labelled + em > end:
            raise ValueError(f"no room for {gap.label}")
        found += [(round(at), round(labelled)), (round(labelled), round(end))]
        at = end
    return found


def _gap_cells(
    row: Sequence[Gap],
    places: Sequence[tuple[int, int]],
    columns: tuple[list[int], list[int]],
    lines: Lines,
    *,
    keep: bool,
) -> Iterator[str]:
    """The lines of one person stay on one page."""
    starts, ends = columns
    for index, (start, end) in enumerate(places):
        gap, is_value = row[index // 2], index % 2 == 1
        align: Align = "center" if (len(row) > 1 if is_value else index) else "left"
        words = Words(gap.text if is_value else gap.label, align, size=lines.size, keep=keep)
        across = ends.index(end) - starts.index(start) + 1
        yield _cell(_paragraph(words), end - start, across, under=is_value, align="bottom")


def _grid(grid: Grid) -> str:
    columns = [round(width * TWIPS) for width in grid.columns]
    rows: list[str] = []
    for each in grid.rows:
        loop, group = (each.loop, each.rows) if isinstance(each, Rows) else (None, (each,))
        rows += _repeated([_grid_row(row, columns, grid.size) for row in group], loop, columns)
    return _table(columns, rows, ruled=True, padding=85)


def _grid_row(row: Row, columns: Sequence[int], size: float) -> str:
    cells, at = [], 0
    for cell in row.cells:
        width = sum(columns[at : at + cell.across])
        cells.append(_cell(_grid_words(cell, row, size), width, cell.across))
        at += cell.across
    if at != len(columns):
        raise ValueError(f"a row of {at} columns in a table of {len(columns)}: {row.cells[0].text}")
    return _row(cells, row.height, heading=row.heading, whole=row.height <= 24)


def _grid_words(cell: Cell, row: Row, size: float) -> str:
    return _paragraph(Words(cell.text, cell.align, size=size, bold=row.heading))


def _sides(sides: Sides) -> str:
    whole = round(WIDTH * TWIPS)
    columns = [round(whole * LEFT_SIDE), whole - round(whole * LEFT_SIDE)]
    cells = [
        _cell("".join(_flow(blocks)), width, align="top")
        for blocks, width in zip((sides.left, sides.right), columns, strict=True)
    ]
    # A cell must end in a paragraph, also when its last tag is taken out.
    cells = [cell.replace("</w:tc>", f"{_paragraph(Words('', size=1))}</w:tc>") for cell in cells]
    return _table(columns, [_row(cells, 10, whole=False)], ruled=False, padding=0)
