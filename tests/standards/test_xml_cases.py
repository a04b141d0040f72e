"""Hand-made ISO 19139, ISO 19115-3 and FGDC records, after quirks of real ones: what is read, what is found, what comes back.

`<name>.xml` is read and checked; `<name>.told.json` holds the dataset and the findings (rule and place). To look over new ones:
`python -m tests.standards.test_xml_cases` writes the files that are missing.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from metadata.model import encode
from standards import fgdc, iso_19115_3, iso_19139
from standards.base import Standard
from standards.table import detect

CASES = Path(__file__).parent / "cases"
STANDARDS = {"iso_19139": iso_19139.STANDARD, "iso_19115_3": iso_19115_3.STANDARD, "fgdc": fgdc.STANDARD}
NAMES = [f"{folder}/{path.stem}" for folder in STANDARDS for path in sorted((CASES / folder).glob("*.xml"))]


def body(name: str) -> bytes:
    return CASES.joinpath(f"{name}.xml").read_bytes()


def standard(name: str) -> Standard:
    return STANDARDS[name.partition("/")[0]]


def told(name: str) -> dict[str, Any]:
    """The dataset and the findings of a case."""
    here = standard(name)
    assert here.read and here.check
    findings = [[each.rule, each.path] for each in here.check(body(name))]
    return {"dataset": json.loads(encode(here.read(body(name)))), "findings": findings}


@pytest.mark.parametrize("name", NAMES)
def test_is_recognised(name: str) -> None:
    assert detect(body(name)) is standard(name)


@pytest.mark.parametrize("name", NAMES)
def test_reads_and_finds_what_was_looked_over(name: str) -> None:
    assert told(name) == json.loads(CASES.joinpath(f"{name}.told.json").read_text("utf-8"))


@pytest.mark.parametrize("name", [name for name in NAMES if standard(name).write and "wrong" not in name])
def test_comes_back_as_it_was_read(name: str) -> None:
    """Whatever was read is written so that it is read again: unknown elements, codes and all."""
    here = standard(name)
    assert here.read and here.write
    first = here.read(body(name))
    assert here.read(here.write(first)) == first


if __name__ == "__main__":
    for each in NAMES:
        path = CASES / f"{each}.told.json"
        if not path.exists():
            path.write_text(json.dumps(told(each), ensure_ascii=False, indent=1) + "\n", "utf-8")
