"""Front matter: the YAML between two `---` lines at the start of a page, as JKAN and Jekyll sites describe datasets.

Aliases are refused: a few lines of them stand for gigabytes. Dates stay the words they are. YAML 1.1, as Jekyll reads it.
"""

from typing import Any

import yaml

from metadata.errors import NotData

MOST = 1 << 20  # characters
_MEND = "Ask the source to mend it."


class _Loader(yaml.SafeLoader):  # type: ignore[misc]
    """Plain values without aliases; dates as words."""

    yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.events.AliasEvent):
            raise yaml.YAMLError("aliases are not read")
        return super().compose_node(parent, index)


def begins(head: str) -> bool:
    """Whether a document begins with front matter: `---` on a line, and a `name:` after it."""
    lines = [line for line in head.lstrip("\ufeff").splitlines()[:40] if line.strip() and not line.lstrip().startswith("#")]
    return len(lines) > 1 and lines[0].rstrip() == "---" and ":" in lines[1] and not lines[1].startswith((" ", "-"))


def read(words: str, place: str) -> dict[str, Any]:
    """The front matter as an object; the page below it is left out. Raises `NotData`."""
    inner = words.lstrip("\ufeff").split("\n", 1)[1] if "\n" in words else ""
    lines = inner[:MOST].splitlines()
    end = next((number for number, line in enumerate(lines) if line.rstrip() in ("---", "...")), len(lines))
    try:
        # The loader is a SafeLoader.
        found = yaml.load("\n".join(lines[:end]), _Loader)  # noqa: S506
    except (yaml.YAMLError, ValueError, RecursionError) as problem:
        said = " ".join(str(problem).split())
        raise NotData("the YAML at the start of this page cannot be read", place=place, value=said, remedy=_MEND) from None
    if not isinstance(found, dict):
        raise NotData("the YAML at the start of this page is no object", place=place, value=type(found).__name__, remedy=_MEND)
    return found
