"""Names for URLs, identifiers fit for a database, likeness."""

import re
import uuid

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metadata import identity

NAME = re.compile(r"^[a-z0-9_-]{2,100}$")


def test_ids_are_uuids_of_version_7_in_the_order_they_were_made() -> None:
    ids = [identity.new_id() for _ in range(2000)]
    assert len(set(ids)) == 2000
    assert {uuid.UUID(one).version for one in ids} == {7} and {uuid.UUID(one).variant for one in ids} == {uuid.RFC_4122}
    assert [one[:13] for one in ids] == sorted(one[:13] for one in ids)


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ({"zh": "公共交通线路"}, "gong-gong-jiao-tong-xian-lu"),
        ({"zh": "公共交通线路", "en": "Bus lines"}, "bus-lines"),
        ({"en": "Bus lines: 2024 (final)"}, "bus-lines-2024-final"),
        ({"und": "Économie & société"}, "economie-societe"),
        ({"und": "busLines"}, "bus-lines"),
    ],
)
def test_a_name_is_made_from_the_title(title: dict[str, str], name: str) -> None:
    assert identity.name_for(title, "s\na", set()) == name


@pytest.mark.parametrize(
    "title", [{"und": "!!!"}, {"und": "x"}, {"und": "🚌"}, {}, {"und": "字" * 200}, {"und": "W" * 5000}, {"und": "\ud800"}]
)
def test_a_title_without_letters_or_with_too_many_still_gives_a_name(title: dict[str, str]) -> None:
    taken: set[str] = set()
    names = [identity.name_for(title, f"s\n{n}", taken) for n in range(3)]
    assert len(set(names)) == 3 and all(NAME.match(name) for name in names), names
    assert identity.name_for(title, "s\n0", set()) == names[0]  # always alike


@given(st.dictionaries(st.sampled_from(["zh", "en", "und"]), st.text()), st.text(), st.sets(st.text(max_size=10)))
@settings(max_examples=200, deadline=None, derandomize=True)
def test_any_title_gives_a_name_that_fits_a_url_and_was_foreseen(title: dict[str, str], place: str, taken: set[str]) -> None:
    foreseen = identity.names_for(identity.slug(title), place)
    name = identity.name_for(title, place, taken)
    assert NAME.match(name) and name in foreseen and name in taken


def test_namesakes_never_run_out() -> None:
    """A source that is removed and added again meets its own retired names: there is always one more."""
    taken: set[str] = set()
    names = [identity.name_for({"en": "Bus lines"}, "s\na", taken) for _ in range(8)]
    assert len(set(names)) == 8 and all(NAME.match(name) for name in names)


@given(st.text(st.characters()) | st.text(st.characters(categories=["Cs", "Lo", "Cc"])))
@settings(max_examples=200, deadline=None, derandomize=True)
def test_any_identifier_becomes_one_that_a_database_takes(identifier: str) -> None:
    clean = identity.clean(identifier)
    assert "\x00" not in clean
    assert identity.clean(clean) == clean
    assert len(clean.encode()) <= 2000


def test_long_identifiers_stay_apart() -> None:
    one, other = "号" * 5000 + "a", "号" * 5000 + "b"
    assert identity.clean(one) != identity.clean(other)
    longest = 2000  # bytes
    for long in (one, "a" * 2001, "é" * 1400, "🚌" * 600, "号" * 667):
        assert len(identity.clean(long).encode()) <= longest
    assert identity.clean("号" * 666) == "号" * 666
    assert identity.clean("a/b/../c") == "a/b/../c" and identity.clean(" a\x00 ") == "a"
