"""Datasets that are about the same, on every engine."""

import pytest

from search.base import SearchEngine
from tests.search.invented import Filled, filled, invented

__all__ = ["filled"]

PUBLIC = frozenset({"public"})
WELLS = invented("Groundwater wells of the county", keywords=["water", "wells"])
ALIKE = invented("Monitored groundwater wells")
BY_KEYWORD = invented("Boreholes", keywords=["wells", "groundwater"])
HIDDEN = invented("Groundwater wells, all of them", state="withheld", organization="water")
BUSES = invented("公共交通线路数据")
BUS_STOPS = invented("公共交通站点数据")
OTHERS = [invented(f"Parcels of the county {number}", keywords=["land", "owners"]) for number in range(6)] + [
    invented(f"人口普查{number}数据", keywords=["人口"]) for number in range(6)
]
ENTRIES = [WELLS, ALIKE, BY_KEYWORD, HIDDEN, BUSES, BUS_STOPS, *OTHERS]


@pytest.fixture(scope="module")
def engine(filled: Filled) -> SearchEngine:
    return filled(ENTRIES)


def test_those_that_share_rare_words_come_first(engine: SearchEngine) -> None:
    titles = [hit.title for hit in engine.similar(WELLS.id, 5, PUBLIC)]
    assert titles[:2] == ["Monitored groundwater wells", "Boreholes"]
    chinese = [hit.title for hit in engine.similar(BUSES.id, 5, PUBLIC)]
    assert chinese[0] == "公共交通站点数据" and BUSES.id not in {hit.id for hit in engine.similar(BUSES.id, 50, PUBLIC)}
    assert [hit.title for hit in engine.similar(BUSES.id, 1, PUBLIC)] == chinese[:1]


def test_only_what_the_asker_may_see(engine: SearchEngine) -> None:
    assert HIDDEN.id not in {hit.id for hit in engine.similar(WELLS.id, 50, PUBLIC)}
    assert HIDDEN.id in {hit.id for hit in engine.similar(WELLS.id, 50, frozenset({"*"}))}
    assert engine.similar(HIDDEN.id, 5, PUBLIC) == ()
    assert engine.similar(HIDDEN.id, 5, frozenset({"public", "organization:water"}))


def test_nothing_for_what_is_not_there_or_like_nothing(filled: Filled) -> None:
    alone = invented("水文观测")
    engine = filled([*ENTRIES, alone])
    assert engine.similar(alone.id, 5, PUBLIC) == () == engine.similar("00000000-0000-4000-8000-000000000000", 5, PUBLIC)
    assert engine.similar(WELLS.id, 0, PUBLIC) == ()
