"""The three questions every door asks, and the answers when it stays shut.

See, do, now: 404, 403, 409. Each refusal carries one Chinese sentence that tells a clerk what to do.
"""

from admin_app.rules.findings import Finding


class Refusal(Exception):
    """A door that stays shut, with its HTTP status and its sentence."""

    status = 400

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class NotSeen(Refusal):
    """The thing is outside the person's scope, or does not exist: the two must look alike."""

    status = 404

    def __init__(self, sentence: str = "没有找到这条记录，它可能已被删除，或者不在您的管辖范围内。") -> None:
        super().__init__(sentence)


class NotAllowed(Refusal):
    """The person may see the thing but has not the right to do this."""

    status = 403

    def __init__(self, sentence: str = "您的岗位没有这项权限，如有需要请联系本单位管理员。") -> None:
        super().__init__(sentence)


class NotNow(Refusal):
    """The person may do this, but not while the thing is as it is."""

    status = 409


class Stale(NotNow):
    """Somebody else has saved the record since it was opened."""

    def __init__(self) -> None:
        super().__init__("您填写期间，别人已经修改了这条记录，请对照后再保存。")


class RecordRefused(Refusal):
    """The input breaks rules; each finding names its field and says what to do."""

    status = 422

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__("；".join(finding.sentence for finding in findings))
        self.findings = findings
