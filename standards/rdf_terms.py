"""The terms of the vocabularies whose misspelling loses data: DCAT 3 (with DCAT 1's), DCMI Metadata Terms, DCAT-AP's own.

Sources: W3C DCAT 3 §6 and its RDF; https://www.dublincore.org/specifications/dublin-core/dcmi-terms/;
https://semiceu.github.io/DCAT-AP/releases/3.0.1/. A term in one of these namespaces that is not listed does not exist.
"""

import re
from functools import lru_cache

_DCAT = """
Catalog CatalogRecord DataService Dataset DatasetSeries Distribution Relationship Resource Role accessService accessURL bbox
byteSize catalog centroid compressFormat contactPoint dataset distribution downloadURL endDate endpointDescription
endpointURL first hadRole hasCurrentVersion hasVersion inCatalog inSeries isDistributionOf isVersionOf keyword landingPage
last mediaType next nextVersion packageFormat prev previousVersion qualifiedRelation record resource seriesMember
servesDataset service spatialResolutionInMeters startDate temporalResolution theme themeTaxonomy version bytes dataDictionary
dataQuality Download Feed granularity size WebService
"""
_DCT = """
abstract accessRights accrualMethod accrualPeriodicity accrualPolicy alternative audience available bibliographicCitation
conformsTo contributor coverage created creator date dateAccepted dateCopyrighted dateSubmitted description educationLevel
extent format hasFormat hasPart hasVersion identifier instructionalMethod isFormatOf isPartOf isReferencedBy isReplacedBy
isRequiredBy issued isVersionOf language license mediator medium modified provenance publisher references relation replaces
requires rights rightsHolder source spatial subject tableOfContents temporal title type valid Agent AgentClass
BibliographicResource FileFormat Frequency Jurisdiction LicenseDocument LinguisticSystem Location
LocationPeriodOrJurisdiction MediaType MediaTypeOrExtent MethodOfAccrual MethodOfInstruction PeriodOfTime PhysicalMedium
PhysicalResource Policy ProvenanceStatement RightsStatement SizeOrDuration Standard Box DCMIType DDC IMT ISO3166 ISO639-2
ISO639-3 LCC LCSH MESH NLM Period Point RFC1766 RFC3066 RFC4646 RFC5646 TGN UDC URI W3CDTF
"""
_KNOWN = {
    "http://www.w3.org/ns/dcat#": frozenset(_DCAT.split()),
    "http://purl.org/dc/terms/": frozenset(_DCT.split()),
    "http://data.europa.eu/r5r/": frozenset(("applicableLegislation", "availability", "hvdCategory")),
}
_NEARLY = re.compile(
    r"https://(?:www\.w3\.org/ns/dcat[#/]|purl\.org/dc/terms/|xmlns\.com/foaf/0\.1/)|http://w3\.org/ns/dcat[#/]"
    r"|http://www\.w3\.org/ns/dcat/|http://purl\.org/dc/terms#|http://purl\.org/dcterms/"
)


def is_unknown(address: str) -> bool:
    """Whether an address is in one of these namespaces, or nearly, without being a term of it."""
    for start, known in _KNOWN.items():
        if address.startswith(start):
            return address[len(start) :] not in known
    return _NEARLY.match(address) is not None


@lru_cache(maxsize=1024)
def meant(address: str) -> str | None:
    """The term that a misspelt one stands for: the same letters in another case, or one letter more or less at the end; in a
    namespace that is nearly right, the same name. None when there is no term like it, or it is not misspelt."""
    if not is_unknown(address):
        return None
    near = _NEARLY.match(address)
    start = next((start for start in _KNOWN if address.startswith(start)), None)
    if near:
        start = "http://www.w3.org/ns/dcat#" if "dcat" in near[0] else "http://purl.org/dc/terms/" if "dc" in near[0] else None
    name = address[near.end() if near else len(start or "") :]
    if start is None:
        return None
    likely = [known for known in _KNOWN[start] if known.lower() == name.lower() or name in (f"{known}s", known[:-1])]
    exact = [known for known in likely if known == name]
    chosen = exact or likely
    return start + chosen[0] if len(chosen) == 1 else None
