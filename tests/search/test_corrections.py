"""What is offered when little is found, on every engine."""

import pytest

from search.base import Query, SearchEngine
from tests.search.invented import Filled, filled, invented

__all__ = ["filled"]

ENTRIES = [
    *(invented(f"Water quality in district {number}", keywords=["traffic"]) for number in range(5)),
    *(invented(f"Census blocks {number}") for number in range(4)),
    *(invented(f"公共交通线路{number}") for number in range(5)),
    *(invented(f"空气质量监测站{number}") for number in range(4)),
    invented("Water qualty of wells"),
    *(invented(f"Secret treasury {number}", state="withheld") for number in range(5)),
]


@pytest.fixture(scope="module")
def engine(filled: Filled) -> SearchEngine:
    return filled(ENTRIES)


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("qualty", "quality"),
        ("wter", "water"),
        ("Tarffic", "traffic"),
        ("censas blcks", "census blocks"),
        ("districs", "districts"),
        ('"watter quality" -wells', '"water quality" -wells'),
        ("title:water qualety", "title:water quality"),
        ("公公交通", "公共交通"),
        ("空汽质量", "空气质量"),
        ("公共交同", "公共交通"),
        ("公共通交", "公共交通"),
        ("空质量", "空气质量"),
        ("空气品质量", "空气质量"),
        ("空氣質亮", "空气质量"),
        ("空气监策站 wter", None),
        ("treasry", None),
        ("water", None),
        ("wat", None),
        ("title:qualety", None),
        ("-qualety", None),
        ("2024", None),
        ("公", None),
        ("zzzzzz", None),
    ],
)
def test_slips_are_seen(engine: SearchEngine, typed: str, offered: str | None) -> None:
    page = engine.search(Query(words=typed))
    assert page.did_you_mean[:1] == (() if offered is None else (offered,))
    assert len(page.did_you_mean) <= 3
    for other in page.did_you_mean:
        assert engine.search(Query(words=other, literal=True)).total > engine.search(Query(words=typed, literal=True)).total
        assert other.lower() != typed.lower()


def test_nothing_is_offered_where_it_was_not_asked_for(engine: SearchEngine) -> None:
    assert engine.search(Query(words="wter", literal=True)).did_you_mean == ()
    assert engine.search(Query(words="district")).did_you_mean == ()
