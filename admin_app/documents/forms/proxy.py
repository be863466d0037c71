"""F15 授权委托书: what may be entrusted stands in a public source; the layout is ours."""

from admin_app.documents.form import ADDRESSEES, Form, declare
from admin_app.documents.layout import Gap, Lines, Words, title

_POWERS = (
    "代为申请调解或者要求终止调解",
    "代为收集、提供证据",
    "代为选择或者接受人民调解员",
    "代为承认、变更和放弃调解请求",
    "代为参加调解，签署调查记录、调解记录、权利义务告知书、人民调解协议书等法律文书",
    "代为领取相关法律文书等",
    "其他委托事项：＿＿＿＿＿＿＿＿＿＿＿＿＿＿",
)

PROXY = declare(
    Form(
        "proxy",
        "授权委托书",
        "F15",
        ADDRESSEES,
        (
            title("授权委托书"),
            Words("", size=7),
            Lines(
                (
                    (Gap("委托人", "{{ party_name }}", 10), Gap("联系方式", "{{ party_phone }}")),
                    (Gap("身份证件号码", "{{ party_id_number }}"),),
                    (Gap("单位或住址", "{{ party_address }}"),),
                    (Gap("受委托人", "{{ party_agent }}", 9), Gap("联系方式", "{{ party_agent_phone }}")),
                    (Gap("身份证件号码", ""),),
                )
            ),
            Words(
                "委托人因{{ title }}，委托上列受委托人作为本人（本单位）参加人民调解的代理人。委托事项和"
                "权限如下（选中的打√）：",
                indent=True,
                before=10,
            ),
            *(Words(f"□ {power}", indent=True) for power in _POWERS),
            Words("委托期限：自签署之日起至本纠纷调解终结之日止。", indent=True, before=8),
            Words("委托人（签名盖章或按指印）：", before=24, keep=True),
            Words("受委托人（签名）：", before=12, keep=True),
            Words("{{ ''|day }}", "right", before=12),
        ),
        kind="03",
        basis="委托权限见公开材料；排列没有找到官方样本，是参考格式",
        applies=lambda case, line: bool(line.agent),
    )
)
