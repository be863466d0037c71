"""Visits 来访: when one becomes a case (formats.md E1: 处理意见 受理、转办、引导其他途径)."""

# Code table visit_opinion: whoever was shown another way, or answered on the spot, has no case here.
ACCEPTED, PASSED_ON, ELSEWHERE, ANSWERED, WAITING = "01", "02", "03", "04", "05"
TAKEN_UP = "已转为调解案件"


def taken_up_already(case_known: bool) -> str | None:
    """Why a visit cannot become a case a second time."""
    return "这次来访已经转成案件了，请打开上面的案件继续办。" if case_known else None


def not_for_taking_up(opinion: str) -> str | None:
    """Why a visit is not one that becomes a case."""
    if opinion not in (ELSEWHERE, ANSWERED):
        return None
    return "处理意见是引导其他途径或者当场答复，不用转为案件；要转，请先点“修改”，把处理意见改成“受理”。"


def opinion(before: str) -> str:
    """What stands under 处理意见 once a case was made of the visit: what waited has been taken up."""
    return ACCEPTED if before == WAITING else before


def outcome(before: str | None) -> str:
    """What stands under 处理结果 once a case was made of the visit."""
    return "；".join(filter(None, (before, TAKEN_UP)))
