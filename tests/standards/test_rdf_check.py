"""What checks say about values, where, and what repairs make of it."""

from pathlib import Path

import pytest

from standards import dcat_3, dcat_ap_3, geodcat_ap, rdf_graph
from standards.rdf_check_values import CODED
from standards.rdf_document import parse
from standards.rdf_graph import Graph
from standards.rdf_lexical import is_valid
from standards.rdf_rules import RULES
from standards.rdf_terms import is_unknown, meant

HEAD = """@prefix dct: <http://purl.org/dc/terms/> . @prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> . @prefix vcard: <http://www.w3.org/2006/vcard/ns#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix org: <http://www.w3.org/ns/org#> .
"""
EU = "http://publications.europa.eu/resource/authority/"
CASES = Path(__file__).parent / "cases"


def told(body: str, rules: str = "rdf/") -> list[tuple[str, str, str]]:
    """The findings of a dataset `<urn:d>` about which this is said, of rules that begin so."""
    document = f'{HEAD}<urn:d> a dcat:Dataset ; dct:title "T" ; {body} .'.encode()
    return [(each.rule, each.path, each.value) for each in dcat_ap_3.check(document) if each.rule.startswith(rules)]


@pytest.mark.parametrize(
    ("said", "rule", "place", "value"),
    [
        ('dct:issued "2016/04/14"', "rdf/date/form", "dct:issued", "2016/04/14"),
        ('dct:issued "2015-02-30"^^xsd:date', "rdf/date/form", "dct:issued", "2015-02-30"),
        ('dct:modified "2020"^^xsd:date', "rdf/date/form", "dct:modified", "2020"),
        ('dct:issued "yesterday"@en', "rdf/date/form", "dct:issued", "yesterday"),
        (
            'dct:issued "2020-01-02"^^xsd:date ; dct:modified "2020-01-01"^^xsd:date',
            "rdf/date/order",
            "dct:modified",
            "2020-01-02 > 2020-01-01",
        ),
        ('dcat:landingPage "https://c.example/"', "rdf/address/literal", "dcat:landingPage", "https://c.example/"),
        ("foaf:page <urn:page>", "rdf/address/form", "foaf:page", "urn:page"),
        ('dct:accrualPeriodicity "monthly"', "rdf/code/words", "dct:accrualPeriodicity", "monthly"),
        ('dct:language "de"', "rdf/code/words", "dct:language", "de"),
        ('dct:Title "T"', "rdf/term/unknown", "dct:Title", "http://purl.org/dc/terms/Title"),
        ("dcat:distributions <urn:x>", "rdf/term/unknown", "dcat:distributions", "http://www.w3.org/ns/dcat#distributions"),
        ("a dcat:dataset", "rdf/term/unknown", "rdf:type", "http://www.w3.org/ns/dcat#dataset"),
        ('owl:versionInfo "1"', "rdf/term/old", "owl:versionInfo", "dcat:version"),
        ('dct:title "U"', "rdf/language/twice", "dct:title", "U"),
        ("a dcat:CatalogRecord", "rdf/record/identity", "rdf:type", "<urn:d>"),
    ],
)
def test_odd_values_are_told_with_place_and_value(said: str, rule: str, place: str, value: str) -> None:
    found = [each for each in told(said) if not (each[0] == "rdf/term/unknown" and rule != "rdf/term/unknown")]
    if value == "http://www.w3.org/ns/dcat#dataset":
        assert found == []  # dcat:dataset is a term, though no class: the table of terms has no opinion on that
        return
    assert (rule, f"<urn:d> {place}", value) in found


@pytest.mark.parametrize(
    "said",
    [
        'dct:issued "2016"^^xsd:gYear ; dct:modified "2016-04-14T09:37:39.123+08:00"^^xsd:dateTime',
        'dct:issued "2016-04-14"',
        'dct:issued "2020"^^xsd:gYear ; dct:modified "2020-01-01"^^xsd:date',
        'dct:title "T"@en , "T"@de',
        "foaf:page <ftp://c.example/x>",
        'dct:temporal [ a dct:PeriodOfTime ; dcat:startDate "2020-05-01"^^xsd:date ; dcat:endDate "2020"^^xsd:gYear ]',
        'dct:spatial [ a dct:Location ; dcat:bbox "<http://www.opengis.net/def/crs/EPSG/0/3035> POLYGON((1 1,2 1,2 2,1 1))" ]',
        f"dct:language <{EU}language/DEU> ; dct:accrualPeriodicity <{EU}frequency/DAILY>",
        "dct:references <urn:x> ; dcat:qualifiedRelation <urn:y>",
        "dcat:contactPoint [ a vcard:Kind ; vcard:hasEmail <mailto:a.b@c.example> ]",
    ],
)
def test_sound_values_are_not_told(said: str) -> None:
    assert told(said) == []


# --- results that are taken back ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "said",
    [
        "dct:publisher <https://elsewhere.example/office>",
        f"dct:accrualPeriodicity <{EU}frequency/DAILY>",
        'dct:publisher [ a foaf:Organization ; foaf:name "O" ]',
        'dct:publisher [ a org:Organization ; foaf:name "O" ]',
        'dcat:contactPoint [ a vcard:Individual ; vcard:fn "J" ]',
    ],
)
def test_a_class_that_is_said_elsewhere_or_below_is_no_fault(said: str) -> None:
    assert not [each for each in told(said, "dcat-ap-3/") if each[0].endswith("/class")]
    document = f'{HEAD}<urn:d> a dcat:Dataset ; dct:title "T" ; {said} .'.encode()
    assert any(each.rule.endswith("/class") for each in dcat_ap_3.FULL.check(document)) if dcat_ap_3.FULL.check else False


def test_a_node_that_is_described_without_its_class_is_a_fault() -> None:
    found = told('dct:publisher <urn:o> . <urn:o> foaf:name "O"', "dcat-ap-3/Dataset/publisher")
    assert found == [("dcat-ap-3/Dataset/publisher/class", "<urn:d> dct:publisher", "urn:o")]


def test_words_in_the_place_of_a_node_are_told_once() -> None:
    assert [rule for rule, _, _ in told('dct:publisher "Office"', "dcat-ap-3/Dataset/publisher")] == [
        "dcat-ap-3/Dataset/publisher/nodeKind"
    ]


def test_many_values_with_one_fault_are_told_once() -> None:
    many = " , ".join(f"<urn:k{number}>" for number in range(50))
    assert len(told(f"dcat:keyword {many}", "dcat-ap-3/Dataset/keyword/nodeKind")) == 1


def test_a_record_of_faults_ends() -> None:
    ways = " ".join(f"<urn:w{number}> a dcat:Distribution ." for number in range(400))
    assert len(list(dcat_ap_3.check(f"{HEAD}<urn:d> a dcat:Dataset ; dct:title 'T' . {ways}".encode()))) <= 500


def test_the_lists_are_asked_for_by_name() -> None:
    said = f"dct:language <urn:german> ; dcat:theme <{EU}data-theme/ENVI>"
    document = f"{HEAD}<urn:d> a dcat:Dataset ; dct:title 'T' ; {said} .".encode()
    assert dcat_ap_3.FULL.check
    lists = [(each.rule, each.severity) for each in dcat_ap_3.FULL.check(document) if each.rule.endswith("/list")]
    assert lists == [("dcat-ap-3/Dataset/language/list", "error")]
    assert not [each for each in dcat_ap_3.check(document) if each.rule.endswith("/list")]


def test_every_finding_of_the_cases_has_a_rule_with_words_clause_and_link() -> None:
    for standard in (dcat_ap_3.STANDARD, dcat_ap_3.FULL, dcat_3.STANDARD, geodcat_ap.STANDARD):
        assert standard.check
        for path in CASES.glob("*/*.ttl"):
            for each in standard.check(path.read_bytes()):
                rule = standard.rules[each.rule]
                assert (each.severity, each.message, each.clause, each.link) == (
                    rule.severity,
                    rule.message,
                    rule.clause,
                    rule.link,
                )
                assert each.clause and each.link.startswith("https://") and len(each.value) <= 200


# --- repairs ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "rule", "before", "after"),
    [
        ('dct:issued "2016/04/14"', "rdf/date/form", "2016/04/14", '"2016-04-14"^^<http://www.w3.org/2001/XMLSchema#date>'),
        (
            'dct:modified "2020-01-01T00:00:00Z"^^xsd:date',
            "rdf/date/form",
            "2020-01-01T00:00:00Z",
            '"2020-01-01T00:00:00Z"^^<http://www.w3.org/2001/XMLSchema#dateTime>',
        ),
        ('dct:accrualPeriodicity "每月"', "rdf/code/words", "每月", f"<{EU}frequency/MONTHLY>"),
        ('dct:language "German"', "rdf/code/words", "German", f"<{EU}language/DEU>"),
        ('dcat:theme "Transport"', "rdf/code/words", "Transport", f"<{EU}data-theme/TRAN>"),
        ('dcat:landingPage "https://c.example/a"', "rdf/address/literal", "https://c.example/a", "<https://c.example/a>"),
        (
            'dcat:contactPoint <urn:c> . <urn:c> vcard:hasEmail "a@c.example"',
            "rdf/email/mailto",
            "a@c.example",
            "<mailto:a@c.example>",
        ),
        (
            'dcat:distribution <urn:w> . <urn:w> dct:license "CC-BY 4.0"',
            "rdf/code/words",
            "CC-BY 4.0",
            "<https://creativecommons.org/licenses/by/4.0/>",
        ),
        (
            'dcat:distribution <urn:w> . <urn:w> dcat:mediaType "text/csv"',
            "rdf/code/words",
            "text/csv",
            "<https://www.iana.org/assignments/media-types/text/csv>",
        ),
        (
            'dcat:distribution <urn:w> . <urn:w> dcat:byteSize "5120.0"^^xsd:decimal',
            "rdf/size/form",
            "5120.0",
            '"5120"^^<http://www.w3.org/2001/XMLSchema#nonNegativeInteger>',
        ),
        (
            "dcat:distributions <urn:w>",
            "rdf/term/unknown",
            "http://www.w3.org/ns/dcat#distributions",
            "<http://www.w3.org/ns/dcat#distribution>",
        ),
        (
            'dct:Description "x"',
            "rdf/term/unknown",
            "http://purl.org/dc/terms/Description",
            "<http://purl.org/dc/terms/description>",
        ),
        (
            'owl:versionInfo "1.2"',
            "rdf/term/old",
            "http://www.w3.org/2002/07/owl#versionInfo",
            "<http://www.w3.org/ns/dcat#version>",
        ),
    ],
)
def test_a_mechanical_repair_is_made_and_told(said: str, rule: str, before: str, after: str) -> None:
    body = rdf_graph.canonical(parse(f'{HEAD}<urn:d> a dcat:Dataset ; dct:title "T" ; {said} .'.encode()).triples)
    mended, repairs = dcat_ap_3.STANDARD.repair(body) if dcat_ap_3.STANDARD.repair else (None, [])
    assert [(each.rule, each.before, each.filled) for each in repairs] == [(rule, before, False)]
    assert after in mended.decode() and repairs[0].after in after and repairs[0].path.startswith("<urn:")
    assert rule in {each.rule for each in dcat_ap_3.check(body)} and rule not in {each.rule for each in dcat_ap_3.check(mended)}
    assert dcat_ap_3.STANDARD.repair and dcat_ap_3.STANDARD.repair(mended) == (mended, [])


def test_a_media_type_that_the_extension_shows_is_marked_as_filled_in() -> None:
    way = "<urn:w> a dcat:Distribution ; dcat:downloadURL <https://c.example/a.csv> ."
    body = f'{HEAD}<urn:d> a dcat:Dataset ; dct:title "T" ; dcat:distribution <urn:w> . {way}'
    mended, repairs = dcat_3.STANDARD.repair(body.encode()) if dcat_3.STANDARD.repair else (None, [])
    assert [(each.rule, each.path, each.before, each.after, each.filled) for each in repairs] == [
        ("rdf/format/absent", "<urn:w> dcat:mediaType", "", "https://www.iana.org/assignments/media-types/text/csv", True)
    ]
    assert dcat_3.read(mended).distribution[0].media_type == "text/csv"


@pytest.mark.parametrize(
    "said",
    [
        'dct:issued "last year"',
        'dct:language "Klingon"',
        'dct:publisher "Office"',
        'dcat:landingPage "see below"',
        "dct:hasVersion <urn:v>",
        'dct:Description "x" ; dct:description "y"',
        'dcat:distribution <urn:w> . <urn:w> dcat:byteSize "5 MB"',
        "dcat:contactPoint <urn:c> . <urn:c> vcard:hasEmail <https://c.example/form>",
    ],
)
def test_what_is_not_plain_is_left(said: str) -> None:
    body = rdf_graph.canonical(parse(f'{HEAD}<urn:d> a dcat:Dataset ; dct:title "T" ; {said} .'.encode()).triples)
    assert dcat_ap_3.STANDARD.repair and dcat_ap_3.STANDARD.repair(body) == (body, [])


def test_triples_come_back_as_triples() -> None:
    triples = parse(f'{HEAD}<urn:d> a dcat:Dataset ; dct:title "T" ; dct:language "de" .'.encode()).triples
    mended, repairs = dcat_ap_3.STANDARD.repair(triples) if dcat_ap_3.STANDARD.repair else (None, [])
    assert len(repairs) == 1 and isinstance(mended, list) and len(Graph(mended)) == 3


# --- words and forms --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "term"),
    [
        ("http://purl.org/dc/terms/Title", "http://purl.org/dc/terms/title"),
        ("http://www.w3.org/ns/dcat#keywords", "http://www.w3.org/ns/dcat#keyword"),
        ("https://www.w3.org/ns/dcat#theme", "http://www.w3.org/ns/dcat#theme"),
        ("https://purl.org/dc/terms/title", "http://purl.org/dc/terms/title"),
        ("http://www.w3.org/ns/dcat#AccessURL", "http://www.w3.org/ns/dcat#accessURL"),
        ("http://www.w3.org/ns/dcat#nothing", None),
        ("http://purl.org/dc/terms/title", None),
        ("http://xmlns.com/foaf/0.1/Whatever", None),
        ("http://www.w3.org/ns/dcat#Dataset", None),
        ("http://purl.org/dc/terms/agent", "http://purl.org/dc/terms/Agent"),
    ],
)
def test_misspelt_terms(address: str, term: str | None) -> None:
    assert meant(address) == term
    assert is_unknown(address) or term is None


@pytest.mark.parametrize(
    ("words", "datatype", "valid"),
    [
        ("2024-02-29", "date", True),
        ("2023-02-29", "date", False),
        ("2024-02-29Z", "date", True),
        ("2024-2-9", "date", False),
        ("2024-02-29T24:00:00", "dateTime", True),
        ("2024-02-29T08:00", "dateTime", False),
        ("12024-01-01", "date", True),
        ("1e3", "decimal", False),
        (".5", "decimal", True),
        ("+5", "nonNegativeInteger", True),
        ("-1", "nonNegativeInteger", False),
        ("P1M", "duration", True),
        ("P", "duration", False),
        ("PT", "duration", False),
        ("P1H", "duration", False),
        ("abc", "hexBinary", False),
        ("abCD", "hexBinary", True),
        ("2024", "gYear", True),
        ("24", "gYear", False),
        ("x", "string", True),
    ],
)
def test_lexical_forms(words: str, datatype: str, valid: bool) -> None:
    assert is_valid(words, f"http://www.w3.org/2001/XMLSchema#{datatype}") is valid


def test_coded_properties_are_of_lists_there_are() -> None:
    from metadata.vocabulary import SCHEMES

    assert set(CODED.values()) - {"media-type"} <= set(SCHEMES)
    assert all(rule.link and rule.clause for rule in RULES.values())
