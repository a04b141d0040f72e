"""Hand-made descriptions in Turtle, after quirks of real ones: what is read, what the checks say, and that it comes back.

`<name>.ttl` is read and checked; `<name>.told.json` holds the dataset and the findings (rule and place). To look over new ones:
`python -m tests.standards.test_rdf_cases` writes the files that are missing.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from metadata.model import encode
from standards import dcat_3, dcat_ap_3, geodcat_ap, rdf_graph
from standards.base import Standard

CASES = Path(__file__).parent / "cases"
STANDARDS = {"dcat_ap_3": dcat_ap_3.STANDARD, "dcat_3": dcat_3.STANDARD, "geodcat_ap": geodcat_ap.STANDARD}
NAMES = [
    f"{folder}/{path.stem}" for folder in STANDARDS for path in sorted((CASES / folder).glob("*.ttl")) if path.stem != "stops"
]


def told(standard: Standard, document: bytes) -> dict[str, Any]:
    """The dataset and the findings of the one record of a document."""
    assert standard.read and standard.check
    ((_, body),) = list(rdf_graph.records(document))[:1]
    dataset = json.loads(encode(standard.read(body)))
    if "extra" in dataset:
        dataset["extra"]["rdf"] = dataset["extra"]["rdf"].splitlines()
    return {"dataset": dataset, "findings": [[each.rule, each.severity, each.path] for each in standard.check(body)]}


@pytest.mark.parametrize("name", NAMES)
def test_read_and_checked_as_the_case_says(name: str) -> None:
    standard = STANDARDS[name.split("/")[0]]
    wanted = json.loads((CASES / f"{name}.told.json").read_text(encoding="utf-8"))
    assert told(standard, (CASES / f"{name}.ttl").read_bytes()) == wanted


@pytest.mark.parametrize("name", NAMES)
def test_all_that_was_said_comes_back(name: str) -> None:
    """Read, written and read again it is the same dataset; what the model has no field for is written too."""
    standard = STANDARDS[name.split("/")[0]]
    assert standard.read and standard.write
    ((_, body),) = list(rdf_graph.records((CASES / f"{name}.ttl").read_bytes()))[:1]
    dataset = standard.read(body)
    again = standard.read(rdf_graph.canonical(standard.write(dataset)))
    assert without_spellings(json.loads(encode(again))) == without_spellings(json.loads(encode(dataset)))


def without_spellings(value: Any) -> Any:
    """Without the words that a source used for codes that are known: RDF writes the code."""
    if isinstance(value, list):
        return [without_spellings(each) for each in value]
    if not isinstance(value, dict):
        return value
    return {name: without_spellings(each) for name, each in value.items() if not (name == "raw" and value.get("scheme"))}


@pytest.mark.parametrize("name", NAMES)
def test_recognised_as_its_standard(name: str) -> None:
    ((_, body),) = list(rdf_graph.records((CASES / f"{name}.ttl").read_bytes()))[:1]
    order = [geodcat_ap.STANDARD, dcat_ap_3.STANDARD, dcat_3.STANDARD]
    found = next(each.name for each in order if each.recognises(body))
    assert found == name.split("/")[0] or (found == "dcat_3" and b"europa.eu" not in body)


if __name__ == "__main__":
    for case in NAMES:
        file = CASES / f"{case}.told.json"
        if not file.exists():
            made = told(STANDARDS[case.split("/")[0]], (CASES / f"{case}.ttl").read_bytes())
            file.write_text(json.dumps(made, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
