"""What a description needs to be of use, as a table: which member or element, how much its lack matters, by which clause.

    NEEDS = (Need("title", "error", ("resource", "name"), "标题", "title", "Discovery API, resource.name", link), …)
    RULES = rules("socrata", NEEDS)                     ids `socrata/title/absent`
    yield from missing("socrata", NEEDS, body)          JSON: a pointer to what is not there

For standards that are read only; those with a schema of their own have richer checks.
"""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from standards.base import Finding, Rule, Severity, finding
from standards.json_schema import pointer


class Need(NamedTuple):
    """One thing that should be there, and what it is called. `paths` are places of which one is enough; the first is told."""

    name: str
    severity: Severity
    paths: tuple[tuple[str, ...], ...]
    zh: str
    en: str
    clause: str
    link: str = ""


def rules(prefix: str, needs: Iterable[Need]) -> dict[str, Rule]:
    """The rules of a table of needs."""
    made = [_rule(prefix, need) for need in needs]
    return {rule.id: rule for rule in made}


def _rule(prefix: str, need: Need) -> Rule:
    member = "/".join(need.paths[0])
    return Rule(
        id=f"{prefix}/{need.name}/absent",
        severity=need.severity,
        message={"zh": f"没有填写{need.zh}", "en": f"There is no {need.en}"},
        clause=need.clause,
        fix={"zh": f"在来源系统中填写{need.zh}（{member}）", "en": f"Give the {need.en} in the source ({member})"},
        link=need.link,
    )


def no_object(prefix: str, zh: str, en: str, clause: str, link: str = "") -> Rule:
    """The rule about what is no record at all."""
    return Rule(
        id=f"{prefix}/object",
        severity="error",
        message={"zh": f"这不是{zh}", "en": f"This is no {en}"},
        clause=clause,
        fix={
            "zh": "核对来源的网址，并按其实际格式选择标准",
            "en": "Check the source's address, and choose the standard it really is in",
        },
        link=link,
    )


def missing(prefix: str, needs: Iterable[Need], body: Any, words: dict[str, Rule]) -> Iterator[Finding]:
    """A finding for each need that a JSON body does not meet. Never raises."""
    for need in needs:
        if not any(there(body, path) for path in need.paths):
            yield finding(words[f"{prefix}/{need.name}/absent"], pointer(_meant(need, body)))


def _meant(need: Need, body: Any) -> tuple[str, ...]:
    """The first place whose parent is there."""
    return next((path for path in need.paths if there(body, path[:-1])), need.paths[0])


def there(body: Any, path: tuple[str, ...]) -> bool:
    """Whether something that is not blank stands at a path; in a list, in any of its objects."""
    if isinstance(body, list):
        return any(there(each, path) for each in body)
    if not path:
        return not (body is None or body == {} or (isinstance(body, str) and not body.strip()))
    return isinstance(body, dict) and path[0] in body and there(body[path[0]], path[1:])
