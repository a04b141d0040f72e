"""XML from strangers: what is mended, what is refused, and that refusing is quick and small."""

import resource
import time

import pytest

from standards import xml_documents as xml
from standards.base import Unreadable

ISO = (
    b'<gmd:MD_Metadata xmlns:gmd="http://www.isotc211.org/2005/gmd" xmlns:gco="http://www.isotc211.org/2005/gco"'
    b' xmlns:gmx="http://www.isotc211.org/2005/gmx" xmlns:xlink="http://www.w3.org/1999/xlink">\n'
    b"<gmd:contact/>\n<gmd:contact><gmd:name>\n <gco:CharacterString> Bus \n stops </gco:CharacterString></gmd:name>"
    b"</gmd:contact>"
    b'<gmd:rights><gmx:Anchor xlink:href=" https://x.example/l ">open</gmx:Anchor></gmd:rights></gmd:MD_Metadata>'
)


def refused(body: bytes) -> Unreadable:
    with pytest.raises(Unreadable) as told:
        xml.parse(body)
    assert told.value.finding.message["zh"] and told.value.finding.fix["en"]
    return told.value


def test_text_links_and_places_are_found() -> None:
    root = xml.parse(ISO)
    assert xml.local(root) == "MD_Metadata" and xml.name(root) == "{http://www.isotc211.org/2005/gmd}MD_Metadata"
    assert xml.found(root, "gmd:contact/gmd:name") == "Bus stops" and xml.found(root, "gmd:nothing") == ""
    assert xml.href(xml.first(root, "gmd:rights")) == "https://x.example/l" and xml.href(xml.first(root, "gmd:contact")) is None
    second = xml.every(root, "gmd:contact")[1]
    assert xml.where(second, "@x") == "/gmd:MD_Metadata/gmd:contact[2]/@x (line 3)"
    assert xml.where(xml.every(root, "gmd:rights")[0]).startswith("/gmd:MD_Metadata/gmd:rights (line")
    again = xml.parse(xml.body_of(second))
    assert xml.found(again, "gmd:name") == "Bus stops" and xml.root_name(ISO) == xml.name(root)


@pytest.mark.parametrize("body", [b"", b"{}", b"<", b"\x00\xff", "text", None, 5, {"a": 1}, b"<a" * 10, b"\xff\xfe<\x00"])
def test_looking_at_the_root_never_raises(body: object) -> None:
    assert isinstance(xml.root_name(body), str)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ('<?xml version="1.0" encoding="utf-16"?><a>目录</a>'.encode("utf-16"), "目录"),
        ("<a>目录</a>".encode("utf-16-be"), "目录"),
        ('<?xml version="1.0" encoding="gb2312"?><a>朱镕基</a>'.encode("gb18030"), "朱镕基"),
        ("<a>朱镕基公开目录</a>".encode("gb18030"), "朱镕基公开目录"),
        ('<?xml version="1.0" encoding="ISO-8859-1"?><a>Café</a>'.encode("latin-1"), "Café"),
        ('<?xml version="1.0" encoding="ISO-8859-1"?><a>Café 目录</a>'.encode(), "Café 目录"),
        (b"\xef\xbb\xbf<a>x</a>", "x"),
        (b'\n\n  <?xml version="1.0"?><a>x</a>', "x"),
        (b"<a>Caf\xe9 au lait</a>", "Café au lait"),
        ("<a>公共汽车站点与线路信息表</a>".encode()[:-7] + b"\xe8</a>", "公共汽车站点与线路信息\ufffd"),
        (b"<a>a\x0bb&#x2;c</a>", "a\ufffdb\ufffdc"),
        (b"<a>R&eacute;union&nbsp;1 &amp; 2 &lt;</a>", "Réunion 1 & 2 <"),
        (b"<p:a><p:b>x</p:b></p:a>", "x"),
        (b'<!DOCTYPE a SYSTEM "http://nowhere.invalid/a.dtd">\n<a>x</a>', "x"),
        (b"<a><![CDATA[<!DOCTYPE b [<!ENTITY c 'd'>]>]]></a>", "<!DOCTYPE b [<!ENTITY c 'd'>]>"),
    ],
)
def test_odd_characters_and_declarations_are_read(body: bytes, words: str) -> None:
    assert xml.words(xml.parse(body)) == words


def test_a_doctype_that_is_passed_over_keeps_the_lines() -> None:
    root = xml.parse(b'<!DOCTYPE a\n PUBLIC "x"\n "y">\n<a>\n<b/></a>')
    assert xml.where(root[0]) == "/a/b (line 5)"


@pytest.mark.parametrize(
    "body",
    [
        b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        b'<?xml version="1.0"?><!-- x --><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]><a>&b;</a>',
        b'<!DOCTYPE a SYSTEM "x.dtd" [ %p; ]><a/>',
        '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'.encode("utf-16"),
        b'<!DOCTYPE a "' + b"'" * 100_000,
    ],
)
def test_declarations_of_its_own_are_refused(body: bytes) -> None:
    assert refused(body).finding.rule == "record/xml/doctype"


@pytest.mark.parametrize(
    "body", [b"", b"nothing", b"<a>", b"<a></b>", b"<a>&unknown;</a>", b"<a b=1/>", b'<?xml encoding="utf-7"?>+ADw-a/+AD4-']
)
def test_what_is_not_well_formed_is_told_with_its_line(body: bytes) -> None:
    finding = refused(body).finding
    assert finding.rule == "record/xml/well-formed" and "line" in finding.path and "\n" not in finding.value


BOMBS = {
    "laughs": b"<!DOCTYPE l ["
    + b"".join(b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 10))
    + b"]><l>&a9;</l>",
    "depth": b"<a>" * 200_000 + b"</a>" * 200_000,
    "attribute": b'<a b="' + b"x" * 100_000_000 + b'"/>',
    "attribute below the size limit": b'<a b="' + b"x" * 50_000_000 + b'"/>',
    "text": b"<a>" + b"x" * 50_000_000 + b"</a>",
    "comment before": b"<!--" + b"x" * 30_000_000 + b"--><!DOCTYPE a [<!ENTITY b 'c'>]><a/>",
    "blanks before": b" " * 30_000_000 + b"<!DOCTYPE a [<!ENTITY b 'c'>]><a/>",
}


@pytest.mark.parametrize("name", BOMBS)
def test_bombs_are_refused_at_once_and_in_little_memory(name: str) -> None:
    body, peak, started = BOMBS[name], resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    refused(body)
    seconds = time.process_time() - started
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - peak) * 1024
    assert seconds < 0.1, f"{name}: {seconds:.3f} s"
    assert grown < 40 << 20, f"{name}: {grown >> 20} MiB"
