"""Codes of Chinese catalogues: who provides, and which resource."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standards.cn_identifiers import (
    ALPHABET,
    class_code,
    class_levels,
    identifier_parts,
    is_organization_code,
    resource_code,
    tidy,
    uscc_check_digit,
    uscc_fault,
)


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        ("91350100M000100Y43", ""),
        ("91512081MA62K0260E", ""),
        ("9131000063159284XQ", ""),
        ("91350100M000100Y4Z", "characters"),
        ("91350100M000100Y44", "check"),
        ("91350211M0000XUF46", "check"),
        ("91350100M0001TGQXM", "check"),
        ("91350100M000100Y4", "length"),
        ("", "length"),
        ("91350100m000100y43", "characters"),
        ("９1350100M000100Y43", "characters"),
    ],
)
def test_a_unified_social_credit_code(code: str, fault: str) -> None:
    assert uscc_fault(code) == fault


def test_a_wrong_organisation_code_inside_is_told_apart() -> None:
    front = "91350100M000100Y5"  # its own check character would be 4
    assert not is_organization_code(front[8:])
    assert uscc_fault(front + uscc_check_digit(front)) == "organization"


@given(st.text(ALPHABET, min_size=17, max_size=17), st.integers(0, 16), st.sampled_from(ALPHABET))
def test_any_one_mistyped_character_is_found(front: str, place: int, other: str) -> None:
    """31 is prime and no weight is a multiple of it: one changed character always changes the check digit."""
    changed = front[:place] + other + front[place + 1 :]
    assert (uscc_check_digit(changed) == uscc_check_digit(front)) == (changed == front)


def test_the_parts_of_a_resource_code() -> None:
    found = resource_code("111112001/2001")
    assert found == ("1", "11", "112", "001", "2001") and found.class_code == "111112001"
    assert resource_code("307001/0012") == ("3", "07", "001", "", "0012")
    for code in ("411112001/1", "111112001", "11112/1", "111112001／1", "111112001/", "111112001/a b", "", "1" * 600 + "/1"):
        assert resource_code(code) is None


def test_the_levels_of_a_class_code() -> None:
    assert (
        class_levels("3") == ("3",)
        and class_levels("307") == ("3", "07")
        and class_levels("3070010") == ("3", "07", "001", "0")
    )
    assert class_levels("30") == () and class_levels("4") == () and class_levels("") == ()
    assert class_code("307001/0012") == "307001" and class_code("11000/A00034VG345") == "" and class_code("https://x/y") == ""


def test_the_sections_of_an_identifier() -> None:
    assert identifier_parts("11000/A00034VG345") == ("11000", "A00034VG345")
    assert identifier_parts("29200%2F01103512") == ("29200", "01103512")
    for code in ("1100/A1", "11000/", "11000", "11000/A-1", "1" * 600):
        assert identifier_parts(code) is None


def test_a_code_in_plain_characters() -> None:
    assert tidy(" ３０７００１／００ 12\u200b") == "307001/0012"
