"""A source as people give it and see it: what is checked before it is saved, and what of it is shown to whom."""

from typing import Any, Literal

import httpx
from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import Session, select

from catalog_api import access, uploads
from catalog_api.auth import Asker
from catalog_api.harvesting import checked_settings
from catalog_api.schedules import MOST_JITTER, checked_line, following, windows_of, zone_of
from catalog_api.searches import checked_target, key
from catalog_api.settings import Settings
from harvesters.access import entrance
from harvesters.address import mask
from harvesters.table import PROTOCOLS
from metadata import clock, identity, sources
from metadata.errors import CatalogError, Invalid
from metadata.tables import Source
from standards.table import STANDARDS

HIDDEN = {"settings", "access", "notify", "validators", "url"}
"""Columns that are not shown as they are."""

_Line = str
MOST_WINDOWS = 20


class Notify(BaseModel):
    """Who hears of a source's runs, and when: always, after one that brought errors, after one that changed something."""

    model_config = ConfigDict(extra="forbid")

    mail: list[str] = Field(default_factory=list, max_length=20)
    webhook: str = Field(default="", max_length=4000)
    when: Literal["always", "error", "change"] = "error"
    language: str = Field(default="zh", max_length=10)


class SourceBody(BaseModel):
    """A source as it is given. `schedule` is a cron line read in `timezone`; `internal` allows private addresses."""

    url: str = Field(max_length=4000)
    protocol: str = Field(default="", description="How it is walked; empty: found out from what the address answers.")
    standard: str | None = None
    organization: str | None = None
    settings: dict[str, Any] = Field(default_factory=dict)
    admits: Literal["readable", "valid"] = "readable"
    retire_limit: float = Field(default=0.1, ge=0, le=1)
    internal: bool = False
    schedule: str | None = Field(default=None, max_length=200)
    timezone: str = Field(default="UTC", max_length=60)
    jitter: int = Field(default=0, ge=0, le=MOST_JITTER)
    blackout: list[_Line] = Field(default_factory=list, max_length=MOST_WINDOWS)
    priority: int = Field(default=0, ge=-1000, le=1000)
    pause: float = Field(default=0.0, ge=0, le=3600)
    volatile: list[str] = Field(default_factory=list, max_length=100)
    access: dict[str, Any] = Field(default_factory=dict)
    notify: Notify | None = None


def put_checked(session: Session, settings: Settings, name: str, body: SourceBody) -> Source:
    """Makes or changes a source after checking that everything in it can be used. Its secrets are sealed; `***` keeps one. Its
    failures are forgotten: it was mended."""
    PROTOCOLS.get(body.protocol)
    if body.standard:
        STANDARDS.get(body.standard)
    if body.protocol != "folder" and not uploads.is_here(settings, body.url):
        check_address(body.url)
    _check_schedule(body)
    old = session.exec(select(Source).where(Source.name == name)).first()
    before = (old.protocol, dict(old.settings)) if old else None
    given = body.model_dump(exclude={"settings", "access", "notify"})
    row = sources.put_source(
        session,
        name,
        **given,
        settings=_sealed_settings(settings, old, name, body),
        access=_sealed_access(settings, old, name, body),
        notify=checked_notify(settings, body.notify),
        failures=0,
    )
    row.next_run = following(row)
    if old is not None and before != (row.protocol, row.settings):
        sources.read_anew(session, row.id)
    session.add(row)
    return row


def draft(settings: Settings, name: str, body: SourceBody) -> Source:
    """A source checked and made as `put_checked` makes it, but not stored."""
    PROTOCOLS.get(body.protocol)
    if body.standard:
        STANDARDS.get(body.standard)
    given = body.model_dump(exclude={"settings", "access", "notify", "organization"})
    sealed: dict[str, Any] = {
        "settings": _sealed_settings(settings, None, name, body),
        "access": _sealed_access(settings, None, name, body),
    }
    return Source(id=identity.new_id(), name=name, created=clock.now(), **given, **sealed)


def body_of(row: Source) -> SourceBody:
    """A source as it would be given to make it again, its secrets as `***`: the base of a change of some fields."""
    own = {name: getattr(row, name) for name in SourceBody.model_fields.keys() - {"settings", "access", "notify"}}
    return SourceBody(
        **own,
        settings=access.masked("settings", row.protocol, row.settings),
        access=access.masked("access", str(row.access.get("kind")), row.access),
        notify=Notify.model_validate(row.notify) if row.notify else None,
    )


def change(session: Session, settings: Settings, name: str, changes: dict[str, Any]) -> Source:
    """Changes some fields of a source and leaves the others. In `settings` and `notify` single members may be given, null takes
    one out; `access` is given whole, or member by member where its kind stays. Raises `Invalid`, and pydantic's
    `ValidationError`."""
    row = sources.source(session, name)
    if row.protocol == sources.REGISTERED:
        raise Invalid("this source is its department's own and has no settings", place=name)
    unknown = sorted(changes.keys() - SourceBody.model_fields.keys())
    if unknown:
        known = ", ".join(SourceBody.model_fields)
        raise Invalid("a source has no such field", place=unknown[0], remedy=f"It has: {known}.")
    before = body_of(row).model_dump()
    for part in ("settings", "access", "notify"):
        if isinstance(changes.get(part), dict):
            fresh = part == "access" and changes[part].get("kind", row.access.get("kind")) != row.access.get("kind")
            merged = {**({} if fresh else before[part] or {}), **changes[part]}
            changes = {**changes, part: {key: value for key, value in merged.items() if value is not None}}
    return put_checked(session, settings, name, SourceBody.model_validate({**before, **changes}))


def source_json(row: Source, asker: Asker, settings: Settings | None = None) -> dict[str, Any]:
    """A source as the API shows it; settings, access (secrets masked) and who is told, only to those who may write. With the
    catalogue's settings, also the secret by which its webhook is signed."""
    shown = row.model_dump(exclude=HIDDEN)
    shown["url"] = mask(row.url).partition("?")[0]
    shown["standard"] = row.standard or (PROTOCOLS.get(row.protocol).standard if row.protocol in PROTOCOLS else None) or None
    if asker.scopes & {"admin", "write"}:
        shown["settings"] = access.masked("settings", row.protocol, row.settings)
        shown["access"] = access.masked("access", str(row.access.get("kind")), row.access)
        shown["notify"] = dict(row.notify)
        if settings and row.notify.get("webhook"):
            shown["notify"]["secret"] = key(settings, "source webhook", row.id)
    return shown


def checked_notify(settings: Settings, given: Notify | None) -> dict[str, Any]:
    """Who is told, checked. Raises `Invalid` naming the address."""
    if given is None or not (given.mail or given.webhook):
        return {}
    if given.language.split("-")[0] not in settings.languages:
        known = ", ".join(settings.languages)
        raise Invalid(
            "this catalogue does not speak this language", place="notify.language", value=given.language, remedy=known
        )
    for channel, targets in (("mail", given.mail), ("webhook", [given.webhook] if given.webhook else [])):
        for target in targets:
            try:
                checked_target(settings, channel, target)
            except CatalogError as problem:
                raise Invalid(problem.message, place=f"notify.{channel}", value=mask(target), remedy=problem.remedy) from None
    return {**given.model_dump(), "mail": [one.strip() for one in given.mail]}


def _sealed_settings(settings: Settings, old: Source | None, name: str, body: SourceBody) -> dict[str, Any]:
    known = old if old and old.protocol == body.protocol else None
    given = access.kept(settings, known, "settings", body.settings, body.url)
    checked = checked_settings(body.protocol, given).model_dump(mode="json", exclude_unset=True)
    return access.sealed(settings.key, name, "settings", body.protocol, checked)


def _sealed_access(settings: Settings, old: Source | None, name: str, body: SourceBody) -> dict[str, Any]:
    given = access.kept(settings, old, "access", body.access, body.url)
    if entrance(given) is None:
        return {}
    if not body.url.startswith(("http://", "https://")):
        raise Invalid("only a source with an http(s) address is entered", place="access", value=body.url)
    return access.sealed(settings.key, name, "access", str(given["kind"]), given)


def _check_schedule(body: SourceBody) -> None:
    zone_of(body.timezone)
    windows_of(body.blackout)
    if body.schedule:
        checked_line(body.schedule)


def check_address(url: str) -> None:
    """Raises `Invalid` for what is no address that a source can be at."""
    parts = httpx.URL(url) if url.isascii() or url.startswith("http") else httpx.URL("")
    if parts.scheme not in ("http", "https") or not parts.host:
        raise Invalid(
            "this is no address of a source", place="url", value=url.partition("?")[0], remedy="Write http://… or https://…."
        )
    if parts.userinfo:
        raise Invalid("an address must not hold a password", place="url", remedy="Give it as `access` of the source.")
