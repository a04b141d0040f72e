"""Whatever strings a source puts into whatever field: writing never raises, and what is written is well-formed and the same."""

from typing import Any

import orjson
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from metadata.model import (
    Agent,
    Checksum,
    Coded,
    Contact,
    DataService,
    Dataset,
    Distribution,
    InformationItem,
    Openness,
    Period,
    Place,
    Series,
)
from standards import dcat_ap_3, rdf, schema_org
from tests.standards.test_rdf import graph

ODD = [
    "",
    " ",
    "-",
    "N/A",
    "R/P1Y",
    "2016/04/14",
    "http://",
    "http://[",
    "https://example.org/a b",
    "urn:x",
    "\x00",
    "\ud800",
    "\ufffe",
    "]]>",
    "'''",
]
WORD = st.one_of(
    st.sampled_from(ODD), st.text(max_size=12), st.text(max_size=8).map(lambda tail: f"https://example.org/{tail}")
)
NUMBER = st.one_of(st.floats(), st.integers(-(10**30), 10**30).map(float))
MAYBE = st.none() | WORD
TEXT = st.dictionaries(st.sampled_from(["zh", "en", "und", "", "zh-Hant", "not a tag", "x"]), WORD, max_size=2)


def few(made: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    """None to two of them."""
    return st.lists(made, max_size=2).map(tuple)


CODED = st.builds(Coded, scheme=st.just(""), code=WORD, uri=MAYBE, label=TEXT, raw=MAYBE)
AGENT = st.builds(
    Agent, name=TEXT, identifier=MAYBE, code=MAYBE, kind=st.none() | CODED, homepage=MAYBE, email=MAYBE, phone=MAYBE
)
CONTACT = st.builds(Contact, name=TEXT, email=MAYBE, phone=MAYBE, url=MAYBE, organization=TEXT)
PLACE = st.builds(
    Place, name=TEXT, uri=MAYBE, code=st.none() | CODED, box=st.none() | st.tuples(NUMBER, NUMBER, NUMBER, NUMBER), raw=MAYBE
)
SERVICE = st.builds(
    DataService,
    identifier=MAYBE,
    title=TEXT,
    endpoint_url=few(WORD),
    endpoint_description=few(WORD),
    conforms_to=few(WORD),
    license=st.none() | CODED,
)
WAY = st.builds(
    Distribution,
    identifier=MAYBE,
    title=TEXT,
    access_url=MAYBE,
    download_url=MAYBE,
    format=st.none() | CODED,
    media_type=MAYBE,
    compress_format=MAYBE,
    byte_size=st.none() | st.integers(),
    checksum=st.none() | st.builds(Checksum, algorithm=WORD, value=WORD),
    license=st.none() | CODED,
    rights=TEXT,
    issued=MAYBE,
    language=few(WORD),
    access_service=few(SERVICE),
)
DATASET = st.builds(
    Dataset,
    identifier=WORD,
    title=TEXT,
    uri=MAYBE,
    description=TEXT,
    publisher=st.none() | AGENT,
    contact_point=few(CONTACT),
    keyword=st.dictionaries(st.sampled_from(["zh", "und"]), few(WORD), max_size=2),
    theme=few(CODED),
    modified=MAYBE,
    language=few(WORD),
    spatial=few(PLACE),
    temporal=few(st.builds(Period, start=MAYBE, end=MAYBE, raw=MAYBE)),
    rights=TEXT,
    license=st.none() | CODED,
    landing_page=MAYBE,
    page=few(WORD),
    conforms_to=few(WORD),
    other_identifier=few(WORD),
    is_part_of=MAYBE,
    in_series=few(st.builds(Series, identifier=MAYBE, title=TEXT)),
    relation=few(WORD),
    spatial_resolution_in_meters=st.none() | NUMBER,
    temporal_resolution=MAYBE,
    distribution=few(WAY),
    service=few(SERVICE),
    information_item=few(st.builds(InformationItem, name=TEXT, code=MAYBE)),
    openness=st.none() | st.builds(Openness, kind=st.sampled_from(["open", "conditional", "none"])),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(DATASET)
def test_any_dataset_is_written_well_formed(dataset: Dataset) -> None:
    triples = dcat_ap_3.write(dataset)
    wanted = graph(triples)
    for syntax in rdf.MEDIA_TYPES:
        assert graph(rdf.read(rdf.serialise(triples, syntax), syntax)) == wanted, syntax


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(DATASET)
def test_any_dataset_goes_into_the_head_of_a_page(dataset: Dataset) -> None:
    written = schema_org.script(schema_org.write(dataset))
    assert not set("<>&") & set(written)
    assert orjson.loads(written)["@type"] == "Dataset"
