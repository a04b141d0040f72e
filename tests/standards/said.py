"""Generated datasets that a standard has room for, and which of the fields it says it carries did not come back.

A `Domain` says what a standard has room for: words in one language or several, one contact or many, which spellings of coded
values are its own. Within it, every field that the standard `carries` has to come back (`differences`).
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

from hypothesis import strategies as st
from msgspec import Struct
from msgspec.structs import replace

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
    Sharing,
)
from metadata.vocabulary import look_up
from standards.rdf_geometry import rectangle


class Domain(NamedTuple):
    """What a standard has room for."""

    languages: tuple[tuple[str, ...], ...]
    named: bool = True
    most: int = 3
    frequencies: tuple[str, ...] = ("daily", "monthly", "annual", "R/P1M", "irregular")
    rights: tuple[str, ...] = ("public", "restricted", "non-public")
    licences: tuple[str, ...] = ("https://creativecommons.org/licenses/by/4.0/", "https://city.example/terms")
    open_ends: bool = True
    several_facts_of_a_place: bool = True
    licence_of_dataset: bool = True
    collections: bool = True
    licences_of_distributions: bool = True
    boxes_are_shapes: bool = False
    agents_have_one_number: bool = False
    extra: Any = {"deep": [1, None, "x"]}


DCAT_US_3 = Domain(languages=(("en",), ("zh",), ("de",)), licence_of_dataset=False, collections=False)
DCAT_US_1_1 = Domain(
    languages=(("en",), ("zh-Hans",), ("de-CH",)),
    most=1,
    frequencies=("R/P1D", "R/P1M", "R/P1Y", "irregular"),
    rights=("public", "restricted public", "non-public"),
    open_ends=False,
    several_facts_of_a_place=False,
    licences_of_distributions=False,
)
CKAN = Domain(
    languages=(("und",), ("en", "zh"), ("de", "en", "fr")),
    named=False,
    boxes_are_shapes=True,
    agents_have_one_number=True,
    extra="words",
)

_LATIN = st.text(alphabet="abcdefgXYZ 0123-&<'\"é", min_size=1, max_size=12).map(str.strip).filter(bool)
_HAN = st.text(alphabet="公共交通站点数据集合", min_size=1, max_size=6)
_DATES = st.sampled_from(("1999", "2016-04", "2016-04-14", "2016-04-14T09:37:39Z", "2020-02-29T00:00:00+08:00"))
_URLS = st.sampled_from(
    ("https://city.example/a", "https://city.example/b?x=1&y=2", "http://data.example.org/站点", "https://c.example/d.json")
)


def _ascii(tag: str) -> Any:
    return _HAN if tag.startswith("zh") else _LATIN.filter(str.isascii)


def _text(tags: tuple[str, ...]) -> Any:
    if len(tags) == 1:
        return st.fixed_dictionaries({tags[0]: _ascii(tags[0])})
    return st.fixed_dictionaries({tag: _ascii(tag).map(lambda word, tag=tag: f"{word}.{tag}") for tag in tags})


def _or_none(values: Any) -> Any:
    return st.none() | values


def _coded(scheme: str, words: tuple[str, ...]) -> Any:
    return st.sampled_from(words).map(lambda word: look_up(scheme, word))


def _some(values: Any, most: int) -> Any:
    return st.lists(values, max_size=most, unique_by=lambda one: str(getattr(one, "name", one))).map(tuple)


def _agents(text: Any, domain: Domain) -> Any:
    one = domain.agents_have_one_number
    parents = st.builds(Agent, name=_text(("und",)) if one else text)
    codes = st.just("11510822MB1234567X")
    named = st.builds(
        Agent, name=text, identifier=_or_none(_URLS), code=st.none() if one else _or_none(codes), parent=_or_none(parents)
    )
    return named | st.builds(Agent, name=text, code=codes)


def _contacts(text: Any) -> Any:
    mails = st.sampled_from(("a@city.example", "open.data@c.example"))
    return st.builds(
        Contact, name=text, email=mails, phone=_or_none(st.just("+86 839 555 0100")), organization=st.just({}) | text
    )


def _places(text: Any, domain: Domain) -> Any:
    boxes = st.sampled_from(((104.5, 32.25, 105.5, 32.75), (-10.0, -5.0, 10.0, 5.0)))
    boxed = boxes.map(lambda box: Place(box=box, geometry=rectangle(box) if domain.boxes_are_shapes else None))
    shapes = st.sampled_from(
        (
            ({"type": "Point", "coordinates": [105.25, 32.5]}, (105.25, 32.5, 105.25, 32.5)),
            ({"type": "LineString", "coordinates": [[1.5, 2.5], [3.5, 4.5]]}, (1.5, 2.5, 3.5, 4.5)),
        )
    )
    shaped = shapes.map(lambda pair: Place(geometry=pair[0], box=pair[1]))
    one = st.builds(Place, name=text) | st.builds(Place, uri=_URLS) | boxed | shaped
    whole = st.builds(lambda name, uri, place: replace(place, name=name, uri=uri), text, _URLS, boxed)
    return one | whole if domain.several_facts_of_a_place else one


def _periods(domain: Domain) -> Any:
    both = st.builds(Period, start=st.sampled_from(("2015", "2015-01-01")), end=st.sampled_from(("2016", "2016-12-31")))
    return (
        both | st.builds(Period, start=st.just("2015-01")) | st.builds(Period, end=st.just("2019"))
        if domain.open_ends
        else both
    )


def _distributions(text: Any, domain: Domain) -> Any:
    services = st.builds(DataService, title=text, endpoint_url=st.tuples(_URLS))
    return st.builds(
        Distribution,
        title=text,
        description=text,
        access_url=_or_none(_URLS),
        download_url=st.just("https://city.example/stops.csv"),
        format=_coded("format", ("CSV", "XLSX")),
        media_type=st.just("text/csv"),
        byte_size=_or_none(st.integers(1, 2**50)),
        checksum=_or_none(st.just(Checksum(algorithm="sha256", value="9f" * 32))),
        license=_or_none(_coded("licence", domain.licences)) if domain.licences_of_distributions else st.none(),
        rights=st.just({}) | text,
        issued=_or_none(_DATES),
        modified=_or_none(_DATES),
        conforms_to=_some(_URLS, domain.most),
        page=_some(_URLS, 2),
        described_by=_or_none(_URLS),
        access_service=_some(services, 1),
    )


@st.composite
def datasets(draw: Any, domain: Domain) -> Dataset:
    """A dataset that the standard has room for; every field is sometimes there and sometimes not."""
    tags = draw(st.sampled_from(domain.languages))
    text = _text(tags)
    several = domain.most
    concepts = st.builds(Coded, uri=_URLS, label=text)
    series = st.builds(Series, identifier=st.just("https://city.example/series"), title=text, description=text)
    described = draw(_or_none(_URLS))
    return Dataset(
        identifier=draw(_LATIN),
        title=draw(text),
        description=draw(text),
        publisher=draw(_or_none(_agents(text, domain))),
        contact_point=draw(_some(_contacts(text), several)),
        keyword=draw(
            st.just({})
            | st.fixed_dictionaries(
                {tag: st.lists(_ascii(tag), min_size=1, max_size=3, unique=True).map(tuple) for tag in tags}
            )
        ),
        theme=draw(_some(_coded("theme", ("交通运输", "ENVI", "unknown thing")), 2)),
        issued=draw(_or_none(_DATES)),
        modified=draw(_or_none(_DATES)),
        accrual_periodicity=draw(_or_none(_coded("frequency", domain.frequencies))),
        language=tags if domain.named and len(tags) == 1 and tags[0] != "und" else (),
        spatial=draw(_some(_places(text, domain), several)),
        temporal=draw(_some(_periods(domain), several)),
        access_rights=draw(_or_none(_coded("access-right", domain.rights))),
        rights=draw(st.just({}) | text),
        license=draw(_or_none(_coded("licence", domain.licences))) if domain.licence_of_dataset else None,
        landing_page=draw(_or_none(_URLS)),
        page=draw(_some(_URLS, 2)),
        provenance=draw(st.just({}) | text),
        conforms_to=draw(_some(_URLS, several)),
        described_by=described,
        described_by_type=draw(_or_none(st.just("application/json"))) if described else None,
        version=draw(_or_none(st.just("2.1"))),
        version_notes=draw(st.just({}) | text),
        other_identifier=draw(_some(st.sampled_from(("doi:10.1234/x", "QC-17")), 2)),
        is_part_of=draw(_or_none(st.just("transport"))) if domain.collections else None,
        in_series=draw(_some(series, 1)),
        relation=draw(_some(_URLS, 2)),
        status=draw(_or_none(concepts)),
        spatial_resolution_in_meters=draw(_or_none(st.sampled_from((10.0, 0.5, 0.0000005)))),
        temporal_resolution=draw(_or_none(st.just("P1D"))),
        distribution=draw(_some(_distributions(text, domain), 2)),
        sharing=draw(_or_none(st.builds(Sharing, kind=st.sampled_from(("conditional", "none")), condition=text))),
        information_item=draw(_some(st.builds(InformationItem, name=text, length=_or_none(st.integers(1, 9))), 2)),
        extra=draw(st.just({}) | st.just({"customField": domain.extra})),
    )


def differences(before: Dataset, after: Dataset, carries: Iterable[str]) -> list[tuple[str, Any, Any]]:
    """`(field, before, after)` of the carried fields that did not come back. `extra` has to have at least what it had."""
    found = []
    for name in sorted(carries):
        top, _, part = name.partition(".")
        one, other = (_parts(getattr(each, top), part) for each in (before, after))
        if name.endswith("extra"):
            same = len(one) == len(other) and all(_within(left, right) for left, right in zip(one, other, strict=True))
        else:
            same = _meant(one) == _meant(other)
        if not same:
            found.append((name, one, other))
    return found


def _parts(value: Any, part: str) -> list[Any]:
    listed = list(value) if isinstance(value, tuple) else [] if value is None else [value]
    return [getattr(each, part) for each in listed] if part else listed


def _meant(value: Any) -> Any:
    """A value in which a known term counts by its code, whatever the word for it, and an unknown one by its address or word."""
    if isinstance(value, Coded):
        return (value.scheme, value.code) if value.scheme else value.uri or next(iter(value.label.values()), value.raw)
    if isinstance(value, Struct):
        return [_meant(getattr(value, name)) for name in value.__struct_fields__]
    return [_meant(each) for each in value] if isinstance(value, list | tuple) else value


def _within(less: dict[str, Any], more: dict[str, Any]) -> bool:
    return all(more.get(name) == each for name, each in less.items())


__all__ = ["CKAN", "DCAT_US_1_1", "DCAT_US_3", "Domain", "Openness", "datasets", "differences"]
