"""Deadlines 期限: what somebody must have done by a day (lifecycle.md 6)."""

from datetime import date

from admin_app.rules.choices import Choice


class DeadlineKind(Choice):
    """What is waited for."""

    FINISH = "finish", "办结"
    SIGN = "sign", "签收"
    ANSWER = "answer", "转办反馈"
    FOLLOW_UP = "follow_up", "回访"
    CONFIRM = "confirm", "司法确认"
    ASSIST = "assist", "协同反馈"
    URGE = "urge", "督办答复"
    FEED_BACK = "feed_back", "移送反馈"
    TRAIN = "train", "培训登记"
    EVALUATE = "evaluate", "考核办结"
    APPEAL = "appeal", "申诉答复"
    DECIDE = "decide", "公示期满办理"
    RECHECK = "recheck", "年度复核"
    MEETING_TASK = "meeting_task", "会议任务"
    MAJOR_FIRST = "major_first", "重大纠纷首报"
    MAJOR_FOLLOW = "major_follow", "重大纠纷续报"
    MAJOR_SIGN = "major_sign", "重大纠纷签阅"
    SUBSIDY_FIRST = "subsidy_first", "补贴初审"
    SUBSIDY_REVIEW = "subsidy_review", "补贴复核"
    SUBSIDY_PAY = "subsidy_pay", "补贴发放"
    WARN_HANDLE = "warn_handle", "预警处置"
    ASSESS_FOLLOW = "assess_follow", "风险跟踪"


def warning(kind: DeadlineKind, due_on: date, day: date) -> str:
    """What is said some days before."""
    left = (due_on - day).days
    return f"{kind.label}期限 {due_on:%Y-%m-%d}，{f'还有 {left} 天' if left else '今天到期'}"


def reproach(kind: DeadlineKind, due_on: date, day: date) -> str:
    """What is said once the day has passed."""
    return f"{kind.label}期限 {due_on:%Y-%m-%d}，已超过 {(day - due_on).days} 天，请尽快办理"


def in_time(due_on: date | None, ended_on: date | None, day: date) -> str:
    """How a ledger says whether a deadline was kept; without an end it still runs on `day`."""
    if due_on is None:
        return ""
    late = ((ended_on or day) - due_on).days
    if late > 0:
        return f"{'' if ended_on else '已'}逾期 {late} 天"
    return "按期" if ended_on else "未到期"
