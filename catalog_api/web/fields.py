"""Everything a description says, as rows of label and values. A test holds it to the model: no field may be missing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from markupsafe import Markup

from catalog_api.web import labels
from catalog_api.web.parties import agent_words, contact_words, period_words, place_words
from catalog_api.web.translation import N_, Tongue
from catalog_api.web.wording import coded, day, linked, marked, size
from metadata.entry import Entry
from metadata.model import Coded, DataService, Dataset, Distribution, Openness, Series, Sharing
from metadata.text import Text


@dataclass(frozen=True)
class Row:
    """One line of a description list: the label is a message, the values are ready for a page (escaped)."""

    label: str
    values: tuple[Markup, ...]


def row(label: str, values: Iterable[object]) -> list[Row]:
    """A row, or none when there is nothing to show."""
    shown = tuple(Markup("{}").format(value) for value in values if value not in (None, "", b""))
    return [Row(label, shown)] if shown else []


def dataset_rows(data: Dataset, tongue: Tongue) -> list[Row]:
    """What is not shown elsewhere on the page, in the order people ask: who, when, where, what may be done, what else."""
    return [
        *_parties(data, tongue),
        *_times(data, tongue),
        *_rights(data, tongue),
        *_kinds(data, tongue),
        *_documents(data),
        *_relations(data, tongue),
        *extra_rows(data.extra),
    ]


def glance(entry: Entry, tongue: Tongue) -> list[Row]:
    """The few facts that most people come for."""
    data = entry.dataset
    return [
        *row(N_("Update frequency"), [coded(data.accrual_periodicity, tongue)]),
        *row(N_("Modified"), [day(data.modified, tongue)]),
        *row(N_("Openness"), openness_words(data.openness, tongue)[:1]),
        *row(N_("Sharing"), sharing_words(data.sharing, tongue)[:1]),
        *row(N_("Licence"), [_code(data.license, tongue)]),
        *row(N_("Standard"), [entry.standard]),
        *row(N_("Source"), [Markup('<a href="/source/{0}">{0}</a>').format(entry.source)] if entry.source else []),
        *row(N_("In the directory since"), [day(entry.created[:10], tongue)]),
    ]


def distribution_rows(one: Distribution, tongue: Tongue) -> list[Row]:
    """The details of a distribution; its title, description and links are shown above them."""
    checksum = f"{one.checksum.algorithm}: {one.checksum.value}" if one.checksum else ""
    return [
        *row(N_("Format"), [_code(one.format, tongue)]),
        *row(N_("Media type"), [one.media_type]),
        *row(N_("Size"), [size(one.byte_size, tongue)]),
        *row(N_("Compression"), [one.compress_format]),
        *row(N_("Packaging"), [one.package_format]),
        *row(N_("Checksum"), [checksum]),
        *row(N_("Licence"), [_code(one.license, tongue)]),
        *row(N_("Rights"), [marked(one.rights, tongue)]),
        *row(N_("Issued"), [day(one.issued, tongue)]),
        *row(N_("Modified"), [day(one.modified, tongue)]),
        *row(N_("Language"), _languages(one.language, tongue)),
        *row(N_("Conforms to"), map(linked, one.conforms_to)),
        *row(N_("Documentation"), map(linked, one.page)),
        *row(N_("Schema"), [linked(one.described_by or ""), one.described_by_type]),
        *row(N_("Status"), [coded(one.status, tongue)]),
        *row(N_("Availability"), [coded(one.availability, tongue)]),
        *row(N_("Service"), [words for service in one.access_service for words in _service(service, tongue)]),
        *row(N_("Identifier"), [one.identifier]),
        *extra_rows(one.extra),
    ]


def service_rows(one: DataService, tongue: Tongue) -> list[Row]:
    """What is said of a service."""
    return [
        *row(N_("Description"), [marked(one.description, tongue)]),
        *row(N_("Endpoint"), map(linked, one.endpoint_url)),
        *row(N_("Endpoint description"), map(linked, one.endpoint_description)),
        *row(N_("Conforms to"), map(linked, one.conforms_to)),
        *row(N_("Licence"), [_code(one.license, tongue)]),
        *row(N_("Access rights"), [_code(one.access_rights, tongue)]),
        *row(N_("Contact"), [contact_words(contact, tongue) for contact in one.contact_point]),
        *row(N_("Publisher"), [agent_words(one.publisher, tongue)]),
        *row(N_("Identifier"), [one.identifier]),
        *extra_rows(one.extra),
    ]


def sharing_words(sharing: Sharing | None, tongue: Tongue) -> list[Markup | str]:
    """共享属性: its kind, then condition, legal basis, method, and the source's own word."""
    if sharing is None:
        return []
    kind = _with_raw(tongue.say(labels.SHARING[sharing.kind]), sharing.raw)
    return [
        kind,
        *_texts((sharing.condition, sharing.legal_basis), tongue),
        coded(sharing.method, tongue),
    ]


def openness_words(openness: Openness | None, tongue: Tongue) -> list[Markup | str]:
    """开放属性: its kind, then its condition, and the source's own word."""
    if openness is None:
        return []
    kind = _with_raw(tongue.say(labels.OPENNESS[openness.kind]), openness.raw)
    return [kind, *_texts((openness.condition,), tongue)]


def extra_rows(extra: dict[str, Any]) -> list[Row]:
    """What the model has no field for, under the source's own names."""
    return [one for name, value in sorted(extra.items()) for one in row(name, [_plain(value)])]


def _parties(data: Dataset, tongue: Tongue) -> list[Row]:
    return [
        *row(N_("Identifier"), [data.identifier]),
        *row(N_("Other identifiers"), data.other_identifier),
        *row(N_("Publisher"), [agent_words(data.publisher, tongue)]),
        *row(N_("Creator"), [agent_words(one, tongue) for one in data.creator]),
        *row(N_("Contact"), [contact_words(one, tongue) for one in data.contact_point]),
    ]


def _times(data: Dataset, tongue: Tongue) -> list[Row]:
    metres = data.spatial_resolution_in_meters
    return [
        *row(N_("Issued"), [day(data.issued, tongue)]),
        *row(N_("Modified"), [day(data.modified, tongue)]),
        *row(N_("Update frequency"), [_code(data.accrual_periodicity, tongue)]),
        *row(N_("Period"), [period_words(one, tongue) for one in data.temporal]),
        *row(N_("Temporal resolution"), [data.temporal_resolution]),
        *row(N_("Place"), [place_words(one, tongue) for one in data.spatial]),
        *row(N_("Spatial resolution"), [f"{metres:g} m" if metres is not None else None]),
    ]


def _rights(data: Dataset, tongue: Tongue) -> list[Row]:
    return [
        *row(N_("Openness"), openness_words(data.openness, tongue)),
        *row(N_("Sharing"), sharing_words(data.sharing, tongue)),
        *row(N_("Access rights"), [_code(data.access_rights, tongue)]),
        *row(N_("Licence"), [_code(data.license, tongue)]),
        *row(N_("Rights"), [marked(data.rights, tongue)]),
        *row(N_("Applicable legislation"), map(linked, data.applicable_legislation)),
    ]


def _kinds(data: Dataset, tongue: Tongue) -> list[Row]:
    return [
        *row(N_("Theme"), [_code(one, tongue) for one in data.theme]),
        *row(N_("Classification"), [_code(data.classification, tongue)]),
        *row(N_("High-value category"), [_code(one, tongue) for one in data.hvd_category]),
        *row(N_("Language"), _languages(data.language, tongue)),
        *row(N_("Status"), [coded(data.status, tongue)]),
        *row(N_("Version"), [data.version]),
        *row(N_("Version notes"), [marked(data.version_notes, tongue)]),
        *row(N_("Provenance"), [marked(data.provenance, tongue)]),
    ]


def _documents(data: Dataset) -> list[Row]:
    return [
        *row(N_("Landing page"), [linked(data.landing_page or "")]),
        *row(N_("Documentation"), map(linked, data.page)),
        *row(N_("Conforms to"), map(linked, data.conforms_to)),
        *row(N_("Schema"), [linked(data.described_by or ""), data.described_by_type]),
    ]


def _relations(data: Dataset, tongue: Tongue) -> list[Row]:
    return [
        *row(N_("Part of"), [linked(data.is_part_of or "")]),
        *row(N_("In series"), [words for one in data.in_series for words in _series(one, tongue)]),
        *row(N_("Related"), map(linked, data.relation)),
        *row(N_("Address in its catalogue"), [linked(data.uri or "")]),
    ]


def _series(one: Series, tongue: Tongue) -> Iterable[object]:
    yield marked(one.title, tongue) or one.identifier
    yield from _texts((one.description,), tongue)
    yield from (coded(one.accrual_periodicity, tongue), agent_words(one.publisher, tongue))


def _service(one: DataService, tongue: Tongue) -> Iterable[object]:
    yield marked(one.title, tongue) or one.identifier
    yield from (value for row_ in service_rows(one, tongue) for value in row_.values)


def _code(value: Coded | None, tongue: Tongue) -> Markup | str:
    """A controlled value: its label, and the source's word where it differs; a link where it has an address."""
    if value is None:
        return ""
    words = coded(value, tongue)
    shown = (
        Markup('<a href="{}" rel="nofollow noopener noreferrer">{}</a>').format(value.uri, words)
        if _is_web(value.uri)
        else Markup("{}").format(words)
    )
    return _with_raw(shown, _said(value.raw, words, value.uri or "", value.code))


def _with_raw(shown: Markup | str, raw: str | None) -> Markup:
    """What is shown, with the source's own word behind it."""
    said = Markup(' <span class="quiet">({})</span>').format(linked(raw)) if raw and raw != shown else Markup("")
    return Markup("{}{}").format(shown, said)


def _is_web(address: str | None) -> bool:
    return bool(address) and str(address).startswith(("https://", "http://"))


def _said(raw: str | None, *known: str) -> str:
    """The source's own word, unless it says what is shown already."""
    return raw if raw and raw.casefold() not in {one.casefold() for one in known} else ""


def _texts(texts: Sequence[Text], tongue: Tongue) -> list[Markup]:
    return [marked(one, tongue) for one in texts if one]


def _languages(tags: Sequence[str], tongue: Tongue) -> list[str]:
    return [tongue.say(labels.tongue(tag)) for tag in tags]


def _plain(value: Any) -> str:
    if isinstance(value, str):
        return value
    try:
        return orjson.dumps(value).decode()
    except TypeError:
        return str(value)
