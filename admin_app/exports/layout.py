"""The look of a sheet: its columns, what stands around its lines, how it lies on paper (look.md, Paper)."""

from dataclasses import dataclass
from typing import Literal

from admin_app.exports.columns import Part

SIGN_OFF = ("填报单位（盖章）：", "填报人：", "审核人：", "单位负责人：", "填报日期：　　　　年　　月　　日")
SUBTOTAL = "小计"


@dataclass(frozen=True)
class Total:
    """A row of sums below the lines: over all of them, or over the `groups` that stand beside each other."""

    label: str
    groups: tuple[str, ...] = ()


@dataclass(frozen=True)
class Chart:
    """A picture of some columns of the sheet, named by their labels; `across` names the bars."""

    title: str
    kind: Literal["column", "line", "pie"]
    across: str
    columns: tuple[str, ...]


@dataclass(frozen=True)
class Box:
    """One entry of a form: its label, and the label of the column that fills it; without one, the pen does.

    A column's label that stands twice has that of its group before it.
    `lines` is the least height of a tall one.
    """

    label: str
    column: str = ""
    lines: int = 1


@dataclass(frozen=True)
class Block:
    """A part of a form that is cut off on its own: the notice 通知书, its stub 存根, its receipt 回执.

    Each of the `rows` has one to four boxes side by side; `signs` are signed below.
    """

    title: str
    rows: tuple[tuple[Box, ...], ...]
    signs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Layout:
    """How a sheet looks.

    `reference` marks a layout for which no public sample was found (参考格式). `counted` is the word after
    the number of lines. `numbered` sets a row 1, 2, 3 … below the heading. With `subtotals` each group of
    lines ends with its sums. `titled` puts unit and period into the title, and no line about them below it.
    With `blocks` each line has a sheet of its own, a form, instead of a row.
    """

    columns: tuple[Part, ...]
    title: str = ""
    reference: bool = False
    counted: str = "条"
    totals: tuple[Total, ...] = (Total("合计"),)
    subtotals: bool = False
    numbered: bool = False
    titled: bool = False
    signs: tuple[str, ...] = SIGN_OFF
    paper: Literal["A4", "A3"] = "A4"
    charts: tuple[Chart, ...] = ()
    blocks: tuple[Block, ...] = ()
