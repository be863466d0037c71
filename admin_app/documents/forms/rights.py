"""F05 人民调解当事人权利义务告知书: the words of 人民调解法 2–4, 20–24, 31–33 (formats.md F05)."""

from admin_app.documents.form import CASES, Form, declare
from admin_app.documents.forms.blocks import foot_day, signed_by_each
from admin_app.documents.layout import Words, title


def _head(text: str) -> Words:
    return Words(text, bold=True, size=12, before=5, keep=True)


def _say(text: str, *, keep: bool = False) -> Words:
    return Words(text, indent=True, size=12, keep=keep)


RIGHTS = declare(
    Form(
        "rights",
        "人民调解当事人权利义务告知书",
        "F05",
        CASES,
        (
            title("人民调解当事人权利义务告知书"),
            Words("{{ party_names }}：", size=12, before=4),
            _head("一、人民调解的性质"),
            _say(
                "人民调解委员会是依法设立的调解民间纠纷的群众性组织，通过说服、疏导等方法，促使当事人在平等协商"
                "基础上自愿达成调解协议。人民调解委员会调解民间纠纷，不收取任何费用。"
            ),
            _head("二、人民调解的原则"),
            _say(
                "（一）在当事人自愿、平等的基础上进行调解；（二）不违背法律、法规和国家政策；（三）尊重当事人的"
                "权利，不得因调解而阻止当事人依法通过仲裁、行政、司法等途径维护自己的权利。"
            ),
            _say(
                "人民调解员应当坚持原则，明法析理，主持公道，及时、就地进行调解，防止矛盾激化；根据纠纷的不同"
                "情况，可以采取多种方式，充分听取当事人的陈述，讲解有关法律、法规和国家政策，耐心疏导，在当事人"
                "平等协商、互谅互让的基础上提出纠纷解决方案。征得当事人同意后，可以邀请当事人的亲属、邻里、同事"
                "等，以及具有专门知识、特定经验的人员或者有关社会组织的人员参与调解。"
            ),
            _head("三、调解协议的法律效果"),
            _say(
                "经人民调解委员会调解达成的调解协议，具有法律约束力，当事人应当按照约定履行。人民调解委员会应当"
                "对调解协议的履行情况进行监督，督促当事人履行约定的义务。"
            ),
            _say(
                "当事人之间就调解协议的履行或者调解协议的内容发生争议的，一方当事人可以向人民法院提起诉讼。"
            ),
            _say(
                "双方当事人认为有必要的，可以自调解协议生效之日起三十日内共同向人民法院申请司法确认。人民法院依法"
                "确认调解协议有效，一方当事人拒绝履行或者未全部履行的，对方当事人可以向人民法院申请强制执行；"
                "依法确认调解协议无效的，当事人可以通过人民调解方式变更原调解协议或者达成新的调解协议，也可以"
                "向人民法院提起诉讼。"
            ),
            _head("四、当事人的权利"),
            _say("（一）选择或者接受人民调解员；"),
            _say("（二）接受调解、拒绝调解或者要求终止调解；"),
            _say("（三）要求调解公开进行或者不公开进行；"),
            _say("（四）自主表达意愿、自愿达成调解协议。"),
            _head("五、当事人的义务"),
            _say("（一）如实陈述纠纷事实；", keep=True),
            _say("（二）遵守调解现场秩序，尊重人民调解员；", keep=True),
            _say("（三）尊重对方当事人行使权利。", keep=True),
            Words("以上内容已经告知，我已知晓。", indent=True, size=12, before=6, keep=True),
            signed_by_each("当事人", "parties", before=6),
            foot_day("rights_told_on", before=6),
        ),
        kind="05",
        basis="权利、义务照人民调解法原文；排列没有找到官方全文，是参考格式",
        on=lambda case, line: case.rights_told_on,
    )
)
