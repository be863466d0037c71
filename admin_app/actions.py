"""The actions of the policy in the words of the bureau that signs its matrix."""

from admin_app.grants import CARRIES_READING, GRANTS, LED_IN_AREA, READ_IN_AREA
from admin_app.models.registry import REGISTERS
from admin_app.models.users import Role
from admin_app.rules import (
    assessments,
    assistances,
    awards,
    cases,
    circulars,
    dossiers,
    evaluation_plans,
    evaluations,
    finds,
    hand_overs,
    major_reports,
    meeting_tasks,
    meetings,
    referrals,
    screenings,
    seasons,
    standards,
    subsidies,
    trainings,
    typical_cases,
    urgings,
    warnings,
)

_NAMES = {
    "home.see": "打开首页",
    "password.change": "修改自己的密码",
    "notice.see": "查看自己的通知",
    "figure.see": "查看统计",
    "figure.export": "下载统计表",
    "figure.own": "在首页看自己承办的数字",
    "job.mine": "查看自己的后台任务",
    "job.see": "查看每日任务和所有人的后台任务",
    "job.cancel": "取消别人的后台任务",
    "certificate.check": "核验证书",
    "committee.rank": "查看评定排名",
    "network.see": "查看网络和配备",
    "network.export": "下载网络和配备台账",
    "log.see": "查看日志",
    "log.verify": "核对日志",
    "log.check": "核对台账文件",
}
_VERBS = {
    "see": "查看",
    "create": "登记",
    "edit": "修改",
    "remove": "删除",
    "restore": "恢复",
    "history": "查看修改记录",
    "sensitive": "查看完整个人信息",
    "export": "下载台账",
    "choose": "在用户的岗位里选用",
    "reset": "重设密码",
    "follow": "跟踪",
    "attach": "上传附件",
    "convert": "转为案件",
    "quick": "快速登记",
    "import": "导入",
    "attend": "登记参训人员",
    "hours": "查看学时达标",
    "copy": "另存为新版本",
    "try": "试算",
    "compute": "计算积分",
    "nominate": "批量提名",
    "put_forward": "推荐申报",
    "tell": "写成典型案例",
    "read": "签阅",
}
_LIVES = (
    ("case", cases),
    ("referral", referrals),
    ("assistance", assistances),
    ("hand_over", hand_overs),
    ("urging", urgings),
    ("dossier", dossiers),
    ("standard", standards),
    ("training", trainings),
    ("evaluation_plan", evaluation_plans),
    ("evaluation", evaluations),
    ("screening", screenings),
    ("meeting", meetings),
    ("meeting_task", meeting_tasks),
    ("circular", circulars),
    ("major_report", major_reports),
    ("find", finds),
    ("season", seasons),
    ("award", awards),
    ("subsidy", subsidies),
    ("warning", warnings),
    ("assessment", assessments),
    ("typical_case", typical_cases),
)
# A led step is asked for by the life that leads it.
_STEPS = {
    f"{word}.{each.name}": each.label for word, module in _LIVES for each in module.STEPS if not each.led
}
STEP_ACTIONS = tuple(_STEPS)


def said(action: str) -> str:
    """An action in the words of the bureau that signs the matrix: 「案件：修改」."""
    if action in _NAMES:
        return _NAMES[action]
    word, _, verb = action.partition(".")
    return f"{REGISTERS[word].noun}：{_STEPS.get(action) or _VERBS[verb]}"


def matrix() -> list[tuple[str, list[str]]]:
    """The policy as rows for the bureau to sign: action, then each role's reach or "—"."""
    return [(action, [_said_reach(action, role) for role in Role]) for action in GRANTS]


def _said_reach(action: str, role: Role) -> str:
    """How far a role carries, and in which townships beside."""
    reach = GRANTS[action].get(role)
    if reach is None:
        return "—"
    beside = role in CARRIES_READING and action in READ_IN_AREA | LED_IN_AREA
    return f"{reach.label}，和分片负责的乡镇" if beside else reach.label
