"""The panel: Flask-Admin mounts a view for each register, and keeps the menu."""

from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any

from flask import Flask, request
from flask_admin import Admin

from admin_app import policy
from admin_app.models.registry import GROUPS, in_menu_order
from admin_app.views.accountability import AccountabilityView
from admin_app.views.areas import AreasView, AreaView
from admin_app.views.awards import AwardView, CertificatesView
from admin_app.views.budgets import BudgetView
from admin_app.views.cases import CaseView
from admin_app.views.circulars import CircularView
from admin_app.views.doors import person
from admin_app.views.evaluation_plans import EvaluationPlanView
from admin_app.views.evaluations import EvaluationView
from admin_app.views.figures import FiguresView
from admin_app.views.finds import FindView
from admin_app.views.found import HOW
from admin_app.views.home import HomeView
from admin_app.views.imports import ImportsView
from admin_app.views.inbox import InboxView, menu_count
from admin_app.views.jobs import JobsView
from admin_app.views.ledgers import LedgersView
from admin_app.views.log import LogView
from admin_app.views.major_reports import MajorReportView
from admin_app.views.mediators import MediatorView
from admin_app.views.meetings import MeetingsView, MeetingTaskView, MeetingView
from admin_app.views.months import MonthlyView
from admin_app.views.network import NetworkView
from admin_app.views.notices import NoticesView, waiting
from admin_app.views.papers import PapersView
from admin_app.views.parameters import ParameterView
from admin_app.views.registers import RegisterView
from admin_app.views.screenings import BoardView, ScreeningView
from admin_app.views.screens import entries
from admin_app.views.search import SearchView
from admin_app.views.seasons import SeasonView
from admin_app.views.sign_in import SignInView
from admin_app.views.standards import StandardView
from admin_app.views.subsidies import SubsidyView
from admin_app.views.templates import FormTemplateView, TemplatesView
from admin_app.views.training_hours import TrainingHoursView
from admin_app.views.trainings import TrainingView
from admin_app.views.typical_cases import TypicalCaseView
from admin_app.views.urgings import UrgingView
from admin_app.views.users import UserView
from admin_app.views.visits import VisitView
from admin_app.views.warnings import WarningRuleView, WarningView
from admin_app.views.window import WindowView

# (group, (label, endpoint, address) of each entry)
Groups = tuple[tuple[str, tuple[tuple[str, str, str], ...]], ...]
SPECIAL = {
    "area": AreaView,
    "award": AwardView,
    "budget": BudgetView,
    "case": CaseView,
    "circular": CircularView,
    "evaluation": EvaluationView,
    "evaluation_plan": EvaluationPlanView,
    "find": FindView,
    "form_template": FormTemplateView,
    "major_report": MajorReportView,
    "mediator": MediatorView,
    "meeting": MeetingView,
    "meeting_task": MeetingTaskView,
    "monthly": MonthlyView,
    "parameter": ParameterView,
    "screening": ScreeningView,
    "training": TrainingView,
    "standard": StandardView,
    "season": SeasonView,
    "subsidy": SubsidyView,
    "urging": UrgingView,
    "typical_case": TypicalCaseView,
    "user": UserView,
    "visit": VisitView,
    "warning": WarningView,
    "warning_rule": WarningRuleView,
}


def mount(app: Flask) -> None:
    """Mount every view. Flask-Admin's own static files are not needed, and no door opens them."""
    admin = Admin(app, name="和事台", url="/", index_view=HomeView(name="待办", endpoint="home", url="/"))
    for group in GROUPS:
        admin.add_category(group)
    for register in in_menu_order():
        admin.add_view(SPECIAL.get(register.word, RegisterView)(register))
    admin.add_view(
        CertificatesView(name="核验证书", category="考评", endpoint="certificates", url="/certificates")
    )
    admin.add_view(LedgersView(name="台账下载", category="台账", endpoint="ledgers", url="/ledgers"))
    admin.add_view(BoardView(name="排查情况", category="排查预防", endpoint="screenings", url="/screenings"))
    admin.add_view(NetworkView(name="网络和配备", category="组织队伍", endpoint="network", url="/network"))
    admin.add_view(AreasView(name="分片情况", category="组织队伍", endpoint="areas", url="/areas"))
    admin.add_view(
        AccountabilityView(
            name="责任倒查情况", category="考评", endpoint="accountability", url="/accountability"
        )
    )
    admin.add_view(MeetingsView(name="例会情况", category="排查预防", endpoint="meetings", url="/meetings"))
    admin.add_view(FiguresView(name="统计", category="台账", endpoint="figures", url="/figures"))
    admin.add_view(ImportsView(name="导入", category="台账", endpoint="imports", url="/imports"))
    admin.add_view(
        TrainingHoursView(name="学时达标", category="考评", endpoint="training_hours", url="/training-hours")
    )
    admin.add_view(PapersView(name="文书", endpoint="papers", url="/papers"))
    admin.add_view(
        TemplatesView(name="文书模板", category="系统设置", endpoint="templates", url="/templates")
    )
    admin.add_view(LogView(name="日志", category="系统设置", endpoint="log", url="/log"))
    admin.add_view(SignInView(name="登录", endpoint="sign_in", url="/sign-in"))
    admin.add_view(WindowView(name="群众窗口", endpoint="window", url="/window"))
    admin.add_view(SearchView(name="搜索", endpoint="search", url="/search"))
    admin.add_view(InboxView(name="待办", endpoint="inbox", url="/inbox"))
    admin.add_view(JobsView(name="后台任务", endpoint="jobs", url="/jobs"))
    admin.add_view(NoticesView(name="通知", endpoint="notices", url="/notices"))
    read = lru_cache(maxsize=512)(lambda standing, root: _groups(admin))

    def shown() -> dict[str, Any]:
        user = person()
        groups = read(policy.Standing.of(user), request.root_path) if user else ()
        return {"menu": menu(groups), "waiting": waiting, "how_to_search": HOW}

    app.context_processor(shown)


def _groups(admin: Admin) -> Groups:
    """What this person may open. Every page shows it, so it is put together once for each standing."""
    return tuple(
        (group, tuple((each.name, each._view.endpoint, each.get_url()) for _, each in found))
        for group, found in groupby(entries(admin), key=itemgetter(0))
    )


def menu(groups: Groups) -> list[dict[str, Any]]:
    """[{label, items: [{label, url, current, count}]}]: where one is, and what waits."""
    here = (request.endpoint or "").rpartition(".")[0]
    return [
        {
            "label": group,
            "items": [
                {
                    "label": label,
                    "url": url,
                    "current": here == endpoint,
                    "count": menu_count() if endpoint == "home" else None,
                }
                for label, endpoint, url in items
            ],
        }
        for group, items in groups
    ]
