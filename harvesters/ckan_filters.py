"""Which of a CKAN portal's datasets are wanted: words, a filter query, organizations, groups.

An organization or group that does not exist would be a filter that finds nothing, and a harvest that retires everything: names
are looked up first. Where there is no search, organizations and groups are compared record by record.
"""

from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from harvesters.address import mask
from harvesters.ckan_api import Api, lacks_action, refuses, result_of
from harvesters.json_text import name_of
from metadata.errors import Invalid, SourceError


@dataclass(frozen=True)
class Filters:
    """What is wanted. Names are those that the portal itself uses."""

    q: str = ""
    fq: str = ""
    organizations: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()

    @property
    def any(self) -> bool:
        """Whether not everything is wanted."""
        return bool(self.q or self.fq or self.organizations or self.groups)

    def query(self, *more: str) -> str:
        """The whole filter query, in Solr's syntax."""
        parts = [self.fq, _either("organization", self.organizations), _either("groups", self.groups), *more]
        given = [part for part in parts if part]
        return " AND ".join(f"({part})" for part in given) if len(given) > 1 else "".join(given)

    def admits(self, row: Any) -> bool:
        """Whether a record is of the wanted organizations and groups. One that is no object is never left out unseen."""
        if not isinstance(row, dict):
            return True
        if self.organizations and not _names(row.get("organization")) & set(self.organizations):
            return False
        return not self.groups or bool(_names(row.get("groups")) & set(self.groups))


def quoted(value: str) -> str:
    """A phrase in Solr's syntax."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def split(names: str) -> list[str]:
    """Names that were given in one line, with commas."""
    return list(dict.fromkeys(name.strip() for name in names.replace("，", ",").split(",") if name.strip()))


def resolved(api: Api, organization: str, group: str, q: str, fq: str) -> Filters:
    """The filters, with the names of organizations and groups looked up. Raises `Invalid` for one that does not exist."""
    organizations = tuple(_looked_up(api, "organization", name) for name in split(organization))
    groups = tuple(_looked_up(api, "group", name) for name in split(group))
    return Filters(q, fq, organizations, groups)


def _looked_up(api: Api, kind: str, name: str) -> str:
    """The name that the portal uses (an id may have been given); the word itself where the portal does not tell."""
    answer = api.ask(f"{kind}_show", {"id": name, "include_datasets": "false", "include_users": "false"})
    if answer.status < 400:
        return name_of(result_of(answer), "name") or name
    if answer.status == 404 and refuses(answer):
        raise _unknown(api, kind, name)
    if not lacks_action(answer) and answer.status != 403:
        result_of(answer)
    return name


def _unknown(api: Api, kind: str, name: str) -> Invalid:
    near = ", ".join(get_close_matches(name, _known(api, kind), 3, 0.4))
    remedy = f"Give its name as it is in the portal's addresses{f'; near it are: {near}' if near else ''}."
    return Invalid(f"the portal has no such {kind}", place=mask(api.address(f"{kind}_show")), value=name, remedy=remedy)


def _known(api: Api, kind: str) -> list[str]:
    try:
        names = result_of(api.ask(f"{kind}_list", {}))
    except SourceError:
        return []
    return [name for name in names if isinstance(name, str)] if isinstance(names, list) else []


def _either(field: str, names: tuple[str, ...]) -> str:
    if len(names) < 2:
        return f"{field}:{quoted(names[0])}" if names else ""
    return f"{field}:({' OR '.join(map(quoted, names))})"


def _names(value: Any) -> set[str]:
    """The names and ids of an organization or of a list of groups. DKAN's names are paths (`group/roads`)."""
    parts = value if isinstance(value, list) else [value]
    words = [name_of(part, key) for part in parts if isinstance(part, dict) for key in ("name", "id")]
    return {spelling for word in words if word for spelling in (word, word.rpartition("/")[2])}
