"""A made-up case, visit and application: what previews show, and what an uploaded template is tried with.

Nothing of it is ever saved; its people and numbers do not exist.
"""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.orm.attributes import set_committed_value

from admin_app.documents.form import (
    AWARDS,
    CIRCULARS,
    EVALUATIONS,
    MEDIATORS,
    MEETINGS,
    SUBSIDIES,
    Form,
    Source,
)
from admin_app.models.attachments import Attachment
from admin_app.models.awards import AwardApplication
from admin_app.models.cases import Case, CaseMediator, Party
from admin_app.models.circulars import Circular, Recipient
from admin_app.models.committees import Committee
from admin_app.models.dossiers import Dossier
from admin_app.models.evaluation_plans import EvaluationPlan
from admin_app.models.evaluations import Evaluation, EvaluationItem
from admin_app.models.follow_ups import FollowUp
from admin_app.models.hand_overs import HandOver
from admin_app.models.mediators import Appointment, Award, Mediator
from admin_app.models.meetings import AgendaItem, Meeting, MeetingTask, Member
from admin_app.models.referrals import Referral
from admin_app.models.sessions import CaseSession
from admin_app.models.standards import Standard
from admin_app.models.subsidies import Subsidy, SubsidyItem, SubsidyShare
from admin_app.models.units import Unit
from admin_app.models.visits import Visit
from admin_app.rules import standards
from admin_app.rules.awards import AwardState
from admin_app.rules.cases import WRITTEN, Stage
from admin_app.rules.circulars import CircularState
from admin_app.rules.dates import SHANGHAI
from admin_app.rules.evaluations import EvaluationState, Half
from admin_app.rules.hand_overs import Way
from admin_app.rules.measures import Measure
from admin_app.rules.mediators import MediatorStatus
from admin_app.rules.meetings import MeetingState
from admin_app.rules.standards import StandardKind
from admin_app.rules.subsidies import ItemState, SubsidyState


def sample_of(form: Form) -> tuple[Case | None, Any]:
    """The made-up case and its line that fit the form; what hangs on no case stands alone."""
    if form.source.alone:
        return None, _ALONE.get(form.source, sample_visit)()
    case = sample_case()
    lines = form.source.lines(case) if form.source.lines else [None]
    fitting = [line for line in lines if form.applies(case, line)]
    return case, (fitting or list(lines))[0]


def sample_case() -> Case:
    """A quarrel about a dripping roof, from registering to the filed dossier."""
    unit = Unit(name="样例街道")
    committee = Committee(name="样例社区人民调解委员会", unit=unit)
    return Case(
        number="（2026）样例人调字第0001号",
        committee=committee,
        unit=unit,
        names="赵一、钱二",
        kind="2",
        source="1",
        difficulty="1",
        stage=Stage.SETTLED,
        registered_on=date(2026, 3, 2),
        accepted_on=date(2026, 3, 3),
        brief="双方是邻居。因屋檐滴水流入对方院内，多次发生争执。\n2026年3月1日双方再次争吵，申请人要求解决。",
        claims="请求被申请人改装檐沟。\n请求被申请人赔偿墙面修补费。",
        mediated_on=date(2026, 3, 5),
        place="样例社区调解室",
        rights_told_on=date(2026, 3, 3),
        result="1",
        form=WRITTEN,
        agreement_number="（2026）样例人调字第0001号",
        agreed_on=date(2026, 3, 10),
        responsibility="被申请人承担主要责任。",
        agreement="一、被申请人在十日内改装檐沟。\n二、被申请人赔偿申请人墙面修补费1200元。",
        performance="07",
        perform_by=date(2026, 3, 20),
        amount=Decimal("1200.00"),
        fulfilment="03",
        fulfilled_on=date(2026, 3, 18),
        closed_on=date(2026, 3, 25),
        closing_report="经两次调解达成协议，已全部履行。",
        decline_reason="99",
        told_channel="向人民法院起诉",
        end_reason="99",
        parties=_parties(),
        mediators=[CaseMediator(mediator=Mediator(name="孙三"))],
        sessions=_sessions(),
        follow_ups=[
            FollowUp(
                visited_on=date(2026, 4, 10),
                visited="赵一",
                place="赵一家中",
                fulfilment="03",
                satisfied="01",
                situation="檐沟已改装，赔偿款已付清，双方和好。",
                visitor="孙三",
            )
        ],
        attachments=[Attachment(kind="07", title="墙面照片", pages=2)],
        referrals=[_referral(unit)],
        hand_overs=[_hand_over()],
        dossiers=[
            Dossier(
                number="2026-0001",
                filer="李四",
                filed_on=date(2026, 3, 28),
                checker="周五",
                retention="2",
                pages=18,
                remark="本卷共18页，材料齐全。",
            )
        ],
    )


def _parties() -> list[Party]:
    return [
        Party(
            side="01", kind="01", name="赵一", sex="1", ethnicity="01", birth_on=date(1960, 1, 2),
            occupation="农民", id_kind="111", id_number="330000196001020017", phone="13800000001",
            address="样例市样例街道样例社区1号", agent="赵小一", agent_phone="13800000003",
        ),
        Party(
            side="02", kind="01", name="钱二", sex="2", ethnicity="01", birth_on=date(1971, 5, 6),
            occupation="个体户", id_kind="111", id_number="330000197105060028", phone="13800000002",
            address="样例市样例街道样例社区2号",
        ),
    ]  # fmt: skip


def _sessions() -> list[CaseSession]:
    return [
        CaseSession(
            kind="02", held_on=date(2026, 3, 4), place="赵一家院内", present="社区网格员", asked="邻居吴某",
            record="问：你看到什么？\n答：下雨时水从檐口流到隔壁院里。", recorder="李四",
        ),
        CaseSession(
            kind="01", held_on=date(2026, 3, 5), place="样例社区调解室", present="社区网格员",
            record="双方陈述了经过。\n调解员讲解了相邻关系的法律规定，双方同意协商。",
            result="1", recorder="李四",
        ),
    ]  # fmt: skip


def _referral(unit: Unit) -> Referral:
    return Referral(
        number="（2026）转字第1号",
        unit=unit,
        to_unit=Unit(name="样例区"),
        reason="02",
        explanation="涉及房屋结构，需要专业意见。",
        demand="请组织专家查看后调处。",
        due_on=date(2026, 3, 24),
        sent_at=datetime(2026, 3, 4, 9, tzinfo=SHANGHAI),
        received_at=datetime(2026, 3, 5, 9, tzinfo=SHANGHAI),
        answered_at=datetime(2026, 3, 12, 9, tzinfo=SHANGHAI),
        answer="已现场查看，双方达成协议。",
    )


def _hand_over() -> HandOver:
    return HandOver(
        way=Way.IN,
        agency_kind="03",
        agency="样例派出所",
        number="（2026）移调字第1号",
        sent_on=date(2026, 3, 2),
        contact="吴警官 13800000004",
        explanation="双方因滴水争吵报警，未造成伤害。",
        enclosed="接处警登记表一份",
        agreed=True,
        due_on=date(2026, 4, 1),
        answer="已调解成功。",
        answered_on=date(2026, 3, 26),
    )


def sample_award() -> AwardApplication:
    """A grade that was granted."""
    unit = Unit(name="样例区")
    return AwardApplication(
        kind=StandardKind.GRADE,
        whom="李四",
        committee=Committee(name="样例社区人民调解委员会", unit=unit),
        standard=Standard(name="样例区人民调解员等级评定办法", edition=1),
        level="三级",
        score=Decimal("86.50"),
        state=AwardState.GRANTED,
        notice_from=date(2026, 3, 2),
        notice_until=date(2026, 3, 9),
        granted_on=date(2026, 3, 10),
        number="（2026）样例区调评字第0001号",
        check_code="ABCD-EFGH-2345",
        valid_until=date(2028, 3, 9),
    )


def sample_mediator() -> Mediator:
    """Who mediates it."""
    return Mediator(
        name="孙三",
        sex="1",
        birth_on=date(1975, 6, 7),
        ethnicity="01",
        education="30",
        politics="01",
        committee=Committee(name="样例社区人民调解委员会"),
        position="03",
        full_time="01",
        status=MediatorStatus.APPOINTED,
        started_on=date(2018, 3, 1),
        id_number="330000197506070036",
        phone="13800000004",
        address="样例市样例街道样例社区3号",
        introduction="从事人民调解工作多年，群众信任。",
        appointments=[Appointment(since=date(2025, 3, 1), until=date(2028, 2, 29))],
        awards=[Award(awarded_on=date(2025, 12, 1), kind="01", level="04", title="先进人民调解员")],
    )


def sample_evaluation() -> Evaluation:
    """Half a year of theirs, as it was judged."""
    return Evaluation(
        who="孙三",
        year=2026,
        half=Half.FIRST,
        state=EvaluationState.FINAL,
        score=Decimal("92.50"),
        level="优秀",
        coefficient=Decimal("1.20"),
        evaluated_on=date(2026, 7, 20),
        comment="工作负责，群众满意。",
        committee=Committee(name="样例社区人民调解委员会"),
        plan=EvaluationPlan(title="2026 年上半年专职调解员考核"),
        items=[
            EvaluationItem(
                position=1,
                label="调解成功率",
                measure=Measure.SUCCESS_RATE,
                way=standards.Way.SHARE,
                threshold=Decimal(85),
                points=Decimal(40),
                value=Decimal(92),
                got=Decimal(40),
            )
        ],
    )


def sample_subsidy() -> Subsidy:
    """What they are paid for a case."""
    item = SubsidyItem(
        standing=ItemState.DUE,
        amount=Decimal(200),
        cut=Decimal(0),
        committee=Committee(name="样例社区人民调解委员会"),
        case=Case(number="（2026）样例人调字第0001号", names="赵一、钱二"),
        shares=[SubsidyShare(mediator=Mediator(name="孙三"), amount=Decimal(200))],
    )
    batch = Subsidy(
        title="样例街道 2026 年第 1 季度以案定补",
        unit=Unit(name="样例街道"),
        counted=1,
        total=Decimal(200),
        state=SubsidyState.NOTICED,
        noticed_on=date(2026, 4, 10),
        notice_until=date(2026, 4, 17),
    )
    set_committed_value(batch, "items", [item])
    return batch


def sample_visit() -> Visit:
    """Somebody comes about the same quarrel."""
    return Visit(
        visited_on=date(2026, 3, 2),
        receiver="孙三（人民调解员）",
        people=1,
        name="赵一",
        sex="1",
        birth_on=date(1960, 1, 2),
        id_number="330000196001020017",
        phone="13800000001",
        address="样例市样例街道样例社区1号",
        counterpart="钱二",
        kind="2",
        matter="邻居屋檐滴水流入院内，要求调解。",
        opinion="01",
        outcome="已登记为案件。",
    )


def sample_meeting() -> Meeting:
    """The month's meeting of a township."""
    return Meeting(
        title="样例街道3月人民调解工作例会",
        kind="01",
        unit=Unit(name="样例街道"),
        held_on=date(2026, 3, 12),
        at="上午9:00",
        place="样例街道三楼会议室",
        host="李四",
        guests="样例派出所",
        state=MeetingState.HELD,
        present="李四、孙三、周五",
        recorder="周五",
        minutes="一、通报上月受理和调解情况。\n二、研判屋檐滴水纠纷，议定先请专家查看房屋结构。",
        members=[Member(unit=Unit(name="样例社区"), came=True)],
        agenda=[AgendaItem(topic="上月工作情况"), AgendaItem(topic="屋檐滴水纠纷研判")],
        tasks=[MeetingTask(what="请专家查看房屋结构", responsible="孙三", due_on=date(2026, 3, 20))],
    )


def sample_circular() -> Circular:
    """What a district tells its townships."""
    return Circular(
        title="关于一季度矛盾纠纷排查调处情况的通报",
        kind="01",
        number="样例调通〔2026〕1号",
        unit=Unit(name="样例区"),
        text="一季度各乡镇街道按期排查，调解成功率稳步提高。\n请各单位继续做好节假日期间的排查。",
        state=CircularState.SENT,
        sent_at=datetime(2026, 4, 2, 9, tzinfo=SHANGHAI),
        recipients=[Recipient(whole=True)],
    )


_ALONE: dict[Source, Callable[[], Any]] = {
    AWARDS: sample_award,
    MEDIATORS: sample_mediator,
    MEETINGS: sample_meeting,
    CIRCULARS: sample_circular,
    EVALUATIONS: sample_evaluation,
    SUBSIDIES: sample_subsidy,
}
