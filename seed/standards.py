"""Standards of grading, stars, honours and evaluation as examples (formats.md 4 and 5.1; S0, S1).

What stands in a public text is named in the basis; every number of our own is marked 参考 there or in the
note of its line. A bureau copies one, puts in its own numbers and publishes it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.models.standards import Standard, StandardItem, StandardLevel, StandardStep
from admin_app.models.units import Unit
from admin_app.rules.dates import now
from admin_app.rules.measures import Measure, Subject
from admin_app.rules.standards import STEP, PanelRule, StandardKind, StandardState, Way
from admin_app.rules.tiers import Tier
from seed.bulk import Row, add, next_id

CITY, COUNTY, FAR_COUNTY = "330700", "330702", "330703"
_YEARS = 3  # since when they hold, before the present year
OURS = "参考"
HALF_YEARLY = "专职人民调解员半年考核细则"
COMMITTEES = "规范化人民调解委员会考核办法"
Line = dict[str, Any]


@dataclass(frozen=True)
class Example:
    """One standard with its levels, lowest first, and its items."""

    name: str
    kind: StandardKind
    subject: Subject
    unit: str
    basis: str
    levels: Sequence[Line]
    items: Sequence[Line]
    more: Line = field(default_factory=dict)
    retired: bool = False


def _item(
    label: str, measure: Measure, way: Way, threshold: Any = None, points: Any = None, **more: Any
) -> Line:
    return {
        "label": label,
        "measure": measure,
        "way": way,
        "threshold": None if threshold is None else Decimal(str(threshold)),
        "points": None if points is None else Decimal(str(points)),
        "cap": None,
        "level": None,
        "note": None,
        **more,
    }


def _level(name: str, decider: Tier | None = None, **more: Any) -> Line:
    return {"name": name, "decider": decider, "least_score": None, "coefficient": None, "note": None, **more}


def _rising(label: str, measure: Measure, way: Way, *thresholds: Any, note: str = OURS) -> list[Line]:
    """One condition for each level, lowest first."""
    return [
        _item(label, measure, way, each, level=rank, note=note)
        for rank, each in enumerate(thresholds, start=1)
    ]


def _shared(label: str, measure: Measure, points: int, full: Any = 100) -> Line:
    """So many points for all of it, and of less its share."""
    return _item(label, measure, Way.SHARE, full, points, note=OURS)


def _each(label: str, measure: Measure, points: int, cap: int | None, way: Way = Way.PER) -> Line:
    most = None if cap is None else Decimal(cap)
    return _item(label, measure, way, 1, points, cap=most, note=OURS)


def _fined(label: str, points: int, cap: int | None = None, note: str | None = None) -> Line:
    most = None if cap is None else Decimal(cap)
    return _item(label, Measure.MANUAL, Way.FINED, None, points, cap=most, note=note)


_CLEAN = [
    _item("没有因调解不当激化", Measure.ESCALATIONS, Way.AT_MOST, 0),
    _item("没有受过处分", Measure.SANCTIONS, Way.AT_MOST, 0, note="人民调解法第十五条"),
]
_GRADING: Line = {
    "panel_least": 3,
    "panel_rule": PanelRule.AVERAGE,
    "notice_days": 5,
    "valid_months": 24,
    "self_apply": True,
}
_SEASON: Line = {
    "months": 12,
    "full": Decimal(100),
    "panel_least": 0,
    "notice_days": 5,
    "valid_months": 12,
    "self_apply": True,
}
_STARS = [
    _level(f"{word}星", tier, least_score=Decimal(least), note=OURS)
    for word, least, tier in (
        ("一", 50, Tier.COUNTY),
        ("二", 60, Tier.COUNTY),
        ("三", 70, Tier.COUNTY),
        ("四", 80, Tier.CITY),
        ("五", 90, Tier.CITY),
    )
]
_BANDS = [
    _level(name, least_score=Decimal(least), coefficient=Decimal(share), note="系数为参考")
    for name, least, share in (
        ("不合格", 0, "0.5"),
        ("合格", 70, "0.8"),
        ("良好", 80, "1"),
        ("优秀", 90, "1.2"),
    )
]
_RULED: Line = {"full": Decimal(100), "panel_least": 0, "notice_days": 5, "self_apply": False}

EXAMPLES: tuple[Example, ...] = (
    Example(
        "人民调解员等级评定标准（全国四级）",
        StandardKind.GRADE,
        Subject.MEDIATOR,
        CITY,
        "中华全国人民调解员协会《关于开展人民调解员等级评定工作的意见》：分一级、二级、三级、四级。"
        "由谁审定照咸宁市 2022 年的办法：市里审定一、二级，县里审定三、四级。"
        "各级的具体数字公开文本里没有，为参考。",
        [
            _level("四级", Tier.COUNTY),
            _level("三级", Tier.COUNTY),
            _level("二级", Tier.CITY),
            _level("一级", Tier.CITY),
        ],
        [
            *_rising("从事调解年限", Measure.SERVICE_YEARS, Way.AT_LEAST, 1, 3, 5, 8),
            *_rising("结案件数", Measure.CASES_CLOSED, Way.AT_LEAST, 3, 10, 30, 80),
            *_rising("调解成功率", Measure.SUCCESS_RATE, Way.AT_LEAST, 80, 85, 90, 95),
            *_CLEAN,
        ],
        _GRADING,
    ),
    Example(
        "人民调解员等级评定标准（广东四级）",
        StandardKind.GRADE,
        Subject.MEDIATOR,
        COUNTY,
        "广东省人民调解员等级评定办法（潮安区公布）："
        "四级要求从事调解 2 年以上、累计调解 50 件以上、其中口头协议不超过 30%、"
        "调解成功率 85% 以上；没有因调解不当激化、没有违纪、完成培训。三级以上的数字公开文本里没有，为参考。",
        [
            _level("四级", Tier.COUNTY),
            _level("三级", Tier.COUNTY, note=OURS),
            _level("二级", Tier.CITY, note=OURS),
            _level("一级", Tier.CITY, note=OURS),
        ],
        [
            *_rising("从事调解年限", Measure.SERVICE_YEARS, Way.AT_LEAST, 2, 4, 6, 8, note="三级以上为参考"),
            *_rising(
                "累计结案", Measure.CASES_CLOSED, Way.AT_LEAST, 50, 100, 200, 300, note="三级以上为参考"
            ),
            *_rising("口头协议占比", Measure.ORAL_SHARE, Way.AT_MOST, 30, 30, 25, 20, note="三级以上为参考"),
            *_rising("调解成功率", Measure.SUCCESS_RATE, Way.AT_LEAST, 85, 88, 90, 95, note="三级以上为参考"),
            _item("参加培训", Measure.TRAINING_HOURS, Way.AT_LEAST, 1, note="要求完成培训，学时数为参考"),
            *_CLEAN,
        ],
        _GRADING,
    ),
    Example(
        "人民调解员等级评定标准（特级至三级）",
        StandardKind.GRADE,
        Subject.MEDIATOR,
        FAR_COUNTY,
        "黄石市 2020 年办法：分特级、一级、二级、三级，每两年评一次；"
        "特级由市局审定，其他由县局审定、报市备案，证书统一式样。"
        "各级的具体数字公开文本里没有，为参考。",
        [
            _level("三级", Tier.COUNTY),
            _level("二级", Tier.COUNTY),
            _level("一级", Tier.COUNTY),
            _level("特级", Tier.CITY),
        ],
        [
            *_rising("从事调解年限", Measure.SERVICE_YEARS, Way.AT_LEAST, 2, 4, 6, 10),
            *_rising("结案件数", Measure.CASES_CLOSED, Way.AT_LEAST, 5, 10, 20, 40),
            *_rising("调解成功率", Measure.SUCCESS_RATE, Way.AT_LEAST, 85, 90, 95, 98),
            _item("回访率", Measure.FOLLOWED_UP, Way.AT_LEAST, 60, note=OURS),
            *_CLEAN,
        ],
        {**_GRADING, "months": 24},
    ),
    Example(
        "星级人民调解员评定标准",
        StandardKind.STAR,
        Subject.MEDIATOR,
        CITY,
        "参考：做法照莆田市、泉州市的星级评定（自荐或者调委会推荐，司法行政部门初审，市局审定），评分项目和分值为参考。",
        _STARS,
        [
            _each("调解成功", Measure.CASES_SUCCEEDED, 5, 40),
            _shared("调解成功率", Measure.SUCCESS_RATE, 15),
            _shared("协议履行率", Measure.FULFILLED, 10),
            _shared("回访率", Measure.FOLLOWED_UP, 10),
            _shared("卷宗归档率", Measure.DOSSIERS_COMPLETE, 10),
            _shared("满意率", Measure.SATISFACTION, 5),
            _each("疑难、重大案件", Measure.CASES_HARD, 1, 3),
            _each("防止激化", Measure.PREVENTED, 1, 3),
            _shared("培训学时", Measure.TRAINING_HOURS, 4, 20),
            _each("超过期限", Measure.LATE, 2, 10, Way.DEDUCT),
            _each("结案后反复", Measure.REOPENED, 2, 10, Way.DEDUCT),
            *_CLEAN,
        ],
        _SEASON,
    ),
    Example(
        "星级人民调解委员会评定标准",
        StandardKind.STAR,
        Subject.COMMITTEE,
        CITY,
        "参考：黄石市 2020 年办法规定调委会分五个星级，五星由市局审定；"
        "“六统一”照金华市的要求。评分项目和分值为参考。",
        _STARS,
        [
            _each("调解成功", Measure.CASES_SUCCEEDED, 2, 20),
            _shared("调解成功率", Measure.SUCCESS_RATE, 20),
            _shared("就地化解率", Measure.SETTLED_LOCALLY, 10),
            _shared("协议履行率", Measure.FULFILLED, 10),
            _shared("回访率", Measure.FOLLOWED_UP, 10),
            _shared("卷宗归档率", Measure.DOSSIERS_COMPLETE, 10),
            _shared("排查月报报送率", Measure.SCREENING_ON_TIME, 10),
            _shared("“六统一”", Measure.UNITIES, 6, 6),
            _each("调解员受表彰", Measure.AWARDS, 1, 4),
            _each("超过期限", Measure.LATE, 1, 10, Way.DEDUCT),
            _item("没有因调解不当激化", Measure.ESCALATIONS, Way.AT_MOST, 0),
        ],
        _SEASON,
    ),
    Example(
        COMMITTEES,
        StandardKind.EVALUATION,
        Subject.COMMITTEE,
        CITY,
        "参考：名称、印章、标牌、标识、程序、文书“六统一”照金华市的要求，其余项目和分值都是参考。",
        _BANDS,
        [
            _shared("调解成功率", Measure.SUCCESS_RATE, 25),
            _shared("协议履行率", Measure.FULFILLED, 15),
            _shared("卷宗归档率", Measure.DOSSIERS_COMPLETE, 15),
            _shared("回访率", Measure.FOLLOWED_UP, 10),
            _shared("“六统一”", Measure.UNITIES, 15, 6),
            _item("阵地和制度建设", Measure.MANUAL, Way.GIVEN, None, 20, note=OURS),
            _each("超过期限", Measure.LATE, 2, 10, Way.DEDUCT),
        ],
        {**_RULED, "months": 12},
    ),
    Example(
        "村级人民调解员考核办法",
        StandardKind.EVALUATION,
        Subject.MEDIATOR,
        CITY,
        "某地村级人民调解员百分制考核细则（公开文本）："
        "90 分以上优秀，80 分以上良好，70 分以上合格，70 分以下不合格；"
        "按扣分计。"
        "后面的项目公开文本里没有。补贴系数为参考。",
        _BANDS,
        [
            _fined("没有调解场所", 10, 10),
            _fined("徽章、制度流程、人员上墙、登记本缺少", 2, 8, "缺一样扣 2 分"),
            _fined("线上案件没有及时受理被通报", 1, None, "每件"),
            _fined("公调对接没有到场", 2, None, "每件"),
            _fined("没有共享法庭标识", 5),
            _fined("排查周报迟报", 3, None, "迟报第一天，每次"),
            _fined("排查周报迟报超过一天", 1, None, "第二天起，每天"),
            _fined("每月例会缺席", 10, None, "每次"),
            _fined("每月例会迟到", 3, None, "每次"),
            _fined("没有纠纷登记", 5),
            _fined("协议书格式不规范", 2),
            _each("没有及时调解", Measure.LATE, 3, None, Way.DEDUCT) | {"note": "按超过期限的案件扣"},
        ],
        {**_RULED, "months": 12, "base": Decimal(100)},
    ),
    Example(
        "专职人民调解员半年考核办法",
        StandardKind.EVALUATION,
        Subject.MEDIATOR,
        CITY,
        "《矛盾纠纷多元化解十项机制》：每半年对专职人民调解员全面考核一次，考案件受理调解、建档立卡和民主评议，结果与补贴挂钩；"
        "不受理、不按时、调解不力的责任倒查。分值和补贴系数为参考。",
        _BANDS,
        [
            _shared("案件受理调解：受理件数", Measure.CASES_ACCEPTED, 15, 6),
            _shared("案件受理调解：调解成功率", Measure.SUCCESS_RATE, 20),
            _shared("案件受理调解：协议履行率", Measure.FULFILLED, 15),
            _shared("建档立卡：卷宗归档率", Measure.DOSSIERS_COMPLETE, 20),
            _shared("建档立卡：回访率", Measure.FOLLOWED_UP, 10),
            _shared("民主评议", Measure.APPRAISAL, 20),
            _each("不当不予受理", Measure.DECLINED, 5, 20, Way.DEDUCT),
            _each("超过期限", Measure.LATE, 3, 15, Way.DEDUCT),
            _each("调解不力造成激化", Measure.ESCALATIONS, 10, None, Way.DEDUCT),
        ],
        {**_RULED, "months": 6},
    ),
    Example(
        HALF_YEARLY,
        StandardKind.EVALUATION,
        Subject.MEDIATOR,
        CITY,
        "参考：照《矛盾纠纷多元化解十项机制》的三个方面（案件受理调解、建档立卡、民主评议）拟的区级细则；分值、系数都是参考。",
        _BANDS,
        [
            _shared("受理件数", Measure.CASES_ACCEPTED, 10, 6),
            _shared("调解成功率", Measure.SUCCESS_RATE, 10),
            _shared("协议履行率", Measure.FULFILLED, 5),
            _item("建档立卡质量", Measure.MANUAL, Way.GIVEN, None, 20, note=OURS),
            _item("纪律作风", Measure.MANUAL, Way.GIVEN, None, 5, note=OURS),
            _shared("民主评议", Measure.APPRAISAL, 15),
            _each("超过期限", Measure.LATE, 3, 15, Way.DEDUCT),
            _fined("无故缺席例会", 2, 10),
        ],
        {**_RULED, "base": Decimal(35)},
    ),
    Example(
        "人民调解员年终考评办法",
        StandardKind.EVALUATION,
        Subject.MEDIATOR,
        CITY,
        "某市中区公调对接实施办法：年终考评看尽责履职、遵章守纪、工作业绩，结果用于评先、绩效和进出。分值和补贴系数为参考。"
        "演示里已停用，改为半年考核。",
        _BANDS,
        [
            _item(label, Measure.MANUAL, Way.GIVEN, None, points, note=OURS)
            for label, points in (("尽责履职", 40), ("遵章守纪", 20), ("工作业绩", 40))
        ],
        {**_RULED, "months": 12},
        retired=True,
    ),
    Example(
        "金牌人民调解员评选办法",
        StandardKind.HONOUR,
        Subject.MEDIATOR,
        CITY,
        "参考：石泉县由县司法局和县人民调解协会评选金牌人民调解员；"
        "调解成功率 97% 以上、三年没有激化照赣榆县 2009 年的表彰条件。"
        "其他数字为参考。按得分排名，名额由批次定。",
        [_level("金牌人民调解员", Tier.COUNTY)],
        [
            _item("从事调解年限", Measure.SERVICE_YEARS, Way.AT_LEAST, 3, note=OURS),
            _item("结案件数", Measure.CASES_CLOSED, Way.AT_LEAST, 10, note=OURS),
            _item("调解成功率", Measure.SUCCESS_RATE, Way.AT_LEAST, 97),
            *_CLEAN,
            _each("调解成功", Measure.CASES_SUCCEEDED, 1, 60),
            _each("疑难、重大案件", Measure.CASES_HARD, 2, 20),
            _each("防止激化", Measure.PREVENTED, 5, 20),
        ],
        {"months": 36, "full": Decimal(100), "panel_least": 3, "notice_days": 5, "self_apply": True},
    ),
)

_PLAIN: Line = {
    "remark": None,
    "edition": 1,
    "copied_from_id": None,
    "months": None,
    "base": Decimal(0),
    "full": None,
    "panel_least": 0,
    "panel_rule": PanelRule.AVERAGE,
    "notice_days": 5,
    "valid_months": None,
    "self_apply": True,
    "version": 1,
}


def load_standards(session: Session, today: date, state: StandardState) -> int:
    """The examples, drafts for a new house and published in the demo; nothing where there is one already."""
    if session.scalar(select(Standard.id).limit(1)) is not None:
        return 0
    codes = (CITY, COUNTY, FAR_COUNTY)
    units = {unit.code: unit for unit in session.scalars(select(Unit).where(Unit.code.in_(codes)))}
    root = session.scalars(select(Unit).where(Unit.parent_id.is_(None)).order_by(Unit.id).limit(1)).one()
    first = next_id(session, Standard)
    rows = [(number, each, units.get(each.unit, root)) for number, each in enumerate(EXAMPLES, start=first)]
    add(session, Standard, [_row(number, each, unit, today, state) for number, each, unit in rows])
    add(session, StandardLevel, list(_lines("levels", "rank", rows)))
    add(session, StandardItem, list(_lines("items", "position", rows)))
    if state is StandardState.PUBLISHED:
        add(session, StandardStep, [_step(number, "publish") for number, _, _ in rows])
        add(session, StandardStep, [_step(number, "retire") for number, each, _ in rows if each.retired])
    return len(rows)


def _row(number: int, example: Example, unit: Unit, today: date, state: StandardState) -> Row:
    over = example.retired and state is StandardState.PUBLISHED
    return {
        **_PLAIN,
        "id": number,
        "name": example.name,
        "kind": example.kind,
        "subject": example.subject,
        "unit_id": unit.id,
        "path": unit.path,
        "basis": example.basis,
        "state": StandardState.RETIRED if over else state,
        "valid_from": date(today.year - _YEARS, 1, 1),
        "valid_until": date(today.year - 1, 12, 31) if over else None,
        "created_at": now(),
        **example.more,
    }


def _step(number: int, name: str) -> Row:
    """The row of a step that nobody of the demo has taken."""
    step = STEP[name]
    [source] = step.sources
    return {
        "standard_id": number,
        "source": source,
        "target": step.to,
        "at": now(),
        "actor_id": None,
        "name": name,
        "note": "",
        "facts": {},
    }


def _lines(name: str, order: str, rows: Iterable[tuple[int, Example, Unit]]) -> Iterable[Row]:
    for number, example, _ in rows:
        for place, line in enumerate(getattr(example, name), start=1):
            yield {"standard_id": number, order: place, **line}
