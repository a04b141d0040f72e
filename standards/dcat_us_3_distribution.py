"""`distribution` and `accessService` of DCAT-US 3.0, both ways: ways to get the data, and the services behind them.

`byteSize` is text in this standard and a number here. A checksum's algorithm is compared without case and dashes (`SHA-256`, an
SPDX address). Where the format is what media type and address tell anyway, it is not written. What else a distribution says
(restrictions, encodings, quality, images) is kept beside it and comes back.
"""

import re
from typing import Any

from metadata.model import Agent, Checksum, Coded, DataService, Distribution
from metadata.vocabulary import format_of, language_tag, look_up
from standards.dates import date_of
from standards.dcat_us_3_parties import agent, agent_of, contact, contact_of
from standards.dcat_us_3_values import (
    Json,
    Picker,
    address_of,
    coded_of,
    concept,
    document,
    filled,
    identifier_of,
    kept,
    licence,
    licence_of,
    listed,
    moment,
    norm,
    texts,
    with_extra,
    word,
    words,
)

_BYTES = re.compile(r"\d{1,18}", re.ASCII)
_RIGHTS = {"PUBLIC": "public", "RESTRICTED": "restricted", "NON_PUBLIC": "non-public"}
_LEGACY = "restricted public"


def read_distributions(value: Any, tag: str) -> tuple[Distribution, ...]:
    """The distributions; a bare address is one of a page."""
    found = (_distribution(each, tag) if isinstance(each, dict) else _addressed(each) for each in listed(value))
    return tuple(one for one in found if one)


def _addressed(value: Any) -> Distribution | None:
    url = word(value)
    return Distribution(access_url=url, format=format_of(None, None, url)[0]) if url and "://" in url else None


def _distribution(value: Json, tag: str) -> Distribution:
    found = _plain_distribution_of(value, tag)
    extra = kept(value, _plain_distribution(found, lambda said: next(iter(said.values()), "")))
    return _with_extra(found, extra, "Distribution")


def _plain_distribution_of(value: Json, tag: str) -> Distribution:
    get = value.get
    download, access = word(get("downloadURL")), word(get("accessURL"))
    known, media_type = format_of(word(get("format")), word(get("mediaType")), download or access)
    size, checksum = word(get("byteSize")), get("checksum")
    return Distribution(
        identifier=identifier_of(get("identifier")),
        title=texts(get("title"), tag),
        description=texts(get("description"), tag),
        access_url=access,
        download_url=download,
        format=known,
        media_type=media_type if get("mediaType") else None,
        compress_format=word(get("compressFormat")),
        package_format=word(get("packageFormat")),
        byte_size=int(size) if size and _BYTES.fullmatch(size) else None,
        checksum=_checksum_of(checksum) if isinstance(checksum, dict) else None,
        license=licence_of(get("license")),
        rights=texts(get("rights"), tag),
        issued=date_of(get("issued")),
        modified=date_of(get("modified")),
        language=tags(get("language")),
        conforms_to=tuple(url for each in listed(get("conformsTo")) if (url := norm_of(each))),
        page=tuple(url for each in listed(get("page")) if (url := address_of(each))),
        described_by=address_of(get("describedBy")),
        described_by_type=media_type_in(get("describedBy")),
        status=coded_of(get("status"), "", tag),
        availability=coded_of(get("availability"), "", tag),
        access_service=tuple(one for each in listed(get("accessService")) if (one := service_of(each, tag))),
    )


def norm_of(value: Any) -> str | None:
    """The address or name of a Standard."""
    if not isinstance(value, dict):
        return word(value)
    return identifier_of(value.get("identifier")) or word(value.get("@id")) or word(value.get("title"))


def media_type_in(value: Any) -> str | None:
    """The media type of what describes the data."""
    return word(value.get("mediaType")) if isinstance(value, dict) else None


def tags(value: Any) -> tuple[str, ...]:
    """The BCP 47 tags of the languages named."""
    return tuple(dict.fromkeys(tag for said in words(value) if (tag := language_tag(said))))


def codes(languages: tuple[str, ...]) -> list[str]:
    """The languages as ISO 639-1 has them; those without two letters are left out."""
    found = (tag.split("-", 1)[0].lower() for tag in languages)
    return list(dict.fromkeys(code for code in found if len(code) == 2))


def _checksum_of(value: Json) -> Checksum | None:
    algorithm, said = word(value.get("algorithm")), word(value.get("checksumValue"))
    if not algorithm or not said:
        return None
    name = re.split(r"[#/_]", algorithm)[-1]
    return Checksum(algorithm=re.sub(r"[^a-z0-9]", "", name.lower()) or "unknown", value=said)


def _with_extra(one: Distribution, extra: Json, kind: str) -> Distribution:
    rest = {name: said for name, said in extra.items() if name != "@type" or said != kind}
    values = {name: getattr(one, name) for name in one.__struct_fields__}
    return Distribution(**{**values, "extra": rest})


def distribution(one: Distribution, pick: Picker, fallback: Coded | None) -> Json:
    """A Distribution; the dataset's licence (`fallback`) where it has none of its own, for only distributions have one here."""
    written = _plain_distribution(one, pick)
    if fallback is not None and "license" not in written and "license" not in one.extra:
        written["license"] = licence(fallback)
    if not one.extra:
        return written
    understood = _bare(_plain_distribution_of(written, "und"))
    return with_extra(written, one.extra, lambda body: _bare(_plain_distribution_of(body, "und")) == understood)


def _bare(one: Distribution) -> Any:
    """A distribution without what is beside its services."""
    return [getattr(one, name) for name in one.__struct_fields__ if name not in ("extra", "access_service")]


def _plain_distribution(one: Distribution, pick: Picker) -> Json:
    checksum = one.checksum
    return filled(
        "Distribution",
        {
            "title": pick(one.title),
            "description": pick(one.description),
            "identifier": one.identifier,
            "accessURL": one.access_url,
            "downloadURL": one.download_url,
            "format": _format(one, pick),
            "mediaType": one.media_type,
            "compressFormat": one.compress_format,
            "packageFormat": one.package_format,
            "byteSize": None if one.byte_size is None else str(one.byte_size),
            "checksum": filled("Checksum", {"algorithm": checksum.algorithm, "checksumValue": checksum.value})
            if checksum
            else None,
            "license": licence(one.license),
            "rights": [pick(one.rights)] if one.rights else None,
            "issued": moment(one.issued),
            "modified": moment(one.modified),
            "language": codes(one.language),
            "conformsTo": [norm(each) for each in one.conforms_to],
            "page": [document(each) for each in one.page],
            "describedBy": described(one.described_by, one.described_by_type),
            "status": concept(one.status, pick) if one.status else None,
            "availability": concept(one.availability, pick) if one.availability else None,
            "accessService": [service(each, pick) for each in one.access_service],
        },
    )


def described(url: str | None, media_type: str | None) -> Json | None:
    """`describedBy`: the data dictionary as a distribution of its own."""
    return filled("Distribution", {"downloadURL": url, "mediaType": media_type}) if url else None


def _format(one: Distribution, pick: Picker) -> str | None:
    coded = one.format
    if coded is None or coded == format_of(None, one.media_type, one.download_url or one.access_url)[0]:
        return None
    return coded.raw or pick(coded.label) or coded.code or None


def access_rights(coded: Coded | None) -> str | None:
    """The word for access rights; the 1.1 word `restricted public` becomes `restricted`."""
    if coded is None:
        return None
    if coded.raw and coded.raw != _LEGACY and "://" not in coded.raw:
        return coded.raw
    return _RIGHTS.get(coded.code) or coded.raw or next(iter(coded.label.values()), None)


def service_of(value: Any, tag: str) -> DataService | None:
    """A DataService, or its bare address."""
    if not isinstance(value, dict):
        url = word(value)
        return DataService(endpoint_url=(url,)) if url else None
    found = _plain_service_of(value, tag)
    extra = kept(value, _plain_service(found, lambda said: next(iter(said.values()), "")))
    values = {name: getattr(found, name) for name in found.__struct_fields__}
    rest = {name: said for name, said in extra.items() if name != "@type" or said != "DataService"}
    return DataService(**{**values, "extra": rest}) if rest or found != DataService() else None


def _plain_service_of(value: Json, tag: str) -> DataService:
    get = value.get
    rights = word(get("accessRights"))
    owner: Agent | None = agent_of(get("publisher"), tag)
    return DataService(
        identifier=identifier_of(get("identifier")) or word(get("@id")),
        title=texts(get("title"), tag),
        description=texts(get("description"), tag),
        endpoint_url=tuple(words(get("endpointURL"))),
        endpoint_description=tuple(words(get("endpointDescription"))),
        conforms_to=tuple(url for each in listed(get("conformsTo")) if (url := norm_of(each))),
        license=licence_of(get("license")),
        access_rights=look_up("access-right", rights) if rights else None,
        contact_point=tuple(one for each in listed(get("contactPoint")) if (one := contact_of(each, tag))),
        publisher=owner,
    )


def service(one: DataService, pick: Picker) -> Json:
    """A DataService."""
    written = _plain_service(one, pick)
    if not one.extra:
        return written
    understood = _bare_service(_plain_service_of(written, "und"))
    return with_extra(written, one.extra, lambda body: _bare_service(_plain_service_of(body, "und")) == understood)


def _bare_service(one: DataService) -> Any:
    names = [each.name for each in one.contact_point], one.publisher and one.publisher.name
    return [getattr(one, name) for name in one.__struct_fields__ if name not in ("extra", "contact_point", "publisher")], names


def _plain_service(one: DataService, pick: Picker) -> Json:
    return filled(
        "DataService",
        {
            "identifier": one.identifier,
            "title": pick(one.title),
            "description": pick(one.description),
            "endpointURL": list(one.endpoint_url),
            "endpointDescription": list(one.endpoint_description),
            "conformsTo": [norm(each) for each in one.conforms_to],
            "license": licence(one.license),
            "accessRights": access_rights(one.access_rights),
            "contactPoint": [contact(each, pick) for each in one.contact_point],
            "publisher": agent(one.publisher, pick, "Agent") if one.publisher else None,
        },
    )
