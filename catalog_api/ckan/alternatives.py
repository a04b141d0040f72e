"""Words and alternatives that no filter holds, in the search language: `title:bus`, `format:"CSV" OR updated:2024..`. Pure.

The language (`search.language`) takes every text; here only what it understands exactly is written, anything else is refused.
"""

import re
from collections.abc import Iterable

from catalog_api.ckan.solr import NotExpressible
from search.base import Range
from search.fields import COUNTS, TEXTS
from search.language_names import field_of, values_of

_BEGUN = re.compile(r"[^\W_]{2,}\*")
_ODD = re.compile(r"^[-－−]|[:：|｜()（）\[\]【】]|\s")
_QUOTES = re.compile('["“”„＂「『」』]')
_JOINTS = ("OR", "AND", "NOT")
_OTHERWISE = (*TEXTS, *COUNTS, "organization")
"""Facets whose names the language understands as something else too: a text, a number."""


def either(alternatives: Iterable[str]) -> str:
    """One of these must hold."""
    return " OR ".join(dict.fromkeys(alternatives))


def word(text: str, field: str = "", *, phrase: bool = False) -> str:
    """A word, the beginning of one (`eco*`) or a phrase, anywhere or in a text field."""
    if re.search(r"[*?]", text) and not phrase and not _BEGUN.fullmatch(text):
        raise NotExpressible(f"the wildcards in {text} are not supported in the text; eco* is")
    bare = " ".join(_QUOTES.sub(" ", text).split())
    if not bare:
        raise NotExpressible(f"{text!r} is no word")
    plain = f'"{bare}"' if phrase or _ODD.search(bare) or bare in _JOINTS else bare
    return f"{field}:{plain}" if field else plain


def value(facet: str, one: str) -> str:
    """A value of a facet."""
    if field_of(facet) != facet or facet in _OTHERWISE:
        raise NotExpressible(f"an OR between {facet} and something else is not supported: it could not be answered exactly")
    if _QUOTES.search(one) or one not in values_of(facet, one):
        raise NotExpressible(f"the value {one!r} of {facet} is not supported beside OR: it means something else in the text")
    return f'{facet}:"{one}"'


def span(name: str, bounds: Range) -> str:
    """A range of dates."""
    return f"{name}:{bounds[0] or ''}..{bounds[1] or ''}"
