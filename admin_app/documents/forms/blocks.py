"""Blocks that several forms share: who a party is, who signs, the day at the foot."""

from admin_app.documents.layout import Each, Gap, Lines, Loop, Words

BY_NOTICE = "按司发通〔2010〕239号文书的公开样本"
LOCAL = "没有找到官方样本，栏目和排列是参考格式，请按当地规定核对"
SIGN = "（签名盖章或按指印）："


def party_block(called: str, over: str) -> Lines:
    """姓名 性别 民族 年龄 职业或职务 联系方式 单位或住址, for each party of a list (formats.md 1.2)."""
    return Lines(
        (
            (
                Gap(f"{called}姓名", "{{ p.name }}", 8),
                Gap("性别", "{{ p.sex }}", 2.5),
                Gap("民族", "{{ p.ethnicity }}", 4),
                Gap("年龄", "{{ p.age }}"),
            ),
            (Gap("职业或职务", "{{ p.occupation }}", 9), Gap("联系方式", "{{ p.phone }}")),
            (Gap("单位或住址", "{{ p.address }}"),),
        ),
        Loop("p", over),
    )


def signed_by_each(called: str, over: str, before: float = 10) -> Each:
    """A line to sign for each party of a list."""
    return Each(Loop("p", over), (Words(f"{called}{SIGN}", before=before),))


def foot_day(name: str, before: float = 10) -> Words:
    """年 月 日 at the right."""
    return Words("{{ " + name + "|day }}", "right", before=before)


def seal(before: float = 10) -> Words:
    """The place of the committee's seal."""
    return Words("人民调解委员会（印章）", "right", before=before)
