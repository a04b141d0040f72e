"""Generated datasets in the form in which RDF can hold them: every field that `rdf_carries.CARRIES` names, one or several
values.

What RDF cannot tell apart is not generated: a licence of a distribution that is the dataset's, an access URL that is the
download, words without any letter, the word a source used for a code. Addresses are valid ones, dates ISO 8601, languages of
the EU table.
"""

from typing import Any

from hypothesis import strategies as st

from metadata import vocabulary
from metadata.model import (
    Agent,
    Checksum,
    Coded,
    Contact,
    DataService,
    Dataset,
    Distribution,
    Period,
    Place,
    Series,
)

_UNSAID = ("http", "urn", "doi", "mailto", "tel", "ftp", "sftp")
_LETTERS = st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn", "Co", "Zl", "Zp"])
WORDS = st.text(_LETTERS, min_size=1, max_size=12).map(str.strip).filter(lambda words: words and not words.startswith(_UNSAID))
TAGS = st.sampled_from(["zh", "en", "zh-Hant", "pt-BR", "und", "de"])
TEXT = st.dictionaries(TAGS, WORDS, max_size=3)
SOME_TEXT = st.dictionaries(TAGS, WORDS, min_size=1, max_size=3)
TEXTS = st.dictionaries(TAGS, st.lists(WORDS, min_size=1, max_size=3, unique=True).map(tuple), max_size=2)
ADDRESS = st.builds(
    lambda host, path, query: f"https://{host}.example/{path}{query}",
    st.sampled_from(["data", "city", "geo"]),
    st.text("abcdefghijklmnop/-_.0123456789站点", min_size=1, max_size=12),
    st.sampled_from(["", "?a=1&b=2", "#part"]),
)
DATE = st.one_of(
    st.dates().map(str),
    st.datetimes().map(lambda moment: moment.replace(microsecond=0).isoformat() + "Z"),
    st.integers(1000, 2999).map(str),
    st.dates().map(lambda day: str(day)[:7]),
).filter(lambda date: date[:4] > "1000")
MAIL = st.from_regex(r"[a-z]{1,8}(\.[a-z]{1,5})?@[a-z]{1,8}\.example", fullmatch=True)
PHONE = st.sampled_from(["+86 839 555 0100", "+1-202-555-0100", "(0839) 555-0101", "0839-5550101"])


def known(scheme: str) -> st.SearchStrategy[Coded]:
    """A code of a list, without the word a source used for it."""
    codes = [each.code for each in vocabulary.terms(scheme) if each.uri and _says_itself(scheme, each.code)]
    return st.sampled_from(codes).map(lambda code: vocabulary.coded(scheme, code))


def _says_itself(scheme: str, code: str) -> bool:
    """Whether the address of a term leads back to it: some lists give two terms one address."""
    term = vocabulary.term(scheme, code)
    return term is not None and term.uri is not None and vocabulary.look_up(scheme, term.uri).code == code


OTHER = st.builds(Coded, uri=st.uuids().map(lambda number: f"https://code.example/{number}"), label=TEXT)
LANGUAGES = st.lists(st.sampled_from(["zh", "en", "de", "fr", "bo"]), max_size=2, unique=True).map(tuple)
MEDIA = st.sampled_from(["text/csv", "application/json", "application/pdf"])


def some(made: st.SearchStrategy[Any], most: int = 2) -> st.SearchStrategy[tuple[Any, ...]]:
    """None to a few, each once."""
    return st.lists(made, max_size=most, unique_by=repr).map(tuple)


def maybe(made: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """One or none."""
    return st.none() | made


@st.composite
def agents(draw: Any, depth: int = 1) -> Agent:
    """An organization; one known by an address of its own at most once, so that no two share it."""
    return Agent(
        name=draw(SOME_TEXT),
        identifier=draw(maybe(st.uuids().map(lambda number: f"https://id.example/{number}"))),
        code=draw(maybe(st.just("11510822MB1234567X"))),
        kind=draw(maybe(st.uuids().map(lambda number: Coded(uri=f"https://kind.example/{number}", label={"en": "kind"})))),
        homepage=draw(maybe(ADDRESS)),
        email=draw(maybe(MAIL)),
        phone=draw(maybe(PHONE)),
        parent=draw(maybe(agents(depth - 1))) if depth else None,
    )


CONTACT = st.builds(Contact, name=TEXT, email=maybe(MAIL), phone=maybe(PHONE), url=maybe(ADDRESS), organization=TEXT).filter(
    lambda each: each != Contact() and (each.name or not each.organization) and each.name != each.organization
)
NUMBER = st.floats(-89, 89, allow_nan=False).map(lambda number: round(number, 6) + 0.0)
BOX = st.tuples(NUMBER, NUMBER, NUMBER, NUMBER).map(
    lambda box: (box[0] * 2, min(box[1], box[3]), box[2] * 2, max(box[1], box[3]))
)
GEOMETRY = st.tuples(NUMBER, NUMBER).map(lambda point: {"type": "Point", "coordinates": list(point)})
PLACE = st.builds(
    Place,
    name=TEXT,
    uri=maybe(st.uuids().map(lambda number: f"https://place.example/{number}")),
    box=maybe(BOX),
    geometry=maybe(GEOMETRY),
).filter(lambda each: each != Place())
PERIOD = st.one_of(
    st.builds(Period, start=DATE, end=maybe(DATE)), st.builds(Period, end=DATE), WORDS.map(lambda words: Period(raw=words))
)  # fmt: skip


@st.composite
def services(draw: Any, licence: Coded | None = None) -> DataService:
    """A service with an address of its own."""
    return DataService(
        identifier=f"https://service.example/{draw(st.uuids())}",
        title=draw(SOME_TEXT),
        description=draw(TEXT),
        endpoint_url=draw(some(ADDRESS)),
        endpoint_description=draw(some(ADDRESS)),
        conforms_to=draw(some(ADDRESS)),
        license=draw(maybe(known("licence").filter(lambda each: each != licence))),
        access_rights=draw(maybe(known("access-right"))),
        contact_point=draw(some(CONTACT)),
        publisher=draw(maybe(agents(0))),
    )


@st.composite
def distributions(draw: Any, licence: Coded | None) -> Distribution:
    """A distribution that leads somewhere, called by an address or by a number."""
    number = draw(st.uuids())
    download = draw(maybe(ADDRESS))
    media_type = draw(maybe(MEDIA))
    formats = known("format") if media_type else maybe(known("format"))
    described_by = draw(maybe(ADDRESS))
    return Distribution(
        identifier=draw(st.sampled_from([f"https://way.example/{number}", f"way {number}"])),
        title=draw(TEXT),
        description=draw(TEXT),
        access_url=draw(ADDRESS.filter(lambda each: each != download))
        if download is None
        else draw(maybe(ADDRESS.filter(lambda each: each != download))),
        download_url=download,
        format=draw(formats),
        media_type=media_type,
        compress_format=draw(maybe(st.just("application/gzip"))),
        package_format=draw(maybe(st.just("application/zip"))),
        byte_size=draw(maybe(st.integers(0, 2**53))),
        checksum=draw(
            maybe(st.binary(min_size=1, max_size=8).map(lambda sum_of: Checksum(algorithm="sha256", value=sum_of.hex())))
        ),
        license=draw(maybe(known("licence").filter(lambda each: each != licence))),
        rights=draw(TEXT),
        issued=draw(maybe(DATE)),
        modified=draw(maybe(DATE)),
        language=draw(LANGUAGES),
        conforms_to=draw(some(ADDRESS)),
        page=draw(some(ADDRESS.filter(lambda each: each != described_by))),
        described_by=described_by,
        described_by_type=draw(maybe(MEDIA)) if described_by and "#" not in described_by else None,
        status=draw(maybe(OTHER)),
        availability=draw(maybe(OTHER)),
        access_service=draw(some(services(licence), 1)),
    )


@st.composite
def series(draw: Any) -> Series:
    """A series with an address of its own."""
    title = draw(SOME_TEXT)
    return Series(
        identifier=f"https://series.example/{draw(st.uuids())}",
        title=title,
        description=draw(SOME_TEXT.filter(lambda each: each != title)),
        accrual_periodicity=draw(maybe(known("frequency"))),
        publisher=draw(maybe(agents(0))),
    )


@st.composite
def datasets(draw: Any) -> Dataset:
    """A dataset that says something in most of its fields."""
    licence = draw(maybe(known("licence")))
    described_by = f"https://dictionary.example/{draw(st.uuids())}" if draw(st.booleans()) else None
    return Dataset(
        identifier=draw(WORDS),
        uri=draw(maybe(st.uuids().map(lambda number: f"https://data.example/dataset/{number}"))),
        title=draw(SOME_TEXT),
        description=draw(TEXT),
        publisher=draw(maybe(agents())),
        creator=draw(some(agents(0))),
        contact_point=draw(some(CONTACT)),
        keyword=draw(TEXTS),
        theme=draw(some(known("theme"))),
        classification=draw(maybe(st.just(Coded(scheme="cn-2017", code="3070010", label={"zh": "交通运输"})))),
        issued=draw(maybe(DATE)),
        modified=draw(maybe(DATE)),
        accrual_periodicity=draw(maybe(known("frequency"))),
        language=draw(LANGUAGES),
        spatial=draw(some(PLACE)),
        temporal=draw(some(PERIOD)),
        access_rights=draw(maybe(known("access-right"))),
        rights=draw(TEXT),
        license=licence,
        landing_page=draw(maybe(ADDRESS)),
        page=draw(some(ADDRESS)),
        provenance=draw(TEXT),
        conforms_to=draw(some(ADDRESS)),
        described_by=described_by,
        described_by_type=draw(maybe(MEDIA)) if described_by else None,
        version=draw(maybe(WORDS)),
        version_notes=draw(TEXT),
        other_identifier=draw(some(WORDS)),
        is_part_of=draw(maybe(ADDRESS)),
        in_series=draw(some(series(), 1)),
        relation=draw(some(ADDRESS)),
        status=draw(maybe(OTHER)),
        spatial_resolution_in_meters=draw(maybe(st.floats(0, 1e6, allow_nan=False))),
        temporal_resolution=draw(maybe(st.sampled_from(["P1D", "PT15M", "P1Y"]))),
        applicable_legislation=draw(some(st.just("http://data.europa.eu/eli/reg_impl/2023/138/oj"))),
        hvd_category=draw(some(OTHER, 1)),
        distribution=draw(some(distributions(licence))),
        service=draw(some(services(licence), 1)),
    )
