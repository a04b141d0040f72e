"""The page on which a source is added: what is typed, what was found out, what is wrong, each beside its field."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from fastapi import Request, Response

from catalog_api.detecting import told
from catalog_api.rooms import Rooms
from catalog_api.web.labels import ACCESS, ADMITS, COUNTERS
from catalog_api.web.page import render, speaking
from catalog_api.web.setting_fields import Fault, fields_of
from catalog_api.web.source_words import FIELDS, Typed
from catalog_api.web.translation import N_, NAMES, Tongue
from harvesters.access import KINDS
from harvesters.detection import Candidate
from harvesters.spreadsheet_rows import Told
from harvesters.table import PROTOCOLS
from metadata import database
from metadata.departments import organizations
from metadata.text import best
from standards.table import STANDARDS

SHOWN_LETTERS = 12_000
"""Letters of a record that are shown, raw and as it would become."""

SURE = ((100, N_("certain")), (50, N_("it fits")), (0, N_("it could be")))
ZONES = ("Asia/Shanghai", "Asia/Hong_Kong", "Asia/Urumqi", "Europe/Berlin", "Europe/London", "America/New_York", "UTC")
WHEN = {
    "error": N_("after a run that brought errors"),
    "change": N_("after a run that changed something"),
    "always": N_("after every run"),
}


@dataclass(frozen=True)
class Looked:
    """What the page shows: what was typed, what was found out about it, and what is wrong. `columns` are those of an upload."""

    given: Typed
    found: Sequence[Candidate] = ()
    preview: Mapping[str, Any] | None = None
    columns: Sequence[Told] = ()
    faults: Sequence[Fault] = ()
    status: int = 200


def page(request: Request, rooms: Rooms, shown: Looked) -> Response:
    """The page. The token and the secrets that were typed are not in it."""
    given = shown.given
    values = {
        "given": given,
        "names": {**FIELDS, **_setting_names(given)},
        "faults": shown.faults,
        "wrong": {one.field: one for one in reversed(shown.faults)},
        "options": _options(rooms, speaking(request)),
        "protocol": given.protocol,
        "settings": _settings(given),
        "accesses": [(kind, ACCESS[kind], fields_of(KINDS[kind], f"access.{kind}", given.words)) for kind in KINDS],
        "zones": ZONES,
        "found": [_candidate(number, one) for number, one in enumerate(shown.found)],
        "found_json": orjson.dumps(_told(shown.found)).decode(),
        "columns": shown.columns,
        "preview": _preview(shown.preview) if shown.preview else None,
        "second": bool(given.protocol) or "name" in given.words,
        "counters": COUNTERS,
    }
    return _private(render(request, "adding.html", values, shown.status))


def _private(answer: Response) -> Response:
    """A page that holds what somebody typed is in no cache."""
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _options(rooms: Rooms, spoken: Tongue) -> dict[str, list[tuple[str, str]]]:
    """What may be chosen, by field: each with its name in the visitor's language."""
    with database.reading(rooms.database) as session:
        departments = [(one.name, best(one.title, spoken.languages)) for one in organizations(session)]
    readable = [(one.name, best(one.title, spoken.languages)) for one in STANDARDS.values() if one.read is not None]
    protocols = [(name, best(PROTOCOLS.get(name).title, spoken.languages)) for name in PROTOCOLS]
    return {
        "protocol": [("", spoken.say(N_("Find it out"))), *protocols],
        "access": [("", spoken.say(N_("open to all"))), *((kind, spoken.say(ACCESS[kind])) for kind in KINDS)],
        "organization": [("", spoken.say(N_("none"))), *departments],
        "standard": [("", spoken.say(N_("recognised from the record"))), *readable],
        "admits": [(name, spoken.say(words)) for name, words in ADMITS.items()],
        "notify.when": [(name, spoken.say(words)) for name, words in WHEN.items()],
        "notify.language": [(tag, NAMES.get(tag, tag)) for tag in rooms.settings.languages],
    }


def _settings(given: Typed) -> list[Any]:
    if not given.protocol:
        return []
    return list(fields_of(PROTOCOLS.get(given.protocol).Settings, f"settings.{given.protocol}", given.words))


def _setting_names(given: Typed) -> dict[str, str]:
    kinds = [(f"access.{kind}", model) for kind, model in KINDS.items()]
    named = {one.id: one.title for prefix, model in kinds for one in fields_of(model, prefix, {})}
    return {**named, **{one.id: one.title for one in _settings(given)}}


def _candidate(number: int, one: Candidate) -> dict[str, Any]:
    return {
        "number": number,
        "protocol": one.protocol,
        "title": PROTOCOLS.get(one.protocol).title,
        "url": one.found.url,
        "why": one.found.why,
        "sure": next(words for least, words in SURE if one.found.sure >= least),
        "share": min(1.0, one.found.sure / 100),
        "settings": [(name, _plain(value)) for name, value in one.found.settings.items()],
    }


def _told(found: Sequence[Candidate]) -> list[dict[str, Any]]:
    return [{**plain, "standard": one.found.standard} for plain, one in zip(told(list(found)), found, strict=True)]


def _preview(report: Mapping[str, Any]) -> dict[str, Any]:
    """A report for the page: what failed first, then what has findings."""
    listed = sorted(report["records"], key=lambda one: (one["outcome"] != "failed", -len(one["findings"]), one["title"] or ""))
    records = [{**one, "raw": _plain(one["record"]), "became": _plain(one["dataset"])} for one in listed]
    return {**report, "records": records}


def _plain(value: Any) -> str:
    """A value as text that can be read, cut where it is long."""
    if value is None:
        return ""
    text = value if isinstance(value, str) else orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()
    return text if len(text) <= SHOWN_LETTERS else f"{text[:SHOWN_LETTERS]}…"
