"""Addresses that the catalogue gives to what it holds."""

import msgspec

from metadata.entry import Entry
from metadata.model import Dataset


def addressed(entry: Entry, site: str) -> Dataset:
    """The description with the address that the catalogue gives it."""
    return msgspec.structs.replace(entry.dataset, uri=f"{site}/dataset/{entry.name}")
