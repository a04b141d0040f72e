"""ISO and FGDC readers against hostile and broken XML: refused in words, at once, or read; no exception of another kind."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from standards import fgdc, iso_19115_3, iso_19139
from standards.base import Unreadable
from tests.standards.test_xml_cases import CASES, NAMES

STANDARDS = (iso_19139.STANDARD, iso_19115_3.STANDARD, fgdc.STANDARD)
_GMD = "http://www.isotc211.org/2005/gmd"
_FILE = "file:///etc/hosts"
_BOMB = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
ATTACKS = {
    "entity bomb": f'<!DOCTYPE m [<!ENTITY e0 "x">{_BOMB}]><m:MD_Metadata xmlns:m="{_GMD}">&e11;</m:MD_Metadata>',
    "external entity": f'<!DOCTYPE m [<!ENTITY x SYSTEM "{_FILE}">]><m:MD_Metadata xmlns:m="{_GMD}">&x;</m:MD_Metadata>',
    "external subset": f'<!DOCTYPE m SYSTEM "http://127.0.0.1:9/x.dtd"><m:MD_Metadata xmlns:m="{_GMD}">&x;</m:MD_Metadata>',
    "depth": f'<m:MD_Metadata xmlns:m="{_GMD}">' + "<a>" * 200_000,
    "attribute": f'<m:MD_Metadata xmlns:m="{_GMD}" a="' + "x" * 20_000_000 + '"/>',
    "truncated": f'<m:MD_Metadata xmlns:m="{_GMD}"><m:contact><m:CI_Resp',
    "two roots": "<MD_Metadata/><MD_Metadata/>",
    "nothing": "",
}


@pytest.mark.parametrize("name", ATTACKS)
@pytest.mark.parametrize("standard", STANDARDS, ids=lambda each: each.name)
def test_attacks_are_refused_in_words(standard: object, name: str) -> None:
    body = ATTACKS[name].encode()
    started = time.perf_counter()
    assert standard.recognises(body) in (True, False)  # type: ignore[attr-defined]
    with pytest.raises(Unreadable) as refused:
        standard.read(body)  # type: ignore[attr-defined]
    assert time.perf_counter() - started < 1.5
    told = refused.value.finding
    assert told.rule in standard.rules and told.message["zh"]  # type: ignore[attr-defined]
    assert [each.rule for each in standard.check(body)] == [told.rule]  # type: ignore[attr-defined]


@settings(max_examples=150, deadline=None)
@given(st.sampled_from([name for name in NAMES if not name.endswith("invalid_bytes")]), st.data())
def test_a_record_with_parts_missing_or_doubled_is_read_or_refused(name: str, data: st.DataObject) -> None:
    """Every element is taken out, emptied or repeated in turn: readers and checks go on."""
    root = etree.fromstring(CASES.joinpath(f"{name}.xml").read_bytes())
    inner = [each for each in root.iter() if each.getparent() is not None]
    for at in data.draw(st.lists(st.integers(0, len(inner) - 1), min_size=1, max_size=6, unique=True)):
        chosen = inner[at]
        how = data.draw(st.sampled_from(("out", "empty", "twice", "odd", "bare")))
        if chosen.getparent() is None:
            continue
        if how == "out":
            chosen.getparent().remove(chosen)
        elif how == "twice":
            chosen.addnext(etree.fromstring(etree.tostring(chosen, with_tail=False)))
        elif how == "odd":
            chosen.text = data.draw(
                st.sampled_from(("\u0661", "NaN", "1e999", "http://[", "2024-99-99", "#", "\u2028", "9" * 400))
            )
        else:
            chosen[:] = []
            chosen.text = None
            if how == "bare":
                chosen.attrib.clear()
    body = etree.tostring(root)
    for standard in STANDARDS:
        assert standard.read and standard.check
        findings = list(standard.check(body))
        assert all(each.rule in standard.rules and (not each.path or each.path[0] == "/") for each in findings)
        try:
            found = standard.read(body)
        except Unreadable:
            continue
        if standard.write:
            assert standard.read(standard.write(found)).title == found.title
