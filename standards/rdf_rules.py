"""The rules about RDF whatever its profile: syntax, addresses, dates, places, spelling. Their words are in
`files/rdf/rules.json`.

Sources: RDF 1.1 (Concepts, Turtle, XML Syntax), JSON-LD 1.1, W3C DCAT 3, RFC 3987; each rule names its clause.
"""

from pathlib import Path

import msgspec

from standards.base import Rule

FILES = Path(__file__).parent / "files"


def rules_of(file: str) -> dict[str, Rule]:
    """The rules of a file below `files/`, by id."""
    listed = msgspec.json.decode((FILES / file).read_bytes(), type=list[Rule])
    return {rule.id: rule for rule in listed}


RULES = rules_of("rdf/rules.json")
