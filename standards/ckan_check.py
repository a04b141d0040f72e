"""What CKAN's own package schema says of a package dict.

Rules: default_create_package_schema and its validators (docs.ckan.org, "Action API reference", package_create), in our words in
`files/ckan/rules.json`. Fields that only some sites have (ckanext-scheming) are not judged.
"""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from standards.base import Finding, Rule, finding
from standards.ckan_fields import blank, package_of, words

_LINK = "https://docs.ckan.org/en/latest/api/#ckan.logic.action.create.package_create"
RULES: dict[str, Rule] = {
    rule.id: msgspec.structs.replace(rule, link=rule.link or _LINK)
    for rule in msgspec.json.decode(
        Path(__file__).with_name("files").joinpath("ckan", "rules.json").read_bytes(), type=list[Rule]
    )
}

NAME = re.compile(r"[a-z0-9_-]{2,100}")
RESERVED = ("new", "edit", "search")
# One @, a host with letters or digits at the ends of each label (HTML Living Standard, "valid email address").
_EMAIL = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
    r"(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*"
)
_TAG = re.compile(r"[\w \-.]*")
_WEB = ("http://", "https://")
_FETCHED = (*_WEB, "ftp://", "ftps://", "sftp://")
_DATES = ("created", "last_modified", "cache_last_updated")
_BOOLEANS = ("true", "false", "1", "0")


def check(body: Any) -> Iterator[Finding]:
    """Findings on a package dict, with JSON pointers into it, also where a DKAN list or an envelope holds it. Any input."""
    package = package_of(body)
    if not isinstance(package, dict):
        yield finding(RULES["ckan/object"], "", type(package).__name__)
        return
    yield from _check_name(package)
    yield from _check_words(package)
    yield from _check_owner(package)
    yield from _check_dates(package)
    yield from _check_resources(package.get("resources"))
    yield from _check_tags(package.get("tags"))
    yield from _check_groups(package.get("groups"))
    yield from _check_extras(package.get("extras"))


def _check_name(package: dict[str, Any]) -> Iterator[Finding]:
    name = package.get("name")
    if blank(name):
        yield finding(RULES["ckan/name/absent"], "/name")
    elif not isinstance(name, str) or not NAME.fullmatch(name):
        yield finding(RULES["ckan/name/form"], "/name", name)
    elif name in RESERVED:
        yield finding(RULES["ckan/name/reserved"], "/name", name)


def _check_words(package: dict[str, Any]) -> Iterator[Finding]:
    if blank(package.get("title")) and blank(package.get("title_translated")):
        yield finding(RULES["ckan/title/absent" if words(name := package.get("name")) else "ckan/title"], "/title", name or "")
    if blank(package.get("notes")) and blank(package.get("notes_translated")):
        yield finding(RULES["ckan/notes/absent"], "/notes")
    if all(blank(package.get(name)) for name in ("license_id", "license_url", "license_title")):
        yield finding(RULES["ckan/license/absent"], "/license_id")
    if len(words(package.get("version"))) > 100:
        yield finding(RULES["ckan/version/length"], "/version", package["version"])
    for name in ("author_email", "maintainer_email"):
        if not blank(package.get(name)) and not _EMAIL.fullmatch(words(package[name])):
            yield finding(RULES["ckan/email/form"], f"/{name}", package[name])
    if not blank(package.get("url")) and not words(package["url"]).lower().startswith(_WEB):
        yield finding(RULES["ckan/url/form"], "/url", package["url"])


def _check_owner(package: dict[str, Any]) -> Iterator[Finding]:
    owned = not blank(package.get("owner_org")) or not blank(package.get("organization"))
    private = package.get("private")
    if private is not None and not isinstance(private, bool) and str(private).lower() not in _BOOLEANS:
        yield finding(RULES["ckan/private/boolean"], "/private", private)
    if not owned and is_true(private):
        yield finding(RULES["ckan/private/organization"], "/private", private)
    elif not owned:
        yield finding(RULES["ckan/owner_org/absent"], "/owner_org")


def is_true(value: Any) -> bool:
    """What CKAN's boolean_validator takes for true."""
    return value is True or (value is not False and str(value).lower() in ("true", "yes", "t", "y", "1"))


def _check_dates(package: dict[str, Any]) -> Iterator[Finding]:
    for name in ("metadata_created", "metadata_modified"):
        if not blank(package.get(name)) and not _is_date(package[name]):
            yield finding(RULES["ckan/date/form"], f"/{name}", package[name])


def _is_date(value: Any) -> bool:
    """What CKAN's isodate validator takes: a day, or a moment, in ISO 8601."""
    try:
        datetime.fromisoformat(words(value))
    except ValueError:
        return False
    return True


def _check_resources(resources: Any) -> Iterator[Finding]:
    if resources is None or resources == []:
        yield finding(RULES["ckan/resources/absent"], "/resources")
        return
    if not isinstance(resources, list):
        yield finding(RULES["ckan/resources/list"], "/resources", resources)
        return
    seen = Counter(str(one["id"]) for one in resources if isinstance(one, dict) and not blank(one.get("id")))
    for place, one in enumerate(resources):
        yield from _check_resource(one, f"/resources/{place}", seen)


def _check_resource(one: Any, path: str, seen: Counter[str]) -> Iterator[Finding]:
    if not isinstance(one, dict):
        yield finding(RULES["ckan/resources/list"], path, one)
        return
    url = words(one.get("url"))
    if not url:
        yield finding(RULES["ckan/resources/url"], f"{path}/url")
    elif not url.lower().startswith(_FETCHED):
        yield finding(RULES["ckan/resources/url/form"], f"{path}/url", url)
    if blank(one.get("format")):
        yield finding(RULES["ckan/resources/format/absent"], f"{path}/format")
    if not blank(one.get("size")) and not re.fullmatch(r"-?\d{1,18}", str(one["size"])):
        yield finding(RULES["ckan/resources/size"], f"{path}/size", one["size"])
    for name in _DATES:
        if not blank(one.get(name)) and not _is_date(one[name]):
            yield finding(RULES["ckan/resources/date"], f"{path}/{name}", one[name])
    if seen[str(one.get("id"))] > 1:
        yield finding(RULES["ckan/resources/id/repeated"], f"{path}/id", one["id"])


def _check_tags(tags: Any) -> Iterator[Finding]:
    if tags is None:
        return
    if not isinstance(tags, list):
        yield finding(RULES["ckan/tags/list"], "/tags", tags)
        return
    for place, one in enumerate(tags):
        name = words(one.get("name")) if isinstance(one, dict) else ""
        if not name:
            yield finding(RULES["ckan/tags/list"], f"/tags/{place}", one)
        elif not 2 <= len(name) <= 100:
            yield finding(RULES["ckan/tags/length"], f"/tags/{place}/name", name)
        elif not _TAG.fullmatch(name):
            yield finding(RULES["ckan/tags/form"], f"/tags/{place}/name", name)


def _check_groups(groups: Any) -> Iterator[Finding]:
    listed = groups if isinstance(groups, list) else [groups] if groups else []
    for place, one in enumerate(listed):
        if not isinstance(one, dict) or not (words(one.get("name")) or words(one.get("id"))):
            yield finding(RULES["ckan/groups/list"], f"/groups/{place}", one)


def _check_extras(extras: Any) -> Iterator[Finding]:
    if extras is None:
        return
    if not isinstance(extras, list):
        yield finding(RULES["ckan/extras/list"], "/extras", extras)
        return
    seen: set[str] = set()
    for place, one in enumerate(extras):
        key = words(one.get("key")) if isinstance(one, dict) else ""
        if not isinstance(one, dict) or "value" not in one:
            yield finding(RULES["ckan/extras/list"], f"/extras/{place}", one)
        elif not key:
            yield finding(RULES["ckan/extras/key"], f"/extras/{place}/key", one.get("key"))
        elif key in seen:
            yield finding(RULES["ckan/extras/repeated"], f"/extras/{place}/key", key)
        seen.add(key)
