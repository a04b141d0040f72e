"""Which new record is a vanished one: only what is alike and alone, the surest way first."""

import pytest

from metadata.model import Agent, Dataset, Distribution
from metadata.renaming import known, matched, spelling

LINKS = (Distribution(download_url="https://x/data.csv"), Distribution(access_url="https://x/1/about"))
TELLING = {"en": "Every stop of every line of the city, with shelter, ramp and timetable, kept up to date each night."}


def like(**more: object) -> Dataset:
    given = {"identifier": "https://x/1", "title": {"en": "Bus"}, "publisher": Agent(name={"en": "City"}), **more}
    return Dataset(**given)  # type: ignore[arg-type]


def same(one: Dataset, other: Dataset) -> bool:
    return matched([known("a", one.identifier, one)], [known("b", other.identifier, other)]) == {"a": "b"}


def test_title_publisher_and_links_without_the_identifier() -> None:
    first = like(distribution=LINKS)
    links = (Distribution(access_url="https://x/2/about"), LINKS[0])
    assert same(first, like(identifier="https://x/2", distribution=links))
    assert not same(first, like(identifier="https://x/2", distribution=links, title={"en": "Tram"}))
    assert not same(first, like(identifier="https://x/2", distribution=LINKS[1:]))


def test_a_publisher_may_be_left_out_or_named_anew_but_not_be_another() -> None:
    first = like(distribution=LINKS[:1])
    assert same(first, like(identifier="https://x/2", distribution=LINKS[:1], publisher=Agent(name={})))
    assert same(like(distribution=LINKS[:1], publisher=None), like(identifier="https://x/2", distribution=LINKS[:1]))
    assert not same(first, like(identifier="https://x/2", distribution=LINKS[:1], publisher=Agent(name={"en": "County"})))


def test_some_links_may_move_where_title_publisher_and_description_stay() -> None:
    moved = (LINKS[0], Distribution(download_url="https://x2/other.csv"))
    first = like(distribution=(LINKS[0], Distribution(download_url="https://x/other.csv")), description=TELLING)
    assert same(first, like(identifier="2", distribution=moved, description=TELLING))
    assert not same(first, like(identifier="2", distribution=moved[1:], description=TELLING))
    assert not same(first, like(identifier="2", description=TELLING))


def test_the_identifier_may_be_spelt_anew_whatever_else_changed() -> None:
    assert same(like(identifier="http://X/a/1/"), like(identifier="https://x/a/1", title={"en": "Tram"}))
    assert not same(like(identifier="http://x/a/1"), like(identifier="https://x/a/2", title={"en": "Tram"}))


def test_without_links_a_telling_description_is_needed() -> None:
    assert same(like(description=TELLING), like(identifier="2", description=TELLING))
    assert not same(like(description={"en": "Data."}), like(identifier="2", description={"en": "Data."}))
    assert not same(like(), like(identifier="2"))


def test_two_that_are_alike_are_left_alone() -> None:
    old = [known("a", "1", like(distribution=LINKS))]
    new = [known(name, name, like(distribution=LINKS)) for name in ("b", "c")]
    assert matched(old, new) == {}
    assert matched(new, old) == {}


def test_the_surest_way_goes_first() -> None:
    """The one with the same identifier takes its twin away before words are looked at."""
    old = [known("a", "http://x/1", like(description=TELLING)), known("b", "9", like(description=TELLING))]
    new = [known("c", "https://x/1", like(description=TELLING))]
    assert matched(old, new) == {"a": "c"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://Data.Example/a/", "https://data.example/a"),
        ("urn:uuid:0E984725-C51C-4BF4-9960-E1C80E27ABA0", "{0e984725-c51c-4bf4-9960-e1c80e27aba0}"),
        (" x ", "x"),
    ],
)
def test_spellings_of_one_identifier(one: str, other: str) -> None:
    assert spelling(one) == spelling(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("http://x/a?id=1", "http://x/a?id=2"), ("a", "A"), ("http://[x", "http://[y"), ("http://x/A", "http://x/a")],
)
def test_what_is_not_one_identifier(one: str, other: str) -> None:
    assert spelling(one) != spelling(other)
