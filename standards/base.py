"""What a standard is, and what its checks say.

A `Standard` is a value: four functions and some words about itself. A `Finding` is a value too: which rule, where,
what was found. The words of a rule (what is wrong, which clause, how to mend it, in zh and en) live once, in the
`Rule`; findings share them, and a stored finding needs only its rule id.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import msgspec

from metadata.model import Dataset
from metadata.text import Text

Severity = Literal["error", "warning", "info"]


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """The words of a rule: `id` is stable (`dcat-us-1.1/contactPoint/hasEmail/mailto`), `clause` names its source, `link` is
    where to read it."""

    id: str
    severity: Severity
    message: Text
    clause: str
    fix: Text
    link: str = ""


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One thing a check says. `path` is a JSON pointer (RFC 6901), an RDF path with its focus node, an XPath with its line
    (`/gmd:MD_Metadata/gmd:contact[1] (line 12)`), or a cell (`目录!C5`); `value` is what was found (200 characters)."""

    rule: str
    severity: Severity
    path: str
    value: str = ""
    message: Text = {}
    clause: str = ""
    fix: Text = {}
    link: str = ""


def finding(rule: Rule, path: str, value: object = "") -> Finding:
    """A finding of `rule` at `path`, with the rule's words."""
    return Finding(
        rule=rule.id,
        severity=rule.severity,
        path=path,
        value=str(value)[:200].replace("\x00", ""),
        message=rule.message,
        clause=rule.clause,
        fix=rule.fix,
        link=rule.link,
    )


class Repair(msgspec.Struct, frozen=True, kw_only=True):
    """One mechanical repair that was made: the rule it answers, where, what stood there (as JSON or text) and what stands there
    now. `filled`: nothing stood there, so that the value is ours, not the publisher's."""

    rule: str
    path: str
    before: str
    after: str
    filled: bool = False


class Unreadable(Exception):
    """What was given cannot be a dataset at all (not an object, no title in any language): says why, in one line."""

    def __init__(self, rule: Rule, path: str, value: object = "") -> None:
        super().__init__(rule.message.get("en", rule.id))
        self.finding = finding(rule, path, value)


@dataclass(frozen=True)
class Standard:
    """A format. A record's body is parsed JSON, or the bytes of anything else (one XML document, the RDF of one dataset, a
    table row with its header as JSON); `form` says which (`standards.forms`). `recognises` says whether a body is of this
    standard, `marks` by what (for people). `read` gives a Dataset or raises `Unreadable`, nothing else; `check` yields
    findings and never raises; `repair` gives a mended copy and what was done; `carries` names the fields of the model that
    come back when what `write` wrote is read (`title`, `distribution.format`; the loss table)."""

    name: str
    title: Text
    media_type: str
    version: str
    recognises: Callable[[Any], bool]
    read: Callable[[Any], Dataset] | None = None
    write: Callable[[Dataset], Any] | None = None
    check: Callable[[Any], Iterator[Finding]] | None = None
    rules: Mapping[str, Rule] = field(default_factory=dict)
    repair: Callable[[Any], tuple[Any, list[Repair]]] | None = None
    carries: frozenset[str] = frozenset()
    form: str = "json"
    marks: Text = field(default_factory=dict)
