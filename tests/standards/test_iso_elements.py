"""What the check and the reader share of an ISO record changes nothing: in any order, of any body, in any thread."""

import copy
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path

import pytest

from metadata.model import Dataset
from standards import iso_19115_3, iso_19139
from standards.base import Finding, Standard
from standards.iso_elements import Remembering, held, objects, properties, survey, where
from standards.iso_tree import Tongues, code, plain, said
from standards.xml_documents import parse
from standards.xml_documents import where as where_anew

CASES = Path(__file__).parent / "cases"
STANDARDS = (iso_19139.STANDARD, iso_19115_3.STANDARD)
BODIES = [(standard, file.read_bytes()) for standard in STANDARDS for file in sorted((CASES / standard.name).glob("*.xml"))]
UNDECLARED = b"<MD_Metadata><g:contact><g:CI_ResponsibleParty><g:role/></g:CI_ResponsibleParty></g:contact></MD_Metadata>"


def told(standard: Standard, body: bytes) -> tuple[list[Finding], Dataset]:
    """Checked and read, each of a copy of its own: nothing is shared."""
    assert standard.check and standard.read
    return list(standard.check(bytes(bytearray(body)))), standard.read(bytes(bytearray(body)))


def test_order_does_not_matter() -> None:
    for standard, body in BODIES:
        findings, dataset = told(standard, body)
        assert standard.check and standard.read
        for _ in range(2):
            assert list(standard.check(body)) == findings
            assert standard.read(body) == dataset
            assert standard.read(body) == dataset
            assert list(standard.check(body)) == list(standard.check(body)) == findings


def test_what_was_read_belongs_to_its_reader() -> None:
    for standard, body in BODIES:
        _, dataset = told(standard, body)
        assert standard.check and standard.read
        list(standard.check(body))
        taken = standard.read(body)
        taken.extra["ours"] = True
        taken.title["x-ours"] = "ours"
        assert standard.read(body) == dataset
        list(standard.check(body))
        assert standard.read(body) == dataset


def test_repairs_do_not_reach_what_is_checked() -> None:
    for standard, body in BODIES:
        findings, dataset = told(standard, body)
        assert standard.check and standard.read and standard.repair
        list(standard.check(body))
        standard.repair(body)
        assert (standard.read(body), list(standard.check(body))) == (dataset, findings)


def test_a_check_may_rest_while_others_go_on() -> None:
    """A generator that is asked for its next finding after the thread looked at other records."""
    expected = [told(standard, body) for standard, body in BODIES]
    assert all(standard.check and standard.read for standard, _ in BODIES)
    resting: list[Iterator[Finding]] = [standard.check(body) for standard, body in BODIES if standard.check]
    found: list[list[Finding]] = [[] for _ in BODIES]
    for _ in range(max(len(findings) for findings, _ in expected) + 1):
        for number, (standard, body) in enumerate(BODIES):
            found[number] += list(islice(resting[number], 1))
            assert standard.read and standard.read(body) == expected[number][1]
    assert found == [findings for findings, _ in expected]


def test_threads_do_not_meet() -> None:
    expected = [told(standard, body) for standard, body in BODIES]

    def look(number: int) -> bool:
        standard, body = BODIES[number % len(BODIES)]
        assert standard.check and standard.read
        return (list(standard.check(body)), standard.read(body)) == expected[number % len(BODIES)]

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(look, range(120)))


@pytest.mark.parametrize("body", [*(body for _, body in BODIES), UNDECLARED])
def test_elements_that_remember_say_what_others_say(body: bytes) -> None:
    """Each question twice: the second answer is a remembered one."""
    ours, others = parse(body, Remembering), parse(body)
    paths = ("contact", "contact|dateStamp", "identificationInfo.citation.title", "contact.contactInfo.address", "role")
    for mine, other in zip(ours.iter(), others.iter(), strict=True):
        assert isinstance(mine, Remembering) and not isinstance(other, Remembering)
        for _ in range(2):
            assert (plain(mine), code(mine)) == (plain(other), code(other))
            assert where(mine, "@a") == where(other, "@a") == where_anew(mine, "@a")
            for path in paths:
                assert said(mine, path) == said(other, path)
                for walk in (held, objects):
                    assert [where(each) for each in walk(mine, path)] == [where(each) for each in walk(other, path)]
            assert [each.tag for each in properties(mine, "a|role|title")] == [
                each.tag for each in properties(other, "a|role|title")
            ]
    assert [where(each) for each in survey(ours).coded] == [where(each) for each in survey(others).coded]
    assert survey(ours) is survey(ours)
    assert Tongues(ours).locales == Tongues(others).locales


def test_an_undeclared_prefix_is_read_by_the_local_name() -> None:
    root = parse(UNDECLARED, Remembering)
    assert [where(each) for each in survey(root).of("party")] == ["/MD_Metadata/contact/CI_ResponsibleParty (line 1)"]
    assert len(held(root, "contact.role")) == 1


def test_copies_remember_nothing_of_the_original() -> None:
    root = parse(b"<a><b>one</b></a>", Remembering)
    assert plain(root) == "one"
    made = copy.deepcopy(root)
    made[0].text = "two"
    assert (plain(made), plain(root)) == ("two", "one")
