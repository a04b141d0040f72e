"""The secrets of sources: sealed when a source is saved, opened only where its harvester is made, never shown again.

What is secret is said by the forms: the fields of a protocol's settings and of a kind of access whose format is `password`.
Where a source is shown, `***` stands for a secret; whoever sends `***` back keeps it, while it still goes to the same site.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import httpx

from catalog_api.sealing import is_sealed, seal, unseal
from catalog_api.settings import Settings
from harvesters.access import KINDS, Access, entrance, secrets_of
from harvesters.address import same_site
from harvesters.table import PROTOCOLS
from harvesters.web import Web
from metadata.errors import CatalogError, Invalid, NotFound
from metadata.tables import Source

MASK = "***"
"""What stands where a secret is."""

SHORTEST_SCRUBBED = 4
"""A secret of fewer letters is no secret, and would blot out words."""


def secret_names(part: str, kind: str) -> frozenset[str]:
    """The secret fields of a part (`settings` or `access`) for a protocol, or a kind of access; none for an unknown one."""
    try:
        return secrets_of(PROTOCOLS.get(kind).Settings if part == "settings" else KINDS[kind])
    except (NotFound, KeyError):
        return frozenset()


def sealed(key: str, name: str, part: str, kind: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """A part of the source `name` as it is stored: its secrets sealed."""
    secret = secret_names(part, kind)
    return {
        field: seal(key, _place(name, part, field), value) if field in secret and isinstance(value, str) and value else value
        for field, value in given.items()
    }


def opened(key: str, name: str, part: str, stored: Mapping[str, Any]) -> dict[str, Any]:
    """A stored part with its secrets open; one that was stored in plain text, by an earlier version, stays as it is. Raises
    `Invalid`, naming the source, when the secret key is another one."""
    return {
        field: unseal(key, _place(name, part, field), value) if is_sealed(value) else value for field, value in stored.items()
    }


def masked(part: str, kind: str, stored: Mapping[str, Any]) -> dict[str, Any]:
    """A stored part as it may be shown to those who may change it."""
    secret = secret_names(part, kind)
    return {field: MASK if is_sealed(value) or (field in secret and value) else value for field, value in stored.items()}


def settings_of(settings: Settings, source: Source) -> dict[str, Any]:
    """The settings of a source's protocol, open."""
    return opened(settings.key, source.name, "settings", source.settings)


def access_of(settings: Settings, source: Source) -> Access | None:
    """How a source is entered, ready for use; None for one that is open to all."""
    return entrance(opened(settings.key, source.name, "access", source.access))


def kept(settings: Settings, old: Source | None, part: str, given: Mapping[str, Any], url: str) -> dict[str, Any]:
    """What was given, with each `***` replaced by the secret that is stored. Raises `Invalid` where there is none, or where
    it would go to another site than until now: who may change an address must not learn a secret by that."""
    asked = [field for field, value in given.items() if value == MASK]
    if not asked:
        return dict(given)
    stored = (old.settings if part == "settings" else old.access) if old else {}
    if old is None or any(field not in stored for field in asked):
        raise Invalid(f"`{MASK}` stands for a secret that is stored, and there is none", place=f"{part}.{asked[0]}")
    if not _same_goal(old, part, stored, given, url):
        remedy = "Give it anew: the stored one is sent to the site that it was given for, and to no other."
        raise Invalid("this secret was given for another site", place=f"{part}.{asked[0]}", remedy=remedy)
    known = opened(settings.key, old.name, part, {field: stored[field] for field in asked})
    return {**given, **known}


def web_for(settings: Settings, source: Source, validators: Mapping[str, Any], cancelled: Callable[[], bool]) -> Web:
    """The client of one run of a source: entered as the source is, its secrets kept to the source's own site."""
    at_home = source.url.startswith(("http://", "https://"))
    return Web(
        internal=source.internal,
        max_bytes=settings.download_limit_mib * 1024 * 1024,
        timeout=60,
        home=source.url if at_home else "",
        access=access_of(settings, source) if at_home else None,
        pause=source.pause,
        validators=dict(validators),
        spool_dir=_made(settings.spool_dir),
        cancelled=cancelled,
    )


def scrubbed(settings: Settings, source: Source, text: str) -> str:
    """A text from a run without the source's secrets, should an answer or an error repeat one."""
    for secret in _secrets(settings, source):
        text = text.replace(secret, MASK)
    return text


def _secrets(settings: Settings, source: Source) -> list[str]:
    found = []
    for part, kind in (("settings", source.protocol), ("access", str(source.access.get("kind")))):
        stored = source.settings if part == "settings" else source.access
        try:
            open_ = opened(settings.key, source.name, part, stored)
        except CatalogError:
            continue
        found += [str(open_[field]) for field in secret_names(part, kind) & open_.keys()]
    return sorted((secret for secret in found if len(secret) >= SHORTEST_SCRUBBED), key=len, reverse=True)


def _same_goal(old: Source, part: str, stored: Mapping[str, Any], given: Mapping[str, Any], url: str) -> bool:
    if part == "access" and given.get("kind") != stored.get("kind"):
        return False
    goals = [(old.url, url)]
    if part == "access" and "token_url" in stored:
        goals.append((str(stored["token_url"]), str(given.get("token_url"))))
    try:
        return all(same_site(httpx.URL(before), httpx.URL(now)) for before, now in goals)
    except (httpx.InvalidURL, ValueError):
        return False


def _place(name: str, part: str, field: str) -> str:
    return f"source {name}: {part}.{field}"


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder
