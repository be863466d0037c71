"""What a rule finds wrong with a value or a record."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One fault: the field it stands beside ("" for the whole record), the sentence, and its weight.

    `grave` faults stop the saving (the law says must); the others are shown as warnings,
    because old records hold 15-digit ID numbers and failing check digits that nobody can mend today.
    """

    field: str
    sentence: str
    grave: bool = True

    def under(self, prefix: str) -> "Finding":
        """The same fault, seen from the owner of the part it was found in."""
        return Finding(f"{prefix}-{self.field}" if self.field else prefix, self.sentence, self.grave)
