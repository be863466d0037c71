"""Short texts and numbers from a request, made fit for any database before anything else reads them."""

LARGEST_ID = 2**31 - 1


def clean(text: str | None, longest: int) -> str:
    """Without control characters and lone surrogates, which no database keeps; trimmed and cut."""
    kept = (c for c in text or "" if ord(c) >= 32 and not 0xD800 <= ord(c) <= 0xDFFF)
    return "".join(kept).strip()[:longest]


def whole(text: str | None) -> int | None:
    """A plain number that may be an id, a page or a version; None for anything else."""
    if not text or not (text.isascii() and text.isdigit() and len(text) <= 10):
        return None
    number = int(text)
    return number if number <= LARGEST_ID else None
