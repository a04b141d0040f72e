"""The questions asked of a SPARQL endpoint.

A dataset's description is asked for as rows of subject, predicate, object: what CONSTRUCT would give, except that the rows are
counted, so that a server which cuts an answer at its limit without a word is found out. Rules: SPARQL 1.1 Query §10 (VALUES),
§13.3 (GRAPH), §15, §19.8. Blank nodes keep their names within one answer only, so a dataset's whole description comes in one.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from standards.rdf import PREFIXES

_NAMES = ("dcat", "dct", "foaf", "rdf", "skos", "prov", "owl", "rdfs", "adms")
_PROLOGUE = "".join(f"PREFIX {name}: <{PREFIXES[name]}>\n" for name in _NAMES)
_ELSEWHERE = (
    "rdf:type, dcat:dataset, dcat:record, dcat:catalog, dcat:servesDataset, dcat:seriesMember, dcat:inCatalog, dcat:prev,"
    " dcat:next,"
    " dcat:hasVersion, dcat:hasCurrentVersion, dcat:isVersionOf, dcat:previousVersion, dct:isPartOf, dct:hasPart, dct:relation,"
    " dct:source, dct:references, dct:isReferencedBy, dct:replaces, dct:isReplacedBy, dct:requires, dct:isRequiredBy,"
    " dct:hasVersion, dct:isVersionOf, dct:isFormatOf, dct:hasFormat, adms:sample, skos:inScheme, skos:broader, skos:narrower,"
    " skos:related, skos:topConceptOf, skos:hasTopConcept, skos:exactMatch, skos:closeMatch, skos:broadMatch, owl:sameAs,"
    " rdfs:isDefinedBy, rdfs:seeAlso, foaf:isPrimaryTopicOf, prov:specializationOf"
)
"""What leads to things with a life of their own: not followed."""


@dataclass(frozen=True)
class Scope:
    """What is asked about: the default graph, one graph, or (`named`) all named graphs; all datasets or one catalogue's."""

    graph: str = ""
    catalog: str = ""
    named: bool = False

    def _said(self, words: str, number: str) -> str:
        if self.graph:
            return f"GRAPH {iri(self.graph)} {{ {words} }}"
        return f"GRAPH ?g{number} {{ {words} }}" if self.named else words

    def _datasets(self) -> str:
        if self.catalog:
            return self._said(f"{iri(self.catalog)} dcat:dataset ?d .", "0")
        return f"{self._said('?d a dcat:Dataset .', '0')} FILTER NOT EXISTS {{ {self._said('?d a dcat:Catalog .', '9')} }}"

    def listing(self, after: str, most: int) -> str:
        """The datasets after this address, in the order of addresses."""
        later = f" && STR(?d) > {quoted(after)}" if after else ""
        where = f"{self._datasets()} FILTER (isIRI(?d){later})"
        return f"{_PROLOGUE}SELECT DISTINCT ?d WHERE {{ {where} }} ORDER BY STR(?d) LIMIT {most}"

    def count(self, nameless: bool = False) -> str:
        """How many there are."""
        kind = "isBlank" if nameless else "isIRI"
        return f"{_PROLOGUE}SELECT (COUNT(DISTINCT ?d) AS ?n) WHERE {{ {self._datasets()} FILTER ({kind}(?d)) }}"

    def description(self, datasets: Sequence[str], hops: int) -> str:
        """All that is said of these datasets, of what they lead to in so many steps, and of what points at them."""
        return f"{_PROLOGUE}SELECT ?s ?p ?o WHERE {{ {self._described(datasets, hops)} }}"

    def size(self, datasets: Sequence[str], hops: int) -> str:
        """How many rows that has."""
        return f"{_PROLOGUE}SELECT (COUNT(*) AS ?n) WHERE {{ {self._described(datasets, hops)} }}"

    def _described(self, datasets: Sequence[str], hops: int) -> str:
        """The pattern; no datasets: those without an address."""
        which = f"VALUES ?d {{ {' '.join(map(iri, datasets))} }}" if datasets else f"{self._datasets()} FILTER (isBlank(?d))"
        parts = [f"{which} {self._said('?d ?p ?o .', '1')} BIND (?d AS ?s)"]
        parts += [f"{which} {self._path(steps)}" for steps in range(1, hops + 1)]
        parts.append(
            f"{which} {self._said('?s foaf:primaryTopic ?d .', '1')} {self._said('?s ?p ?o .', '2')} FILTER (?s != ?d)"
        )
        served = f"{self._said('?s dcat:servesDataset ?d .', '1')} {self._said('?s ?p ?o .', '2')}"
        parts.append(f"{which} {served} FILTER (?p != dcat:servesDataset || ?o = ?d)")
        return " UNION ".join(f"{{ {part} }}" for part in parts)

    def _path(self, steps: int) -> str:
        """From the dataset to `?s` in so many steps, and what is said of it."""
        nodes = ["?d", *(f"?x{number}" for number in range(1, steps)), "?s"]
        hops = []
        for number in range(steps):
            step = self._said(f"{nodes[number]} ?q{number} {nodes[number + 1]} .", str(number + 1))
            hops.append(f"{step} FILTER (?q{number} NOT IN ({_ELSEWHERE}))")
        return " ".join(hops) + " " + self._said("?s ?p ?o .", str(steps + 1))


def iri(address: str) -> str:
    """An address as SPARQL spells it; what may not stand there is percent-encoded."""
    return "<" + "".join(f"%{ord(each):02X}" if each in ' <>"{}|\\^`' or ord(each) <= 32 else each for each in address) + ">"


def quoted(words: str) -> str:
    """A string as SPARQL spells it (§19.8)."""
    for plain, spelled in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\r", "\\r"), ("\t", "\\t")):
        words = words.replace(plain, spelled)
    return f'"{words}"'
