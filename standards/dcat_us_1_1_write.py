"""Writing DCAT-US 1.1: one dataset as a dict, a catalogue as a stream of bytes. https://resources.data.gov/resources/dcat-us/.

The standard has one language per record, one contact, one place, one period: the first of each is written, words in the
dataset's only language where it has just one, else the best (zh, then en). What came in under names this model has no field
for is in `extra` and goes out again. A value that was read keeps its own spelling (`raw`); one that came from elsewhere is
spelt as DCAT-US does (`R/P1M`, `restricted public`).
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import orjson

from metadata.model import Coded, Dataset, Period
from metadata.text import Text, Words, best, every, primary
from metadata.vocabulary import term
from standards.dates import is_duration
from standards.dcat_us_1_1_distribution import written_distribution
from standards.dcat_us_1_1_parties import written_agent, written_contact
from standards.dcat_us_1_1_places import written_place

CONFORMS_TO = "https://project-open-data.cio.gov/v1.1/schema"
_CATALOG = {
    "@context": f"{CONFORMS_TO}/catalog.jsonld",
    "@type": "dcat:Catalog",
    "conformsTo": CONFORMS_TO,
    "describedBy": f"{CONFORMS_TO}/catalog.json",
}
_LEVELS = {"open": "public", "conditional": "restricted public", "none": "non-public"}
_CROSSWALK = "dcat-us-1.1"

Picker = Callable[[Text], str]


def write(dataset: Dataset) -> dict[str, Any]:
    """The dataset as a DCAT-US 1.1 record; fields without a value are left out."""
    words = _picker(dataset.language)
    values = {
        "identifier": dataset.identifier,
        "title": words(dataset.title),
        "description": words(dataset.description),
        "keyword": _keywords(dataset.keyword, dataset.language),
        "modified": dataset.modified,
        "publisher": written_agent(dataset.publisher, words) if dataset.publisher else None,
        "contactPoint": written_contact(dataset.contact_point, words),
        "accessLevel": _level(dataset),
        "rights": words(dataset.rights),
        "license": _license(dataset),
        "accrualPeriodicity": _frequency(dataset.accrual_periodicity),
        "issued": dataset.issued,
        "temporal": _temporal(dataset.temporal),
        "spatial": written_place(dataset.spatial, words),
        "theme": [name for coded in dataset.theme if (name := coded.raw or words(coded.label) or coded.code)],
        "language": list(dataset.language),
        "landingPage": dataset.landing_page,
        "references": list(dataset.page),
        "conformsTo": dataset.conforms_to[0] if dataset.conforms_to else None,
        "describedBy": dataset.described_by,
        "describedByType": dataset.described_by_type,
        "isPartOf": dataset.is_part_of,
        "distribution": [written_distribution(each, words) for each in dataset.distribution],
    }
    written: dict[str, Any] = {"@type": "dcat:Dataset"}
    written.update((name, value) for name, value in values.items() if value)
    written.update((name, value) for name, value in dataset.extra.items() if name not in written)
    return written


def catalog(datasets: Iterable[dict[str, Any]]) -> Iterator[bytes]:
    """A data.json document around records that `write` gave, one piece per record, so that any number fits in little memory."""
    yield orjson.dumps(_CATALOG)[:-1] + b',"dataset":['
    separator = b"\n"
    for record in datasets:
        yield separator + orjson.dumps(record)
        separator = b",\n"
    yield b"\n]}\n"


def _picker(languages: tuple[str, ...]) -> Picker:
    first = (*languages[:1], "zh", "en") if len(languages) == 1 else ("zh", "en")
    return lambda words: best(words, first)


def _keywords(words: Words, languages: tuple[str, ...]) -> list[str]:
    """The words in the dataset's only language, when there are any; else all of them."""
    if len(languages) == 1:
        own = {tag: group for tag, group in words.items() if primary(tag) == primary(languages[0])}
        return every(own or words)
    return every(words)


def _level(dataset: Dataset) -> str | None:
    """`accessLevel`: the access rights where DCAT-US has a word for them, else what the openness comes to."""
    rights = dataset.access_rights
    word = (rights.raw if rights.raw in _LEVELS.values() else _named("access-right", rights)) if rights else None
    if word or dataset.openness is None:
        return word
    return _LEVELS[dataset.openness.kind]


def _license(dataset: Dataset) -> str | None:
    """The licence's address. Where the dataset has none, its distributions': the standard knows a licence only up here."""
    licences = (dataset.license, *(each.license for each in dataset.distribution))
    found = next((each for each in licences if each), None)
    if found is None:
        return None
    return found.raw if found.raw and (not found.uri or "://" in found.raw) else found.uri


def _frequency(coded: Coded | None) -> str | None:
    if coded is None:
        return None
    own = coded.raw is not None and (coded.raw == "irregular" or (coded.raw.startswith("R/") and is_duration(coded.raw)))
    return coded.raw if own else _named("frequency", coded)


def _named(scheme: str, coded: Coded) -> str | None:
    """DCAT-US's word for a term; the source's own where the term is not known, so that it gets back what it said."""
    known = term(scheme, coded.code) if coded.scheme == scheme else None
    return known.names.get(_CROSSWALK) if known else coded.raw


def _temporal(periods: tuple[Period, ...]) -> str | None:
    for period in periods:
        if period.raw:
            return period.raw
        if period.start and period.end:
            return f"{period.start}/{period.end}"
    return None
