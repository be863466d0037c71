"""Pictures with digits that a person reads and a program does not (docs/decisions/0027).

A puzzle is a signed word with its time. Its digits follow from the word and the house's secret, so that no
process need remember them and no cookie tells them; whoever takes an answer marks the puzzle as used.
"""

import hashlib
import hmac
import secrets

from captcha.image import ImageCaptcha
from itsdangerous import BadSignature, TimestampSigner

AGE = 20 * 60  # seconds that a person may take over a form
_DIGITS = 4
_PURPOSE = "heshi-window"


def fresh(secret: str) -> str:
    """A new puzzle."""
    return _signer(secret).sign(secrets.token_hex(8)).decode()


def alive(secret: str, puzzle: str) -> bool:
    """Whether it is one of ours, and not too old."""
    try:
        _signer(secret).unsign(puzzle, max_age=AGE)
    except BadSignature:
        return False
    return True


def answer(secret: str, puzzle: str) -> str:
    """The digits in the picture."""
    key, word = f"{_PURPOSE}-answer-{secret}".encode(), puzzle.encode()
    number = int.from_bytes(hmac.digest(key, word, hashlib.sha256)[:8], "big")
    return f"{number % 10**_DIGITS:0{_DIGITS}}"


def picture(secret: str, puzzle: str) -> bytes:
    """The PNG, 200 by 70 pixels, drawn anew at each call."""
    return ImageCaptcha(width=200, height=70).generate(answer(secret, puzzle)).getvalue()


def _signer(secret: str) -> TimestampSigner:
    return TimestampSigner(secret, salt=_PURPOSE)
