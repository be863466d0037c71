"""The facts of a case and its parties (formats.md 1.2)."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta

from admin_app.documents.facts import Fact, Listing, fact, of_field
from admin_app.documents.said import Saying, clean, day_words, paragraphs, tick
from admin_app.models.cases import Case, Party
from admin_app.models.dossiers import Dossier
from admin_app.rules import cases as rules
from admin_app.rules.amounts import capital
from admin_app.rules.identity import age_on

APPLICANT, RESPONDENT, PERSON = "01", "02", "01"  # code tables party_side, party_kind
ON_APPLICATION = "1"  # code table case_source: 当事人申请
NAMED_IN_TITLE = 3
CONFIRM_WITHIN = timedelta(days=30)  # 人民调解法 33


# ------------------------------------------------------------------ a party


def _age(saying: Saying, party: Party) -> str:
    return str(age_on(party.birth_on, saying.day)) if party.birth_on and party.birth_on <= saying.day else ""


def _occupation(saying: Saying, party: Party) -> str:
    """An organisation has no occupation: there stands who represents it."""
    said = saying.of(party, "occupation")
    if said or party.kind == PERSON or not party.representative:
        return said
    return f"负责人：{clean(party.representative)}"


PARTY: tuple[Fact, ...] = (
    of_field(Party, "side"),
    fact("name", "当事人姓名", lambda saying, party: saying.of(party, "name")),
    of_field(Party, "sex"),
    of_field(Party, "ethnicity"),
    fact("age", "年龄", _age),
    fact("born", "出生日期", lambda saying, party: day_words(party.birth_on)),
    fact("occupation", "职业或职务", _occupation),
    of_field(Party, "id_kind"),
    of_field(Party, "id_number"),
    of_field(Party, "phone"),
    of_field(Party, "address"),
    of_field(Party, "representative"),
    of_field(Party, "headcount"),
    of_field(Party, "agent"),
    of_field(Party, "agent_phone"),
)


def on_side(side: str) -> Callable[[Case], list[Party]]:
    """The parties of one side."""
    return lambda case: [each for each in case.parties if each.side == side]


def _others(case: Case) -> list[Party]:
    return [each for each in case.parties if each.side not in (APPLICANT, RESPONDENT)]


PARTIES: tuple[Listing, ...] = (
    Listing("parties", "各方当事人", lambda case: case.parties, PARTY, least=2),
    Listing("applicants", "申请人", on_side(APPLICANT), PARTY, least=1),
    Listing("respondents", "被申请人", on_side(RESPONDENT), PARTY, least=1),
    Listing("others", "其他当事人", _others, PARTY),
    Listing("persons", "当事人中的个人", lambda case: persons(case), PARTY, least=1),
    Listing("organisations", "当事人中的单位", lambda case: organisations(case), PARTY, least=1),
)


def persons(case: Case) -> list[Party]:
    """The parties that are natural persons."""
    return [each for each in case.parties if each.kind == PERSON]


def organisations(case: Case) -> list[Party]:
    """The parties that are not."""
    return [each for each in case.parties if each.kind != PERSON]


# ------------------------------------------------------------------ a case


def names(parties: Sequence[Party]) -> str:
    """甲某、乙某."""
    return "、".join(clean(each.name) for each in parties)


def _sides(case: Case) -> tuple[list[Party], list[Party]]:
    """Who stands on the one side of the sentence and who on the other, where sides are not all named."""
    first = on_side(APPLICANT)(case)
    if not first or len(first) == len(case.parties):
        first = case.parties[:1]
    return first, [each for each in case.parties if each not in first]


def _in_short(parties: Sequence[Party]) -> str:
    """The names of a few; of many the first two and how many they are."""
    if len(parties) <= NAMED_IN_TITLE:
        return names(parties)
    return f"{names(parties[:2])}等{len(parties)}人"


def dispute_title(saying: Saying, case: Case) -> str:
    """卷名: ××与××之间合同纠纷 (formats.md F01)."""
    one, other = (_in_short(each) for each in _sides(case))
    between = f"{one}与{other}之间" if other else f"{one}的" if one else ""
    return f"{between}{saying.code('dispute_kind', case.kind)}"


def dossier_of(case: Case) -> Dossier | None:
    """The filed dossier, once there is one."""
    return case.dossiers[-1] if case.dossiers else None


def _filed(name: str) -> Callable[[Saying, Case], str]:
    def read(saying: Saying, case: Case) -> str:
        dossier = dossier_of(case)
        return saying.of(dossier, name) if dossier else ""

    return read


def _dossier_number(saying: Saying, case: Case) -> str:
    return _filed("number")(saying, case) or saying.of(case, "number")


def _mediation_days(case: Case) -> list[date]:
    days = [case.mediated_on, *(each.held_on for each in case.sessions), case.agreed_on]
    return sorted(each for each in days if each)


def _period(saying: Saying, case: Case) -> str:
    days = _mediation_days(case)
    if not days or days[0] == days[-1]:
        return day_words(days[0]) if days else ""
    return f"{day_words(days[0])}起\n{day_words(days[-1])}止"


def _mediators(saying: Saying, case: Case) -> str:
    return "、".join(clean(each.mediator.name) for each in case.mediators)


def _dispute(saying: Saying, case: Case) -> str:
    """The facts and what is disputed, and who answers for what (人民调解法 29)."""
    answers = f"各方责任：{case.responsibility}" if case.responsibility else ""
    return paragraphs(f"{case.brief or ''}\n{answers}")


def _claims(lines: slice) -> Callable[[Saying, Case], str]:
    """What the applicant asks, some lines of it."""

    def read(saying: Saying, case: Case) -> str:
        asked = (each.strip() for each in clean(case.claims or "").split("\n"))
        return "；".join([each for each in asked if each][lines])

    return read


def _performance(saying: Saying, case: Case) -> str:
    way = saying.code("performance_way", case.performance)
    until = f"{day_words(case.perform_by)}前履行完毕" if case.perform_by else ""
    return paragraphs("；".join(each for each in (way, until) if each))


def _copies(saying: Saying, case: Case) -> str:
    """One for each party and one for the committee (人民调解法 29)."""
    return str(len(case.parties) + 1) if case.parties else ""


def _effect(case: Case) -> date | None:
    return rules.effect_day(case.form, case.agreed_on, case.effective_on)


def _confirm_by(saying: Saying, case: Case) -> str:
    effect = _effect(case)
    return day_words(effect + CONFIRM_WITHIN) if effect else ""


def _capital(saying: Saying, case: Case) -> str:
    return capital(case.amount) if case.amount is not None and case.amount >= 0 else ""


def _field(name: str, called: str = "") -> Fact:
    return of_field(Case, name, called)


CASE: tuple[Fact, ...] = (
    fact("committee", "承办调委会的全称", lambda saying, case: clean(case.committee.name)),
    fact("unit", "承办调委会所属单位", lambda saying, case: clean(case.unit.name)),
    _field("number"),
    fact("title", "纠纷名称（卷名）", dispute_title),
    fact("party_names", "各方当事人姓名", lambda saying, case: names(case.parties)),
    fact("one_side", "申请人一方的姓名", lambda saying, case: names(_sides(case)[0])),
    fact("other_side", "对方当事人的姓名", lambda saying, case: names(_sides(case)[1])),
    fact("mediators", "人民调解员", _mediators),
    _field("kind"),
    _field("source"),
    fact("tick_applied", "当事人申请的方框", lambda saying, case: tick(case.source == ON_APPLICATION)),
    fact(
        "tick_own",
        "主动调解的方框",
        lambda saying, case: tick(case.source == rules.OWN_INITIATIVE),
    ),
    _field("difficulty"),
    _field("brief"),
    fact("first_claim", "当事人申请事项第一项", _claims(slice(0, 1))),
    fact("second_claim", "当事人申请事项第二项", _claims(slice(1, 2))),
    fact("other_claims", "当事人申请事项其余各项", _claims(slice(2, None))),
    _field("registered_on"),
    _field("accepted_on"),
    _field("decline_reason"),
    _field("told_channel"),
    _field("rights_told_on"),
    _field("mediated_on"),
    fact("mediation_period", "调解日期（起止）", _period),
    _field("place"),
    _field("result"),
    _field("fail_reason"),
    _field("end_reason"),
    _field("end_explanation"),
    _field("agreement_number"),
    _field("agreed_on"),
    fact("effective_on", "协议生效日期", lambda saying, case: day_words(_effect(case))),
    fact("confirm_by", "司法确认申请的最后日期", _confirm_by),
    fact("dispute", "纠纷主要事实、争议事项", _dispute),
    _field("agreement"),
    fact("performance", "履行方式、时限", _performance),
    fact("copies", "协议书份数", _copies),
    fact("amount", "涉及金额（元）", lambda saying, case: saying.of(case, "amount")),
    fact("amount_capital", "涉及金额（大写）", _capital),
    _field("fulfilment"),
    _field("fulfilled_on"),
    _field("confirmation"),
    _field("closed_on"),
    _field("closing_report"),
    fact("dossier_number", "卷号", _dossier_number),
    fact("filer", "立卷人", _filed("filer")),
    fact("filed_on", "立卷日期", _filed("filed_on")),
    fact("checker", "审核人", _filed("checker")),
    fact("retention", "保管期限", _filed("retention")),
    fact("pages", "卷宗页数", _filed("pages")),
    fact("dossier_remark", "卷宗备注", _filed("remark")),
    fact("explanation", "卷宗情况说明", lambda saying, case: paragraphs(_filed("remark")(saying, case))),
    fact("today", "出具日期", lambda saying, case: day_words(saying.day)),
)
