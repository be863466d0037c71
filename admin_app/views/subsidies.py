"""The register of subsidy batches, with what only it has: items, the public notice, large draws as jobs."""

from decimal import Decimal, InvalidOperation
from typing import Any

from flask import flash, redirect, request, url_for
from flask_admin import expose

from admin_app import policy
from admin_app.database import db
from admin_app.models.budgets import Budget
from admin_app.models.cases import Case
from admin_app.models.fields import field_of
from admin_app.models.parameters import whole as parameter
from admin_app.models.subsidies import Subsidy, SubsidyItem
from admin_app.models.users import User
from admin_app.models.wording import wording
from admin_app.operations import jobs, subsidies, subsidy_draws, subsidy_items
from admin_app.operations.budgets import spent_of
from admin_app.rules.dates import today
from admin_app.rules.parameters import Setting
from admin_app.rules.rates import SubsidyKind
from admin_app.rules.refusals import NotNow, Refusal
from admin_app.rules.steps import Step
from admin_app.rules.subsidies import CHANGING, ItemState, Refused, SubsidyState
from admin_app.views.addresses import address
from admin_app.views.doors import opens, signed_in
from admin_app.views.papers import SUBSIDY_PAPER
from admin_app.views.registers import RegisterView
from admin_app.views.registers.reading import remark
from admin_app.views.typed import clean, whole

MOST_AT_ONCE = 300  # more are drawn by a job
LONGEST_REASON = 200
PUBLIC = (SubsidyState.REVIEWED, SubsidyState.NOTICED, SubsidyState.PAID)
BOOKS = {
    SubsidyKind.CASE: (("subsidy-application", "申报表"), ("subsidy-payment", "发放表")),
    SubsidyKind.STIPEND: (("stipend-payment", "发放表"),),
}


class SubsidyView(RegisterView):
    """Subsidy batches."""

    def extra_acts(self) -> list[Any]:
        return [SUBSIDY_PAPER]

    def _acts(self, user: User, record: Any) -> dict[str, Any]:
        """A paper that cannot be made yet is not offered."""
        acts = super()._acts(user, record)
        if SUBSIDY_PAPER.form.applies(None, record):
            return acts
        return {**acts, "more": [each for each in acts["more"] if each["label"] != SUBSIDY_PAPER.label]}

    def tabs_of(self, record: Subsidy) -> list[tuple[str, str]]:
        first, *rest = super().tabs_of(record)
        public = [("notice_sheet", "公示")] if record.state in PUBLIC else []
        return [first, ("items", "明细"), *public, *rest]

    def first_values(self) -> dict[str, Any]:
        """The quarter that ended last, of the person's own unit; a director's own committee."""
        day = today()
        year, quarter = (day.year, (day.month - 1) // 3) if day.month > 3 else (day.year - 1, 4)
        posts = [post for post in signed_in().posts if policy.may(signed_in(), "subsidy.create", post.unit)]
        post = posts[0] if posts else None
        whose = {"unit_id": post.unit_id, "committee_id": post.committee_id} if post else {}
        return {"kind": SubsidyKind.CASE, "year": year, "period": quarter, **whose}

    # ------------------------------------------------------------ what is said above

    def _steps(self, user: User, record: Subsidy) -> list[Step[Any]]:
        """Answering is offered while something waits for an answer."""
        waits = any(not each.answer for each in record.objections)
        return [each for each in super()._steps(user, record) if waits or each.name != "answer"]

    def remarks(self, record: Subsidy) -> list[dict[str, Any]]:
        return [*self._aside(record), *self._reopened(record), *self._notice_days(record)]

    def _aside(self, subsidy: Subsidy) -> list[dict[str, Any]]:
        """Whoever applies or is paid does not review: the buttons are not there, and this says why."""
        user, needed = signed_in(), CHANGING.get(subsidy.state)
        if needed in (None, "apply") or policy.may(user, f"subsidy.{needed}", subsidy):
            return []
        if not policy.may(user, f"subsidy.{needed}"):
            return []
        return [remark("您申报了这一批，或者要领这一批的补贴，按规定回避，请由别人审核、发放。", tone="warn")]

    def _reopened(self, subsidy: Subsidy) -> list[dict[str, Any]]:
        found = subsidies.reopened(db.session, subsidy)
        if not found:
            return []
        paid = "已经发放" if subsidy.state is SubsidyState.PAID else "已经列入"
        links = [(str(each), url_for("case.detail", record_id=each.id)) for each in self._opened(found)[:5]]
        return [remark(f"有 {len(found)} 件案件{paid}，现在又重新调解，请核实：", *links, tone="bad")]

    def _opened(self, cases: list[Case]) -> list[Case]:
        return [each for each in cases if policy.may(signed_in(), "case.open", each)]

    def _notice_days(self, subsidy: Subsidy) -> list[dict[str, Any]]:
        if subsidy.state is not SubsidyState.NOTICED or subsidy.notice_until is None:
            return []
        over = subsidy.notice_until < today()
        words = "公示期满，可以发放。" if over else f"公示到 {subsidy.notice_until:%Y-%m-%d}，期满才能发放。"
        return [remark(words)]

    def hints(self, record: Subsidy, row: Step[Any]) -> list[str]:
        before = super().hints(record, row)
        match row.name:
            case "draw":
                return [*before, "重新提取会把原来的明细连同核减一起换掉。提取只看，申报以后才送审。"]
            case "apply":
                words = f"共 {record.counted} 项，合计 {record.total:,.2f} 元。"
                return [*before, f"{words}申报以后不能再改，可以撤回。"]
            case "notice":
                days = parameter(db.session, Setting.SUBSIDY_NOTICE_DAYS)
                return [*before, f"公示 {days} 个工作日。公示表在“公示”一栏，可以打印张贴。"]
            case "pay":
                return [*before, *self._budgets(record)]
        return before

    def _budgets(self, subsidy: Subsidy) -> list[str]:
        """What is left in the budgets that may be chosen."""
        session = db.session
        seen = policy.visible(Budget, signed_in(), "budget.see")
        rows = session.query(Budget).where(seen, Budget.removed_at.is_(None), Budget.year >= subsidy.year)
        found = [each for each in rows.order_by(Budget.year, Budget.id) if subsidy.is_under(each.path)]
        spent = spent_of(session, [each.id for each in found])
        words = [f"{each}，还剩 {each.amount - spent.get(each.id, Decimal(0)):,.2f} 元" for each in found[:6]]
        if not words:
            return ["还没有可以列支的预算，请先到“经费预算”里添加。"]
        short = [each for each in found if each.amount - spent.get(each.id, Decimal(0)) >= subsidy.total]
        return [
            f"这一批合计 {subsidy.total:,.2f} 元。可以列支的预算：{'；'.join(words)}。",
            *([] if short else ["这些预算都不够付这一批，付了会超支，请先核实。"]),
        ]

    # ------------------------------------------------------------ large draws

    def _take(self, record: Subsidy, row: Step[Any]) -> Any:
        session = db.session
        if row.name != "draw" or subsidy_draws.candidates(session, record) <= MOST_AT_ONCE:
            return super()._take(record, row)
        job = jobs.ask(
            session, signed_in(), "subsidy_draw", {"subsidy": record.id}, label=f"提取补贴明细：{record}"
        )
        flash("这一批比较多，已交给后台提取，好了会通知您。", "ok")
        return redirect(url_for("jobs.job", record_id=job.id))

    # ------------------------------------------------------------ items

    @expose("/<int:record_id>/items")
    @opens("open")
    def items(self, record_id: int) -> str:
        """The items, page by page: those that are paid for, and those that are not, with the reasons."""
        subsidy = self.find(record_id)
        counts = subsidy_items.counts(db.session, subsidy)
        standing = self._asked(counts)
        number = max(whole(request.args.get("page")) or 1, 1)
        found = subsidy_items.page(db.session, subsidy, standing, number)
        pages = -(-counts.get(standing, 0) // subsidy_items.SIZE)
        return self.render(
            "subsidy_items.html",
            crumbs=self._crumbs(subsidy, "明细"),
            title=str(subsidy),
            tabs=self._tabs(subsidy, "items"),
            standings=[
                {
                    "label": each.label,
                    "count": count,
                    "current": each is standing,
                    "url": self._at(subsidy, each),
                }
                for each, count in counts.items()
            ],
            rows=[self._item_row(subsidy, each) for each in found],
            total=f"{subsidy.total:,.2f}",
            counted=subsidy.counted,
            books=self._books(subsidy),
            older=self._at(subsidy, standing, number + 1) if number < pages else None,
            newer=self._at(subsidy, standing, number - 1) if number > 1 else None,
            page=number,
            pages=pages,
            refused=standing is ItemState.REFUSED,
        )

    def _asked(self, counts: dict[ItemState, int]) -> ItemState:
        asked = request.args.get("standing", "")
        if asked in list(ItemState):
            return ItemState(asked)
        return next(iter(counts), ItemState.DUE)

    def _at(self, subsidy: Subsidy, standing: ItemState, number: int = 1) -> str:
        page = {"page": number} if number > 1 else {}
        return self.url_of("items", record_id=subsidy.id, standing=standing.value, **page)

    def _books(self, subsidy: Subsidy) -> list[dict[str, str]]:
        if not policy.may(signed_in(), "subsidy.export", subsidy):
            return []
        query = [("title", subsidy.title)]
        return [
            {"label": f"下载{label}", "url": address("ledgers.ledger", query, book=book)}
            for book, label in BOOKS[subsidy.kind]
        ]

    def _crumbs(self, subsidy: Subsidy, last: str) -> list[tuple[str, str | None]]:
        url = self.url_of("detail", record_id=subsidy.id)
        return [*self.crumbs(str(subsidy))[:-1], (str(subsidy), url), (last, None)]

    def _may_change(self, subsidy: Subsidy) -> bool:
        verb = CHANGING.get(subsidy.state)
        return verb is not None and policy.may(signed_in(), f"subsidy.{verb}", subsidy)

    def _item_row(self, subsidy: Subsidy, item: SubsidyItem) -> dict[str, Any]:
        may = self._may_change(subsidy) and item.standing is ItemState.DUE
        case = item.case
        seen = case is not None and policy.may(signed_in(), "case.open", case)
        return {
            "title": subsidies.title_of(item),
            "url": url_for("case.detail", record_id=case.id) if seen and case else None,
            "about": self._about(item),
            "committee": str(item.committee),
            "reasons": "；".join(Refused(each).label for each in item.reasons),
            "standard": f"{item.standard:,.2f}" if item.standard is not None else "",
            "amount": f"{item.amount:,.2f}",
            "cut": f"{item.cut:,.2f}" if item.cut else "",
            "cut_reason": item.cut_reason or "",
            "payable": f"{item.payable:,.2f}",
            "shares": "、".join(
                f"{each.mediator} {each.amount:,.2f}" if len(item.shares) > 1 else str(each.mediator)
                for each in item.shares
            ),
            "change_url": self.url_of("item", record_id=subsidy.id, item_id=item.id) if may else None,
        }

    def _about(self, item: SubsidyItem) -> str:
        """What kind of case it is, or how much of the month."""
        session = db.session
        if item.case is None:
            part = f"任职 {item.days}/{item.of_days} 天" if item.days != item.of_days else "整月"
            factor = f"，系数 {item.coefficient}" if item.coefficient != 1 else ""
            return f"{wording(session, field_of(SubsidyItem, 'full_time'), item.full_time)}，{part}{factor}"
        facts = [wording(session, field_of(Case, "difficulty"), item.case.difficulty)]
        facts += [wording(session, field_of(Case, "form"), item.case.form)] if item.case.form else []
        facts += [item.outcome.label] if item.outcome else []
        closed = f"{item.case.closed_on:%Y-%m-%d} 结案" if item.case.closed_on else ""
        return "，".join(filter(None, [*facts, closed]))

    @expose("/<int:record_id>/items/<int:item_id>", methods=("GET", "POST"))
    @opens("open")
    def item(self, record_id: int, item_id: int) -> Any:
        """One item: cut, or taken out, with a reason."""
        subsidy = self.find(record_id)
        policy.demand(signed_in(), f"subsidy.{CHANGING.get(subsidy.state, 'review')}", subsidy)
        item = subsidy_items.find(db.session, subsidy, item_id)
        if request.method != "POST":
            return self._item_page(subsidy, item)
        try:
            self._change(subsidy, item)
        except NotNow as refused:
            db.session.rollback()
            subsidy = self.find(record_id)
            found = subsidy_items.find(db.session, subsidy, item_id)
            return self._item_page(subsidy, found, refused), refused.status
        flash("已记录，合计已重新计算。", "ok")
        return redirect(self.url_of("items", record_id=record_id))

    def _change(self, subsidy: Subsidy, item: SubsidyItem) -> None:
        reason = clean(request.form.get("reason"), LONGEST_REASON)
        if not reason:
            raise NotNow("请写明理由。")
        if request.form.get("act") == "take_out":
            subsidies.take_out(db.session, signed_in(), subsidy, item, reason)
        else:
            subsidies.cut(db.session, signed_in(), subsidy, item, _money(request.form.get("cut")), reason)

    def _item_page(self, subsidy: Subsidy, item: SubsidyItem, refused: Refusal | None = None) -> str:
        return self.render(
            "subsidy_item.html",
            crumbs=self._crumbs(subsidy, "核减或移出"),
            title=subsidies.title_of(item),
            row=self._item_row(subsidy, item),
            may_cut=subsidy.state is not SubsidyState.DRAFT,
            sentence=refused.sentence if refused else "",
            typed=request.form,
            cancel_url=self.url_of("items", record_id=subsidy.id),
        )

    # ------------------------------------------------------------ the public notice

    @expose("/<int:record_id>/notice")
    @opens("open")
    def notice_sheet(self, record_id: int) -> str:
        """What is put up on the wall: who gets how much for what, until when, where to object."""
        subsidy = self.find(record_id)
        if subsidy.state not in PUBLIC:
            raise NotNow("复核通过以后才有公示表。")
        items = subsidy_items.live(db.session, subsidy)
        return self.render(
            "subsidy_notice.html",
            crumbs=self._crumbs(subsidy, "公示"),
            title=str(subsidy),
            tabs=self._tabs(subsidy, "notice_sheet"),
            subsidy=subsidy,
            rows=[self._item_row(subsidy, each) for each in items],
            total=f"{subsidy.total:,.2f}",
        )


def _money(text: str | None) -> Decimal:
    try:
        amount = Decimal(clean(text, 20).replace(",", ""))
    except InvalidOperation:
        raise NotNow("请填核减金额，如 20.50。") from None
    if not amount.is_finite():
        raise NotNow("请填核减金额，如 20.50。")
    return amount
