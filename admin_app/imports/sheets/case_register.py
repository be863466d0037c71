"""《调解案件登记册》 E3: closed cases of old books come in with their facts, as far as the book tells them.

The columns are the ledger's own. The book names neither the committee nor the facts of the dispute: the
committee is chosen at the upload or written in a column more, a brief that is missing is said to be missing.
"""

from admin_app.exports.ledgers.case_register import CASE_REGISTER
from admin_app.imports import case_lines
from admin_app.imports.sheet import Item, Sheet, declare, items
from admin_app.models.cases import Case
from admin_app.models.fields import field_of

ITEMS = items(
    CASE_REGISTER.columns,
    Item("committee_id", "承办调委会", field_of(Case, "committee_id"), ("调委会", "调解组织", "承办单位")),
    Item(
        "brief", "纠纷简要情况", field_of(Case, "brief"), ("简要情况", "案情", "案情简介", "纠纷事由", "事由")
    ),
    Item("registered_on", "登记日期", field_of(Case, "registered_on"), ("登记时间",)),
    Item("agreed_on", "协议日期", field_of(Case, "agreed_on"), ("达成协议日期", "协议签订日期")),
    Item("agreement", "协议内容", field_of(Case, "agreement"), ("协议主要内容",)),
    needed=("accepted_on", "kind", "source"),
    also={
        "number": ("案件编号", "编号", "卷号", "受理编号", "案件号"),
        "accepted_on": ("受理时间", "受案时间", "受案日期", "受理登记日期"),
        "kind": ("纠纷类别", "案件类型", "纠纷种类", "类型"),
        "source": ("来源", "受理方式"),
        "difficulty": ("难度等级", "难度", "难易程度"),
        "people": ("当事人数", "人数", "涉及当事人数"),
        "mediated_on": ("调解时间", "调处日期"),
        "place": ("地点",),
        "result": ("结果", "调处结果", "是否成功"),
        "form": ("协议类型",),
        "agreement_number": ("协议书编号", "调解协议编号"),
        "amount": ("协议涉及金额", "涉案金额", "金额", "标的", "标的额"),
        "fulfilment": ("协议履行情况", "是否履行"),
        "confirmation": ("是否司法确认",),
        "visited_on": ("回访时间",),
        "closed_on": ("结案时间", "办结日期", "办结时间"),
    },
    read={
        "当事人": Item(
            "parties",
            "当事人",
            also=("当事人姓名", "双方当事人", "当事人双方", "纠纷当事人"),
            needed=True,
            take=case_lines.names("parties"),
        ),
        "人民调解员": Item(
            "mediators",
            "人民调解员",
            also=("调解员", "调解员姓名", "承办调解员", "调解人", "承办人", "主持人"),
            take=case_lines.names("mediators"),
        ),
        "履行方式、时限": Item(
            "terms", "履行方式、时限", also=("履行方式", "履行期限", "履行时限"), take=case_lines.terms
        ),
    },
)


CASES = declare(
    Sheet(
        name="cases",
        label="调解案件登记册",
        word="case",
        items=ITEMS,
        key=case_lines.key,
        find=case_lines.find,
        given=case_lines.given,
        present=case_lines.present,
        alike=case_lines.alike,
        taken=case_lines.taken,
        enters=case_lines.enters,
        placed="committee_id",
        parts=case_lines.PARTS,
        blank={"difficulty": "1", "risk": "1"},
        note="按案号认案件；没有案号的，按承办调委会、受理日期、当事人和纠纷类型认。有结案日期的导入为“已结案”，"
        "其余按调解结果和日期定阶段。已结案的案件不能再用导入修改。",
        examples=(
            {
                "number": "（2019）某某村人调字第0001号",
                "accepted_on": "2019年3月5日",
                "parties": "王某某、赵某某",
                "kind": "2",
                "source": "1",
                "difficulty": "1",
                "people": 2,
                "mediators": "张某某",
                "mediated_on": "2019.3.8",
                "place": "村调解室",
                "result": "1",
                "form": "1",
                "amount": 2000,
                "terms": "赔偿损失，2019-04-01前",
                "fulfilment": "03",
                "closed_on": "20190410",
                "committee_id": "某某村人民调解委员会",
            },
            {
                "accepted_on": "19-5-6",
                "parties": "钱某某、某某公司",
                "kind": "10",
                "source": "2",
                "result": "2",
                "closed_on": "2019-06-01",
                "committee_id": "某某村人民调解委员会",
            },
        ),
    )
)
