"""Notices 通知: how much one presses."""

from admin_app.rules.choices import Choice


class NoticeKind(Choice):
    """From a word for information to something late."""

    INFO = "info", "通知"
    WARN = "warn", "快到期"
    LATE = "late", "已超期"
