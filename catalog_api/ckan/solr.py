"""The query language of `q` and `fq`, as CKAN's clients write it, taken apart into conditions. Pure.

Lucene syntax with the default operator AND: `field:value`, `field:"a phrase"`, `field:(a OR b)`, `field:[from TO to]`, `+`,
`-`, `!`, `AND`, `OR`, `NOT`, parentheses, `*:*`. The answer is a conjunction of conditions and of choices between conditions,
because that is what our question can hold (every text can be brought into this form, but a choice between what is and what
is not there cannot be asked). What cannot be asked is refused with `NotExpressible`: a refusal is honest, a wrong answer is
not.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from metadata.errors import Invalid

MOST = 4_000
DEEPEST = 20
MOST_CHOICES = 64
"""Choices that one text may come to."""

_TOKEN = re.compile(
    r"""(?P<space>\s+)
    |(?P<range>(?P<from>[\[{])\s*(?P<low>"[^"]*"|[^\s\]}]+)\s+TO\s+(?P<high>"[^"]*"|[^\s\]}]+)\s*(?P<till>[\]}]))
    |(?P<phrase>"(?:\\.|[^"\\])*")
    |(?P<open>\()|(?P<close>\))
    |(?P<and>&&)|(?P<or>\|\|)
    |(?P<sign>[+\-!])(?=\S)
    |(?P<field>(?:\*|[A-Za-z_][\w.\-]*)):(?=\S)
    |(?P<boost>[\^~][\d.]*)
    |(?P<word>(?:\\.|[^\s()"\\^~])+)""",
    re.VERBOSE,
)

_EMPTY_FIELD = re.compile(r"[A-Za-z_]\w*:")


class NotExpressible(Invalid):
    """The text is no query, or one that cannot be asked here; says which and why, in one line."""


@dataclass(frozen=True)
class Condition:
    """`field` (empty: the text itself) has one of `values`, or none of them when `negated`. `phrase`: the value was quoted."""

    field: str
    values: tuple[str, ...]
    negated: bool = False
    phrase: bool = False


@dataclass(frozen=True)
class Span:
    """`field` lies between two values; `*` is no bound. `low_in` and `high_in`: the bound itself counts."""

    field: str
    low: str
    high: str
    low_in: bool = True
    high_in: bool = True
    negated: bool = False


Leaf = Condition | Span


@dataclass(frozen=True)
class Choice:
    """At least one of several conditions holds."""

    leaves: tuple[Leaf, ...]


Wish = Condition | Span | Choice


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    found: re.Match[str]


@dataclass(frozen=True)
class _Both:
    parts: "tuple[_Node, ...]"


@dataclass(frozen=True)
class _Either:
    parts: "tuple[_Node, ...]"


@dataclass(frozen=True)
class _Not:
    part: "_Node"


_Node = _Both | _Either | _Not | Condition | Span


def wishes(text: str) -> tuple[Wish, ...]:
    """The conditions of a text in Lucene syntax, all of which apply. Raises `NotExpressible`."""
    if len(text) > MOST:
        raise NotExpressible(f"the query is {len(text)} characters long; at most {MOST} are taken")
    if text.lstrip().startswith("{!"):
        raise NotExpressible("local parameters ({!…}) are not supported")
    tokens = _Tokens(text)
    node = _clauses(tokens, "", 0)
    if tokens.kind():
        raise NotExpressible("there is a closing parenthesis too many")
    return tuple(_conjunction(node, negated=False))


class _Tokens:
    """The tokens of a text, read once from left to right."""

    def __init__(self, text: str) -> None:
        self._all = list(_tokens(text))
        self._at = 0

    def kind(self) -> str:
        """The kind of the next token; empty at the end."""
        return self._all[self._at].kind if self._at < len(self._all) else ""

    def take(self) -> _Token:
        """The next token. Raises `NotExpressible` at the end."""
        if self._at >= len(self._all):
            raise NotExpressible("it ends where something should follow")
        self._at += 1
        return self._all[self._at - 1]


def _tokens(text: str) -> Iterator[_Token]:
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise NotExpressible(f"it cannot be read at {text[at : at + 20]!r}")
        at = found.end()
        kind = str(found.lastgroup) if found.lastgroup not in ("till", "from", "low", "high") else "range"
        word = found[0]
        if kind == "word" and word in ("AND", "OR", "NOT"):
            kind = word.lower()
        if kind != "space":
            yield _Token(kind, word, found)


def _clauses(tokens: _Tokens, field: str, depth: int) -> _Node:
    """Clauses up to a closing parenthesis or the end, joined by what stands between them."""
    if depth > DEEPEST:
        raise NotExpressible(f"parentheses are nested deeper than {DEEPEST}")
    parts: list[_Node] = []
    joins: set[str] = set()
    while tokens.kind() not in ("", "close"):
        join = tokens.take().kind if tokens.kind() in ("and", "or") else ""
        if join and (not parts or tokens.kind() in ("", "close")):
            raise NotExpressible(f"{join.upper()} stands at the edge")
        if parts:
            joins.add(join or "and")
        parts.append(_clause(tokens, field, depth))
    if depth and not parts:
        raise NotExpressible("parentheses hold nothing")
    if joins == {"and", "or"}:
        raise NotExpressible("AND and OR are mixed; use parentheses")
    if len(parts) == 1:
        return parts[0]
    return _Either(tuple(parts)) if "or" in joins else _Both(tuple(parts))


def _clause(tokens: _Tokens, field: str, depth: int) -> _Node:
    token = tokens.take()
    if token.kind in ("sign", "not"):
        part = _clause(tokens, field, depth + 1)
        return part if token.text == "+" else _Not(part)
    node = _value(token, tokens, field, depth)
    if tokens.kind() == "boost" and tokens.take().text.startswith("~"):
        raise NotExpressible("fuzzy matching (~) is not supported")
    return node


def _value(token: _Token, tokens: _Tokens, field: str, depth: int) -> _Node:
    if depth > DEEPEST:
        raise NotExpressible(f"operators are nested deeper than {DEEPEST}")
    if token.kind == "field" and not field:
        return _value(tokens.take(), tokens, str(token.found["field"]), depth + 1)
    if token.kind == "open":
        node = _clauses(tokens, field, depth + 1)
        if not tokens.kind():
            raise NotExpressible("a parenthesis is not closed")
        tokens.take()
        return node
    return _leaf(token, tokens, field)


def _leaf(token: _Token, tokens: _Tokens, field: str) -> _Node:
    if token.kind == "range":
        low, high = (token.found[name].strip('"') for name in ("low", "high"))
        return Span(field, low, high, token.found["from"] == "[", token.found["till"] == "]")
    if token.kind == "phrase":
        return Condition(field, (_unescaped(token.text[1:-1]),), phrase=True)
    if token.kind in ("word", "field"):
        # Lenient where Lucene is not: a value may hold colons (`identifier:http://…`), if nothing else is meant.
        text, ends = token.text, token.kind == "word"
        while not ends and tokens.kind() in ("word", "field"):
            ends = tokens.kind() == "word"
            text += tokens.take().text
        if _EMPTY_FIELD.fullmatch(text):
            raise NotExpressible(f"there is no value after {text}")
        return Condition(field, (_unescaped(text),))
    raise NotExpressible(f"{token.text!r} stands where a value should")


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)


def _conjunction(node: _Node, *, negated: bool) -> Iterator[Wish]:
    if isinstance(node, _Not):
        yield from _conjunction(node.part, negated=not negated)
    elif isinstance(node, _Both) and (not negated or len(node.parts) < 2):
        for part in node.parts:
            yield from _conjunction(part, negated=negated)
    elif isinstance(node, _Either) and negated:
        for part in node.parts:
            yield from _conjunction(part, negated=True)
    elif isinstance(node, _Either):
        yield from map(_choice, _choices(node))
    elif isinstance(node, _Both):
        raise NotExpressible("“not all of these” is not supported")
    elif isinstance(node, Span):
        yield Span(node.field, node.low, node.high, node.low_in, node.high_in, negated)
    else:
        yield Condition(node.field, node.values, negated, node.phrase)


def _choices(node: _Node) -> list[tuple[Leaf, ...]]:
    """What an OR comes to: choices between conditions, all of which apply."""
    if isinstance(node, _Not):
        raise NotExpressible("OR is supported between plain values only, not with NOT")
    if isinstance(node, (Condition, Span)):
        return [(node,)]
    parts = [_choices(part) for part in node.parts]
    if isinstance(node, _Both):
        return [choice for part in parts for choice in part]
    found: list[tuple[Leaf, ...]] = [()]
    for part in parts:
        if len(found) * len(part) > MOST_CHOICES:
            raise NotExpressible(f"AND and OR are nested to more than {MOST_CHOICES} choices")
        found = [(*one, *other) for one in found for other in part]
    return found


def _choice(leaves: tuple[Leaf, ...]) -> Wish:
    """A choice; between values of one field it is a condition."""
    fields = {leaf.field for leaf in leaves}
    plain = [leaf for leaf in leaves if isinstance(leaf, Condition)]
    if len(leaves) == 1:
        return leaves[0]
    if len(plain) == len(leaves) and len(fields) == 1 and fields != {""}:
        return Condition(leaves[0].field, tuple(dict.fromkeys(value for leaf in plain for value in leaf.values)))
    return Choice(tuple(dict.fromkeys(leaves)))
