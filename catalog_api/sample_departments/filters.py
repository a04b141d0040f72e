"""The part of the Solr query language that clients of a CKAN portal send in `q` and `fq`, read into a test of packages.

`+field:value -field:"two words" field:[2024-01-01T00:00:00Z TO *] field:(a OR b) word "two words" *:*`, joined by AND
(the standard query parser with `q.op=AND`, Solr reference guide). What is not understood raises `ValueError`.
"""

import re
from collections.abc import Callable
from fnmatch import fnmatchcase
from typing import Any

Package = dict[str, Any]
Test = Callable[[Package], bool]

_CLAUSE = re.compile(r"""([+-]?)(?:(\*|\w+):)?("[^"]*"|\[[^\]]*\]|\([^)]*\)|[^\s"()\[\]]+)\s*""")
_RANGE = re.compile(r"\[(\S+) TO (\S+)\]")


def parse(words: str) -> Test:
    """The test that `words` stand for; no words match all. Raises `ValueError` saying what is not understood."""
    tests, at = [], 0
    words = words.strip()
    while at < len(words):
        match = _CLAUSE.match(words, at)
        if match is None or match[3] == "OR":
            raise ValueError(f"Cannot parse '{words}' at position {at}")
        if match[3] != "AND":
            tests.append(_clause(*match.groups()))
        at = match.end()
    return lambda package: all(test(package) for test in tests)


def values(package: Package, field: str) -> list[str]:
    """What the index holds for a field of a package. Raises `ValueError` when there is no such field."""
    match field:
        case "organization":
            return [package["organization"]["name"]]
        case "tags" | "groups":
            return [entry["name"] for entry in package[field]]
        case "res_format":
            return list(dict.fromkeys(resource["format"] for resource in package["resources"]))
        case "text":
            return [
                package["name"],
                package["title"],
                package["notes"],
                *package["title_translated"].values(),
                *values(package, "tags"),
            ]
        case "title_string":
            return [package["title"]]
        case "dataset_type":
            return [package["type"]]
        case "id" | "name" | "title" | "notes" | "type" | "state" | "owner_org" | "license_id" | "author":
            return [package[field]]
        case "private" | "isopen":
            return [str(package[field]).lower()]
        case "metadata_created" | "metadata_modified":
            return [package[field]]
    raise ValueError(f"undefined field {field}")


def _clause(sign: str, field: str | None, value: str) -> Test:
    if field == "*" and value == "*":
        test: Test = _value("id", "*")
    elif span := _RANGE.fullmatch(value):
        test = _between(field or "text", span[1], span[2])
    elif value.startswith("("):
        test = _any([_value(field or "text", part) for part in re.split(r"\s+OR\s+|\s+", value[1:-1].strip())])
    else:
        test = _value(field or "text", value)
    return (lambda package: not test(package)) if sign == "-" else test


def _any(tests: list[Test]) -> Test:
    return lambda package: any(test(package) for test in tests)


def _value(field: str, value: str) -> Test:
    wanted = value.strip('"').lower()
    if field in ("text", "title", "notes"):
        part = wanted.strip("*")
        return lambda package: any(part in found.lower() for found in values(package, field))
    return lambda package: any(fnmatchcase(found.lower(), wanted) for found in values(package, field))


def _between(field: str, low: str, high: str) -> Test:
    # CKAN's times carry no zone and Solr's end in Z: without it they compare as text.
    start, end = low.rstrip("Z"), high.rstrip("Z")

    def test(package: Package) -> bool:
        return any((low == "*" or start <= found) and (high == "*" or found <= end) for found in values(package, field))

    return test
