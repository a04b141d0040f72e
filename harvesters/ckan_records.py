"""Rows of a CKAN portal as records: what is private, a draft or deleted is not for the directory."""

from collections.abc import Iterable
from typing import Any

from harvesters.base import Record
from harvesters.json_text import name_of

IN_BRIEF = frozenset({"id", "state", "capacity"})  # what Solr keeps of who may see a package: `capacity` is public or private


def records(rows: Iterable[Any], partial: bool) -> tuple[Record, ...]:
    """The rows to be taken in. In a run that asks for changes only, a hidden one tells that the dataset is gone."""
    made = (_record(row, partial) for row in rows)
    return tuple(record for record in made if record is not None)


def standing(rows: Iterable[Any]) -> tuple[Record, ...]:
    """Rows of a listing of identifiers: these records are as they were. A portal that gives whole packages all the same has
    said what they are."""
    seen = (row for row in rows if isinstance(row, dict) and row.get("capacity") != "private" and not is_hidden(row))
    made = ((row, name_of(row, "id")) for row in seen)
    return tuple(Record(None, name, same=True) if row.keys() <= IN_BRIEF else Record(row, name) for row, name in made if name)


def is_hidden(row: Any) -> bool:
    """Whether a package is private, a draft, or deleted (CKAN's `private` and `state`). DKAN 1 writes its states with a
    capital, and says of what everybody sees that it is private."""
    if not isinstance(row, dict):
        return False
    private, state = row.get("private"), row.get("state")
    if isinstance(state, str) and state.lower() in _HIDDEN:
        return True
    return state != "Active" and (private is True or str(private).lower() == "true")


_HIDDEN = frozenset({"draft", "deleted", "draft-complete"})


def _record(row: Any, partial: bool) -> Record | None:
    name = name_of(row, "id", "name")
    if is_hidden(row):
        return Record(None, name, deleted=True) if partial and name else None
    modified = row.get("metadata_modified") if isinstance(row, dict) else None
    return Record(row, name, modified=modified if isinstance(modified, str) else None)
