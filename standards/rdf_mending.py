"""Mending RDF that a strict parser refuses: what is meant is plain, and losing the dataset around it would be worse.

Turtle and TriG: prefixes that nobody declared, a dot forgotten at the end of a line, a `/` in a short name, `^^<<`. RDF/XML:
`rdf:nodeID` values that are no names. Each is told as a finding. Sources: RDF 1.1 Turtle §2, §6.5; RDF 1.1 XML Syntax §5.1.
"""

import re
from collections.abc import Sequence
from typing import Any

from standards.base import Finding, finding
from standards.rdf_rules import RULES

MOST_LINES = 200
LONGEST_LINE = 20_000
ROUNDS = 6
"""How often a document is mended and parsed again: one fault can hide another."""

KNOWN = {
    "adms": "http://www.w3.org/ns/adms#",
    "cnt": "http://www.w3.org/2011/content#",
    "csvw": "http://www.w3.org/ns/csvw#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcatap": "http://data.europa.eu/r5r/",
    "dcatde": "http://dcat-ap.de/def/dcatde/",
    "dct": "http://purl.org/dc/terms/",
    "dcterms": "http://purl.org/dc/terms/",
    "dqv": "http://www.w3.org/ns/dqv#",
    "eli": "http://data.europa.eu/eli/ontology#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "geo": "http://www.opengis.net/ont/geosparql#",
    "geodcat": "http://data.europa.eu/930/",
    "geosparql": "http://www.opengis.net/ont/geosparql#",
    "gsp": "http://www.opengis.net/ont/geosparql#",
    "hydra": "http://www.w3.org/ns/hydra/core#",
    "locn": "http://www.w3.org/ns/locn#",
    "odrl": "http://www.w3.org/ns/odrl/2/",
    "org": "http://www.w3.org/ns/org#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "http://schema.org/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "spdx": "http://spdx.org/rdf/terms#",
    "time": "http://www.w3.org/2006/time#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "void": "http://rdfs.org/ns/void#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_UNDECLARED = re.compile(r"The prefix ([\w.-]*): has not been declared")
_NO_DOT = "A dot is expected at the end of statements"
_SLASH = "'/' is not allowed at the beginning of a prefix name"
_SHORT = re.compile(r'(?<![<\w"])([A-Za-z][\w-]*:[\w.%-]*)((?:/[\w.%-]+)+)')
_TWICE = re.compile(r"\^\^<<(?=[a-z]+:)")
_NODE_ID = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}nodeID"
_NAME = re.compile(r"[^\W\d][\w.-]*")


def decoded(utf8: bytes) -> tuple[str, list[Finding]]:
    """The text; bytes that are not UTF-8 become U+FFFD, or are taken for GB 18030 where there are many of them."""
    try:
        return utf8.decode(), []
    except UnicodeDecodeError as fault:
        line = utf8.count(10, 0, fault.start) + 1
        told = [finding(RULES["rdf/characters"], f"(line {line})", utf8[fault.start : fault.start + 8])]
    words = utf8.decode("utf-8", "replace")
    if words.count("\ufffd") <= 10 + len(words) // 50:
        return words, told
    try:
        return utf8.decode("gb18030"), told
    except UnicodeDecodeError:
        return utf8.decode("cp1252", "replace"), told


def mend(words: str, faults: Sequence[SyntaxError]) -> tuple[str, list[Finding]] | None:
    """The document with what these faults tell of mended (lines keep their numbers), and the findings; None when they tell of
    nothing that can be."""
    lines = words.split("\n")
    told: list[Finding] = []
    prefixes: dict[str, str] = {}
    seen: set[int] = set()
    for fault in faults:
        undeclared = _UNDECLARED.search(str(fault.msg))
        if undeclared:
            name = undeclared[1]
            if name not in prefixes:
                told.append(finding(RULES["rdf/prefix/undeclared"], f"(line {line_of(fault, lines)})", f"{name}:"))
            prefixes[name] = KNOWN.get(name, f"urn:mulu:undeclared:{name}:")
        elif (number := line_of(fault, lines)) and number not in seen and len(seen) < MOST_LINES:
            seen.add(number)
            told += _line(lines, fault)
    declared = "".join(f"@prefix {name}: <{address}> . " for name, address in prefixes.items())
    return (declared + "\n".join(lines), told) if told else None


def line_of(fault: SyntaxError, lines: Sequence[str]) -> int | None:
    """The line of what is wrong: the blanks before it count as its beginning, so that it may begin on the line before."""
    line, column = fault.lineno, fault.offset or 1
    if line and line <= len(lines) and not lines[line - 1][column - 1 :].strip() and (fault.end_lineno or line) > line:
        return line + 1
    return line


def _line(lines: list[str], fault: SyntaxError) -> list[Finding]:
    """Mends the line of a fault, or the one before it, in place."""
    at = (line_of(fault, lines) or 1) - 1
    if at >= len(lines) or len(lines[at]) > LONGEST_LINE:
        return []
    if _NO_DOT in str(fault.msg):
        before = next((number for number in range(at - 1, -1, -1) if lines[number].split("#")[0].strip()), None)
        if before is None or not lines[before].lstrip().lower().startswith(("@prefix", "@base")):
            return []
        lines[before] = lines[before].rstrip() + " ."
        return [finding(RULES["rdf/syntax/mended"], f"(line {before + 1})", lines[before])]
    mended = _SHORT.sub(_escaped, lines[at]) if _SLASH in str(fault.msg) else lines[at]
    mended = _TWICE.sub("^^<", mended)
    if mended == lines[at]:
        return []
    lines[at] = mended
    return [finding(RULES["rdf/syntax/mended"], f"(line {at + 1})", mended.strip())]


def _escaped(short: re.Match[str]) -> str:
    return short[1] + short[2].replace("/", "\\/")


def mend_nodes(root: Any) -> list[Finding]:
    """Gives nodes of an RDF/XML tree whose `rdf:nodeID` is no name another, the same for the same; in place."""
    names: dict[str, str] = {}
    told = []
    for element in root.iter():
        name = element.get(_NODE_ID)
        if name is None or _NAME.fullmatch(name):
            continue
        if name not in names:
            names[name] = f"mended{len(names)}"
            told.append(finding(RULES["rdf/node-id"], f"(line {element.sourceline})", name))
        element.set(_NODE_ID, names[name])
    return told
