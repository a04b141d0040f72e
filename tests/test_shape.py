"""The shape of the code: short functions, short files, files that are nouns (DESIGN §11, CONTRIBUTING.md)."""

import ast
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from statistics import median, quantiles

from harvesters.table import PROTOCOLS
from standards.table import STANDARDS

ROOT = Path(__file__).parent.parent
PACKAGES = ("metadata", "standards", "harvesters", "search", "catalog_api")
LONGEST_FUNCTION, MEDIAN_FUNCTION = 50, 8
LONGEST_FILE, NINETIETH_FILE = 400, 250
EMPTY_NAMES = {"util", "utils", "helper", "helpers", "manager", "managers", "service", "services", "common", "misc"}
EMPTY_PARAMETERS = {"context", "config"}

Function = ast.FunctionDef | ast.AsyncFunctionDef


def files() -> list[Path]:
    found = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
    assert len(found) > 50, "the packages are not where this test looks for them"
    return found


@cache
def lines_of(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def functions() -> Iterator[tuple[str, Function]]:
    """Every function and method, also those within others, as `file:line name`."""
    for path in files():
        for node in ast.walk(tree(path)):
            if isinstance(node, Function):
                yield f"{path.relative_to(ROOT)}:{node.lineno} {node.name}", node


def length(function: Function) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def test_no_function_is_long() -> None:
    long = {place: length(function) for place, function in functions() if length(function) > LONGEST_FUNCTION}
    assert not long, f"split these functions (at most {LONGEST_FUNCTION} lines): {long}"


def test_most_functions_are_short() -> None:
    middle = median(length(function) for _, function in functions())
    assert middle <= MEDIAN_FUNCTION, f"the median function has {middle} lines, more than {MEDIAN_FUNCTION}"


def test_no_file_is_long() -> None:
    long = {str(path.relative_to(ROOT)): lines_of(path) for path in files() if lines_of(path) > LONGEST_FILE}
    assert not long, f"split these files (at most {LONGEST_FILE} lines): {long}"


def test_nine_files_in_ten_are_short() -> None:
    ninetieth = quantiles((lines_of(path) for path in files()), n=10, method="inclusive")[-1]
    longest = sorted(files(), key=lines_of)[-len(files()) // 10 :]
    named = {str(path.relative_to(ROOT)): lines_of(path) for path in longest}
    assert ninetieth <= NINETIETH_FILE, f"the 90th percentile is {ninetieth} lines, more than {NINETIETH_FILE}: {named}"


def test_files_are_nouns() -> None:
    empty = [str(path.relative_to(ROOT)) for path in files() if path.stem in EMPTY_NAMES or path.parent.name in EMPTY_NAMES]
    assert not empty, f"these names say nothing about what is inside: {empty}"


def test_parameters_are_named() -> None:
    """No `**kwargs`, no `context`, no `config`: a reader sees what a function takes."""
    loose = []
    for place, function in functions():
        given = function.args
        names = {one.arg for one in (*given.posonlyargs, *given.args, *given.kwonlyargs)}
        if names & EMPTY_PARAMETERS or (given.kwarg and given.kwarg.arg in ("kwargs", "options")):
            loose.append(place)
    assert not loose, f"name what these functions take: {loose}"


def test_every_module_says_what_is_in_it() -> None:
    silent = [str(path.relative_to(ROOT)) for path in files() if not ast.get_docstring(tree(path))]
    assert not silent, f"add a docstring: what is here, and where the rules come from: {silent}"


def test_no_standard_or_harvester_is_left_out_of_the_import_contracts() -> None:
    """`make check` runs import-linter; here only that its lists of independent modules are whole."""
    linter = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    independent = {name for one in linter["contracts"] if one["type"] == "independence" for name in one["modules"]}
    tables = [*STANDARDS._table.values(), *PROTOCOLS._table.values()]
    modules = {line.partition(":")[0] for line in tables if isinstance(line, str)}
    missing = sorted(modules - independent)
    assert not missing, f"add to a contract of type independence in pyproject.toml: {missing}"
