"""DCAT-AP 3.0.1, the European profile of DCAT, with its annex for high-value datasets: read, written and checked.

Read are its older versions too (1.1, 2.x) and what national profiles share with it. `write` gives triples;
`rdf.serialise(write(dataset), "turtle")` gives bytes; a record's body is N-Triples (`standards/rdf_graph.py`). The clauses
are those of https://semiceu.github.io/DCAT-AP/releases/3.0.1/ and https://semiceu.github.io/DCAT-AP/releases/3.0.0-hvd/; what
is asked of each property is in `files/dcat_ap_3/shapes.json`, the rest in `dcat_ap_3_check.py`. `FULL` also asks for the
classes of what is described elsewhere and for values of the controlled lists, as the official validator does when all its
shapes are loaded.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from metadata.model import Dataset
from standards import rdf_read, rdf_recognition
from standards.base import Finding, Standard
from standards.dcat_ap_3_catalog import CatalogPage, CatalogRecord
from standards.dcat_ap_3_check import RULES, check, results
from standards.rdf import Statements, Triples
from standards.rdf_carries import CARRIES, FIELDS
from standards.rdf_repair import repair
from standards.rdf_write import address, describe

__all__ = ["FIELDS", "FULL", "STANDARD", "CatalogPage", "CatalogRecord", "address", "check", "read", "results", "write"]


def write(dataset: Dataset) -> Triples:
    """The dataset as DCAT-AP triples. Never raises: what RDF cannot hold is encoded, left as words, or left out."""
    out = Statements()
    describe(out, dataset)
    return out.triples()


def read(body: Any) -> Dataset:
    """The dataset a body describes: bytes in any syntax of RDF, or triples. Raises `Unreadable`, nothing else."""
    return rdf_read.read_any(body)


def recognises(body: Any) -> bool:
    """Whether a body is DCAT that speaks of Europe: DCAT-AP's own terms, ADMS, or the EU authority tables."""
    return rdf_recognition.is_dcat(body) and rdf_recognition.mentions(body, rdf_recognition.EUROPEAN)


def check_fully(body: Any) -> Iterator[Finding]:
    """As `check`, with the classes of what is described elsewhere and the controlled lists."""
    return check(body, full=True)


STANDARD = Standard(
    name="dcat_ap_3",
    title={"en": "DCAT-AP 3.0.1", "zh": "欧盟数据目录应用规范 DCAT-AP 3.0.1"},
    media_type="text/turtle",
    version="3.0.1",
    recognises=recognises,
    read=read,
    write=write,
    check=check,
    rules=RULES,
    repair=repair,
    carries=CARRIES,
    form="rdf",
    marks={
        "en": "RDF with a dcat:Dataset that uses DCAT-AP's terms, ADMS, or the EU authority tables",
        "zh": "RDF，含 dcat:Dataset，并使用 DCAT-AP 或 ADMS 的属性，或欧盟权威代码表",
    },
)
FULL = replace(
    STANDARD,
    name="dcat_ap_3_full",
    title={"en": "DCAT-AP 3.0.1 with ranges and code lists", "zh": "DCAT-AP 3.0.1（含类型与代码表检查）"},
    recognises=lambda _: False,
    check=check_fully,
    marks={"en": "chosen by name only", "zh": "只在指定时使用"},
)
