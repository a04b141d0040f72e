"""An entry → what is indexed of it."""

from dataclasses import replace

import msgspec

from metadata.model import Coded, Dataset, Place
from search.document import DESCRIPTION, MOST, SHOWN, document
from search.facets import FACETS, LONGEST, facet_label
from tests.search.catalogue import make

ENTRY = make(1)[0]


def described(**fields: object) -> Dataset:
    return msgspec.structs.replace(Dataset(identifier="x", title={"en": "T"}), **fields)


def test_every_facet_has_a_title_in_both_languages_and_is_filled_by_someone() -> None:
    filled = {name for entry in make(50) for name, values in document(entry).facets.items() if values}
    assert filled == {*FACETS, "identifier"}
    assert all(facet.title.keys() == {"zh", "en"} and facet.name == name for name, facet in FACETS.items())


def test_a_runaway_record_is_cut() -> None:
    dataset = described(
        description={"en": "word " * 13_000, "zh": "数" * 65_280},
        keyword={"en": tuple(f"k{number}" for number in range(5_000))},
        license=Coded(raw="terms " * 1_000),
    )
    found = document(replace(ENTRY, dataset=dataset))
    assert len(found.tokens["description"]) <= 2 * DESCRIPTION + 3 * DESCRIPTION
    assert found.tokens["description"].count("word") == DESCRIPTION // 5
    assert len(found.facets["keyword"]) == MOST
    assert len(found.facets["licence"][0]) <= LONGEST
    assert {len(words) for words in found.shown["description"].values()} == {SHOWN}


def test_values_are_codes_where_a_list_knows_them_and_words_where_not() -> None:
    dataset = described(
        theme=(Coded(scheme="theme", code="TRAN"), Coded(raw=" City  parks "), Coded(raw=" ")), license=Coded(raw="own")
    )
    found = document(replace(ENTRY, dataset=dataset, organization="x", organization_title={"zh": "某局"}))
    assert found.facets["theme"] == ("TRAN", "City parks")
    assert found.facets["licence"] == ("own",)
    assert found.shown["labels"] == {"organization": {"x": {"zh": "某局"}}}
    assert facet_label("theme", "TRAN").keys() >= {"zh", "en"} and facet_label("theme", "City parks") == {}
    assert facet_label("standard", "dcat_us_1_1") and facet_label("standard", "of yore") == {}


def test_dates_that_are_none_are_left_out() -> None:
    found = document(replace(ENTRY, dataset=described(modified="R/P1Y", issued="2016-04")))
    assert found.dates == {"issued": "2016-04", "created": ENTRY.created, "updated": ENTRY.updated}


def test_only_what_everyone_may_see_is_suggested() -> None:
    assert document(replace(ENTRY, state="published", organization="x", organization_title={"en": "Parks"})).tokens[
        "completion"
    ]
    assert not document(replace(ENTRY, state="withheld")).tokens["completion"]


def test_a_place_gives_the_box() -> None:
    assert document(replace(ENTRY, dataset=described(spatial=(Place(), Place(box=(1.0, 2.0, 3.0, 4.0)))))).box == (
        1.0,
        2.0,
        3.0,
        4.0,
    )
