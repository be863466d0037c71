"""What counts against whoever held a case 责任倒查 (M21): declined, late, returned, escalated, reopened."""

from admin_app.rules.choices import Choice


class Fault(Choice):
    """Why a case is looked back at; it is evidence to be weighed, not a verdict."""

    DECLINED = "declined", "不予受理"
    LATE = "late", "超过期限"
    RETURNED = "returned", "转办被退回"
    ESCALATED = "escalated", "矛盾激化"
    REOPENED = "reopened", "结案后反复"
    OTHER = "other", "其他"
