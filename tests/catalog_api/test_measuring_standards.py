"""`mulu bench standards`: what it compares is equal, and what it is given is what it says."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from catalog_api.commands.measuring_standards import standards
from catalog_api.measuring import descriptions
from metadata.errors import Invalid
from standards import shapes


@pytest.fixture(scope="module")
def bodies() -> list[dict[str, object]]:
    return descriptions.records(None, 400)


def test_one_in_twenty_is_invalid(bodies: list[dict[str, object]]) -> None:
    figures = descriptions.checks(bodies[:100])
    assert len(bodies) == 400 and figures["invalid_share"] == 0.05 and figures["verdicts_equal"] is True
    assert figures["schema_over_jsonschema"] > 5 and figures["whole_check_records_per_second"] > 100


def test_every_kind_of_fault_is_one() -> None:
    record = descriptions.records(None, 1)[0]
    check = descriptions.dcat_us_1_1.NON_FEDERAL.check
    assert check is not None
    found = [{one.rule for one in check(descriptions._broken(record, turn)) if one.severity == "error"} for turn in range(6)]
    assert len(set().union(*found)) == 6 and all(len(one) == 1 for one in found)


def test_graphs_and_results_are_the_same(bodies: list[dict[str, object]]) -> None:
    figures, datasets = descriptions.reading(bodies[:40])
    assert min(figures.values()) > 50 and len(datasets) > 30
    assert descriptions.graphs(datasets[:10])["same_graph"] is True
    told = descriptions.shacl(datasets[:10], None)
    assert told["results_equal"] is True if len(shapes.engines()) == 2 else "not installed" in told["not_measured"]


def test_the_command_prints_all_of_it() -> None:
    done = CliRunner().invoke(standards, ["--count", "100", "--json"], catch_exceptions=False)
    printed = json.loads(done.stdout.splitlines()[-1])
    assert printed["records"] == 100 and printed.keys() == {"records", "json_schema", "reading", "rdf", "shacl"}
    words = CliRunner().invoke(standards, ["--count", "100"], catch_exceptions=False).output
    assert "schema over jsonschema" in words


def test_a_file_that_is_none_is_told(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="cannot be read"):
        descriptions.records(tmp_path / "none.jsonl", 10)
    odd = tmp_path / "odd.jsonl"
    odd.write_text("{}\n")
    with pytest.raises(Invalid, match="no valid DCAT-US record"):
        descriptions.records(odd, 10)
    odd.write_text("x\n")
    with pytest.raises(Invalid, match="not JSON lines"):
        descriptions.records(odd, 10)
