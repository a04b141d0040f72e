"""The rules of ISO 19115 records, for either edition, and INSPIRE's for records that claim it: words once, ids apart.

Clauses: the data dictionary of ISO 19115:2003 (annex B) for ISO 19139, the UML classes of ISO 19115-1:2014 for ISO 19115-3, and
Commission Regulation (EC) No 1205/2008, annex part B, which UK GEMINI follows.
"""

from typing import Any

from standards import cross_field
from standards.base import Rule, Severity
from standards.json_schema import schema_file
from standards.xml_characters import RULES as XML_RULES

CROSS = ("dates", "future", "temporal", "spatial", "https", "media-type")
LINKS = {
    "iso-19139": "https://www.iso.org/standard/26020.html",
    "iso-19115-3": "https://www.iso.org/standard/53798.html",
    "inspire": "https://eur-lex.europa.eu/eli/reg/2008/1205/oj",
    "encoding": "https://www.iso.org/standard/32557.html",
}
_WORDS: dict[str, Any] = schema_file("iso", "rules.json")


def rules(prefix: str) -> dict[str, Rule]:
    """Every rule of an edition, by id: `iso-19139` or `iso-19115-3`."""
    made = [_rule(prefix, name, about) for name, about in _WORDS.items() if prefix in about.get("of", (prefix,))]
    return {each.id: each for each in made} | cross_field.rules(prefix, CROSS) | XML_RULES


def _rule(prefix: str, name: str, about: dict[str, Any]) -> Rule:
    """`clause` is one for both editions, or one of each."""
    clause = about["clause"]
    told = clause if isinstance(clause, str) else clause[0 if prefix == "iso-19139" else 1]
    severity: Severity = about["severity"]
    link = LINKS["inspire"] if name.startswith("inspire/") else LINKS["encoding"] if "19139" in told else LINKS[prefix]
    return Rule(id=f"{prefix}/{name}", severity=severity, message=about["message"], clause=told, fix=about["fix"], link=link)
