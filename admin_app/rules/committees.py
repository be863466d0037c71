"""The law on people's mediation committees 人民调解委员会 (人民调解法 8, 9)."""

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from admin_app.rules.choices import Choice
from admin_app.rules.findings import Finding

TERM_YEARS = 3  # 人民调解法 9: 每届任期三年
TERM_WARNING_DAYS = 90  # convention, formats.md 6
DIRECTOR, MEMBER_FEMALE = "03", "2"  # SYS141 主任, GB/T 2261.1 女


class CommitteeStatus(Choice):
    """The life of a committee (lifecycle.md 5)."""

    PREPARING = "preparing", "筹建"
    ACTIVE = "active", "正常"
    DISSOLVED = "dissolved", "撤销"


@dataclass(frozen=True)
class Seat:
    """One member as the composition rules see them: SYS141 position and GB/T 2261.1 sex."""

    position: str
    sex: str


def composition_findings(seats: Sequence[Seat], status: CommitteeStatus) -> list[Finding]:
    """人民调解法 8: 3 to 9 members, exactly one director, at least one woman.

    Grave for an active committee; warnings while it is being set up, none once it is dissolved.
    """
    if status is CommitteeStatus.DISSOLVED:
        return []
    grave = status is CommitteeStatus.ACTIVE
    findings = []
    if not 3 <= len(seats) <= 9:
        findings.append(Finding("members", f"委员应为 3 至 9 人，现在是 {len(seats)} 人", grave))
    directors = sum(seat.position == DIRECTOR for seat in seats)
    if directors != 1:
        findings.append(Finding("members", f"应当有且只有一名主任，现在是 {directors} 名", grave))
    if not any(seat.sex == MEMBER_FEMALE for seat in seats):
        findings.append(Finding("members", "委员中应当有妇女成员", grave))
    return findings


def add_years(day: date, years: int) -> date:
    """The same day some years on; 29 February falls back to the 28th."""
    last = calendar.monthrange(day.year + years, day.month)[1]
    return day.replace(year=day.year + years, day=min(day.day, last))


def term_end(start: date) -> date:
    """人民调解法 9: a term of three years from its first day."""
    return add_years(start, TERM_YEARS)


def term_findings(start: date | None, end: date | None, today: date) -> list[Finding]:
    """A term in the wrong order, over three years, expired, or within 90 days of its end."""
    if start and end and end < start:
        return [Finding("term_until", f"任期届满日期不能早于任期起始日期（{start.isoformat()}）")]
    if start and end and end > term_end(start):
        return [Finding("term_until", f"每届任期三年，届满日期不能晚于 {term_end(start).isoformat()}")]
    if end and end < today:
        return [Finding("term_until", f"任期已于 {end.isoformat()} 届满，请安排换届", grave=False)]
    if end and (end - today).days <= TERM_WARNING_DAYS:
        return [Finding("term_until", f"任期还有 {(end - today).days} 天届满，请准备换届", grave=False)]
    return []
