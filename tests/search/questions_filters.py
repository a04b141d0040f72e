"""Filters, readers and facets that are asked of the made-up catalogue."""

from itertools import product

from search.base import Query
from tests.search.questions import EVERYONE, Asked
from tests.search.reading import Has, both, everything, holds, says, without


def _named(name: str, query: Query, has: Has = everything) -> Asked:
    return Asked(name, query, has)


def _open(name: str, *, has: Has = everything, words: str = "", **parts: dict[str, tuple[str, ...]]) -> Asked:
    """A question of one who may see everything."""
    return Asked(name, Query(words=words, readers=EVERYONE, **parts), has)  # type: ignore[arg-type]


BUS = says(r"\bbus\b")
TRANSIT = holds("交通")

FILTERS = [
    _open("one value", filters={"organization": ("transport",)}),
    _open("two values", filters={"organization": ("transport", "water")}),
    _open("a department above", filters={"organization": ("city",)}),
    _open("two filters", filters={"organization": ("transport", "water"), "format": ("CSV",)}),
    _open("three filters", filters={"publisher": ("市政府",), "sharing": ("unconditional",), "standard": ("dcat_us_1_1",)}),
    _open("a value nobody has", filters={"organization": ("nobody",)}),
    _open("a value nobody has, or one", filters={"organization": ("nobody", "health")}),
    _open("no values", filters={"organization": ()}),
    _open("case matters", filters={"keyword": ("Transit",)}),
    _open("another case", filters={"keyword": ("transit",)}),
    _open("a traditional value as it is", filters={"keyword": ("臺北",)}),
    _open("a simplified value is another", filters={"keyword": ("台北",)}),
    _open("words of a value", filters={"licence": ("Ask us",)}),
    _open("withheld", filters={"state": ("withheld",)}),
    _open("published", filters={"state": ("published",)}),
    _open("retired", filters={"state": ("retired",)}),
    _open("licence and openness", filters={"licence": ("CC-BY-4.0",), "openness": ("open", "conditional")}),
    _open("format", filters={"format": ("GEOJSON",)}),
    _open("language", filters={"language": ("zh",)}),
    _open("source", filters={"source": ("portal-b",)}),
    _open("standard", filters={"standard": ("dcat_ap_3",)}),
    _open("frequency", filters={"frequency": ("DAILY", "MONTHLY")}),
    _open("a name", filters={"name": ("bus-003", "air-003", "water-003", "data-003")}),
    _open("an identifier", filters={"identifier": ("urn:test:17", "urn:test:18")}),
    _open("half an identifier", filters={"identifier": ("urn:test",)}),
    _open("no such id", filters={"id": ("00000000-0000-4000-8000-000000000000",)}),
    _open("excluded", excluded={"theme": ("ENVI",)}),
    _open("excluded two", excluded={"theme": ("ENVI", "Playgrounds")}),
    _open("excluded what nobody has", excluded={"theme": ("ENER",)}),
    _open("excluded a department above", excluded={"organization": ("water",)}),
    _open("filter and excluded of one", filters={"theme": ("TRAN",)}, excluded={"theme": ("ENVI",)}),
    _open("filter and excluded", filters={"frequency": ("MONTHLY",)}, excluded={"language": ("en",), "source": ("portal-a",)}),
    _open("required", required={"theme": ("TRAN", "ENVI")}),
    _open("required of many", required={"keyword": ("交通", "water")}),
    _open("required and filter", required={"format": ("CSV", "GEOJSON")}, filters={"theme": ("TRAN",)}),
    _open("required and excluded", required={"keyword": ("Transit",)}, excluded={"keyword": ("环境",)}),
    _open("required what nobody has", required={"keyword": ("交通", "nobody")}),
    _open("words and filter", words="bus", has=BUS, filters={"keyword": ("Transit",)}),
    _open("words and excluded", words="交通", has=TRANSIT, excluded={"organization": ("transport",)}),
    _open("words and required", words="bus", has=BUS, required={"language": ("en", "zh")}),
    _open("left out and filter", words="-交通", has=without(TRANSIT), filters={"format": ("JSON",)}),
    _open("words, filter, excluded, required", words="交通 bus", has=both(BUS, TRANSIT), filters={"format": ("CSV", "JSON")},
          excluded={"state": ("withheld",)}, required={"language": ("zh",)}),
]  # fmt: skip

_LABELS = [frozenset(labels) for labels in (
    (), ("public",), ("organization:water",), ("public", "organization:water"), ("organization:city",),
    ("public", "organization:transport", "organization:health"), ("*",), ("organization:nobody",),
)]  # fmt: skip
_ALIKE = [
    (Query(), everything),
    (Query(words="交通"), TRANSIT),
    (Query(filters={"state": ("withheld",)}), everything),
    (Query(words="bus", filters={"organization": ("water", "transport")}), BUS),
]
READERS = [
    _named(f"{index}: {' '.join(sorted(labels)) or 'nobody'}", Query(query.words, query.filters, readers=labels), has)
    for labels, (index, (query, has)) in product(_LABELS, enumerate(_ALIKE))
]
"""Who asks decides what there is: in hits, counts and all."""

_MANY = ("organization", "theme", "keyword", "format", "publisher")
FACETED = [
    _open("several chosen of one", filters={"format": ("CSV", "GEOJSON")}),
    _open("chosen of several", filters={"format": ("CSV",), "theme": ("TRAN",), "organization": ("water", "health")}),
    _open("excluded of one", excluded={"keyword": ("交通",)}),
    _open("required of one", required={"keyword": ("交通", "Transit")}),
    _open("with words", words="交通", has=TRANSIT, filters={"theme": ("TRAN",), "state": ("published",)}),
    _open("chosen what nobody has", filters={"format": ("nobody",)}),
    _open("chosen and excluded of one", filters={"theme": ("TRAN",)}, excluded={"theme": ("ENVI",)},
          required={"format": ("CSV",)}),
    _open("nothing found", words="nothingofthekind", has=lambda _: False),
]  # fmt: skip

COUNTED = [
    Query(facets=_MANY, facet_size=size, facet_least=least, facet_order=order, facet_within=within,
          filters={"format": ("CSV", "JSON"), "organization": ("water", "health", "waterworks")}, readers=EVERYONE)
    for size, least, order, within in [
        (50, 1, "count", False), (50, 1, "value", False), (2, 1, "count", False), (2, 1, "value", False),
        (0, 1, "count", False), (1, 1, "count", True), (50, 5, "count", False), (50, 20, "value", True),
        (3, 10, "count", True), (10_000, 1, "count", False), (50, 1_000, "count", False), (50, 1, "value", True),
        (4, 2, "count", False), (4, 2, "value", False),
    ]
]  # fmt: skip
"""How facets are cut, ordered and counted."""

LOOKED_FOR = [
    ("organization", "局"),
    ("organization", "bureau"),
    ("organization", "WATER"),
    ("organization", "委员会 health"),
    ("theme", "trans"),
    ("theme", "环境"),
    ("theme", "playgrounds"),
    ("keyword", "环"),
    ("keyword", "nothing"),
    ("keyword", "t"),
    ("format", "json"),
    ("publisher", "county"),
    ("frequency", "每"),
    ("licence", "cc by"),
    ("licence", "知识共享"),
]
"""Facets, and words to look for in their values and labels."""
