"""CKAN's values → ours: names that only the directory knows, codes of the controlled lists, wildcards. Pure but for the
`Lookup` that is given."""

import re
from fnmatch import fnmatchcase
from typing import Protocol

from catalog_api.ckan.fields import STATES
from catalog_api.ckan.solr import NotExpressible
from metadata.vocabulary import language_tag, look_up
from search.facets import FACETS


class Lookup(Protocol):
    """What only the directory knows."""

    def organization(self, word: str) -> str:
        """The name of the department with this name or id; the word itself when there is none."""

    def source(self, word: str) -> str:
        """The name of the source with this name or id; the word itself when there is none."""

    def themes(self, group: str) -> tuple[str, ...]:
        """The values of the theme facet that stand behind a group's name."""

    def values(self, facet: str) -> tuple[str, ...]:
        """Every value of a facet. Raises `NotExpressible` when they are too many to list."""


def values_of(facet: str, word: str, phrase: bool, lookup: Lookup) -> tuple[str, ...]:
    """Our values for a value of CKAN's: names of the directory looked up, codes of the controlled lists, wildcards spelt
    out."""
    if not phrase and re.search(r"[*?]", word):
        return _matching(facet, word, lookup)
    if facet == "theme":
        return lookup.themes(word)
    if facet == "organization":
        return (lookup.organization(word),)
    if facet == "source":
        return (lookup.source(word),)
    if facet == "state":
        return (STATES.get(word, word),)
    if facet == "language":
        return (language_tag(word) or word,)
    if facet in ("format", "licence", "frequency"):
        return (look_up(facet, word).code or word,)
    return (" ".join(word.split()),)


def _matching(facet: str, pattern: str, lookup: Lookup) -> tuple[str, ...]:
    if facet not in FACETS:
        raise NotExpressible(f"wildcards ({pattern}) are not supported in {facet}")
    literal = pattern.replace("[", "[[]")
    return tuple(value for value in lookup.values(facet) if fnmatchcase(value, literal))
