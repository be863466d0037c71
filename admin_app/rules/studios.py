"""Personal brand studios 个人品牌调解工作室: who may found one (泉司〔2017〕15号; lifecycle.md 5)."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Founder:
    """What is known of whoever a studio is named after: stars held, years of mediating, cases of a year."""

    stars: int
    years: Decimal
    cases: int


@dataclass(frozen=True)
class Condition:
    """One condition: what is asked, what there is."""

    name: str
    label: str
    required: int
    actual: Decimal

    @property
    def met(self) -> bool:
        return self.actual >= self.required


def conditions(founder: Founder | None, stars: int, years: int, cases: int) -> tuple[Condition, ...]:
    """A founder's stars, years and cases against what is asked; a studio without a founder meets nothing."""
    known = founder or Founder(0, Decimal(0), 0)
    return (
        Condition("stars", "星级", stars, Decimal(known.stars)),
        Condition("years", "从事调解年限", years, known.years),
        Condition("cases", "近一年受理案件", cases, Decimal(known.cases)),
    )


def qualifies(found: tuple[Condition, ...]) -> bool:
    """Every condition is met."""
    return all(each.met for each in found)
