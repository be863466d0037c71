"""The law on people's mediators 人民调解员 (人民调解法 13, 14, 15)."""

from datetime import date

from admin_app.rules.choices import Choice
from admin_app.rules.findings import Finding
from admin_app.rules.identity import age_on, birth_date, sex_code

FULL_TIME = "01"  # SYS143 专职
ADULT = 18  # 人民调解法 14: 成年公民


class MediatorStatus(Choice):
    """The life of a mediator's post (lifecycle.md 5)."""

    NOMINATED = "nominated", "拟聘"
    QUALIFIED = "qualified", "已认定资格"
    APPOINTED = "appointed", "在任"
    SUSPENDED = "suspended", "停职"
    DISMISSED = "dismissed", "解聘"
    RETIRED = "retired", "退出"


ON_ROSTER = frozenset({MediatorStatus.QUALIFIED, MediatorStatus.APPOINTED})


def person_findings(
    *, birth_on: date | None, sex: str | None, id_number: str | None, today: date
) -> list[Finding]:
    """Age under 18 is grave (art. 14); a birth date or sex that contradicts the ID number is a warning."""
    findings = []
    if birth_on and age_on(birth_on, today) < ADULT:
        findings.append(Finding("birth_on", "人民调解员应为年满 18 周岁的成年公民"))
    if id_number and birth_on and birth_date(id_number) not in (None, birth_on):
        findings.append(Finding("birth_on", "出生日期与身份证号不一致，请核对", grave=False))
    if id_number and sex in ("1", "2") and sex_code(id_number) not in (None, sex):
        findings.append(Finding("sex", "性别与身份证号不一致，请核对", grave=False))
    return findings


def term_findings(since: date | None, until: date | None) -> list[Finding]:
    """An appointment that ends before it begins."""
    if since and until and until < since:
        return [Finding("until", f"截止日期不能早于起始日期（{since.isoformat()}）")]
    return []
