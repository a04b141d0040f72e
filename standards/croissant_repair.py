"""Mechanical repairs of Croissant: dates, the names of licences that have an address, media types, the version that is meant.

A checksum, an id, a source or a join is never made up: these say what only the publisher knows.
"""

from typing import Any

from standards import json_repairs, repairs
from standards.base import Repair
from standards.croissant_check import DATES, check
from standards.croissant_read import dataset_of

VERSION = "http://mlcommons.org/croissant/1.1"


def repair(body: Any) -> tuple[Any, list[Repair]]:
    """A mended copy, and what was done. Only of an object whose members are those of the dataset. Never raises."""
    if not dataset_of(body):
        return body, []
    return json_repairs.mended(body, check, _MENDS)


def _version(whole: Any) -> str | None:
    """Version 1.1, where the description holds to it: saying so brings no error (references by name, as in 0.8, would)."""
    if not isinstance(whole, dict):
        return None
    return VERSION if _errors({**whole, "conformsTo": VERSION}) <= _errors(whole) else None


def _errors(body: Any) -> set[tuple[str, str]]:
    return {(one.rule, one.path) for one in check(body) if one.severity == "error"}


_MENDS: dict[str, json_repairs.Mend] = {
    **{f"croissant/{name}/form": json_repairs.of(repairs.date) for name in DATES},
    "croissant/license/name": json_repairs.of(repairs.licence_uri),
    "croissant/encodingFormat/form": json_repairs.of(repairs.media_type),
    "croissant/encodingFormat/required": json_repairs.of_parent(repairs.from_extension("contentUrl", "includes")),
    "croissant/conformsTo/required": json_repairs.of_parent(_version),
}
