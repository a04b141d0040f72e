"""CKAN resources and Distributions, both ways.

Rules: CKAN's resource schema (docs.ckan.org, resource_create) and ckanext-dcat's mapping of resources. `url` is where the data
is: the download address when the resource is a file, the access address when it is a page or an API.
"""

import re
from functools import lru_cache
from typing import Any

from metadata.model import Checksum, Coded, DataService, Distribution
from metadata.text import best, text
from metadata.vocabulary import format_of, language_tag, look_up, media_type_of, term
from standards.ckan_fields import Fields, decoded, integer, items, language_map, many, moment_utc, texts, words
from standards.dates import date_of

DERIVED = ("package_id", "position", "tracking_summary", "metadata_modified")
"""Members that only repeat where the resource stands, or that change without it."""

_DCAT = frozenset(
    (
        "license_id", "license_url", "license", "license_title", "rights", "rights_translated", "issued", "modified",
        "language",
        "conforms_to", "conformsTo", "documentation", "described_by", "describedBy", "schema-url", "described_by_type",
        "describedByType", "status", "availability", "access_services",
    )
)  # fmt: skip
"""What ckanext-dcat and others add to a resource; most have none of it."""
_TWO_ADDRESSES = frozenset(("download_url", "downloadURL", "access_url", "accessURL", "compress_format", "package_format"))

_PAGES = frozenset({"HTML", "HTML_SIMPL", "XHTML", "PHP", "ASPX", "JSP"})
_ACCESS_KINDS = frozenset({"api", "service", "accessurl", "documentation", "visualization", "code"})
_ALGORITHMS = {32: "md5", 40: "sha1", 64: "sha256", 96: "sha384", 128: "sha512"}
_HASH = re.compile(r"(?:([A-Za-z0-9-]+):)?([0-9a-fA-F]{32,128})")


def distributions(value: Any) -> tuple[Distribution, ...]:
    """One distribution for each resource; a plain string is taken as its address."""
    value = decoded(value)
    listed = value if isinstance(value, list) else [value]
    return tuple(found for one in listed if (found := _distribution(one)))


def _distribution(one: Any) -> Distribution | None:
    if isinstance(one, str) and one.strip():
        one = {"url": one}
    if not isinstance(one, dict):
        return None
    fields = Fields(one)
    fields.drop(*DERIVED)
    kept: dict[str, Any] = {**_place_and_form(fields), **_said(fields)}
    return Distribution(**kept, extra=fields.left())


def _place_and_form(fields: Fields) -> dict[str, Any]:
    url = fields.take(words, "url")
    plain = fields.lacks(_TWO_ADDRESSES)
    download = None if plain else fields.take(words, "download_url", "downloadURL")
    access = None if plain else fields.take(words, "access_url", "accessURL")
    kind = words(fields.peek("resource_type")).lower()
    raw, mimetype = fields.take(words, "format"), fields.take(_media_type, "mimetype", "mediaType", "media_type")
    form, media_type = format_of(raw, mimetype or words(fields.peek("mimetype")) or None, download or url or access)
    if url and url not in (download, access):
        if download is None and _is_file(form, kind):
            download = url
        elif access is None:
            access = url
        else:
            download = download or url
    return {
        "access_url": access,
        "download_url": download,
        "format": form,
        "media_type": media_type,
        **({} if plain else {name: fields.take(words, name) for name in ("compress_format", "package_format")}),
        "byte_size": fields.take(integer, "size", "byte_size"),
        "checksum": _checksum(fields),
    }


def _media_type(value: Any) -> str | None:
    return _media_type_said(words(value))


_media_type_said = lru_cache(maxsize=2048)(media_type_of)


def _is_file(form: Coded | None, kind: str) -> bool:
    if kind in _ACCESS_KINDS:
        return False
    if form is None:
        return kind.startswith("file")
    known = term("format", form.code) if form.scheme else None
    return form.code not in _PAGES and not (known and known.service)


def _checksum(fields: Fields) -> Checksum | None:
    found = fields.take(lambda value: _HASH.fullmatch(words(value)), "hash")
    if not found:
        return None
    named = words(fields.take(words, "hash_algorithm") or found[1]).rsplit("#", 1)[-1].removeprefix("checksumAlgorithm_")
    algorithm = re.sub(r"[^a-z0-9]", "", named.lower()) or _ALGORITHMS.get(len(found[2]), "")
    return Checksum(algorithm=algorithm or "unknown", value=found[2])


def _said(fields: Fields) -> dict[str, Any]:
    common = {
        "identifier": fields.take(words, "id"),
        "title": fields.text("name", "title"),
        "description": fields.text("description"),
    }
    if fields.lacks(_DCAT):
        return common | {"issued": fields.take(moment_utc, "created"), "modified": fields.take(moment_utc, "last_modified")}
    return common | {
        "license": licence(fields),
        "rights": fields.text("rights"),
        "issued": fields.take(date_of, "issued") or fields.take(moment_utc, "created"),
        "modified": fields.take(date_of, "modified") or fields.take(moment_utc, "last_modified"),
        "language": languages(fields.take(many, "language")),
        "conforms_to": fields.take(many, "conforms_to", "conformsTo") or (),
        "page": fields.take(many, "documentation") or (),
        "described_by": fields.take(words, "described_by", "describedBy", "schema-url"),
        "described_by_type": fields.take(words, "described_by_type", "describedByType"),
        "status": _coded(fields.take(words, "status")),
        "availability": _coded(fields.take(words, "availability")),
        "access_service": fields.take(services, "access_services") or (),
    }


def _coded(raw: str | None) -> Coded | None:
    """A value whose list we do not hold: its raw word, and its address where it is one."""
    if not raw:
        return None
    return (
        Coded(raw=raw, uri=raw, label=text(raw.rsplit("/", 1)[-1]))
        if raw.startswith("http")
        else Coded(raw=raw, label=text(raw))
    )


def languages(raw: tuple[str, ...] | None) -> tuple[str, ...]:
    """BCP 47 tags; a language that is not known stays as it was written."""
    return tuple(dict.fromkeys(language_tag(one) or one for one in raw or ()))


def licence(fields: Fields) -> Coded | None:
    """The licence by its id, address or title, whichever is known; where none is, all three are kept."""
    identifier = fields.take(words, "license_id")
    urls = (fields.take(words, "license_url"), fields.take(words, "license"))
    title = fields.take(texts, "license_title") or {}
    said = [word for word in (identifier, *urls, *title.values()) if word]
    if not said:
        return None
    known = next((found for word in said if (found := look_up("licence", word)).scheme), None)
    if known:
        return Coded(scheme=known.scheme, code=known.code, uri=known.uri, label=known.label, raw=said[0])
    address = next((word for word in said if word.startswith(("http://", "https://"))), None)
    return Coded(raw=said[0], uri=address, label=title or text(said[0]))


def services(value: Any) -> tuple[DataService, ...]:
    """Services from ckanext-dcat's `access_services` (objects, or JSON in a string)."""
    return tuple(found for one in items(value) if (found := _service(one)))


def _service(one: dict[str, Any]) -> DataService | None:
    fields = Fields(one)
    access = fields.take(words, "access_rights")
    endpoint, title = fields.take(many, "endpoint_url") or (), fields.text("title")
    if not endpoint and not title:
        return None
    return DataService(
        identifier=fields.take(words, "identifier", "uri"),
        title=title,
        description=fields.text("description"),
        endpoint_url=endpoint,
        endpoint_description=fields.take(many, "endpoint_description") or (),
        conforms_to=fields.take(many, "conforms_to") or (),
        license=licence(fields),
        access_rights=look_up("access-right", access) if access else None,
        extra=fields.left(),
    )


def resource(one: Distribution) -> dict[str, Any]:
    """The resource dict of a distribution: CKAN's members always, ckanext-dcat's where there is something to say."""
    endpoints = [url for each in one.access_service for url in each.endpoint_url]
    url = one.download_url or one.access_url or next(iter(endpoints), None)
    found: dict[str, Any] = {
        "name": best(one.title) or None,
        "description": best(one.description),
        "url": url or "",
        "format": _format(one.format),
        "mimetype": one.media_type,
        "size": one.byte_size,
        "hash": one.checksum.value if one.checksum else "",
        "created": _day(one.issued),
        "last_modified": _day(one.modified),
    }
    more: dict[str, Any] = {
        "access_url": one.access_url if one.download_url else None,
        "download_url": one.download_url,
        "hash_algorithm": one.checksum.algorithm if one.checksum else None,
        "license": (one.license.uri or one.license.raw or one.license.code) if one.license else None,
        "rights": language_map(one.rights),
        "issued": one.issued,
        "modified": one.modified,
        "language": list(one.language),
        "conforms_to": list(one.conforms_to),
        "documentation": list(one.page),
        "described_by": one.described_by,
        "described_by_type": one.described_by_type,
        "compress_format": one.compress_format,
        "package_format": one.package_format,
        "status": (one.status.uri or one.status.raw or one.status.code) if one.status else None,
        "availability": (one.availability.uri or one.availability.raw or one.availability.code) if one.availability else None,
        "access_services": [service(each) for each in one.access_service],
        "name_translated": one.title if len(one.title) > 1 else None,
        "description_translated": one.description if len(one.description) > 1 else None,
    }
    kept = {
        name: value for name, value in one.extra.items() if name not in found and name not in ("id", "package_id", "position")
    }
    return {**kept, **found, **{name: value for name, value in more.items() if value}}


def _day(date: str | None) -> str | None:
    """A date that CKAN takes: a year or month by its first day (`issued` and `modified` keep the date as it was given)."""
    return f"{date}-01-01"[:10] if date and len(date) < 10 else date


def _format(form: Coded | None) -> str:
    """The word people know (`CSV`), else the source's own."""
    if form is None:
        return ""
    return form.code if form.scheme else form.raw or ""


def service(one: DataService) -> dict[str, Any]:
    """A service as ckanext-dcat's `access_services` has it."""
    found: dict[str, Any] = {
        "identifier": one.identifier,
        "title": best(one.title),
        "title_translated": one.title if len(one.title) > 1 else None,
        "description": best(one.description),
        "endpoint_url": list(one.endpoint_url),
        "endpoint_description": list(one.endpoint_description),
        "conforms_to": list(one.conforms_to),
        "license": (one.license.uri or one.license.raw or one.license.code) if one.license else None,
        "access_rights": (one.access_rights.uri or one.access_rights.raw) if one.access_rights else None,
    }
    return {**one.extra, **{name: value for name, value in found.items() if value}}
