"""F02 卷内目录 (formats.md 1.2; column widths in twips after the Xiamen template)."""

from admin_app.documents.contents import DOCUMENTS
from admin_app.documents.form import CASES, FIRST, Form, declare
from admin_app.documents.forms.blocks import BY_NOTICE
from admin_app.documents.layout import Cell, Grid, Loop, Row, Rows, Words, label, title

_SCALE = 156 / 8820  # 900 / 5760 / 1080 / 1080 twips, spread over the width between the margins

CONTENTS = declare(
    Form(
        "contents",
        "卷内目录",
        "F02",
        CASES,
        (
            title("卷内目录"),
            Words("", size=7),
            Grid(
                (900 * _SCALE, 5760 * _SCALE, 1080 * _SCALE, 1080 * _SCALE),
                (
                    Row((label("序号"), label("文书名称"), label("页号"), label("备注")), heading=True),
                    Rows(
                        Loop("d", "documents"),
                        (
                            Row(
                                (
                                    Cell("{{ d.ordinal }}", align="center"),
                                    Cell("{{ d.title }}"),
                                    Cell("{{ d.page }}", align="center"),
                                    Cell("{{ d.remark }}"),
                                )
                            ),
                        ),
                    ),
                ),
            ),
        ),
        kind=FIRST,
        official=True,
        basis=BY_NOTICE,
        lists=(DOCUMENTS,),
    )
)
