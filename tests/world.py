"""The small fixed world of the tests: a city, two counties, three townships, and people with names.

`World` holds ids, so that a test reads like a sentence: `find(session, person("owner"), Case, world.case)`.
Everything "far" lies in the other county, everything "other" in another township of the same county.
"""

from dataclasses import dataclass, fields
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from hashlib import sha256
from typing import Any

from sqlalchemy.orm import Session

from admin_app.models.areas import Area
from admin_app.models.assessments import Assessment
from admin_app.models.assistances import Assistance
from admin_app.models.attachments import Attachment
from admin_app.models.awards import AwardApplication
from admin_app.models.budgets import Budget
from admin_app.models.cadences import Cadence, KeyPeriod
from admin_app.models.cases import Case, CaseMediator, CaseStep, Party
from admin_app.models.circulars import Circular, Receipt, Recipient
from admin_app.models.codes import codebook
from admin_app.models.committees import Committee, CommitteeMember
from admin_app.models.dossiers import Dossier
from admin_app.models.evaluation_plans import EvaluationPlan
from admin_app.models.evaluations import Evaluation, EvaluationItem
from admin_app.models.experts import Expert
from admin_app.models.finds import Find
from admin_app.models.form_templates import FormTemplate
from admin_app.models.hand_overs import HandOver
from admin_app.models.lookbacks import Lookback
from admin_app.models.major_reports import Bulletin, MajorReport
from admin_app.models.mediators import Mediator
from admin_app.models.meetings import AgendaItem, Meeting, MeetingRule, MeetingTask, Member
from admin_app.models.monthly import Monthly
from admin_app.models.parameters import Parameter
from admin_app.models.payments import Payment
from admin_app.models.publicities import Publicity
from admin_app.models.rates import Rate
from admin_app.models.referrals import Referral
from admin_app.models.screenings import Screening
from admin_app.models.seasons import Quota, Season, Standing
from admin_app.models.staffing_targets import StaffingTarget
from admin_app.models.standards import Standard, StandardItem, StandardLevel
from admin_app.models.subsidies import Subsidy
from admin_app.models.trainings import Attendance, Training
from admin_app.models.typical_cases import TypicalCase
from admin_app.models.units import Unit
from admin_app.models.urgings import Urging
from admin_app.models.users import Post, Role, User
from admin_app.models.visits import Visit
from admin_app.models.warning_rules import WarningRule
from admin_app.models.warnings import EarlyWarning, WarningLine
from admin_app.operations.files import store_of
from admin_app.operations.users import set_password
from admin_app.rules import standards
from admin_app.rules.awards import AwardState
from admin_app.rules.cadences import Every
from admin_app.rules.cases import Stage
from admin_app.rules.circulars import CircularState
from admin_app.rules.committees import CommitteeStatus
from admin_app.rules.dates import now
from admin_app.rules.evaluation_plans import PlanState
from admin_app.rules.evaluations import EvaluationState, Half, level_of
from admin_app.rules.hand_overs import Way
from admin_app.rules.lookbacks import Fault
from admin_app.rules.major_reports import BulletinKind, ReportState
from admin_app.rules.measures import Measure, Subject
from admin_app.rules.mediators import MediatorStatus
from admin_app.rules.meetings import MeetingState
from admin_app.rules.parameters import Setting
from admin_app.rules.rates import Ended, Per, SubsidyKind
from admin_app.rules.referrals import Direction, ReferralState
from admin_app.rules.screenings import Found, ScreeningState
from admin_app.rules.seasons import SeasonState
from admin_app.rules.staffing import Aim
from admin_app.rules.standards import StandardKind, StandardState
from admin_app.rules.subsidies import SubsidyState
from admin_app.rules.tiers import Tier, path_of
from admin_app.rules.trainings import Mark, TrainingState
from admin_app.rules.typical_cases import TypicalState
from admin_app.rules.urgings import About
from admin_app.rules.warnings import Severity, Sign
from seed.codes import load_codes
from seed.holidays import load_holidays
from seed.requirements import load_requirements
from tests.files import pdf

SCAN = pdf()
SCANS = {"02": "身份证", "05": "告知书", "08": "调解记录", "09": "协议书"}
PASSWORD = "plum-blossom-in-snow"


@dataclass(frozen=True)
class World:
    """Everything by id."""

    # units
    city: int
    county: int
    far_county: int
    township: int
    other_township: int
    far_township: int
    village: int
    next_village: int  # the village's neighbour in the same township
    other_village: int
    far_village: int
    grid: int

    # committees
    village_committee: int
    township_committee: int
    other_committee: int
    county_committee: int
    far_committee: int

    # mediators: "mediator" is the owner, "other" the stranger
    mediator: int
    colleague_mediator: int
    township_mediator: int
    other_mediator: int
    far_mediator: int

    # experts
    city_expert: int
    county_expert: int
    township_expert: int
    far_expert: int

    # cases; those without a word for the place are the village committee's
    case: int  # registered, the owner's
    colleague_case: int  # registered, the colleague's
    unassigned_case: int
    mediating_case: int
    settled_case: int
    transfer_case: int
    closed_case: int
    archived_case: int
    removed_case: int
    township_case: int
    county_case: int
    other_case: int
    far_case: int

    # referrals
    draft_referral: int  # of `case`, village to township
    sent_referral: int  # of `transfer_case`, village to township
    crossing_referral: int  # of `county_case`, county to the other township
    far_referral: int  # of `far_case`, far village to far township

    # visits
    visit: int  # to the village's committee
    township_visit: int
    far_visit: int

    # monthly totals of the village's committee, and of the far one
    monthly: int
    far_monthly: int

    # screening; the cadences and key periods are out of force, so that no daily job makes tasks by them
    cadence: int  # the county's, of villages
    far_cadence: int
    key_period: int
    far_key_period: int
    screening: int  # owed by the village
    reported_screening: int  # by the village, with `find`
    township_screening: int  # reported by the township: nought
    far_screening: int
    find: int
    far_find: int

    # early warning; the rules are out of force, so that no daily job raises anything by them
    warning_rule: int  # the county's
    far_warning_rule: int
    warning: int  # of `mediating_case`, the township's to act on
    own_warning: int  # of `find`, the village committee's own
    far_warning: int
    # prevention: the township assesses, the village's committee publishes; each has its far one
    assessment: int
    far_assessment: int
    publicity: int
    far_publicity: int
    # the library: a draft of the village's `archived_case`, and a case of far away that is published
    typical_case: int
    far_typical_case: int

    # targets of staffing, out of force
    staffing_target: int  # the county's: two full-time mediators in every township
    far_staffing_target: int

    # what hangs on cases
    joint_assistance: int  # the other township joins `mediating_case`
    expert_assistance: int  # the county's expert is asked about `mediating_case`
    far_assistance: int
    hand_over: int  # from the police, of `mediating_case`
    far_hand_over: int
    urging: int  # the county asks the village after `mediating_case`
    far_urging: int
    dossier: int  # of `archived_case`
    lookback: int  # of `mediating_case`, on the owner
    far_lookback: int

    # templates of a bureau's own, out of use
    form_template: int
    far_form_template: int

    # evaluations
    evaluation: int
    colleague_evaluation: int
    other_evaluation: int
    far_evaluation: int

    # rates of subsidies and budgets: the county's, the township's, the far county's
    rate: int  # 100 yuan a case
    stipend_rate: int  # 1350 yuan a month for full-time mediators
    far_rate: int
    budget: int
    town_budget: int
    other_budget: int  # of the other township
    far_budget: int
    # paid on paper before: of the township's own case, of the far committee's
    payment: int
    far_payment: int
    # trainings
    training: int  # of the township, held: the owner's and the colleague's mediator were there
    planned_training: int  # of the county, to come: the owner's mediator is expected
    far_training: int
    # plans of evaluation: the county's, being prepared and running; the township's mediator is in the latter
    evaluation_standard: int  # the city's, with one item counted, one marked and one voted on
    evaluation_plan: int
    running_plan: int
    far_plan: int
    drawn_evaluation: int

    # standards of grading: drafted by the county, and published by the city, the county and the far one
    draft_standard: int
    city_standard: int
    standard: int
    far_standard: int

    # seasons of grading by the county's and the far county's standard
    season: int  # open to applications
    far_season: int  # in preparation

    # applications: the owner's waits for its first review, the colleague's for the panel
    award: int
    colleague_award: int
    other_award: int  # publicly noticed
    granted_award: int  # the township's mediator's
    far_award: int
    # batches of subsidies that hold nothing yet: of the village's committee, the township, the far committee
    subsidy: int
    town_subsidy: int
    far_subsidy: int
    far_stipends: int

    # parameters
    parameter: int  # the largest upload, from 2026 on as large as before

    # meetings: the township calls the village and the other township; of the far ones nobody near knows
    meeting_rule: int  # the county's, of townships; out of force
    far_meeting_rule: int
    meeting: int  # called; `mediating_case` is on its agenda
    held_meeting: int  # of the county, held; it asked something of the township
    far_meeting: int
    meeting_task: int
    far_meeting_task: int
    # circulars: the county's to the township and all below it, and the far county's
    circular: int
    draft_circular: int
    far_circular: int
    # reports of major disputes: the village owes one to the township, the far village has sent one
    major_report: int  # of `case`
    far_major_report: int

    # who looks after which townships
    area: int  # the warden, the township
    minder_area: int  # the minder, the township
    ended_area: int  # the other office, the township: over
    far_area: int  # the warden, in the other county: no post of theirs is carried there

    # users
    owner: int  # the mediator to whom `case` is assigned
    colleague: int  # a mediator of the same committee
    director: int  # of the village committee
    office: int  # of the township
    stranger: int  # a mediator of the other township
    other_office: int
    bureau_county: int
    bureau_far: int
    bureau_city: int
    inspector: int  # of the county
    auditor: int
    sysadmin: int
    expert: int
    two_posts: int  # director in the village, office in the far township
    unfinished: int  # a mediator's post whose committee nobody has filled in
    nobody: int  # no post
    inactive: int  # the city's bureau, may not sign in
    warden: int  # office in the other township, responsible for the township
    minder: int  # director of the county's committee, responsible for the township


PEOPLE = tuple(each.name for each in fields(World))[-19:]


def build_world(session: Session) -> World:
    """Put the codes, the holidays and the world into an empty database; the caller commits."""
    load_codes(session)
    load_holidays(session)
    load_requirements(session)
    builder = _Builder(session)
    units = builder.units()
    committees = builder.committees(units)
    mediators = builder.mediators(committees)
    experts = builder.experts(units)
    cases = builder.cases(committees, mediators)
    referrals = builder.referrals(cases, units)
    around = builder.around(units, committees, mediators, experts, cases)
    around |= builder.library(units, committees, cases)
    around |= builder.meetings(units, cases) | builder.circulars(units) | builder.major_reports(units, cases)
    evaluations = builder.evaluations(mediators) | builder.subsidies(units, committees)
    parameters = builder.parameters() | builder.form_templates(units) | builder.standards(units)
    trainings = builder.trainings(units, mediators) | builder.payments(cases, mediators)
    parameters |= builder.plans(units, mediators)
    parameters |= builder.awards(units, mediators, parameters)
    users = builder.users(units, committees, mediators, experts)
    things = units | committees | mediators | experts | cases | referrals | around | evaluations
    things |= trainings | parameters | users | builder.areas(units, users)
    return World(**{name: thing.id for name, thing in things.items()})


class _Builder:
    """Makes one kind of thing after the other."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def _first(self, table: str) -> str:
        return codebook(self.session).choices(table)[0][0]

    def _keep(self, things: dict) -> dict:
        self.session.add_all(things.values())
        self.session.flush()
        return things

    def units(self) -> dict[str, Unit]:
        found: dict[str, Unit] = {}
        for key, name, code, tier, parent in (
            ("city", "金华市", "330700", Tier.CITY, None),
            ("county", "婺城区", "330702", Tier.COUNTY, "city"),
            ("far_county", "金东区", "330703", Tier.COUNTY, "city"),
            ("township", "城东街道", "330702001", Tier.TOWNSHIP, "county"),
            ("other_township", "城中街道", "330702002", Tier.TOWNSHIP, "county"),
            ("far_township", "多湖街道", "330703001", Tier.TOWNSHIP, "far_county"),
            ("village", "桃园社区", "330702001008", Tier.VILLAGE, "township"),
            ("next_village", "青春路社区", "330702001010", Tier.VILLAGE, "township"),
            ("other_village", "杨思岭社区", "330702002015", Tier.VILLAGE, "other_township"),
            ("far_village", "王坦社区", "330703001001", Tier.VILLAGE, "far_township"),
            ("grid", "桃园社区第一网格", "330702001008001", Tier.GRID, "village"),
        ):
            above = found[parent] if parent else None
            path = path_of(above.path if above else "", code)
            found[key] = Unit(name=name, code=code, tier=tier, parent=above, path=path)
        return self._keep(found)

    def committees(self, units: dict[str, Unit]) -> dict[str, Committee]:
        return self._keep(
            {
                f"{key}_committee": Committee(
                    name=f"{units[where].name}人民调解委员会",
                    unit=units[where],
                    path=units[where].path,
                    kind=self._first("committee_kind"),
                    status=CommitteeStatus.ACTIVE,
                    phone="0579-82300000",
                    term_from=date(2025, 3, 1),
                    term_until=date(2028, 2, 28),
                    members=[
                        CommitteeMember(name="陈主任", sex="1", position="03", phone="13857900001"),
                        CommitteeMember(name="李委员", sex="2", position="02"),
                        CommitteeMember(name="王委员", sex="1", position="02"),
                    ],
                )
                for key, where in (
                    ("village", "village"),
                    ("township", "township"),
                    ("other", "other_village"),
                    ("county", "county"),
                    ("far", "far_village"),
                )
            }
        )

    def mediators(self, committees: dict[str, Committee]) -> dict[str, Mediator]:
        return self._keep(
            {
                key: Mediator(
                    name=name,
                    sex="1",
                    birth_on=date(1975, 6, 7),
                    committee=committees[where],
                    unit=committees[where].unit,
                    path=committees[where].path,
                    status=MediatorStatus.APPOINTED,
                    full_time=self._first("full_time"),
                    position="02",
                    id_number="33070219750607121X",
                    phone="13857912345",
                )
                for key, name, where in (
                    ("mediator", "张伟", "village_committee"),
                    ("colleague_mediator", "刘洋", "village_committee"),
                    ("township_mediator", "赵强", "township_committee"),
                    ("other_mediator", "孙明", "other_committee"),
                    ("far_mediator", "周杰", "far_committee"),
                )
            }
        )

    def experts(self, units: dict[str, Unit]) -> dict[str, Expert]:
        return self._keep(
            {
                f"{where}_expert": Expert(
                    name=name,
                    sex="2",
                    unit=units[unit],
                    path=units[unit].path,
                    specialities=[self._first("expert_field")],
                    phone="13857954321",
                )
                for where, unit, name in (
                    ("city", "city", "吴教授"),
                    ("county", "county", "郑律师"),
                    ("township", "township", "冯医生"),
                    ("far", "far_county", "褚工程师"),
                )
            }
        )

    def cases(self, committees: dict[str, Committee], mediators: dict[str, Mediator]) -> dict[str, Case]:
        found = {}
        store_of(self.session).keep(SCAN)
        for number, (key, where, stage, who) in enumerate(
            (
                ("case", "village", Stage.REGISTERED, ["mediator"]),
                ("colleague_case", "village", Stage.REGISTERED, ["colleague_mediator"]),
                ("unassigned_case", "village", Stage.REGISTERED, []),
                ("mediating_case", "village", Stage.MEDIATING, ["mediator", "colleague_mediator"]),
                ("settled_case", "village", Stage.SETTLED, ["mediator"]),
                ("transfer_case", "village", Stage.IN_TRANSFER, ["mediator"]),
                ("closed_case", "village", Stage.CLOSED, ["colleague_mediator"]),
                ("archived_case", "village", Stage.ARCHIVED, ["mediator"]),
                ("removed_case", "village", Stage.REGISTERED, ["mediator"]),
                ("township_case", "township", Stage.ACCEPTED, ["township_mediator"]),
                ("county_case", "county", Stage.REGISTERED, []),
                ("other_case", "other", Stage.MEDIATING, ["other_mediator"]),
                ("far_case", "far", Stage.MEDIATING, ["far_mediator"]),
            )
        ):
            committee = committees[f"{where}_committee"]
            registered = date(2026, 9, 1 + number)
            accepted = stage not in (Stage.REGISTERED, Stage.DECLINED)
            found[key] = Case(
                number=f"（2026）{committee.unit.name}人调字第{number:04d}号" if accepted else None,
                accepted_on=registered + timedelta(days=1) if accepted else None,
                names="甲某、乙某",
                kind=self._first("dispute_kind"),
                stage=stage,
                registered_on=registered,
                committee=committee,
                unit=committee.unit,
                path=committee.path,
                source=self._first("case_source"),
                difficulty=self._first("difficulty"),
                risk=self._first("case_risk"),
                brief="因屋檐滴水发生争执",
                removed_at=now() if key == "removed_case" else None,
                parties=[
                    Party(side=self._first("party_side"), kind="01", name="甲某", phone="13857911111"),
                    Party(side=self._first("party_side"), kind="01", name="乙某"),
                ],
                mediators=[CaseMediator(mediator=mediators[each]) for each in who],
                attachments=[scan(kind) for kind in SCANS],
                steps=[
                    CaseStep(
                        at=now(), name="transfer", source=Stage.REGISTERED, target=Stage.IN_TRANSFER, note=""
                    )
                ]
                if stage is Stage.IN_TRANSFER
                else [],
            )
        return self._keep(found)

    def referrals(self, cases: dict[str, Case], units: dict[str, Unit]) -> dict[str, Referral]:
        found = {}
        for key, case, direction, to, state in (
            ("draft", "case", Direction.UP, "township", ReferralState.DRAFT),
            ("sent", "transfer_case", Direction.UP, "township", ReferralState.SENT),
            ("crossing", "county_case", Direction.DOWN, "other_township", ReferralState.SENT),
            ("far", "far_case", Direction.UP, "far_township", ReferralState.RECEIVED),
        ):
            unit = cases[case].unit
            found[f"{key}_referral"] = Referral(
                case=cases[case],
                direction=direction,
                unit=unit,
                path=unit.path,
                # What a county hands down need not come from a committee of its own.
                committee_id=None if key == "crossing" else cases[case].committee_id,
                to_unit=units[to],
                to_path=units[to].path,
                state=state,
                reason=self._first("referral_reason"),
            )
        return self._keep(found)

    def around(
        self,
        units: dict[str, Unit],
        committees: dict[str, Committee],
        mediators: dict[str, Mediator],
        experts: dict[str, Expert],
        cases: dict[str, Case],
    ) -> dict:
        """Visits, and what hangs on cases: near in the village, far in the other county."""
        found: dict = {}
        for key, where in (("visit", "village"), ("township_visit", "township"), ("far_visit", "far")):
            committee = committees[f"{where}_committee"]
            found[key] = Visit(
                visited_on=date(2026, 9, 1),
                committee_id=committee.id,
                unit=committee.unit,
                path=committee.path,
                receiver="陈主任",
                name="丙某",
                phone="13857922222",
                matter="邻居在公用过道堆放杂物",
                opinion=self._first("visit_opinion"),
            )
        for key, where in (("monthly", "village"), ("far_monthly", "far")):
            committee = committees[f"{where}_committee"]
            found[key] = Monthly(
                committee_id=committee.id,
                unit=committee.unit,
                path=committee.path,
                year=2023,
                month=5,
                screenings=4,
                prevented=1,
            )
        found |= self.screening(units, committees)
        found |= self.warnings(units, cases, found)
        near, far = cases["mediating_case"], cases["far_case"]
        for key, case, helper in (
            ("joint_assistance", near, {"unit": units["other_township"]}),
            ("expert_assistance", near, {"expert": experts["county_expert"]}),
            ("far_assistance", far, {"expert": experts["far_expert"]}),
        ):
            [thing] = helper.values()
            found[key] = Assistance(case=case, task="请到场协助", path=thing.path, asked_at=now(), **helper)
        for before, case, superior in (("", near, "county"), ("far_", far, "far_county")):
            held = {"case": case, "unit_id": case.unit_id, "path": case.path}
            found[f"{before}hand_over"] = HandOver(
                **held,
                committee_id=case.committee_id,
                way=Way.IN,
                agency_kind="03",
                agency="派出所",
                number="公调〔2026〕1号",
                sent_on=date(2026, 9, 2),
            )
            found[f"{before}urging"] = Urging(
                number=f"（2026）{units[superior].name}督字第0001号",
                about=About.CASE,
                about_id=case.id,
                subject=str(case),
                case=case,
                unit=units[superior],
                path=units[superior].path,
                to_unit_id=case.unit_id,
                to_path=case.path,
                committee_id=case.committee_id,
                reason="逾期未办结",
                due_on=date(2026, 9, 30),
                issued_at=now(),
            )
            found[f"{before}lookback"] = Lookback(
                **held,
                committee_id=case.committee_id,
                mediator_id=case.mediators[0].mediator_id,
                fault=Fault.LATE,
                happened_on=date(2026, 9, 20),
                explanation="超过办理期限。",
            )
        filed = cases["archived_case"]
        found["dossier"] = Dossier(
            number=f"（2026）{units['village'].name}人调卷字第0001号",
            title="甲某、乙某邻里纠纷",
            case=filed,
            filer="陈主任",
            filed_on=date(2026, 10, 8),
            retention="2",
            pages=12,
            unit_id=filed.unit_id,
            path=filed.path,
            committee_id=filed.committee_id,
        )
        return self._keep(found)

    def library(
        self, units: dict[str, Unit], committees: dict[str, Committee], cases: dict[str, Case]
    ) -> dict:
        found: dict = {}
        for before, state, which in (
            ("", TypicalState.DRAFT, "archived_case"),
            ("far_", TypicalState.PUBLISHED, "far_case"),
        ):
            town, committee = units[f"{before}township"], committees[f"{before or 'village_'}committee"]
            found[f"{before}assessment"] = Assessment(
                unit=town,
                path=town.path,
                title="某某老旧小区改造项目",
                kind=self._first("assessment_kind"),
                proposer="街道办事处",
                proposed_on=date(2026, 10, 12),
                content="改造三幢住宅，涉及住户一百二十户。",
            )
            at = {"unit": committee.unit, "path": committee.path, "committee": committee}
            found[f"{before}publicity"] = Publicity(
                **at,
                title="民法典进社区",
                held_on=date(2026, 10, 15),
                form=self._first("publicity_form"),
                place="文化礼堂",
                people=80,
                materials=120,
            )
            found[f"{before}typical_case"] = TypicalCase(
                **at,
                case=cases[which],
                title="邻里纠纷调解案",
                kind=self._first("dispute_kind"),
                state=state,
                brief="某甲与某乙因相邻关系发生争执。",
                course="调解员听取双方意见，讲清法律。",
                result="双方达成协议。",
                comment="先听后说，情理法并用。",
            )
        return self._keep(found)

    def screening(self, units: dict[str, Unit], committees: dict[str, Committee]) -> dict:
        found: dict = {}
        for before in ("", "far_"):
            county = {"unit": units[f"{before}county"], "path": units[f"{before}county"].path}
            found[f"{before}cadence"] = Cadence(
                **county,
                tier=Tier.VILLAGE,
                every=Every.WEEK,
                due_days=1,
                valid_from=date(2019, 1, 1),
                valid_until=date(2019, 12, 31),
            )
            found[f"{before}key_period"] = KeyPeriod(
                **county, name="国庆假期", since=date(2019, 10, 1), until=date(2019, 10, 7), due_days=0
            )
            found[f"{before}staffing_target"] = StaffingTarget(
                **county, aim=Aim.EACH_UNIT, tier=Tier.TOWNSHIP, number=2, year=2018, until_year=2018
            )
        for key, where, week, state, what in (
            ("reported_screening", "village", 2, ScreeningState.REPORTED, Found.SOMETHING),
            ("screening", "village", 9, ScreeningState.DUE, None),
            ("township_screening", "township", 2, ScreeningState.REPORTED, Found.NOTHING),
            ("far_screening", "far", 2, ScreeningState.REPORTED, Found.SOMETHING),
        ):
            committee = committees[f"{where}_committee"]
            since = date(2026, 11, week)
            found[key] = Screening(
                unit=committee.unit,
                path=committee.path,
                committee_id=committee.id,
                every=Every.WEEK,
                since=since,
                until=since + timedelta(days=6),
                due_on=since + timedelta(days=7),
                state=state,
                found=what,
                reported_on=since + timedelta(days=7) if what else None,
                screened_on=since + timedelta(days=6) if what else None,
                screeners="陈主任" if what else None,
            )
        for key, screening in (("find", "reported_screening"), ("far_find", "far_screening")):
            owed = found[screening]
            found[key] = Find(
                screening=owed,
                unit=owed.unit,
                path=owed.path,
                committee_id=owed.committee_id,
                found_on=owed.screened_on,
                kind=self._first("dispute_kind"),
                persons="丁某、戊某",
                people=2,
                place="村口水渠边",
                risk=self._first("case_risk"),
                story="两家为用水先后争吵，还没有动手。",
                responsible="陈主任",
                phone="13857933333",
            )
        return found

    def warnings(self, units: dict[str, Unit], cases: dict[str, Case], given: dict) -> dict:
        self._keep(given)
        found: dict = {}
        for before in ("", "far_"):
            where = units[f"{before}county"]
            found[f"{before}warning_rule"] = WarningRule(
                name="涉及十人以上",
                unit=where,
                path=where.path,
                sign=Sign.PEOPLE,
                least=10,
                severity=Severity.ORANGE,
                owner=Tier.TOWNSHIP,
                valid_from=date(2019, 1, 1),
                valid_until=date(2019, 12, 31),
            )
        for key, word, record, rule, owner in (
            ("warning", "case", cases["mediating_case"], "warning_rule", "township"),
            ("own_warning", "find", given["find"], "warning_rule", "village"),
            ("far_warning", "case", cases["far_case"], "far_warning_rule", "far_township"),
        ):
            found[key] = EarlyWarning(
                rule=found[rule],
                sign=Sign.PEOPLE,
                severity=Severity.ORANGE,
                raised_on=date(2026, 11, 2),
                words="甲某、乙某的邻里纠纷，涉及 12 人",
                unit=record.unit,
                path=record.path,
                committee_id=record.committee_id,
                owner=units[owner],
                owner_path=units[owner].path,
                due_on=date(2026, 11, 5),
                key=f"world:{key}",
                lines=[WarningLine(word=word, record_id=record.id, words="甲某、乙某的邻里纠纷")],
            )
        return found

    def evaluations(self, mediators: dict[str, Mediator]) -> dict[str, Evaluation]:
        found = {}
        for key, who, score in (
            ("evaluation", "mediator", Decimal("92.50")),
            ("colleague_evaluation", "colleague_mediator", Decimal("81")),
            ("other_evaluation", "other_mediator", Decimal("70")),
            ("far_evaluation", "far_mediator", Decimal("55.5")),
        ):
            mediator = mediators[who]
            found[key] = Evaluation(
                mediator=mediator,
                who=mediator.name,
                committee=mediator.committee,
                unit=mediator.unit,
                path=mediator.path,
                year=2025,
                half=Half.YEAR,
                score=score,
                level=level_of(score).label,
                evaluated_on=date(2026, 1, 15),
            )
        return self._keep(found)

    def subsidies(
        self, units: dict[str, Unit], committees: dict[str, Committee]
    ) -> dict[str, Rate | Budget | Subsidy]:
        """What is paid for a case and a post in the first county, and out of what."""
        found: dict[str, Rate | Budget | Subsidy] = {}
        for key, where, kind, amount in (
            ("rate", "county", SubsidyKind.CASE, 100),
            ("stipend_rate", "county", SubsidyKind.STIPEND, 1350),
            ("far_rate", "far_county", SubsidyKind.CASE, 80),
        ):
            stipend = kind is SubsidyKind.STIPEND
            found[key] = Rate(
                kind=kind,
                unit=units[where],
                path=units[where].path,
                amount=Decimal(amount),
                full_time="01" if stipend else None,
                per=Per.MONTH if stipend else None,
                outcome=None if stipend else Ended.SETTLED,
                valid_from=date(2025, 1, 1),
            )
        for key, where in (
            ("budget", "county"),
            ("town_budget", "township"),
            ("other_budget", "other_township"),
            ("far_budget", "far_county"),
        ):
            found[key] = Budget(
                year=2026,
                unit=units[where],
                path=units[where].path,
                funding_kind="03",
                funding_source="02",
                amount=Decimal(200_000),
            )
        for key, where, committee in (
            ("subsidy", "village", committees["village_committee"]),
            ("town_subsidy", "township", None),
            ("far_subsidy", "far_village", committees["far_committee"]),
            ("far_stipends", "far_village", committees["far_committee"]),
        ):
            found[key] = Subsidy(
                title=f"{units[where].name} 2026 年第 3 季度以案定补",
                kind=SubsidyKind.CASE,
                unit=units[where],
                path=units[where].path,
                committee_id=committee.id if committee else None,
                year=2026,
                period=3,
                state=SubsidyState.APPLIED if key == "far_subsidy" else SubsidyState.DRAFT,
            )
        return self._keep(found)

    def payments(self, cases: dict[str, Case], mediators: dict[str, Mediator]) -> dict[str, Payment]:
        """What was paid on paper before the panel."""
        return self._keep(
            {
                key: Payment(
                    case=cases[which],
                    mediator=mediators[who],
                    number=cases[which].number,
                    committee_id=cases[which].committee_id,
                    unit_id=cases[which].unit_id,
                    path=cases[which].path,
                    amount=Decimal(80),
                    paid_on=date(2026, 10, 9),
                )
                for key, which, who in (
                    ("payment", "other_case", "other_mediator"),
                    ("far_payment", "far_case", "far_mediator"),
                )
            }
        )

    def trainings(self, units: dict[str, Unit], mediators: dict[str, Mediator]) -> dict[str, Training]:
        found = {}
        for key, where, state, day, who in (
            ("", "township", TrainingState.HELD, date(2026, 3, 2), ("mediator", "colleague_mediator")),
            ("planned_", "county", TrainingState.PLANNED, date(2027, 3, 1), ("mediator",)),
            ("far_", "far_county", TrainingState.HELD, date(2026, 4, 7), ("far_mediator",)),
        ):
            held = state is TrainingState.HELD
            found[f"{key}training"] = Training(
                title=f"{units[where].name}人民调解员业务培训班",
                year=day.year,
                kind="02",
                level="4" if where == "township" else "3",
                unit=units[where],
                path=units[where].path,
                hours=Decimal(8),
                held_from=day,
                held_until=day,
                place="司法所会议室",
                state=state,
                attendances=[
                    Attendance(
                        mediator=mediators[each], mark=Mark.CAME if held else Mark.EXPECTED, hours=Decimal(8)
                    )
                    for each in who
                ],
            )
        return self._keep(found)

    def plans(self, units: dict[str, Unit], mediators: dict[str, Mediator]) -> dict[str, Any]:
        standard = Standard(
            name="专职调解员半年考核标准",
            kind=StandardKind.EVALUATION,
            subject=Subject.MEDIATOR,
            unit=units["city"],
            path=units["city"].path,
            state=StandardState.PUBLISHED,
            valid_from=date(2025, 1, 1),
            full=Decimal(100),
            levels=[
                StandardLevel(name=name, rank=rank, least_score=Decimal(least), coefficient=Decimal(worth))
                for rank, (name, least, worth) in enumerate(
                    (("不合格", 0, "0.5"), ("合格", 70, "0.8"), ("良好", 80, "1"), ("优秀", 90, "1.2")), 1
                )
            ],
            items=[
                StandardItem(
                    position=place,
                    label=label,
                    measure=measure,
                    way=way,
                    threshold=Decimal(threshold) if threshold else None,
                    points=Decimal(points),
                )
                for place, (label, measure, way, threshold, points) in enumerate(
                    (
                        ("结案", Measure.CASES_CLOSED, standards.Way.SHARE, 1, 50),
                        ("建档立卡", Measure.MANUAL, standards.Way.GIVEN, 0, 30),
                        ("民主评议", Measure.APPRAISAL, standards.Way.GIVEN, 0, 20),
                    ),
                    start=1,
                )
            ],
        )
        self._keep({"standard": standard})

        def plan(where: str, half: Half, state: PlanState) -> EvaluationPlan:
            return EvaluationPlan(
                title=f"{units[where].name}2026年{half.label}考核",
                standard=standard,
                unit=units[where],
                path=units[where].path,
                year=2026,
                half=half,
                state=state,
                since=date(2026, 1, 1),
                until=date(2026, 10, 31),
                drawn_on=date(2026, 11, 2) if state is PlanState.RUNNING else None,
            )

        running, mediator = plan("county", Half.SECOND, PlanState.RUNNING), mediators["township_mediator"]
        return self._keep(
            {
                "evaluation_plan": plan("county", Half.FIRST, PlanState.PREPARING),
                "running_plan": running,
                "far_plan": plan("far_county", Half.FIRST, PlanState.PREPARING),
            }
        ) | self._keep(
            {
                "evaluation_standard": standard,
                "drawn_evaluation": Evaluation(
                    plan=running,
                    mediator=mediator,
                    who=mediator.name,
                    committee=mediator.committee,
                    unit=mediator.unit,
                    path=mediator.path,
                    year=2026,
                    half=Half.SECOND,
                    state=EvaluationState.DRAWN,
                    items=[
                        EvaluationItem(
                            position=each.position,
                            label=each.label,
                            measure=each.measure,
                            way=each.way,
                            threshold=each.threshold,
                            points=each.points,
                            value=Decimal(1) if each.measure is Measure.CASES_CLOSED else None,
                            hit=1,
                            of=1,
                            behind=[],
                            got=each.points if each.measure is Measure.CASES_CLOSED else Decimal(0),
                        )
                        for each in standard.items
                    ],
                ),
            }
        )

    def form_templates(self, units: dict[str, Unit]) -> dict[str, FormTemplate]:
        return self._keep(
            {
                f"{before}form_template": FormTemplate(
                    word="agreement",
                    title="人民调解协议书",
                    unit=units[f"{before}county"],
                    path=units[f"{before}county"].path,
                    active=False,
                    file_name="协议书.docx",
                    uploaded_at=now(),
                    sha256="0" * 64,
                )
                for before in ("", "far_")
            }
        )

    def standards(self, units: dict[str, Unit]) -> dict[str, Standard]:
        return self._keep(
            {
                key: Standard(
                    name=name,
                    kind=StandardKind.GRADE,
                    subject=Subject.MEDIATOR,
                    unit=units[where],
                    path=units[where].path,
                    state=state,
                    valid_from=date(2026, 1, 1),
                    levels=[StandardLevel(name="四级", rank=1), StandardLevel(name="三级", rank=2)],
                    items=[
                        StandardItem(
                            position=place,
                            label=measure.label,
                            measure=measure,
                            way=way,
                            threshold=Decimal(threshold),
                            level=level,
                        )
                        for place, (measure, way, threshold, level) in enumerate(
                            (
                                (Measure.CASES_CLOSED, standards.Way.AT_LEAST, 1, None),
                                (Measure.CASES_CLOSED, standards.Way.AT_LEAST, 50, 2),
                                (Measure.ESCALATIONS, standards.Way.AT_MOST, 0, None),
                            ),
                            start=1,
                        )
                    ],
                )
                for key, name, where, state in (
                    ("draft_standard", "等级评定标准草稿", "county", StandardState.DRAFT),
                    ("city_standard", "等级评定标准", "city", StandardState.PUBLISHED),
                    ("standard", "等级评定标准", "county", StandardState.PUBLISHED),
                    ("far_standard", "等级评定标准", "far_county", StandardState.PUBLISHED),
                )
            }
        )

    def awards(self, units: dict[str, Unit], mediators: dict[str, Mediator], given: dict) -> dict:
        """Seasons with their rankings, and applications at every turn of their life."""
        found: dict = {}
        for before, state in (("", SeasonState.OPEN), ("far_", SeasonState.PREPARING)):
            where = units[f"{before}county"]
            found[f"{before}season"] = Season(
                name=f"{where.name}2026年等级评定",
                standard=given[f"{before}standard"],
                unit=where,
                path=where.path,
                until=date(2026, 9, 30),
                entries_until=date(2027, 12, 31),
                state=state,
                quotas=[Quota(unit_id=where.id, number=3)],
            )
        for key, who, state in (
            ("award", "mediator", AwardState.APPLIED),
            ("colleague_award", "colleague_mediator", AwardState.REVIEWED),
            ("other_award", "other_mediator", AwardState.NOTICED),
            ("granted_award", "township_mediator", AwardState.GRANTED),
            ("far_award", "far_mediator", AwardState.APPLIED),
        ):
            mediator, standard = mediators[who], given["far_standard" if key == "far_award" else "standard"]
            granted = state is AwardState.GRANTED
            found[key] = AwardApplication(
                kind=StandardKind.GRADE,
                standard=standard,
                mediator=mediator,
                committee=mediator.committee,
                whom=mediator.name,
                unit=mediator.unit,
                path=mediator.path,
                decided_path=standard.path,
                level="四级",
                rank=1,
                applied_on=date(2026, 10, 8),
                state=state,
                number="（2026）婺城区调评字第0001号" if granted else None,
                granted_on=date(2026, 11, 2) if granted else None,
                notice_from=date(2026, 10, 20) if state is AwardState.NOTICED else None,
                notice_until=date(2026, 10, 27) if state is AwardState.NOTICED else None,
                turn=1 if state is AwardState.NOTICED else 0,
            )
        kept = self._keep(found)
        self.session.add_all(
            _standing(kept["season"], each, place) for place, each in enumerate(mediators.values(), 1)
        )
        self.session.flush()
        return kept

    def parameters(self) -> dict[str, Parameter]:
        row = Parameter(setting=Setting.LARGEST_UPLOAD, value="20", valid_from=date(2026, 1, 1))
        return self._keep({"parameter": row})

    def users(
        self,
        units: dict[str, Unit],
        committees: dict[str, Committee],
        mediators: dict[str, Mediator],
        experts: dict[str, Expert],
    ) -> dict[str, User]:
        def post(role: Role, unit: str, committee: str = "", mediator: str = "") -> Post:
            return Post(
                expert=experts["county_expert"] if role is Role.EXPERT else None,
                role=role,
                unit=units[unit],
                committee=committees.get(f"{committee}_committee"),
                mediator=mediators.get(mediator),
            )

        posts = {
            "owner": [post(Role.MEDIATOR, "village", "village", "mediator")],
            "colleague": [post(Role.MEDIATOR, "village", "village", "colleague_mediator")],
            "director": [post(Role.COMMITTEE, "village", "village")],
            "office": [post(Role.OFFICE, "township")],
            "stranger": [post(Role.MEDIATOR, "other_village", "other", "other_mediator")],
            "other_office": [post(Role.OFFICE, "other_township")],
            "bureau_county": [post(Role.BUREAU, "county")],
            "bureau_far": [post(Role.BUREAU, "far_county")],
            "bureau_city": [post(Role.BUREAU, "city")],
            "inspector": [post(Role.INSPECTOR, "county")],
            "auditor": [post(Role.AUDITOR, "city")],
            "sysadmin": [post(Role.SYSADMIN, "city")],
            "expert": [post(Role.EXPERT, "county")],
            "two_posts": [post(Role.COMMITTEE, "village", "village"), post(Role.OFFICE, "far_township")],
            "unfinished": [post(Role.MEDIATOR, "village"), post(Role.COMMITTEE, "village")],
            "nobody": [],
            "inactive": [post(Role.BUREAU, "city")],
            "warden": [post(Role.OFFICE, "other_township")],
            "minder": [post(Role.COMMITTEE, "county", "county")],
        }
        return self._keep(
            {
                who: User(
                    username=who,
                    name=f"{who} 用户",
                    active=who != "inactive",
                    password_hash=_hashed(),
                    must_change_password=False,
                    session_stamp=who,
                    posts=given,
                )
                for who, given in posts.items()
            }
        )

    def meetings(self, units: dict[str, Unit], cases: dict[str, Case]) -> dict:
        found: dict = {}
        for before in ("", "far_"):
            county = units[f"{before}county"]
            found[f"{before}meeting_rule"] = MeetingRule(
                unit=county,
                path=county.path,
                tier=Tier.TOWNSHIP,
                kind="01",
                valid_from=date(2019, 1, 1),
                valid_until=date(2019, 12, 31),
            )
        for key, lead, members, state, about in (
            ("meeting", "township", ("village", "other_township"), MeetingState.CALLED, "mediating_case"),
            ("held_meeting", "county", ("township",), MeetingState.HELD, None),
            ("far_meeting", "far_township", ("far_village",), MeetingState.HELD, "far_case"),
        ):
            found[key] = Meeting(
                title=f"{units[lead].name}人民调解工作例会",
                kind="01",
                unit=units[lead],
                path=units[lead].path,
                held_on=date(2026, 10, 12),
                state=state,
                minutes="通报上月情况。" if state is MeetingState.HELD else None,
                members=[Member(unit=units[each], path=units[each].path) for each in members],
                agenda=[AgendaItem(topic="研判纠纷", case_id=cases[about].id if about else None)],
            )
        for key, meeting, where in (
            ("meeting_task", "held_meeting", "township"),
            ("far_meeting_task", "far_meeting", "far_village"),
        ):
            found[key] = MeetingTask(
                meeting=found[meeting],
                unit=units[where],
                path=units[where].path,
                lead_path=found[meeting].path,
                what="报送第四季度排查方案",
                due_on=date(2026, 10, 30),
            )
        return self._keep(found)

    def circulars(self, units: dict[str, Unit]) -> dict[str, Circular]:
        found = {}
        for key, sender, to, state in (
            ("circular", "county", "township", CircularState.SENT),
            ("draft_circular", "county", "township", CircularState.DRAFT),
            ("far_circular", "far_county", "far_township", CircularState.SENT),
        ):
            found[key] = Circular(
                title=f"{units[sender].name}{'工作' if key != 'draft_circular' else '排查'}情况通报",
                kind="01",
                unit=units[sender],
                path=units[sender].path,
                text="各单位排查调处情况如下。",
                state=state,
                sent_at=now() if state is CircularState.SENT else None,
                recipients=[Recipient(unit_id=units[to].id, path=units[to].path, whole=True)],
            )
        kept = self._keep(found)
        for key, below in (
            ("circular", ("township", "village", "next_village", "grid")),
            ("far_circular", ("far_township", "far_village")),
        ):
            self.session.add_all(
                Receipt(circular_id=kept[key].id, unit_id=units[each].id, path=units[each].path)
                for each in below
            )
        self.session.flush()
        return kept

    def major_reports(self, units: dict[str, Unit], cases: dict[str, Case]) -> dict[str, MajorReport]:
        found = {}
        for key, case, to, state in (
            ("major_report", "case", "township", ReportState.DUE),
            ("far_major_report", "far_case", "far_township", ReportState.SENT),
        ):
            sent = state is ReportState.SENT
            major_at = now()
            found[key] = MajorReport(
                title=str(cases[case]),
                cause="重大纠纷",
                case_id=cases[case].id,
                unit=cases[case].unit,
                path=cases[case].path,
                committee_id=cases[case].committee_id,
                to_unit=units[to],
                to_path=units[to].path,
                state=state,
                major_at=major_at,
                hours=24,
                due_at=major_at + timedelta(hours=24),
                reported_at=major_at if sent else None,
                late=0 if sent else None,
                bulletins=[
                    Bulletin(
                        kind=BulletinKind.FIRST,
                        situation="十余人聚集争吵。",
                        measures="已到现场劝离。",
                        sent_at=major_at,
                        author="陈主任",
                    )
                ]
                if sent
                else [],
            )
        return self._keep(found)

    def areas(self, units: dict[str, Unit], users: dict[str, User]) -> dict[str, Area]:
        return self._keep(
            {
                key: Area(
                    user=users[who],
                    unit=units[where],
                    path=units[where].path,
                    title=f"{users[who].name} · {units[where].name}",
                    valid_from=date(2025, 1, 1),
                    valid_until=date(2025, 12, 31) if key == "ended_area" else None,
                )
                for key, who, where in (
                    ("area", "warden", "township"),
                    ("minder_area", "minder", "township"),
                    ("ended_area", "other_office", "township"),
                    ("far_area", "warden", "far_township"),
                )
            }
        )


def scan(kind: str) -> Attachment:
    """What every case has, so that each may be closed: tests of what is missing take it out."""
    return Attachment(
        kind=kind,
        title=f"{SCANS.get(kind, kind)}.pdf",
        pages=1,
        size=len(SCAN),
        media_type="application/pdf",
        extension=".pdf",
        sha256=sha256(SCAN).hexdigest(),
        uploaded_at=now(),
        uploader="陈主任",
    )


def _standing(season: Season, mediator: Mediator, place: int) -> Standing:
    """A line of a ranking."""
    return Standing(
        season_id=season.id,
        mediator_id=mediator.id,
        committee_id=mediator.committee_id,
        path=mediator.path,
        points=Decimal(90 - place),
        rank=1,
        place=place,
        verdicts=[["结案", "3 件", True, None, None], ["调解成功率", "90 %", None, None, "9.00"]],
    )


@cache
def _hashed() -> str:
    """Everyone's password; hashing is slow on purpose, so it is done once."""
    user = User(username="anyone")
    set_password(user, PASSWORD, must_change=False)
    return user.password_hash
