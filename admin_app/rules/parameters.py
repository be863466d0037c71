"""Parameters 参数: what a bureau may set otherwise, the ⚙ of lifecycle.md, and what holds until then."""

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from unicodedata import normalize

from admin_app.rules.choices import Choice
from admin_app.rules.findings import Finding
from admin_app.rules.numbers import Series, pattern_fault

Value = int | Decimal | bool | str
_BETWEEN = re.compile(r"[、，,;；\s]+")
_WORDS = {"是": True, "否": False}
_TIME = re.compile(r"([01]?\d|2[0-3]):[0-5]\d", re.ASCII)
_MOST_MONEY = Decimal(10) ** 12


class Kind(Choice):
    """What a parameter's value is."""

    WHOLE = "whole", "整数"
    MONEY = "money", "金额"
    YES = "yes", "是或否"
    TEXT = "text", "文字"
    CODES = "codes", "代码（可以几个）"
    TIME = "time", "时刻"
    PATTERN = "pattern", "编号格式"


class Setting(Choice):
    """The parameters there are."""

    DUE_DAYS = "due_days", "办理期限（天）"
    EXTEND_DAYS = "extend_days", "最多可延期（天）"
    CONFIRM_DAYS = "confirm_days", "司法确认期限（天）"
    FOLLOW_UP_DAYS = "follow_up_days", "达成协议后几天内回访"
    WARN_DAYS = "warn_days", "期限前几天提醒"
    DUPLICATE_DAYS = "duplicate_days", "重复登记提示的范围（天）"
    SIGN_DAYS = "sign_days", "签收期限（工作日）"
    ANSWER_DAYS = "answer_days", "转办反馈期限（工作日）"
    URGED_ANSWER_DAYS = "urged_answer_days", "督办件反馈期限（工作日）"
    URGE_AFTER = "urge_after", "逾期后几个工作日列入督办"
    TIER_BY_TIER = "tier_by_tier", "逐级上报（重大纠纷除外）"
    SIDEWAYS_APPROVAL = "sideways_approval", "平级转办须共同上级批准"
    TRIAGE_COMMON_AMOUNT = "triage_common_amount", "一般纠纷：金额达到（元）"
    TRIAGE_GRAVE_AMOUNT = "triage_grave_amount", "重大纠纷：金额达到（元）"
    TRIAGE_GRAVE_PEOPLE = "triage_grave_people", "重大纠纷：涉及人数达到"
    DIFFICULT = "difficult", "疑难复杂案件包括的难度"
    SHARED_CASES = "shared_cases", "共同承办的案件每人都算"
    MAJOR_DIFFICULTY = "major_difficulty", "哪些难度的案件要报送"
    MAJOR_RISKS = "major_risks", "有哪些风险的要报送"
    MAJOR_HOURS = "major_hours", "重大纠纷首报时限（小时）"
    MAJOR_PRESSING_RISKS = "major_pressing_risks", "有哪些风险的要紧急报送"
    MAJOR_PRESSING_HOURS = "major_pressing_hours", "紧急报送首报时限（小时）"
    MAJOR_FOLLOW_HOURS = "major_follow_hours", "隔多少小时续报一次"
    MAJOR_SIGN_HOURS = "major_sign_hours", "上级签阅时限（小时）"
    PERFORMANCE_BLOCK = "performance_block", "统计表加“协议履行情况”栏"
    TRAINING_YEAR_HOURS = "training_year_hours", "年度培训学时"
    TRAINING_NEW_HOURS = "training_new_hours", "岗前培训学时"
    TRAINING_SPECIAL_HOURS = "training_special_hours", "专项培训学时"
    TRAINING_ROTATION_YEARS = "training_rotation_years", "轮训周期（年）"
    TRAINING_RECORD_DAYS = "training_record_days", "培训结束后几天内登记参训人员"
    RETENTION = "retention", "卷宗默认保管期限"
    LARGEST_UPLOAD = "largest_upload", "单个附件最大（MB）"
    APPEAL_DAYS = "appeal_days", "考核申诉工作日数"
    APPEAL_ANSWER_DAYS = "appeal_answer_days", "考核申诉答复工作日数"
    VOTE_GOOD = "vote_good", "民主评议“良好”一票折算"
    VOTE_PASSED = "vote_passed", "民主评议“合格”一票折算"
    VOTE_FAILED = "vote_failed", "民主评议“不合格”一票折算"
    DAILY_AT = "daily_at", "每日任务几点开始"
    JOB_ROWS = "job_rows", "台账超过多少行改为后台任务"
    RESULT_DAYS = "result_days", "后台任务的文件保存几天"
    ASSESS_FOLLOW_DAYS = "assess_follow_days", "风险评估：几天跟踪一次"
    STUDIO_STARS = "studio_stars", "个人品牌调解工作室：领衔人至少几星"
    STUDIO_YEARS = "studio_years", "个人品牌调解工作室：从事调解至少几年"
    STUDIO_CASES = "studio_cases", "个人品牌调解工作室：一年至少受理几件"
    SUBSIDY_FULFILMENT = "subsidy_fulfilment", "履行到什么程度可以发补贴"
    SUBSIDY_PREVENTED = "subsidy_prevented", "没调成但防止激化的也发"
    SUBSIDY_EXCLUDED = "subsidy_excluded", "哪些身份职业不发补贴"
    SUBSIDY_ROLES = "subsidy_roles", "哪些兼备身份不发补贴"
    SUBSIDY_POSTS = "subsidy_posts", "专兼职里哪些不发以案定补"
    SUBSIDY_EQUAL = "subsidy_equal", "几名调解员办一件的平均分"
    SUBSIDY_BACK = "subsidy_back", "往前几个月没报的案件可以补报"
    SUBSIDY_BY_DAYS = "subsidy_by_days", "定额补贴按任职天数算"
    SUBSIDY_REVIEW_DAYS = "subsidy_review_days", "补贴审核期限（工作日）"
    SUBSIDY_NOTICE_DAYS = "subsidy_notice_days", "补贴公示（工作日）"
    SUBSIDY_PAY_DAYS = "subsidy_pay_days", "公示期满后几个工作日内发放"
    CASE_NUMBER = "case_number", "案号格式"
    AGREEMENT_NUMBER = "agreement_number", "协议编号格式"
    REFERRAL_NUMBER = "referral_number", "转办编号格式"
    DOSSIER_NUMBER = "dossier_number", "卷号格式"
    WINDOW_OPEN = "window_open", "开放群众窗口"
    WINDOW_HOURLY = "window_hourly", "群众窗口每小时申请次数"
    LETTER_NUMBER = "letter_number", "移送函编号格式"
    URGING_NUMBER = "urging_number", "督办编号格式"
    AWARD_NUMBER = "award_number", "等级证书编号格式"


@dataclass(frozen=True)
class Spec:
    """What a parameter takes: `least` and `most` bound a whole number, `codes` names the table of a code."""

    group: str
    kind: Kind
    default: Value
    help: str
    least: int = 1
    most: int = 3650
    codes: str = ""


def _days(group: str, default: int, help_: str, *, least: int = 1) -> Spec:
    return Spec(group, Kind.WHOLE, default, help_, least=least)


def _hours(default: int, help_: str) -> Spec:
    return Spec(_TRAINING, Kind.WHOLE, default, help_, least=0, most=400)


def _yes(group: str, default: bool, help_: str) -> Spec:
    return Spec(group, Kind.YES, default, help_)


def _pattern(what: str) -> Spec:
    help_ = "{year} 是年份，{unit} 是单位名称，{n:04} 是四位序号，三样各写一次，序号在最后"
    return Spec("编号", Kind.PATTERN, f"（{{year}}）{{unit}}{what}第{{n:04}}号", help_)


_CASES, _TRANSFER, _TRIAGE = "办案期限", "转办", "难度分级"
_STATISTICS, _PAPERS, _TRAINING, _EVALUATION = "统计", "卷宗和附件", "培训", "考核"


def _worth(default: int, word: str) -> Spec:
    return Spec(
        _EVALUATION,
        Kind.WHOLE,
        default,
        f"“优秀”一票算 100 分，“{word}”一票算几分（参考）",
        least=0,
        most=100,
    )


NOBODY = "无"  # where a parameter names codes, and names none
_SUBSIDY, _NETWORK, _WINDOW = "补贴", "组织网络", "群众窗口"
_PREVENTION = "排查预防"

_MAJOR = "重大纠纷报送"


def _term(default: int, help_: str) -> Spec:
    return Spec(_MAJOR, Kind.WHOLE, default, f"{help_}；夜里和节假日也算", most=720)


SETTINGS: dict[Setting, Spec] = {
    Setting.MAJOR_DIFFICULTY: Spec(
        _MAJOR,
        Kind.CODES,
        "3",
        "定为哪几级的案件要报送：填代码表“难度级别”里的代码，用顿号隔开",
        codes="difficulty",
    ),
    Setting.MAJOR_RISKS: Spec(
        _MAJOR,
        Kind.CODES,
        "3、4",
        "案件和排查发现有哪几种风险的要报送：填代码表“案件预测”里的代码，用顿号隔开",
        codes="case_risk",
    ),
    Setting.MAJOR_PRESSING_RISKS: Spec(
        _MAJOR, Kind.CODES, "2、5", "哪几种风险按紧急时限报送：填代码表“案件预测”里的代码", codes="case_risk"
    ),
    Setting.MAJOR_HOURS: _term(24, "从成为重大纠纷那一刻起，在这么多小时里报给上级"),
    Setting.MAJOR_PRESSING_HOURS: _term(2, "有紧急风险的，在这么多小时里报给上级"),
    Setting.MAJOR_FOLLOW_HOURS: _term(72, "首报以后，每隔这么多小时报一次进展，直到终报"),
    Setting.MAJOR_SIGN_HOURS: _term(24, "收到报送以后，在这么多小时里签阅"),
    Setting.DUE_DAYS: _days(_CASES, 30, "从受理那天起算，到期要办结"),
    Setting.EXTEND_DAYS: _days(_CASES, 30, "双方同意延期时，最多再延这么多天"),
    Setting.CONFIRM_DAYS: _days(_CASES, 30, "从协议生效那天起，在这么多天里可以申请司法确认"),
    Setting.FOLLOW_UP_DAYS: _days(_CASES, 30, "达成协议以后，在这么多天里要回访"),
    Setting.WARN_DAYS: _days(_CASES, 3, "离期限还有这么多天时开始提醒；填 0 只在当天提醒", least=0),
    Setting.DUPLICATE_DAYS: _days(_CASES, 90, "登记时和这么多天里的案件比对，提示重复；填 0 不提示", least=0),
    Setting.SIGN_DAYS: _days(_TRANSFER, 3, "转办发出以后，接收单位要在这么多个工作日里签收"),
    Setting.ANSWER_DAYS: _days(_TRANSFER, 15, "签收以后，要在这么多个工作日里反馈"),
    Setting.URGED_ANSWER_DAYS: _days(_TRANSFER, 7, "督办件的反馈期限，比一般的短"),
    Setting.URGE_AFTER: _days(_TRANSFER, 3, "过了期限这么多个工作日还没有办，列入上级督办"),
    Setting.TIER_BY_TIER: _yes(_TRANSFER, True, "填“是”：只能报给上一级，重大纠纷除外；填“否”：可以越级"),
    Setting.SIDEWAYS_APPROVAL: _yes(_TRANSFER, True, "填“是”：平级转办先送共同上级批准；填“否”：直接送对方"),
    Setting.TRIAGE_COMMON_AMOUNT: Spec(_TRIAGE, Kind.MONEY, Decimal(5000), "达到这个数，建议定为一般纠纷"),
    Setting.TRIAGE_GRAVE_AMOUNT: Spec(_TRIAGE, Kind.MONEY, Decimal(100000), "达到这个数，建议定为重大纠纷"),
    Setting.TRIAGE_GRAVE_PEOPLE: Spec(_TRIAGE, Kind.WHOLE, 10, "达到这个数，建议定为重大纠纷", most=100_000),
    Setting.DIFFICULT: Spec(
        _STATISTICS,
        Kind.CODES,
        "3、4",
        "统计表“疑难复杂案件”算哪几级：填代码表“难度级别”里的代码，用顿号隔开",
        codes="difficulty",
    ),
    Setting.SHARED_CASES: _yes(
        "考评", True, "填“是”：几名调解员共同承办的案件，考评时每人都算一件；填“否”：只算排在第一位的"
    ),
    Setting.PERFORMANCE_BLOCK: _yes(
        _STATISTICS, False, "填“是”：统计表在“协议形式”后面加一组“协议履行情况”（参考格式）"
    ),
    Setting.TRAINING_YEAR_HOURS: _hours(20, "每个在任调解员一年里要参加的培训学时；填 0 不考核"),
    Setting.TRAINING_NEW_HOURS: _hours(10, "当年新聘任的调解员要参加的岗前培训学时；填 0 不考核"),
    Setting.TRAINING_SPECIAL_HOURS: _hours(
        14, "行业性、专业性调委会的调解员一年里要参加的专项培训学时；填 0 不考核"
    ),
    Setting.TRAINING_ROTATION_YEARS: Spec(
        _TRAINING, Kind.WHOLE, 3, "每个调解员几年里至少参加一次培训（轮训）", most=20
    ),
    Setting.TRAINING_RECORD_DAYS: _days(
        _TRAINING, 3, "培训结束以后，主办单位要在这么多天里登记谁参加了", least=0
    ),
    Setting.RETENTION: Spec(
        _PAPERS, Kind.TEXT, "2", "填代码表“保管期限”里的代码：1 短期，2 长期，3 永久", codes="retention"
    ),
    Setting.LARGEST_UPLOAD: Spec(_PAPERS, Kind.WHOLE, 20, "一个附件最大多少 MB，最多 200", most=200),
    Setting.APPEAL_DAYS: _days(_EVALUATION, 5, "考核结果公布以后，在这么多个工作日里可以申诉"),
    Setting.APPEAL_ANSWER_DAYS: _days(_EVALUATION, 10, "提出申诉以后，要在这么多个工作日里答复"),
    Setting.VOTE_GOOD: _worth(85, "良好"),
    Setting.VOTE_PASSED: _worth(70, "合格"),
    Setting.VOTE_FAILED: _worth(0, "不合格"),
    Setting.ASSESS_FOLLOW_DAYS: _days(_PREVENTION, 90, "决定实施以后，隔这么多天跟踪一次（参考）"),
    Setting.STUDIO_STARS: Spec(
        _NETWORK, Kind.WHOLE, 4, "领衔人现在持有的星级；只作提示，不影响登记", least=0, most=5
    ),
    Setting.STUDIO_YEARS: Spec(_NETWORK, Kind.WHOLE, 5, "从开始从事调解那天算起", least=0, most=60),
    Setting.STUDIO_CASES: Spec(_NETWORK, Kind.WHOLE, 20, "领衔人近一年受理的案件", least=0, most=2000),
    Setting.SUBSIDY_FULFILMENT: Spec(
        _SUBSIDY,
        Kind.CODES,
        "03",
        "调解成功的案件，履行情况是哪几种才发：填代码表“履行情况”里的代码，用顿号隔开",
        codes="fulfilment",
    ),
    Setting.SUBSIDY_PREVENTED: _yes(_SUBSIDY, True, "填“是”：没调成、但登记了防止激化的，有标准就发"),
    Setting.SUBSIDY_EXCLUDED: Spec(
        _SUBSIDY,
        Kind.CODES,
        "01",
        "公务员等不领补贴：填代码表“身份职业”里的代码，用顿号隔开",
        codes="profession",
    ),
    Setting.SUBSIDY_ROLES: Spec(
        _SUBSIDY,
        Kind.CODES,
        NOBODY,
        "本地规定某些兼备身份不领补贴的：填代码表“兼备其他身份”里的代码，用顿号隔开；填“无”就是都可以领",
        codes="other_role",
    ),
    Setting.SUBSIDY_POSTS: Spec(
        _SUBSIDY,
        Kind.CODES,
        NOBODY,
        "本地规定领定额补贴的专职调解员不再领以案定补的：填 01（专职）；填“无”就是都可以领",
        codes="full_time",
    ),
    Setting.SUBSIDY_EQUAL: _yes(_SUBSIDY, False, "填“是”：几名调解员平均分；填“否”：都归排在第一的承办人"),
    Setting.SUBSIDY_BACK: Spec(
        _SUBSIDY, Kind.WHOLE, 3, "上几个月结案、当时没报上的，也可以报；填 0 只报本季度的", least=0, most=24
    ),
    Setting.SUBSIDY_BY_DAYS: _yes(
        _SUBSIDY, True, "填“是”：当月聘任、解聘的按在任天数算；填“否”：在任一天也按整月"
    ),
    Setting.SUBSIDY_REVIEW_DAYS: _days(_SUBSIDY, 10, "初审、复核各要在这么多个工作日里办完"),
    Setting.SUBSIDY_NOTICE_DAYS: _days(_SUBSIDY, 5, "公示满这么多个工作日，没有未答复的异议，才能发放"),
    Setting.SUBSIDY_PAY_DAYS: _days(_SUBSIDY, 10, "公示期满以后，要在这么多个工作日里发放"),
    Setting.WINDOW_OPEN: _yes(
        _WINDOW, False, "填“是”：任何人打开 /window 就能申请调解、凭查询码查进度；填“否”：没有这个页面"
    ),
    Setting.WINDOW_HOURLY: Spec(
        _WINDOW, Kind.WHOLE, 10, "同一台电脑（或同一个网络）一小时里最多申请这么多次", most=1000
    ),
    Setting.DAILY_AT: Spec("系统", Kind.TIME, "06:30", "每天从这个时刻起提醒、标出超期，如 06:30"),
    Setting.JOB_ROWS: Spec(
        "系统", Kind.WHOLE, 5000, "台账超过这么多行，就交给后台去做，页面上看进度", least=0, most=1_000_000
    ),
    Setting.RESULT_DAYS: Spec("系统", Kind.WHOLE, 7, "后台任务做好的文件留这么多天，到期自动删除", most=365),
    Setting.CASE_NUMBER: _pattern("人调字"),
    Setting.AGREEMENT_NUMBER: _pattern("人调协字"),
    Setting.REFERRAL_NUMBER: _pattern("转字"),
    Setting.DOSSIER_NUMBER: _pattern("人调卷字"),
    Setting.LETTER_NUMBER: _pattern("移字"),
    Setting.URGING_NUMBER: _pattern("督字"),
    Setting.AWARD_NUMBER: _pattern("调评字"),
}

PATTERN_OF: dict[Series, Setting] = {
    Series.CASE: Setting.CASE_NUMBER,
    Series.AGREEMENT: Setting.AGREEMENT_NUMBER,
    Series.REFERRAL: Setting.REFERRAL_NUMBER,
    Series.DOSSIER: Setting.DOSSIER_NUMBER,
    Series.LETTER: Setting.LETTER_NUMBER,
    Series.URGING: Setting.URGING_NUMBER,
    Series.AWARD: Setting.AWARD_NUMBER,
}


def read(setting: Setting, text: str) -> Value:
    """A typed text as the value of a parameter; ValueError with a sentence when it does not fit."""
    spec, narrow = SETTINGS[setting], normalize("NFKC", text).strip()
    match spec.kind:
        case Kind.WHOLE:
            return _whole(spec, narrow)
        case Kind.MONEY:
            return _money(narrow)
        case Kind.YES:
            if narrow not in _WORDS:
                raise ValueError("只能填“是”或“否”")
            return _WORDS[narrow]
        case Kind.TIME:
            if not _TIME.fullmatch(narrow):
                raise ValueError("请填时刻，如 06:30")
            return narrow
        case Kind.CODES:
            if narrow == NOBODY:
                return NOBODY
            if not split(text):
                raise ValueError("请填代码，几个代码用顿号隔开")
            return "、".join(split(text))
        case Kind.PATTERN:
            fault = pattern_fault(text)
            if fault:
                raise ValueError(fault)
    return text


def _whole(spec: Spec, text: str) -> int:
    if not (text.isdecimal() and len(text) < 10 and spec.least <= int(text) <= spec.most):
        raise ValueError(f"请填 {spec.least} 至 {spec.most} 之间的整数")
    return int(text)


def _money(text: str) -> Decimal:
    try:
        amount = Decimal(text.replace(",", ""))
    except InvalidOperation:
        raise ValueError("请填金额，如 5000") from None
    if not (amount.is_finite() and 0 <= amount < _MOST_MONEY):
        raise ValueError("金额应在 0 至一万亿元之间")
    if amount != round(amount, 2):
        raise ValueError("金额最多保留两位小数")
    return amount


def split(text: str) -> tuple[str, ...]:
    """The codes that a text names; 无 names none."""
    return tuple(each for each in _BETWEEN.split(normalize("NFKC", text)) if each not in ("", NOBODY))


def written(value: Value) -> str:
    """A value as one would type it: what `read` reads back."""
    if isinstance(value, bool):
        return "是" if value else "否"
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def value_findings(setting: Setting, text: str) -> list[Finding]:
    """Whether a text fits its parameter."""
    try:
        read(setting, text)
    except ValueError as fault:
        return [Finding("value", f"{setting.label}：{fault}")]
    return []
