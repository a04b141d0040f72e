"""Data packages against the official profiles 1.0 and 2.0: the same (place, keyword) sets, after the collapses written here.

What our check tells as one is collapsed on the profiles' side, by code of its own:

1. A field's alternatives (one for each type): the one whose `type` is the field's; without one, text. Where the type is none of
   them, that is told, and what every alternative says. Of a resource: without `path` and `data`, `path` is missing; with both,
   the alternative is told at `path`. Of a licence without `name` and `path`, `name` is missing. Of other alternatives the one
   that takes the value's JSON type, with the fewest faults; none: a `type` fault. Where the JSON type is wrong, nothing else is
   said of the place.
2. A `required` fault stands at the place of the member that is missing.
3. Keys, labelled values, the lists of a boolean's words and references are told at themselves, whatever is wrong inside.
4. A constraint of a field is told at its place, whatever is wrong with it; a list of paths the same.

Our check stops at a hundred errors of a package: where there are more, all that it tells is compared.
"""

import json
import os
import random
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from standards.datapackage import check
from standards.datapackage_rules import RULES
from standards.json_schema import MOST_ERRORS
from tests.standards.oracle import Error, of_fast, steps
from tests.standards.real import documents
from tests.standards.test_datapackage import FULL, ODD, places

Place = tuple[str | int, ...]
Faults = frozenset[tuple[Place, str]]
SIZE = 2_000
FOLDERS = ("datapackage", "dcatus", "bad", "portal-json", "schema-org")
_KEYWORDS = {"item": "type", "repeated": "uniqueItems", "both": "oneOf", "empty": "minProperties"}
_AS_ONE = ("primaryKey", "uniqueKeys", "missingValues", "categories", "trueValues", "falseValues", "foreignKeys", "path")


def ours(body: Any) -> Faults:
    """(place, keyword) of our errors."""
    told = [(steps(each.path, body), each.rule) for each in check(body) if each.severity == "error"]
    return _as_one(frozenset((place, _keyword(rule)) for place, rule in told), body)


def _errors(body: Any) -> int:
    return sum(each.severity == "error" for each in check(body))


def _keyword(rule: str) -> str:
    fault = rule.rpartition("/")[2]
    return _KEYWORDS.get(fault, fault)


def official(validator: Any, body: Any) -> Faults:
    """The same of a profile."""
    found = {fault for error in validator.iter_errors(body) for fault in _meant(of_fast(error), body)}
    return _as_one(frozenset(found), body)


def _as_one(found: Faults, body: Any) -> Faults:
    """Collapses 3 and 4, and: of a place with the wrong JSON type nothing else."""
    raised = {_raised(place, keyword) for place, keyword in found}
    wrong = {place for place, keyword in raised if keyword == "type"}
    return frozenset(
        (place, keyword)
        for place, keyword in raised
        if not any(place[:cut] in wrong for cut in range(len(place))) and (keyword == "type" or place not in wrong)
    )


def _raised(place: Place, keyword: str) -> tuple[Place, str]:
    for at, step in enumerate(place):
        if step == "constraints" and at + 1 < len(place) and place[at - 2 : at - 1] == ("fields",):
            return place[: at + 2], "constraint"
        if step in _AS_ONE and isinstance(place[at - 1], int | str) and "resources" in place and at > 1:
            return (place[: at + 1], "as one") if keyword not in ("required",) or at + 1 < len(place) else (place, keyword)
    return place, keyword


def _meant(error: Error, body: Any) -> list[tuple[Place, str]]:
    if not error.branches:
        place = (*error.path, error.missing) if error.missing else error.path
        if error.keyword == "oneOf" and error.path[-2:-1] == ("resources",):
            return [((*error.path, "path"), "oneOf")]
        return [(place, "enum" if error.keyword == "const" else error.keyword)]
    told = [[fault for inner in branch for fault in _meant(inner, body)] for branch in error.branches]
    if error.path[-2:-1] == ("fields",):
        return _of_type(told, error.path, body)
    if error.path[-2:-1] == ("resources",):
        return min(reversed(told), key=len)
    near = [branch for branch in told if (error.path, "type") not in branch]
    return min(near, key=len) if near else [(error.path, "type")]


def _of_type(told: list[list[tuple[Place, str]]], path: Place, body: Any) -> list[tuple[Place, str]]:
    at = (*path, "type")
    fitting = [branch for branch in told if not any(place == at for place, _ in branch)]
    if fitting:
        return fitting[0]
    return [(at, "enum"), *(fault for fault in told[0] if all(fault in branch for branch in told))]


def oracles(folder: Path) -> dict[int, Any]:
    """The profiles by version."""
    profiles = {version: folder / f"datapackage-v2/public/profiles/{version}.0/datapackage.json" for version in (1, 2)}
    return {
        version: jsonschema_rs.validator_for(json.loads(path.read_bytes()), validate_formats=True)
        for version, path in profiles.items()
    }


def named(body: dict[str, Any], version: int) -> dict[str, Any]:
    return body | {"$schema": f"https://datapackage.org/profiles/{version}.0/datapackage.json"}


def broken(count: int, seed: int) -> Iterator[dict[str, Any]]:
    """Copies of a full package of which one or two members are something else."""
    draw = random.Random(seed)
    for _ in range(count):
        package = json.loads(json.dumps(FULL))
        for _ in range(draw.choice((1, 2))):
            parent, key = draw.choice(places(package))
            parent[key] = json.loads(json.dumps(draw.choice(ODD)))
        yield package


def compared(bodies: Iterator[dict[str, Any]], oracle: dict[int, Any]) -> tuple[Counter[str], list[Any]]:
    """How many were compared, invalid and told the same; and what was not."""
    count, others = Counter[str](), []
    for body in bodies:
        for version, validator in oracle.items():
            package = named(body, version)
            mine, theirs = ours(package), official(validator, package)
            count.update(("compared",))
            count["invalid"] += bool(theirs)
            count["verdict"] += bool(mine) == bool(theirs)
            cut = _errors(package) == MOST_ERRORS
            count["cut"] += cut
            count["same"] += mine == theirs
            if not (mine <= theirs if cut else mine == theirs):
                others.append((version, sorted(map(str, mine - theirs)), sorted(map(str, theirs - mine))))
    return count, others


def test_broken_packages_are_told_as_the_official_profiles_tell_them(official: Path) -> None:
    count, others = compared(broken(SIZE, seed=7), oracles(official))
    assert others == []
    assert count["compared"] == 2 * SIZE and count["invalid"] > SIZE


def test_real_files_are_told_as_the_official_profiles_tell_them(corpora: Path, official: Path) -> None:
    found = documents(corpora, FOLDERS)
    count, others = compared((body for _, body in found if isinstance(body, dict)), oracles(official))
    assert others == []
    assert count["compared"] > 100 and count["invalid"] > 100


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ("datapackage/resource/name/required", "The name of the resource is missing"),
        ("datapackage/resource/name/pattern", "The name of the resource is not written as it must be"),
        ("datapackage/field/constraints/required", "The constraint `required` of the field is of the wrong kind"),
    ],
)
def test_a_member_that_is_missing_is_not_told_as_a_constraint(rule: str, message: str) -> None:
    assert RULES[rule].message["en"] == message


def main(count: int, seed: int) -> None:
    """The figures of `docs/standards/datapackage.md`: `python -m tests.standards.test_datapackage_oracle 10000`."""
    folder = Path(os.environ.get("MULU_STANDARDS", Path.home() / ".cache/mulu/standards"))
    told, others = compared(broken(count, seed), oracles(folder))
    print(dict(told))
    corpora = Path(os.environ.get("MULU_CORPORA", Path.home() / ".cache/mulu/corpora"))
    real, more = compared((body for _, body in documents(corpora, FOLDERS) if isinstance(body, dict)), oracles(folder))
    print("real files", dict(real))
    others += more
    for one, times in Counter(map(str, others)).most_common(40):
        print(times, one)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 7)
