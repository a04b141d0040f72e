"""What `mulu bench standards` measures: checks, readers and RDF, each beside the common library in the same run.

Records are real ones from a file, or made-up ones; one in twenty is made invalid, in turn in six ways. Checks by JSON Schema
are compared with `jsonschema` running the same schema on some of the same records, and their verdicts have to be equal. RDF is
compared with rdflib, SHACL with pySHACL; their results have to be equal too. A figure that could not be taken says why.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from pathlib import Path
from time import perf_counter
from typing import Any, TypeVar

import orjson

from catalog_api.sample_departments.bulk import sample_records
from metadata.errors import Invalid
from metadata.model import Dataset
from standards import ckan, dcat_ap_3, dcat_ap_3_check, dcat_us_1_1, rdf, shapes, shapes_table
from standards.base import Unreadable
from standards.dcat_us_1_1_rules import validator
from standards.json_schema import faults

T = TypeVar("T")
_TURNS = 7
_ENOUGH = 4.0  # seconds for one figure
_INVALID_EVERY = 20
_SLOW = 300  # records that the slow engines get
_GRAPHS = 200  # datasets in the RDF document and in each SHACL run


def records(path: Path | None, count: int) -> list[dict[str, Any]]:
    """Valid DCAT-US records of a file of JSON lines (made-up ones without it), one in twenty of them made invalid."""
    good = (record for record in _given(path) if validator("non_federal").gate.is_valid(record))
    found = list(islice(good, count))
    if not found:
        raise Invalid("there is no valid DCAT-US record in this file", place=str(path))
    while len(found) < count:
        found += found[: count - len(found)]
    return [_broken(record, at // _INVALID_EVERY) if at % _INVALID_EVERY == 7 else record for at, record in enumerate(found)]


def _given(path: Path | None) -> Iterable[dict[str, Any]]:
    if path is None:
        yield from sample_records(40_000)
        return
    try:
        with path.open("rb") as file:
            for line in file:
                record = orjson.loads(line)
                if isinstance(record, dict):
                    yield {name: value for name, value in record.items() if not name.startswith("_")}
    except OSError as problem:
        raise Invalid(f"this file cannot be read: {problem.strerror}", place=str(path)) from problem
    except orjson.JSONDecodeError as problem:
        raise Invalid("this file is not JSON lines", place=str(path), value=str(problem)) from None


def _broken(record: dict[str, Any], turn: int) -> dict[str, Any]:
    """A record with one fault, of six kinds in turn."""
    kind = turn % 6
    if kind == 0:
        return {name: value for name, value in record.items() if name != "title"}
    changes: tuple[dict[str, Any], ...] = (
        {"modified": "2016/04/14"}, {"keyword": "bus, stop"}, {"license": "a sentence"}, {"description": ""},
        {"contactPoint": {"fn": "A", "hasEmail": "a@b.example"}},
    )  # fmt: skip
    return {**record, **changes[kind - 1]}


def rate(ask: Callable[[T], object], values: Sequence[T]) -> float:
    """How many a second, the best of several turns, because other work on the machine only ever slows one down."""
    best, spent = 0.0, 0.0
    for _ in range(_TURNS):
        started = perf_counter()
        for value in values:
            ask(value)
        taken = perf_counter() - started
        best, spent = max(best, len(values) / taken), spent + taken
        if spent > _ENOUGH:
            break
    return best


def checks(bodies: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """JSON Schema alone, the whole check (with what the schema does not say), and `jsonschema` with the same schema."""
    import jsonschema  # here: no other command needs it

    ours = validator("non_federal")
    check = dcat_us_1_1.NON_FEDERAL.check
    assert check is not None
    theirs: Any = jsonschema.Draft202012Validator(_for_python(ours.schema), format_checker=_formats())
    some = bodies[:: max(1, len(bodies) // _SLOW)]
    agree = all(theirs.is_valid(body) == (not faults(ours, body)) for body in some)
    schema, whole = rate(lambda body: faults(ours, body), bodies), rate(lambda body: list(check(body)), bodies)
    slow = rate(lambda body: list(theirs.iter_errors(body)), some)
    return {
        "invalid_share": round(sum(bool(faults(ours, body)) for body in bodies) / len(bodies), 4),
        "schema_records_per_second": round(schema),
        "whole_check_records_per_second": round(whole),
        "jsonschema_records_per_second": round(slow),
        "schema_over_jsonschema": round(schema / slow, 1),
        "whole_check_over_jsonschema": round(whole / slow, 1),
        "verdicts_equal": agree,
    }


_AS_PYTHON = ((r"\p{Nd}", r"\d"), (r"\p{L}\p{N}_", r"\w"))


def _for_python(schema: Any) -> Any:
    """The schema with its patterns as Python's `re` writes them."""
    if isinstance(schema, dict):
        return {
            name: _pattern(value) if name == "pattern" and isinstance(value, str) else _for_python(value)
            for name, value in schema.items()
        }
    return [_for_python(each) for each in schema] if isinstance(schema, list) else schema


def _pattern(said: str) -> str:
    for theirs, ours in _AS_PYTHON:
        said = said.replace(theirs, ours)
    return re.sub(r"\\x\{([0-9a-f]{4})\}", r"\\u\1", said)


def _formats() -> Any:
    """Addresses judged by our engine, so that both judge the same."""
    import jsonschema
    import jsonschema_rs

    checker = jsonschema.FormatChecker(formats=())
    judge = jsonschema_rs.validator_for({"format": "uri"}, validate_formats=True).is_valid
    checker.checks("uri")(lambda value: bool(judge(value)))
    return checker


def reading(bodies: Sequence[dict[str, Any]]) -> tuple[dict[str, Any], list[Dataset]]:
    """How many records a second are read, and the datasets."""
    datasets = [found for body in bodies if (found := _read(body))]
    packages = [{**ckan.write(dataset), "id": f"bench-{number}"} for number, dataset in enumerate(datasets)]
    return {
        "dcat_us_1_1_records_per_second": round(rate(_read, bodies)),
        "ckan_records_per_second": round(rate(ckan.read, packages)),
    }, datasets


def _read(body: dict[str, Any]) -> Dataset | None:
    try:
        return dcat_us_1_1.read(body)
    except Unreadable:
        return None


def graphs(datasets: Sequence[Dataset]) -> dict[str, Any]:
    """A Turtle document parsed and written again, by pyoxigraph as we use it and by rdflib."""
    import rdflib

    triples = [triple for dataset in datasets[:_GRAPHS] for triple in dcat_ap_3.write(dataset)]
    document = rdf.serialise(triples, "turtle")

    def ours(body: bytes) -> bytes:
        return rdf.serialise(rdf.read(body, "turtle"), "turtle")

    def theirs(body: bytes) -> str:
        return rdflib.Graph().parse(data=body, format="turtle").serialize(format="turtle")

    fast, slow = rate(ours, [document]), rate(theirs, [document])
    size = len(rdflib.Graph().parse(data=document, format="turtle"))
    return {
        "triples": size,
        "triples_per_second": round(fast * size),
        "rdflib_triples_per_second": round(slow * size),
        "over_rdflib": round(fast / slow, 1),
        "same_graph": len(set(rdf.read(ours(document), "turtle"))) == size,
    }


def shacl(datasets: Sequence[Dataset], path: Path | None) -> dict[str, Any]:
    """The compiled SHACL engine and pySHACL, on the same graph and shapes, with the results compared."""
    engines = shapes.engines()
    if len(engines) < 2:
        missing = {"shacl": "the extra shacl-fast", "pyshacl": "pyshacl"}
        return {"not_measured": "; ".join(f"{what} is not installed" for name, what in missing.items() if name not in engines)}
    wanted = shapes.compiled(_shapes_of(path))
    triples = [triple for dataset in datasets[:_GRAPHS] for triple in dcat_ap_3.write(dataset)]
    found = {name: shapes.validate(triples, wanted, name) for name in engines}
    speed = {name: rate(lambda body, name=name: shapes.validate(body, wanted, name), [triples]) for name in engines}  # type: ignore[misc]
    return {
        "datasets": len(datasets[:_GRAPHS]),
        "results": len(found["pyshacl"]),
        "results_equal": found["shacl"] == found["pyshacl"],
        "datasets_per_second": round(speed["shacl"] * len(datasets[:_GRAPHS])),
        "pyshacl_datasets_per_second": round(speed["pyshacl"] * len(datasets[:_GRAPHS])),
        "over_pyshacl": round(speed["shacl"] / speed["pyshacl"], 1),
    }


def _shapes_of(path: Path | None) -> bytes:
    try:
        return path.read_bytes() if path else shapes_table.as_shacl(dcat_ap_3_check.TABLE)
    except OSError as problem:
        raise Invalid(f"this file cannot be read: {problem.strerror}", place=str(path)) from problem
