"""E1 来访登记表: one sheet for each visit; the layout is ours (formats.md 3.1)."""

from admin_app.documents.form import VISITS, Form, declare
from admin_app.documents.forms.blocks import LOCAL
from admin_app.documents.layout import Cell, Grid, Row, Words, label, title

_FOUR = (30.0, 48.0, 30.0, 48.0)


def _pair(one: str, one_name: str, other: str, other_name: str) -> Row:
    return Row((label(one), _cell(one_name), label(other), _cell(other_name)))


def _wide(said: str, name: str, height: float = 10) -> Row:
    return Row((label(said), _cell(name, 3)), height=height)


def _cell(name: str, across: int = 1) -> Cell:
    return Cell("{{ " + name + " }}", across)


VISIT = declare(
    Form(
        "visit",
        "来访登记表",
        "E1",
        VISITS,
        (
            title("来访登记表"),
            Words("{{ committee }}", size=12, before=6),
            Grid(
                _FOUR,
                (
                    _pair("来访日期", "visited_on", "来访人姓名", "name"),
                    _pair("性别", "sex", "年龄", "age"),
                    _wide("身份证号", "id_number"),
                    _wide("工作单位或住址", "address"),
                    _pair("联系电话", "phone", "来访人数", "people"),
                    _wide("来访事由", "matter", 36),
                    _wide("涉及对方当事人", "counterpart"),
                    _wide("接待人（姓名、职务）", "receiver"),
                    _wide("处理意见", "opinion", 14),
                    _wide("处理结果", "outcome", 22),
                    _wide("备注", "remark", 14),
                ),
            ),
            Words("接待人（签名）：", before=14, keep=True),
            Words("登记日期：{{ visited_on|day }}", "right", before=10),
        ),
        basis=LOCAL,
        may_lack=frozenset({"remark", "outcome"}),
    )
)
