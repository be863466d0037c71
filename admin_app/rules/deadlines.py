"""Deadlines 期限: what somebody must have done by a day (lifecycle.md 6)."""

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
