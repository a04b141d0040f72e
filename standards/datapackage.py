"""Data packages, version 1 and 2: `datapackage.json` of Frictionless Data (https://datapackage.org/).

Reading in `datapackage_read`, writing (v2) in `…_write`, Table Schema and 信息项 in `…_columns`, the profile's rules in
`…_fields`, `…_check` and `…_rules`.
"""

from typing import Any

from standards import json_repairs, repairs
from standards.base import Repair, Standard
from standards.datapackage_check import check
from standards.datapackage_columns import type_of
from standards.datapackage_read import read
from standards.datapackage_rules import RULES
from standards.datapackage_write import write

__all__ = ["FIELDS", "STANDARD", "check", "read", "recognises", "repair", "write"]

FIELDS: tuple[tuple[str, str, str], ...] = (
    ("identifier", "id", "without one `name`, else the title"),
    ("title", "title", "without one `name`; several languages in `title_translated`"),
    ("description", "description", "several languages in `description_translated`"),
    ("landing_page", "homepage", ""),
    ("version", "version", ""),
    ("issued", "created", "a day or a year is written as `issued`: `created` must be a moment"),
    ("modified", "modified", "custom property"),
    ("keyword", "keywords", ""),
    ("publisher", "contributors[roles=publisher]", "version 1: `role`"),
    ("creator", "contributors[roles=creator]", "also `author`, `wrangler`"),
    ("contact_point", "contributors[roles=contact]", "also `maintainer`"),
    ("license", "licenses[0]", "further ones stay in `extra`"),
    ("accrual_periodicity", "accrualPeriodicity", "custom property"),
    ("language", "language", "custom property"),
    ("temporal", "temporal", "custom property"),
    ("theme", "theme", "custom property"),
    ("conforms_to", "conformsTo", "custom property"),
    ("other_identifier", "alternateIdentifier", "custom property"),
    ("access_rights", "accessRights", "custom property"),
    ("rights", "rights", "custom property"),
    ("information_item", "resources[].schema.fields", "with several tables each item's `extra.resource` names its own"),
    ("information_item.key", "resources[].schema.primaryKey", ""),
    ("distribution.identifier", "resources[].name", ""),
    ("distribution.download_url", "resources[].path", "a relative path stays in `extra`"),
    ("distribution.access_url", "resources[].accessURL", "custom property"),
    ("distribution.format", "resources[].format", ""),
    ("distribution.media_type", "resources[].mediatype", ""),
    ("distribution.byte_size", "resources[].bytes", ""),
    ("distribution.checksum", "resources[].hash", "MD5 where no algorithm is named"),
    ("distribution.license", "resources[].licenses[0]", ""),
    ("distribution.described_by", "resources[].schema", "where it is an address"),
    ("extra", "*", "members without a name above, by their own"),
)
CARRIES = frozenset(
    (
        "identifier",
        "title",
        "description",
        "landing_page",
        "version",
        "issued",
        "modified",
        "keyword",
        "license",
        "theme",
        "accrual_periodicity",
        "language",
        "temporal",
        "conforms_to",
        "other_identifier",
        "access_rights",
        "rights",
        "extra",
        "publisher.name",
        "publisher.code",
        "publisher.email",
        "publisher.homepage",
        "publisher.phone",
        "publisher.extra",
        "creator.name",
        "creator.code",
        "creator.email",
        "creator.homepage",
        "creator.phone",
        "creator.extra",
        "contact_point.name",
        "contact_point.email",
        "contact_point.phone",
        "contact_point.url",
        "contact_point.organization",
        "contact_point.extra",
        "information_item",
        "distribution.identifier",
        "distribution.title",
        "distribution.description",
        "distribution.access_url",
        "distribution.download_url",
        "distribution.format",
        "distribution.media_type",
        "distribution.byte_size",
        "distribution.checksum",
        "distribution.license",
        "distribution.issued",
        "distribution.modified",
        "distribution.language",
        "distribution.compress_format",
        "distribution.extra",
    )
)
_MENDS: dict[str, json_repairs.Mend] = {
    "datapackage/package/created/format": json_repairs.of(lambda value: _moment(value)),
    "datapackage/package/homepage/format": json_repairs.escaped,
    "datapackage/resource/homepage/format": json_repairs.escaped,
    "datapackage/resource/mediatype/pattern": json_repairs.of(repairs.media_type),
    "datapackage/contributor/email/format": json_repairs.of(repairs.bare_mail),
    "datapackage/source/email/format": json_repairs.of(repairs.bare_mail),
    "datapackage/package/keywords/type": json_repairs.split_words,
    "datapackage/package/keywords/minItems": json_repairs.drop,
    "datapackage/package/contributors/minItems": json_repairs.drop,
    "datapackage/package/licenses/minItems": json_repairs.drop,
    "datapackage/package/contributors/type": json_repairs.as_list,
    "datapackage/package/licenses/type": json_repairs.as_list,
    "datapackage/package/sources/type": json_repairs.as_list,
    "datapackage/package/version/type": json_repairs.as_text,
    "datapackage/package/id/type": json_repairs.as_text,
    "datapackage/field/type/enum": json_repairs.of(lambda value: _field_type(value)),
}


def _moment(value: Any) -> str | None:
    """A moment that a spelling of one means; not a day alone, whose time nobody said."""
    found = repairs.date(value)
    return found if found and len(found) > 19 else None


def _field_type(value: Any) -> str | None:
    return (type_of(value) or None) if isinstance(value, str) else None


def recognises(body: Any) -> bool:
    """Whether it names a profile of data packages, or lists resources with `name` and `path` or `data` as packages do."""
    if not isinstance(body, dict) or "@context" in body or "@type" in body:
        return False
    named = (body.get("$schema"), body.get("profile"))
    if any(isinstance(each, str) and _names_profile(each) for each in named):
        return True
    resources = body.get("resources")
    first = resources[0] if isinstance(resources, list) and resources else None
    return isinstance(first, dict) and ("path" in first or "data" in first) and "url" not in first


def _names_profile(word: str) -> bool:
    return word.endswith("data-package") or ("datapackage" in word and "profiles" in word)


def repair(body: Any) -> tuple[Any, list[Repair]]:
    """A mended copy, and what was done. Never raises."""
    return json_repairs.mended(body, check, _MENDS)


STANDARD = Standard(
    name="datapackage",
    title={"zh": "数据包（Frictionless）", "en": "Data Package (Frictionless)"},
    media_type="application/json",
    version="2.0",
    recognises=recognises,
    read=read,
    write=write,
    check=check,
    rules=RULES,
    repair=repair,
    carries=CARRIES,
    marks={
        "zh": "$schema 或 profile 指明数据包规范，或者 resources 中的资源带有 path 或 data",
        "en": "`$schema` or `profile` names a data package, or its `resources` have `path` or `data`",
    },
)
