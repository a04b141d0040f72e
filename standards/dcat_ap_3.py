"""DCAT-AP 3.0.1, the European profile of DCAT: written only, for now.

`write` gives triples; `rdf.serialise(write(dataset), "turtle")` gives bytes. The clauses are those of
https://semiceu.github.io/DCAT-AP/releases/3.0.1/; the parts of the work are in `dcat_ap_3_resources.py` (dataset, distribution,
service, series), `dcat_ap_3_parts.py` (agents, places, codes, …) and `dcat_ap_3_catalog.py` (a page of the catalogue).
"""

from typing import Any

from metadata.model import Dataset
from standards.base import Standard
from standards.dcat_ap_3_catalog import CatalogPage, CatalogRecord, catalog
from standards.dcat_ap_3_resources import address, describe
from standards.rdf import Statements, Triples

__all__ = ["STANDARD", "CatalogPage", "CatalogRecord", "address", "catalog", "write"]


def write(dataset: Dataset) -> Triples:
    """The dataset as DCAT-AP triples. Never raises: what RDF cannot hold is encoded, left as words, or left out."""
    out = Statements()
    describe(out, dataset)
    return out.triples()


def recognises(_: Any) -> bool:
    """Nothing: this standard is not read yet."""
    return False


STANDARD = Standard(
    name="dcat_ap_3",
    title={"en": "DCAT-AP 3.0.1", "zh": "欧盟数据目录应用规范 DCAT-AP 3.0.1"},
    media_type="text/turtle",
    version="3.0.1",
    recognises=recognises,
    write=write,
)
