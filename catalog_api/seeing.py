"""Who may see what: the one place that decides (DESIGN §5.14)."""

from catalog_api.auth import Asker
from metadata.entry import Entry
from metadata.errors import NotFound


def seen(entry: Entry, asker: Asker) -> Entry:
    """The dataset, when the asker may see it. Raises `NotFound` otherwise: a stranger does not learn that it is there."""
    if "*" in asker.readers or entry.state == "retired" or asker.readers & set(entry.readers):
        return entry
    raise NotFound(
        "there is no dataset of this name", value=entry.name, remedy="Search for it, or list them at /api/v1/datasets."
    )
