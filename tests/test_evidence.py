"""The look-back on the pages of committees and mediators, within the reader's right."""

import re

import pytest
from flask import Flask

from tests.web import named
from tests.world import World


@pytest.mark.parametrize("page", ["committee/{village_committee}", "mediator/{mediator}"])
def test_the_page_tells_what_was_gathered(app: Flask, world: World, page: str) -> None:
    here = named(app, world, "director")
    text = here.get(f"/{page.format(**vars(world))}").text
    assert "超过期限 1" in text
    assert f'href="/lookback/{world.lookback}"' in text
    link = re.search(r'<a href="(/lookback/\?[^"]+)">责任倒查</a> <span class="count">1</span>', text)
    assert link
    assert "，共 1 条</caption>" in here.get(link[1]).text


def test_who_gathered_nothing_is_said_to_have_nothing(app: Flask, world: World) -> None:
    text = named(app, world, "office").get(f"/committee/{world.township_committee}").text
    assert "没有需要倒查的情形" in text


def test_whoever_may_not_read_the_look_back_reads_none(app: Flask, world: World) -> None:
    text = named(app, world, "colleague").get(f"/mediator/{world.mediator}").text
    assert "超过期限" not in text
    assert "责任倒查" not in text
