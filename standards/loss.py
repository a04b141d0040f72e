"""What a standard cannot carry, from `Standard.carries`: for one dataset, and as the matrix of standards and fields.

A field is named as in `carries`, with dots: `title`, `distribution.format`. A name without a dot in `carries`
covers all that is under it (`sharing` → `sharing.kind` …). `extra` is what a source says beside the model, by its own names:
a standard that carries all of it names `extra`, one that gives back a part names that part (`extra.rdf`: the statements that
reading RDF kept come back in every standard of RDF).
"""

from collections.abc import Iterable, Iterator
from typing import Any, get_args, get_type_hints

import msgspec

from metadata.model import Coded, Dataset, Model
from standards.base import Standard

_WHOLE = (Coded,)  # a value: what is inside is one thing
GIVEN_ANEW = frozenset({"uri"})
"""What every catalogue gives a dataset itself."""


def _names(kind: type[Any], prefix: str, depth: int) -> Iterator[str]:
    hints = get_type_hints(kind)
    for name in kind.__struct_fields__:
        inner = _struct_in(hints[name])
        if not prefix and name in GIVEN_ANEW:
            continue
        if inner is None or inner in _WHOLE or depth == 0:
            yield prefix + name
        else:
            yield from _names(inner, f"{prefix}{name}.", depth - 1)


def _struct_in(hint: Any) -> type[Any] | None:
    """The model struct in `X`, `X | None` or `tuple[X, …]`."""
    if isinstance(hint, type) and issubclass(hint, Model):
        return hint
    return next((found for each in get_args(hint) if (found := _struct_in(each))), None)


FIELDS: tuple[str, ...] = tuple(_names(Dataset, "", 1))
"""Every field of the model, in its order, parts one level deep."""


def carries(standard: Standard, name: str) -> bool:
    """Whether a field comes back from what this standard wrote."""
    top = name.partition(".")[0]
    return name in standard.carries or top in standard.carries or any(each.startswith(f"{name}.") for each in standard.carries)


def used(dataset: Dataset) -> Iterator[str]:
    """The names in `FIELDS` for which this dataset says something."""
    there: set[str] = set()
    for name in dataset.__struct_fields__:
        value = getattr(dataset, name)
        if value not in (None, (), {}, ""):
            there.add(name)
            there.update(f"{name}.{part}" for part in _parts(value))
    return (name for name in FIELDS if name in there)


def _parts(value: Any) -> Iterator[str]:
    for one in value if isinstance(value, tuple) else (value,):
        if isinstance(one, msgspec.Struct) and not isinstance(one, _WHOLE):
            yield from (part for part in one.__struct_fields__ if getattr(one, part) not in (None, (), {}, ""))


def losses(dataset: Dataset, target: Standard) -> list[str]:
    """The fields of a dataset that `target` cannot carry, by its own table; of `extra` what it does not give back. Raises
    nothing."""
    lost = [name for name in used(dataset) if not carries(target, name)]
    return [*lost, *_beside(dataset, target)] if "extra" not in lost else lost


def _beside(dataset: Dataset, target: Standard) -> Iterator[str]:
    """What `extra` holds and this standard does not give back, where it gives back a part."""
    if "extra" not in target.carries:
        yield from (f"extra.{name}" for name in dataset.extra if f"extra.{name}" not in target.carries)


def collapsed(lost: list[str], there: list[str]) -> list[str]:
    """The same names; where every part of a field that is there is lost, the field's name alone."""
    kept = {name.partition(".")[0] for name in there if "." in name and name not in lost}
    return list(dict.fromkeys(name if name.partition(".")[0] in kept else _top(name) for name in lost))


def _top(name: str) -> str:
    return name if name.startswith("extra.") else name.partition(".")[0]


def matrix(standards: Iterable[Standard]) -> list[tuple[str, list[bool]]]:
    """For each field, whether each standard carries it."""
    chosen = list(standards)
    return [(name, [carries(one, name) for one in chosen]) for name in FIELDS]


def matrix_page(standards: Iterable[Standard]) -> str:
    """The matrix as Markdown: ● carried, · lost."""
    chosen = [one for one in standards if one.write is not None]
    head = "| field | " + " | ".join(f"`{one.name}`" for one in chosen) + " |"
    rule = "|---|" + ":-:|" * len(chosen)
    rows = [f"| `{name}` | " + " | ".join("●" if each else "·" for each in there) + " |" for name, there in matrix(chosen)]
    return "\n".join([head, rule, *rows])
