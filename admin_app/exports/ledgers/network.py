"""网络和配备: the targets of a year by unit, who falls short, studios, 六统一 and terms (M02, M03, M07; S1).

No public sheet was found: our own summary, [C].
"""

from collections.abc import Callable, Iterator
from datetime import date

from sqlalchemy.orm import Session

from admin_app.exports.columns import Group, Line, Part, column, ordinal
from admin_app.exports.layout import Layout
from admin_app.exports.ledger import Asked, Counted, Ledger, declare
from admin_app.exports.statistics import home
from admin_app.models.staffing_targets import goals
from admin_app.models.users import User
from admin_app.operations import network as net
from admin_app.operations import studios
from admin_app.operations.figures import RowKind
from admin_app.operations.network import NORMS, Network
from admin_app.rules.dates import today
from admin_app.rules.staffing import OF_SELF, Ground, Key, Need, Standing

_PERIOD = "截止日期（取它的年度）"
_OF_MANY = (("asked_of", "应达标"), ("reached", "已达标"), ("gap", "还缺"))
_OF_ONE = (("required", "要求"), ("there", "现有"), ("gap", "还缺"))


def _year(asked: Asked) -> int:
    return (asked.until or asked.as_of or today()).year


def _network(session: Session, actor: User, asked: Asked) -> Network:
    return net.read(session, actor, asked.unit or home(session, actor), _year(asked))


def _keys(session: Session, asked: Asked) -> list[Key]:
    """The targets of the year, whoever has set them: the sheet has the columns of all."""
    return Ground(goals(session), _year(asked), (), ()).keys


def target_columns(session: Session, asked: Asked) -> tuple[Part, ...]:
    """单位, and for each target how many have to reach it, how many do, and what is wanting."""
    day = date(_year(asked), 12, 31)
    groups = (
        Group(
            net.said(session, key, day),
            tuple(column(f"{_name(key)}_{what}", label, 5.6, kind="integer") for what, label in _counts(key)),
        )
        for key in _keys(session, asked)
    )
    return (column("unit", "单位", 16), *groups)


def target_lines(session: Session, actor: User, asked: Asked) -> list[Line]:
    """A line for each direct sub-unit, the own level, and all of it: a share has no sum."""
    network = _network(session, actor, asked)
    return [
        {"unit": line.label, **{name: number for each in line.standings for name, number in _numbers(each)}}
        for line in net.lines(network)
    ]


def _name(key: Key) -> str:
    return "_".join(map(str, (key.aim.value, key.kind, key.tier.value if key.tier else "")))


def _counts(key: Key) -> tuple[tuple[str, str], ...]:
    """Of how many a target is said, and how many have it; of a total, the numbers themselves."""
    return _OF_ONE if key.aim in OF_SELF else _OF_MANY


def _numbers(standing: Standing) -> Iterator[tuple[str, int | None]]:
    """What is not asked of a line stays blank."""
    for what, _ in _counts(standing.key):
        yield f"{_name(standing.key)}_{what}", getattr(standing, what) if standing.needs else None


SHORT = (
    ordinal(),
    column("said", "目标", 30),
    column("who", "单位或调委会", 36),
    column("required", "要求", 8, kind="integer"),
    column("there", "现有", 8, kind="integer"),
    column("gap", "还缺", 8, kind="integer", summed=True),
)


def short_lines(session: Session, actor: User, asked: Asked) -> list[Line]:
    """Every committee and unit that falls short, target by target."""
    network = _network(session, actor, asked)
    names = {each.path: each.name for each in network.units}
    return [
        {
            "said": net.said(session, standing.key, network.day),
            "who": _who(network, names, need),
            "required": need.required,
            "there": need.there,
            "gap": need.gap,
        }
        for standing in net.whole(network).standings
        for need in standing.short
    ]


def _who(network: Network, names: dict[str, str], need: Need) -> str:
    return network.rooms[need.committee_id].name if need.committee_id else names[need.path]


STUDIOS = (
    ordinal(),
    column("studio", "工作室", 36),
    column("founder", "领衔人", 10),
    column("stars", "星级", 7, kind="integer"),
    column("years", "从事调解年限", 10, kind="integer"),
    column("cases", "近一年受理（件）", 10, kind="integer"),
    column("full", "专职（人）", 8, kind="integer", summed=True),
    column("qualifies", "条件", 10, centred=True),
)


def studio_lines(session: Session, actor: User, asked: Asked) -> list[Line]:
    """The personal brand studios and their founders."""
    network = _network(session, actor, asked)
    return [
        {
            "studio": each.room.name,
            "founder": each.founder,
            **{one.name: int(one.actual) for one in each.conditions},
            "full": each.room.body.full,
            "qualifies": "符合" if each.qualifies else "不全符合",
        }
        for each in studios.told(session, studios.of_network(network), network.day)
    ]


NORM_COLUMNS = (
    column("unit", "单位", 16),
    *(column(each.name, each.label, 12, kind="integer", summed=True) for each in NORMS),
)


def norm_lines(session: Session, actor: User, asked: Asked) -> list[Line]:
    """六统一 and terms, a line for each direct sub-unit and one for the own level."""
    network = _network(session, actor, asked)
    unities, lines = net.unities_of(session, network.day), list(net.lines(network))
    parts = [each for each in lines if each.kind is not RowKind.TOTAL] or lines
    return [
        {
            "unit": network.unit.name if line.kind is RowKind.TOTAL else line.label,
            **{each.name: len(net.of_norm(line.rooms, each.name, unities, network.day)) for each in NORMS},
        }
        for line in parts
    ]


def _ledger(
    name: str,
    label: str,
    lines: Callable[[Session, User, Asked], list[Line]],
    layout: Layout,
    columns: Callable[[Session, Asked], tuple[Part, ...]] | None = None,
    *,
    main: bool = False,
) -> Ledger:
    return declare(
        Ledger(
            name=name,
            label=label,
            word="network",
            group="组织队伍",
            source=Counted(lines, period=_PERIOD, columns=columns),
            layout=layout,
            note="按所选年度的配备目标和在册的人计算，不填就是今年。未见公开的官方样式，栏目为参考格式。",
            main=main,
        )
    )


STAFFING = _ledger(
    "staffing",
    "人员配备达标情况表",
    target_lines,
    Layout(columns=(), counted="行", reference=True, paper="A3", totals=()),
    target_columns,
    main=True,
)
STAFFING_SHORT = _ledger(
    "staffing-short", "人员配备没达标名单", short_lines, Layout(columns=SHORT, counted="个", reference=True)
)
STUDIO_ROSTER = _ledger(
    "studio-roster",
    "个人品牌调解工作室名册",
    studio_lines,
    Layout(columns=STUDIOS, counted="个", reference=True),
)
NETWORK_NORMS = _ledger(
    "network-norms",
    "调委会六统一和任期情况表",
    norm_lines,
    Layout(columns=NORM_COLUMNS, counted="个单位", reference=True),
)
