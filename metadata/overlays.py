"""What people change of a harvested dataset: a layer over the description that its source gives (DESIGN §5.15).

An overlay sets one whole field of the canonical model, as the model's JSON (`null`: the field says nothing). It is laid over
when a dataset is read, so that pages, exports and the index all say the same; a harvest changes only what lies beneath. Where
the source has changed the field since (`base` is no longer what it says), both values are shown and a person decides.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import msgspec
import orjson
from sqlmodel import Session, col, select

from metadata import bodies, identity, ledger, model
from metadata.clock import now
from metadata.errors import Invalid, NotFound
from metadata.model import Dataset
from metadata.tables import Change, DatasetRow, Overlay
from metadata.text import best

FIXED = ("identifier", "uri")
"""Fields that are not a person's to change: by them a dataset is known."""

FIELDS = tuple(name for name in Dataset.__struct_fields__ if name not in FIXED)
LONGEST_NOTE = 2_000
_NOTHING = Dataset(identifier="", title={})
_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01])(T[0-9:.,]+(Z|[+-]\d\d:?\d\d)?)?)?)?")
_TYPES: dict[str, Any] = {one.name: one.type for one in msgspec.structs.fields(Dataset)}


@dataclass(frozen=True)
class Curated:
    """A description as it is shown, and the names of the fields in it that a person has set."""

    dataset: Dataset
    fields: tuple[str, ...] = ()


@dataclass(frozen=True)
class Layer:
    """One overlay beside what the source says of the field now; `conflict` when that is another than when it was made."""

    overlay: Overlay
    beneath: Any
    conflict: bool


def laid_over(session: Session, beneath: Mapping[str, Dataset]) -> dict[str, Curated]:
    """Descriptions by the id of their dataset, as they are shown: with what people changed of them."""
    by_dataset: dict[str, list[Overlay]] = {}
    for one in _overlays(session, list(beneath)):
        by_dataset.setdefault(one.dataset_id, []).append(one)
    return {key: _merged(dataset, by_dataset.get(key, ())) for key, dataset in beneath.items()}


def layers(session: Session, dataset_id: str) -> list[Layer]:
    """What people changed of one dataset, by field, beside what its source says now."""
    overlays = _overlays(session, [dataset_id])
    return _layers(overlays, _beneath(session, session.get_one(DatasetRow, dataset_id))) if overlays else []


def put(session: Session, dataset_id: str, fields: Mapping[str, Any], actor: str, note: str = "") -> list[str]:
    """Sets fields of a dataset over what its source says, each a whole value in the model's JSON. Returns the names of those
    that are other than before. Raises `Invalid`, naming the field, for what the model does not take: nothing is changed."""
    row = session.get_one(DatasetRow, dataset_id)
    said = _beneath(session, row)
    shown = _merged(said, _overlays(session, [row.id]))
    vetted = {name: _vetted(name, value) for name, value in fields.items()}
    there = {one.field: one for one in _overlays(session, [row.id])}
    moment = now()
    changed = []
    for name, value in vetted.items():
        base = _value(said, name)
        old = there.get(name)
        if old is not None and (old.value, old.base) == (value, base):
            continue
        session.merge(
            Overlay(
                dataset_id=row.id, field=name, value=value, base=base, author=actor, at=moment, note=note[:LONGEST_NOTE].strip()
            )
        )
        changed.append(name)
    if changed:
        session.flush()
        _note_change(session, row, said, shown.dataset, actor)
    return changed


def remove(session: Session, dataset_id: str, field: str, actor: str) -> None:
    """Takes one overlay away: the field says again what the source says. Raises `NotFound` when there is none."""
    overlay = _overlay(session, dataset_id, field)
    row = session.get_one(DatasetRow, dataset_id)
    said = _beneath(session, row)
    shown = _merged(said, _overlays(session, [row.id])).dataset
    session.delete(overlay)
    session.flush()
    _note_change(session, row, said, shown, actor)


def keep(session: Session, dataset_id: str, field: str, actor: str, note: str = "") -> None:
    """Decides a conflict for the overlay: it stays, and what the source says now is what it was made over. Raises `NotFound`
    when there is no such overlay."""
    overlay = _overlay(session, dataset_id, field)
    put(session, dataset_id, {field: overlay.value}, actor, note or overlay.note)


def conflicts(session: Session, run_id: int) -> list[Layer]:
    """The overlays of datasets that a run changed whose source says another thing now than when they were made."""
    curated = list(session.exec(select(Overlay.dataset_id).distinct().order_by(Overlay.dataset_id)))
    found: list[Layer] = []
    for start in range(0, len(curated), 500):
        some = col(Change.dataset_id).in_(curated[start : start + 500])
        of_run = col(Change.run_id) + 0 == run_id  # not by the index of runs: a run may have half a million lines
        for dataset_id in session.exec(select(Change.dataset_id).where(some, of_run).distinct().order_by(Change.dataset_id)):
            found += [layer for layer in layers(session, dataset_id) if layer.conflict]
    return found


def _note_change(session: Session, row: DatasetRow, said: Dataset, before: Dataset, actor: str) -> None:
    """A line of the log, with the digests of the description as it was shown before and as it is shown now."""
    texts = [model.encode(one) for one in (before, _merged(said, _overlays(session, [row.id])).dataset)]
    old, new = (identity.digest(text) for text in texts)
    bodies.keep(session, {old: texts[0], new: texts[1]})
    row.sequence = ledger.append(session, [ledger.Line(actor, "curated", row.id, row.name, old, new)])
    row.updated = now()
    session.add(row)
    session.flush()


def _layers(overlays: Iterable[Overlay], said: Dataset) -> list[Layer]:
    pairs = [(one, _value(said, one.field)) for one in overlays]
    return [Layer(one, value, value != one.base) for one, value in pairs]


def _merged(said: Dataset, overlays: Sequence[Overlay]) -> Curated:
    if not overlays:
        return Curated(said)
    values: dict[str, Any] = {}
    for one in overlays:
        with suppress(msgspec.ValidationError):  # the model has changed since: what the source says stands
            values[one.field] = _read(one.field, one.value)
    return Curated(msgspec.structs.replace(said, **values), tuple(sorted(values)))


def _read(field: str, value: Any) -> Any:
    """A field's value from its JSON; the model's own "nothing" for `null`."""
    if value is None:
        return getattr(_NOTHING, field)
    return msgspec.convert(value, _TYPES[field])


def _value(dataset: Dataset, field: str) -> Any:
    """What a description says in one field, as JSON; `None` when nothing."""
    value = getattr(dataset, field)
    return None if value == getattr(_NOTHING, field) else orjson.loads(msgspec.json.encode(value))


def _vetted(field: str, value: Any) -> Any:
    """A field's value as the model writes it. Raises `Invalid` for a field that is not there or fixed, and for a value that
    does not fit."""
    if field in FIXED:
        raise Invalid("this field is not a person's to change: by it the dataset is known", place=field)
    if field not in FIELDS:
        raise Invalid("a dataset has no such field", place="fields", value=field, remedy=f"Use one of {', '.join(FIELDS)}.")
    try:
        read = _read(field, value)
        text = msgspec.json.encode(read)
    except (msgspec.ValidationError, UnicodeEncodeError, RecursionError) as problem:
        said = str(problem).replace("`$", f"`{field}")
        raise Invalid(
            f"this value does not fit: {said}", place=field, remedy="Give the whole field as the API shows it."
        ) from None
    if b"\\u0000" in text:
        raise Invalid("a value holds a NUL character, which cannot be stored", place=field)
    if field in ("issued", "modified") and read is not None and not _DATE.fullmatch(read):
        raise Invalid(
            "this is no date", place=field, value=read, remedy="Write 2026, 2026-05, 2026-05-03 or 2026-05-03T08:00:00Z."
        )
    if field == "title" and not best(read).strip():
        raise Invalid("a dataset needs a title in some language", place="title", remedy='Write it as {"zh": "…"}.')
    return None if read == getattr(_NOTHING, field) else orjson.loads(text)


def _beneath(session: Session, row: DatasetRow) -> Dataset:
    return model.decode(bodies.fetch(session, row.digest))


def _overlay(session: Session, dataset_id: str, field: str) -> Overlay:
    found = session.get(Overlay, (dataset_id, field))
    if found is None:
        raise NotFound("nobody has changed this field of this dataset", place="field", value=field[:100])
    return found


def _overlays(session: Session, dataset_ids: Sequence[str]) -> list[Overlay]:
    found: list[Overlay] = []
    for start in range(0, len(dataset_ids), 500):
        some = list(dataset_ids[start : start + 500])
        found += session.exec(select(Overlay).where(col(Overlay.dataset_id).in_(some)).order_by(Overlay.field)).all()
    return found
