"""What is sent, made small: static files once and for all, pages where nobody can listen to their length.

The length of a pressed page tells an onlooker what it holds, if they can have it opened again and again with
words of theirs in it (BREACH). So a page is pressed only where the browser says that our own page, or the
person at the keyboard, has asked for it (`Sec-Fetch-Site`); see decision 0029.
"""

import gzip
from functools import cache
from pathlib import Path

from flask import Response, request

STATIC = Path(__file__).parent.parent / "static"
PRESSED = (".css", ".js", ".svg")
WORTHWHILE = 1400  # bytes that go in one packet anyhow
OUR_OWN = ("same-origin", "none")


@cache
def static_files() -> dict[str, bytes]:
    """Every static file, pressed once for the life of the process."""
    files = (each for each in STATIC.rglob("*") if each.suffix in PRESSED)
    return {
        each.relative_to(STATIC).as_posix(): gzip.compress(each.read_bytes(), 9, mtime=0) for each in files
    }


def press(response: Response) -> Response:
    """After every request: the answer pressed, where that is worth it and safe."""
    if response.status_code != 200 or request.method != "GET":
        return response
    if request.endpoint == "static":
        return _press_static(response)
    if response.mimetype == "text/html" and not response.is_streamed:
        return _press_page(response)
    return response


def _press_static(response: Response) -> Response:
    pressed = static_files().get((request.view_args or {}).get("filename", ""))
    etag, _ = response.get_etag()
    if etag is not None:
        response.set_etag(etag, weak=True)  # of the file, in whichever shape it goes
    response.vary.add("Accept-Encoding")
    return response if pressed is None else _replaced(response, pressed)


def _press_page(response: Response) -> Response:
    page = response.get_data()
    if len(page) <= WORTHWHILE or request.headers.get("Sec-Fetch-Site") not in OUR_OWN:
        return response
    return _replaced(response, gzip.compress(page, 5, mtime=0))


def _replaced(response: Response, pressed: bytes) -> Response:
    if not request.accept_encodings["gzip"]:
        return response
    response.direct_passthrough = False
    response.set_data(pressed)
    response.content_encoding = "gzip"
    return response
