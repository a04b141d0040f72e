"""What was written as RDF is read as it was, in every field that the standards say they carry, also from sorted bytes."""

from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings

from metadata.model import Dataset
from standards import dcat_3, dcat_ap_3, geodcat_ap, rdf, rdf_graph
from standards.base import Standard, Unreadable
from tests.standards.rdf_datasets import datasets

STANDARDS = {each.name: each for each in (dcat_ap_3.STANDARD, dcat_3.STANDARD, geodcat_ap.STANDARD)}


def carried(dataset: Dataset, standard: Standard) -> dict[str, Any]:
    """The fields that the standard says it carries; of a set, the values in a fixed order."""
    return {
        name: _plain(getattr(dataset, name), standard, name) for name in dataset.__struct_fields__ if name in standard.carries
    }


def _plain(value: Any, standard: Standard, name: str) -> Any:
    if isinstance(value, tuple) and all(isinstance(each, str | msgspec.Struct) for each in value):
        return sorted((_plain(each, standard, name) for each in value), key=repr)
    if isinstance(value, msgspec.Struct):
        left_out = {each for each in value.__struct_fields__ if not _is_carried(standard, name, each)}
        return {each: _plain(getattr(value, each), standard, each) for each in value.__struct_fields__ if each not in left_out}
    if isinstance(value, dict):
        return {key: _plain(each, standard, name) for key, each in sorted(value.items(), key=repr)}
    return value


def _is_carried(standard: Standard, name: str, part: str) -> bool:
    listed = [each for each in standard.carries if each.startswith(f"{name}.")]
    return not listed or f"{name}.{part}" in listed


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(datasets())
@pytest.mark.parametrize("name", STANDARDS)
def test_what_is_carried_comes_back(name: str, dataset: Dataset) -> None:
    standard = STANDARDS[name]
    assert standard.read and standard.write
    written = standard.write(dataset)
    wanted = carried(dataset, standard)
    assert carried(standard.read(written), standard) == wanted
    assert carried(standard.read(rdf_graph.canonical(written)), standard) == wanted


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(datasets())
def test_every_syntax_gives_the_same_dataset(dataset: Dataset) -> None:
    written = dcat_ap_3.write(dataset)
    wanted = carried(dcat_ap_3.read(written), dcat_ap_3.STANDARD)
    for syntax in rdf.MEDIA_TYPES:
        assert carried(dcat_ap_3.read(rdf.serialise(written, syntax)), dcat_ap_3.STANDARD) == wanted, syntax


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(datasets())
def test_written_again_it_is_the_same_body(dataset: Dataset) -> None:
    """A catalogue that harvests itself finds nothing changed."""
    body = rdf_graph.canonical(dcat_ap_3.write(dataset))
    assert rdf_graph.canonical(dcat_ap_3.write(dcat_ap_3.read(body))) == body


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(datasets())
def test_a_record_cut_out_of_what_is_written_is_all_of_it(dataset: Dataset) -> None:
    body = rdf_graph.canonical(dcat_ap_3.write(dataset))
    if dataset.title and len(dcat_ap_3.write(dataset)) > 2:
        assert [each for _, each in rdf_graph.records(body)] == [body]


@pytest.mark.parametrize("name", STANDARDS)
@pytest.mark.parametrize(
    "body", [None, 5, "", "@prefix a: <urn:a> .", {}, [], [1, 2], b"", b"\x00", b"<x/>", b"{}", b"[]", object()]
)
def test_what_is_no_rdf_is_unreadable_and_nothing_else(name: str, body: Any) -> None:
    standard = STANDARDS[name]
    assert standard.read and standard.check and standard.repair
    assert standard.recognises(body) is False
    with pytest.raises(Unreadable) as problem:
        standard.read(body)
    assert problem.value.finding.rule in standard.rules
    assert [each for each in standard.check(body) if each.rule not in standard.rules] == []
    assert standard.repair(body) == (body, [])


def test_a_dataset_without_a_title_is_unreadable() -> None:
    with pytest.raises(Unreadable) as problem:
        dcat_ap_3.read(b"<urn:a> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://www.w3.org/ns/dcat#Dataset> .\n")
    assert (problem.value.finding.rule, problem.value.finding.path) == ("rdf/title/absent", "<urn:a> dct:title")
