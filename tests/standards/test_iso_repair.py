"""Repairs of ISO records: what is mechanical is mended and told, all else stays byte for byte."""

import pytest

from standards import iso_19115_3, iso_19139
from tests.standards.test_xml_cases import CASES

_GMD = 'xmlns:gmd="http://www.isotc211.org/2005/gmd" xmlns:gco="http://www.isotc211.org/2005/gco"'


def record(inner: str) -> bytes:
    return f"<gmd:MD_Metadata {_GMD}>{inner}</gmd:MD_Metadata>".encode()


@pytest.mark.parametrize(
    ("inner", "rule", "before", "after"),
    [
        ("<gmd:dateStamp><gco:Date>2016/04/14</gco:Date></gmd:dateStamp>", "date/form", "2016/04/14", "2016-04-14"),
        ("<gmd:dateStamp><gco:Date>２０１６年4月</gco:Date></gmd:dateStamp>", "date/form", "２０１６年4月", "2016-04"),
        ('<gmd:r><gmd:CI_RoleCode codeListValue="Point of contact"/></gmd:r>', "code/list", "Point of contact",
         "pointOfContact"),
        ('<gmd:r><gmd:CI_RoleCode codeListValue="">owner</gmd:CI_RoleCode></gmd:r>', "code/value", "", "owner"),
        ("<gmd:t><gmd:MD_TopicCategoryCode>Inland waters</gmd:MD_TopicCategoryCode></gmd:t>", "topicCategory/code",
         "Inland waters", "inlandWaters"),
        ("<gmd:westBoundLongitude><gco:Decimal>−71,5°</gco:Decimal></gmd:westBoundLongitude>", "box/edges", "−71,5°", "-71.5"),
        ("<gmd:linkage><gmd:URL>http://a.example/b c</gmd:URL></gmd:linkage>", "linkage/url", "http://a.example/b c",
         "http://a.example/b%20c"),
    ],
)  # fmt: skip
def test_one_repair(inner: str, rule: str, before: str, after: str) -> None:
    mended, (done,) = iso_19139.repair(record(inner))
    assert (done.rule, done.before, done.after) == (f"iso-19139/{rule}", before, after)
    assert done.rule in iso_19139.RULES and done.path.startswith("/gmd:MD_Metadata/") and not (done.filled and before)
    assert after in mended.decode() and iso_19139.repair(mended) == (mended, [])


@pytest.mark.parametrize(
    "inner",
    [
        "<gmd:dateStamp><gco:Date>2016-04-14</gco:Date></gmd:dateStamp>",
        "<gmd:dateStamp><gco:Date>last spring</gco:Date></gmd:dateStamp>",
        '<gmd:r><gmd:CI_RoleCode codeListValue="boss"/></gmd:r>',
        "<gmd:westBoundLongitude><gco:Decimal>west</gco:Decimal></gmd:westBoundLongitude>",
        "<gmd:westBoundLongitude><gco:Decimal>-71.50</gco:Decimal></gmd:westBoundLongitude>",
    ],
)
def test_what_is_right_or_a_guess_stays(inner: str) -> None:
    assert iso_19139.repair(record(inner)) == (record(inner), [])


@pytest.mark.parametrize("body", [None, {}, b"", b"<x", b"<a/>"])
def test_other_bodies_stay(body: object) -> None:
    assert iso_19139.repair(body) == (body, []) == iso_19115_3.repair(body)


def test_fewer_findings_afterwards() -> None:
    body = CASES.joinpath("iso_19139/wrong_values.xml").read_bytes()
    mended, done = iso_19139.repair(body)
    assert {each.rule for each in done} == {"iso-19139/date/form"}
    assert len(list(iso_19139.check(mended))) == len(list(iso_19139.check(body))) - len(done)
