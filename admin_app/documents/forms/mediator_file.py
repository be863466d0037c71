"""人民调解员档案: the cover and the sheets of one mediator; the layout is ours (no public sample: [N])."""

from admin_app.documents.form import MEDIATORS, Form, declare
from admin_app.documents.forms.blocks import LOCAL
from admin_app.documents.layout import Cell, Grid, NewPage, Row, Words, label, title

_FOUR = (30.0, 48.0, 30.0, 48.0)


def _cell(name: str, across: int = 1) -> Cell:
    return Cell("{{ " + name + " }}", across)


def _pair(one: str, one_name: str, other: str, other_name: str) -> Row:
    return Row((label(one), _cell(one_name), label(other), _cell(other_name)))


def _wide(said: str, name: str, height: float = 10) -> Row:
    return Row((label(said), _cell(name, 3)), height=height)


MEDIATOR_FILE = declare(
    Form(
        "mediator_file",
        "人民调解员档案",
        "G3",
        MEDIATORS,
        (
            Words("人民调解员档案", "center", size=36, bold=True, before=60),
            Words("姓名：{{ name }}", "center", size=18, before=120),
            Words("所属调委会：{{ committee }}", "center", size=16, before=12),
            NewPage(),
            title("基本情况"),
            Grid(
                _FOUR,
                (
                    _pair("姓名", "name", "性别", "sex"),
                    _pair("出生日期", "birth_on", "民族", "ethnicity"),
                    _pair("学历", "education", "政治面貌", "politics"),
                    _pair("所学专业", "speciality", "身份职业", "profession"),
                    _wide("所属调委会", "committee"),
                    _pair("调委会职务", "position", "专兼职", "full_time"),
                    _pair("产生方式", "origin", "任职状态", "status"),
                    _pair("开始从事调解日期", "started_on", "资格认定日期", "qualified_on"),
                    _pair("资格职称", "qualification", "手机", "phone"),
                    _wide("身份证号", "id_number"),
                    _wide("工作单位", "employer"),
                    _wide("联系地址", "address"),
                    Row((label("照片"), Cell("（贴照片处）", 3)), height=40),
                    _wide("个人简介", "introduction", 24),
                ),
            ),
            NewPage(),
            title("工作和考评"),
            Grid(
                _FOUR,
                (
                    _wide("聘任", "terms", 24),
                    _wide("等级、星级和荣誉", "grades", 24),
                    _wide("表彰奖励", "awards", 20),
                    _wide("处分", "sanctions", 14),
                    _wide("参加培训", "trainings", 40),
                    _wide("办理案件", "cases", 30),
                    _wide("考核结果", "evaluations", 30),
                ),
            ),
            Words("建档单位（盖章）：", before=14, keep=True),
            Words("建档日期：　　　　年　　月　　日", "right", before=10),
        ),
        basis=LOCAL,
        may_lack=frozenset({"introduction", "speciality", "qualification", "sanctions", "awards", "grades"}),
    )
)
