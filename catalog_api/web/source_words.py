"""What was typed into the form of a source, and the source that it says. Nothing of it is kept between two requests: the page
carries it, but for the token and the secrets, which are typed again."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import orjson
from fastapi import Request
from pydantic import ValidationError
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException

from catalog_api.source_forms import SourceBody
from catalog_api.web.addresses import tidy
from catalog_api.web.page import settings_of
from catalog_api.web.setting_fields import Fault, typed, values_of
from catalog_api.web.translation import N_
from harvesters.access import KINDS
from harvesters.base import Found
from harvesters.detection import Candidate
from harvesters.table import PROTOCOLS
from metadata.errors import CatalogError, NotAllowed, SourceError

LONGEST = 20_000
MOST_FIELDS = 400
DEFAULTS = {
    "admits": "readable",
    "retire_limit": "10",
    "timezone": "UTC",
    "jitter": "0",
    "priority": "0",
    "pause": "0",
    "notify.when": "error",
    "start": "true",
}
_LINES = ("volatile", "blackout")
_NUMBERS: dict[str, type[int] | type[float]] = {"retire_limit": float, "jitter": int, "priority": int, "pause": float}
_TEXTS = ("url", "protocol", "standard", "organization", "admits", "schedule", "timezone")
FIELDS = {
    "token": N_("Token"),
    "url": N_("Address"),
    "file": N_("A table to send"),
    "protocol": N_("Protocol"),
    "internal": N_("This address is inside our own network"),
    "access": N_("How the source is entered"),
    "name": N_("Name"),
    "organization": N_("Department"),
    "standard": N_("Standard"),
    "admits": N_("Admits"),
    "retire_limit": N_("Retire limit, in percent"),
    "schedule": N_("Schedule"),
    "timezone": N_("Time zone"),
    "jitter": N_("Minutes it may begin later"),
    "blackout": N_("Left alone"),
    "priority": N_("Priority"),
    "pause": N_("Seconds between two requests"),
    "volatile": N_("Fields that do not count as a change"),
    "notify.mail": N_("Mail addresses"),
    "notify.webhook": N_("Webhook"),
    "notify.when": N_("When"),
    "notify.language": N_("Language"),
}
"""What the fields are called, on the form and in the summary of errors."""
_PLACES = {
    "Authorization": "token",
    "access.kind": "access",
    "settings": "protocol",
    "channel": "notify.mail",
    "notify": "notify.mail",
}


@dataclass(frozen=True)
class Typed:
    """The form as it was sent: `words` by field, without the token; `act` is the button (`look`, `add` or `use …`)."""

    words: dict[str, str] = field(default_factory=dict)
    token: str = ""
    act: str = ""
    file: bytes = b""
    file_name: str = ""
    problem: str = ""

    def word(self, name: str) -> str:
        """What was typed into a field, trimmed; else its default."""
        return self.words.get(name, DEFAULTS.get(name, "")).strip()

    @property
    def protocol(self) -> str:
        """The protocol that was chosen, when there is one; none when it was found for an address that is another now."""
        chosen = self.word("protocol")
        stale = chosen == self.word("found_protocol") and self.word("url") != self.word("found_url")
        return "" if stale or chosen not in PROTOCOLS else chosen

    def holding(self, more: Mapping[str, str]) -> "Typed":
        """The same with other words in some fields."""
        return replace(self, words={**self.words, **more})


async def typed_form(request: Request) -> Typed:
    """The form of this request, within the catalogue's upload limit."""
    chosen = settings_of(request)
    limit = chosen.upload_limit if chosen else 10 * 1024 * 1024
    try:
        async with request.form(max_files=2, max_fields=MOST_FIELDS, max_part_size=limit) as form:
            return await _taken(form)
    except (MultiPartException, HTTPException):
        return Typed(problem=N_("The form could not be read. Send it again."))


async def _taken(form: FormData) -> Typed:
    sent = {name: value for name, value in form.items() if isinstance(value, str)}
    words = {name[:200]: _clean(value) for name, value in sent.items() if name not in ("token", "do")}
    file = form.get("file")
    body = await file.read() if isinstance(file, UploadFile) else b""
    name = tidy(file.filename or "", 100) if isinstance(file, UploadFile) else ""
    return Typed(words, tidy(sent.get("token", ""), 300), sent.get("do", "look")[:20], body, name)


def _clean(value: str) -> str:
    """Text without what no database holds: NUL, half a surrogate pair; the lines of a text area as one line feed each."""
    plain = value[:LONGEST].encode("utf-8", "ignore").decode().replace("\x00", "")
    return plain.replace("\r\n", "\n")


def body_of(given: Typed) -> tuple[SourceBody | None, list[Fault]]:
    """The source that was typed, or what is wrong with it. An empty protocol is one to be found out."""
    words: dict[str, Any] = {name: given.word(name) or None for name in _TEXTS}
    words |= {"url": given.word("url"), "protocol": given.protocol, "internal": given.word("internal") == "true"}
    words |= {name: [line.strip() for line in given.word(name).splitlines() if line.strip()] for name in _LINES}
    faults: list[Fault] = []
    for name, kind in _NUMBERS.items():
        try:
            words[name] = kind(given.word(name) or DEFAULTS[name])
        except ValueError:
            faults.append(Fault(name, N_("this is no number"), given.word(name), N_("Write a number, for example 10.")))
    words["retire_limit"] = words.get("retire_limit", 10) / 100
    if not 0 <= words["retire_limit"] <= 1:
        faults.append(Fault("retire_limit", N_("this is no share"), given.word("retire_limit"), N_("Write 0 to 100.")))
    for part, read in (("settings", _settings), ("access", _access)):
        words[part], wrong = read(given)
        faults += wrong
    words["notify"] = _notify(given)
    try:
        plain = {name: value for name, value in words.items() if value is not None}
        return (None if faults else SourceBody.model_validate(plain)), faults
    except ValidationError as problem:
        return None, [*faults, *(fault_of_value(one) for one in problem.errors(include_url=False))]


def _settings(given: Typed) -> tuple[dict[str, Any], list[Fault]]:
    if not given.protocol:
        return {}, []
    return values_of(PROTOCOLS.get(given.protocol).Settings, f"settings.{given.protocol}", given.words)


def _access(given: Typed) -> tuple[dict[str, Any], list[Fault]]:
    kind = given.word("access")
    if kind not in KINDS:
        return {}, []
    found, faults = values_of(KINDS[kind], f"access.{kind}", given.words)
    return {"kind": kind, **found}, faults


def _notify(given: Typed) -> dict[str, Any] | None:
    mails = [one.strip() for one in given.word("notify.mail").replace(",", "\n").splitlines() if one.strip()]
    webhook = given.word("notify.webhook")
    if not mails and not webhook:
        return None
    told = {"mail": mails, "webhook": webhook, "when": given.word("notify.when")}
    return {**told, **({"language": language} if (language := given.word("notify.language")) else {})}


def fault_of_value(told: Mapping[str, Any]) -> Fault:
    """What pydantic says of a field."""
    place = ".".join(str(part) for part in told["loc"][:2] if isinstance(part, str))
    return Fault(place if place in FIELDS else "", str(told["msg"]), _short(told.get("input")))


def fault_of(problem: CatalogError, given: Typed, default: str = "") -> Fault:
    """A domain error beside the field it is of; `default` is the field of what a source answers."""
    place = problem.place
    if place.startswith("settings."):
        where = f"settings.{given.protocol}.{place.split('.')[1]}"
    elif place.startswith("access.") and place != "access.kind":
        where = f"access.{given.word('access')}.{place.split('.')[1]}"
    elif isinstance(problem, SourceError):
        where = "url"
    else:
        where = _PLACES.get(place, place)
        where = where if where in FIELDS else "token" if isinstance(problem, NotAllowed) else default
    return Fault(where, problem.message, problem.value or "", problem.remedy)


def candidates_of(given: Typed) -> list[Candidate]:
    """The candidates that the page carries from the last look."""
    try:
        told = orjson.loads(given.words.get("found") or "[]")
        return [Candidate(str(one["protocol"]), _found(one)) for one in told[:50] if one["protocol"] in PROTOCOLS]
    except (ValueError, TypeError, KeyError):
        return []


def _found(told: Mapping[str, Any]) -> Found:
    return Found(
        str(told["url"]), str(told["why"]), int(told["sure"]), dict(told["settings"]), str(told.get("standard") or "") or None
    )


def taking(given: Typed, one: Candidate) -> Typed:
    """The form filled in as a candidate would harvest it; what was typed into its settings stays."""
    prefix = f"settings.{one.protocol}"
    model = PROTOCOLS.get(one.protocol).Settings
    own, _ = values_of(model, prefix, given.words)
    filled = typed(model, prefix, {**one.found.settings, **own})
    said = {"url": one.found.url, "protocol": one.protocol, "found_url": one.found.url, "found_protocol": one.protocol}
    return given.holding({**filled, **said, **({"standard": one.found.standard} if one.found.standard else {})})


def _short(value: object) -> str:
    return str(value)[:200] if isinstance(value, str | int | float) else ""
