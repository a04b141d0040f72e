"""The same dataset from several sources: one is the canonical one, the others are its copies (DESIGN §5.3).

A reader of the log with a position of its own: for each dataset that changed it looks up, by indexed keys, who else has a mark
of it (`metadata/sameness.py`), and settles the whole group anew. A mark that two datasets of one source have says nothing.
What a person decided (`copy_rule` is `person`) is never changed here: linked by a person, a dataset stays so; let go by a
person (`person`, and a copy of nothing), it takes part in nothing.

A copy always points to the canonical one, so that chains and loops of harvesting (A from B, B from A) end there. Only where a
person linked it to one that turned out to be a copy itself, the way has two steps.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete
from sqlmodel import Session, col, func, select

from metadata import bodies, ledger, marks, model
from metadata.database import write_many
from metadata.errors import Conflict, Invalid, NotFound
from metadata.model import Dataset
from metadata.sameness import PERSON, RULES, Marks, host_of, is_publisher, origins
from metadata.sameness import marks as marks_of
from metadata.tables import Change, DatasetRow, IdentityKey, Organization, Source

MARK = "copies"
"""The mark that holds this reader's position in the log."""

BY_RULE = "rules"
"""Who links and unlinks where no person does."""

_PASSED_OVER = ("linked", "unlinked", "curated", "checked")
_MOST = 50  # datasets of one group that are looked at
Decided = tuple[DatasetRow, str | None, str]
"""A dataset, of which one it is a copy (none: of none), and by which rule."""

_ORDER = {rule: place for place, rule in enumerate(RULES)}


@dataclass(frozen=True)
class _Places:
    """All sources by id, all departments by name."""

    sources: Mapping[str, Source]
    departments: Mapping[str, Organization]


@dataclass
class Member:
    """A dataset of a group: its row, what its source says, its marks, and by which rule it is tied to which others."""

    row: DatasetRow
    dataset: Dataset
    marks: Marks
    ties: dict[str, str] = field(default_factory=dict)

    @property
    def fixed(self) -> bool:
        """Whether a person decided of what it is a copy."""
        return self.row.copy_rule == PERSON

    def tie(self, other: "Member", rule: str) -> None:
        """Notes by what two are the same, the surest rule."""
        for one, two in ((self, other), (other, self)):
            if _ORDER[rule] < _ORDER.get(one.ties.get(two.row.id, ""), len(_ORDER)):
                one.ties[two.row.id] = rule


def follow(session: Session, limit: int = 300) -> int:
    """Reads at most `limit` lines of the log after its position, and links what they changed. Returns how many lines were read:
    0 when there are no more. Only one process is at it at a time."""
    ledger.append(session, [])  # takes the turn: rows are touched in the order in which harvests touch them
    position = _position(session)
    lines = session.execute(
        select(Change.sequence, Change.dataset_id, Change.action)
        .where(Change.sequence > position)
        .order_by(col(Change.sequence))
        .limit(limit)
    ).all()
    if lines:
        link(session, list(dict.fromkeys(one.dataset_id for one in lines if one.action not in _PASSED_OVER)))
        marks.put_mark(session, MARK, {"position": lines[-1].sequence})
    return len(lines)


def behind(session: Session) -> int:
    """How many lines of the log were not read yet."""
    return ledger.head(session)[0] - _position(session)


def _position(session: Session) -> int:
    mark = marks.mark(session, MARK)
    return int(mark.value["position"]) if mark else 0


def link(session: Session, ids: Sequence[str], actor: str = BY_RULE) -> int:
    """Settles anew of what these datasets, and those they are linked with, are copies. Returns how many changed."""
    if not ids:
        return 0
    rows = _rows(session, ids)
    met = _note_keys(session, rows)
    wanted = [row.id for row in rows if row.id in met or row.copy_of]
    wanted += session.exec(select(DatasetRow.id).where(col(DatasetRow.copy_of).in_(list(ids)))).all()
    wanted += [row.copy_of for row in rows if row.copy_of]
    places = _Places(
        {row.id: row for row in session.exec(select(Source))}, {row.name: row for row in session.exec(select(Organization))}
    )
    settled: set[str] = set()
    decided: list[Decided] = []
    for one in dict.fromkeys(wanted):
        if one not in settled:
            group = _group(session, one)
            settled |= set(group)
            decided += _settle(places, group)
    _write(session, decided, actor)
    return len(decided)


def link_by_hand(session: Session, dataset_id: str, canonical_id: str, actor: str) -> None:
    """Makes a dataset a copy of another (of that one's canonical one, if it is a copy itself), as a person's decision. Raises
    `Invalid` for two of which one is the other."""
    row, other = session.get_one(DatasetRow, dataset_id), session.get_one(DatasetRow, canonical_id)
    if row.id == other.id:
        raise Invalid("a dataset is no copy of itself", place="canonical", value=other.name)
    ledger.append(session, [])
    root = canonical(session, other)
    if root.id == row.id:  # the other way round until now
        _write(session, [(other, None, "")], actor)
        root = other
    _write(session, [(row, root.id, PERSON)], actor)
    link(session, [row.id, root.id])


def unlink_by_hand(session: Session, dataset_id: str, actor: str) -> None:
    """Says that a dataset stands for itself, as a person's decision: no rule makes it a copy, or another its copy. Raises
    `Conflict` when a person said so before."""
    row = session.get_one(DatasetRow, dataset_id)
    if row.copy_rule == PERSON and row.copy_of is None:
        raise Conflict("a person said already that this dataset stands for itself", value=row.name)
    ledger.append(session, [])
    _write(session, [(row, None, PERSON)], actor)
    others = session.exec(select(DatasetRow.id).where(DatasetRow.copy_of == row.id)).all()
    link(session, others)


def release(session: Session, dataset_id: str, actor: str) -> None:
    """Takes a person's decision back: the rules decide again. Raises `NotFound` when there is none."""
    row = session.get_one(DatasetRow, dataset_id)
    if row.copy_rule != PERSON:
        raise NotFound("no person decided of what this dataset is a copy", value=row.name)
    ledger.append(session, [])
    _write(session, [(row, None, "")], actor)
    link(session, [row.id])


def canonical(session: Session, row: DatasetRow) -> DatasetRow:
    """The dataset that stands for one in the end: itself when it is no copy."""
    seen = {row.id}
    while row.copy_of and row.copy_of not in seen:
        following = session.get(DatasetRow, row.copy_of)
        if following is None:
            break
        row = following
        seen.add(row.id)
    return row


def copies(session: Session, dataset_id: str, limit: int = 100) -> list[DatasetRow]:
    """The published copies of a dataset, by name."""
    statement = select(DatasetRow).where(DatasetRow.copy_of == dataset_id, DatasetRow.state == "published")
    return list(session.exec(statement.order_by(DatasetRow.name).limit(limit)))


def _note_keys(session: Session, rows: Sequence[DatasetRow]) -> set[str]:
    """Writes the keys of these datasets anew. Returns the ids of those that share one with another dataset."""
    ids = [row.id for row in rows]
    session.execute(delete(IdentityKey).where(col(IdentityKey.dataset_id).in_(ids)))
    living = [row for row in rows if row.state != "retired"]
    members = _members(session, living)
    pairs = [(key, one.row.id) for one in members for key in one.marks.keyed]
    write_many(session, IdentityKey.__table__.insert(), [{"key": key, "dataset_id": one} for key, one in pairs])  # type: ignore[attr-defined]
    shared = _shared(session, sorted({key for key, _ in pairs}))
    return {one for key, one in pairs if key in shared}


def _shared(session: Session, keys: Sequence[int]) -> set[int]:
    """Those of these keys that datasets of more than one source have."""
    found: set[int] = set()
    holders = select(IdentityKey.key).join(DatasetRow, col(DatasetRow.id) == IdentityKey.dataset_id)
    for start in range(0, len(keys), 500):
        some = holders.where(col(IdentityKey.key).in_(keys[start : start + 500])).group_by(col(IdentityKey.key))
        found.update(session.exec(some.having(func.count(col(DatasetRow.source_id).distinct()) > 1)))
    return found


def _group(session: Session, start: str) -> dict[str, Member]:
    """All that are the same dataset as this one, one step after another, with their ties; by id. At most 50."""
    first = _members(session, [row for row in _rows(session, [start]) if _takes_part(row)])
    group = {one.row.id: one for one in first}
    waiting = list(first)
    while waiting and len(group) < _MOST:
        one = waiting.pop(0)
        for other, rule in _neighbours(session, one, group):
            if other.row.id not in group:
                group[other.row.id] = other
                waiting.append(other)
            one.tie(group[other.row.id], rule)
    return group


def _takes_part(row: DatasetRow) -> bool:
    """Whether a dataset belongs to a group at all: it is there, and no person said that it stands for itself."""
    return row.state != "retired" and not (row.copy_rule == PERSON and row.copy_of is None)


def _neighbours(session: Session, one: Member, known: Mapping[str, Member]) -> list[tuple[Member, str]]:
    """Those that share a mark with a dataset that is no other's in either source, or that a person linked with it."""
    by_mark = _sharing(session, one)
    by_hand = session.exec(select(DatasetRow.id).where(DatasetRow.copy_of == one.row.id, DatasetRow.copy_rule == PERSON)).all()
    ids = list(dict.fromkeys([*by_mark, *by_hand, *([one.row.copy_of] if one.fixed and one.row.copy_of else [])]))
    new = _members(session, [row for row in _rows(session, [id_ for id_ in ids if id_ not in known]) if _takes_part(row)])
    members = {**{id_: known[id_] for id_ in ids if id_ in known}, **{member.row.id: member for member in new}}
    found = []
    for id_, member in members.items():
        rules = [rule for rule, value in by_mark.get(id_, ()) if (rule, value) in member.marks.values]
        if id_ in by_hand or (one.fixed and one.row.copy_of == id_):
            found.append((member, PERSON))
        elif rules:
            found.append((member, min(rules, key=lambda rule: _ORDER[rule])))
    return found


def _sharing(session: Session, one: Member) -> dict[str, list[tuple[str, str]]]:
    """The datasets of other sources that have a mark of this one, each with the marks; without marks that are not one dataset's
    alone in both sources."""
    keys = one.marks.keyed
    holders: dict[int, dict[str, tuple[int, str]]] = {}
    counted = select(IdentityKey.key, DatasetRow.source_id, func.count(), func.min(DatasetRow.id)).join(
        DatasetRow, col(DatasetRow.id) == IdentityKey.dataset_id
    )
    living = counted.where(col(IdentityKey.key).in_(list(keys)), DatasetRow.state != "retired")
    for key, source_id, count, dataset_id in session.execute(living.group_by(col(IdentityKey.key), col(DatasetRow.source_id))):
        holders.setdefault(key, {})[source_id or ""] = (count, dataset_id)
    found: dict[str, list[tuple[str, str]]] = {}
    for key, sources in holders.items():
        if sources.pop(one.row.source_id or "", None) != (1, one.row.id):
            continue
        for count, dataset_id in sources.values():
            if count == 1:
                found.setdefault(dataset_id, []).append(keys[key])
    return found


def _settle(places: _Places, group: Mapping[str, Member]) -> list[Decided]:
    """Chooses the canonical one of a group. Returns what is to be written, so that the others are its copies."""
    free = [one for one in group.values() if not one.fixed]
    if not free:
        return []
    order = _ranked(places, list(group.values()))
    first = min(free, key=lambda one: order[one.row.id])
    surest = min((_ORDER[rule] for one in group.values() for rule in one.ties.values()), default=0)
    wanted: list[Decided] = []
    for one in free:
        target = None if one is first else first.row.id
        rule = "" if one is first else _by(one, first.row.id) or list(RULES)[surest]
        if (one.row.copy_of, one.row.copy_rule or "") != (target, rule):
            wanted.append((one.row, target, rule))
    return wanted


def _by(one: Member, other: str) -> str:
    """The rule by which a dataset is tied to another, else the surest by which it is tied at all; empty where only people's
    decisions tie it."""
    ruled = {id_: rule for id_, rule in one.ties.items() if rule != PERSON}
    return ruled.get(other) or min(ruled.values(), key=lambda rule: _ORDER[rule], default="")


def _ranked(places: _Places, group: Sequence[Member]) -> dict[str, tuple[Any, ...]]:
    """How near each dataset of a group is to where it was made; the least is the nearest: chosen by a person, published, named
    by others as where they came from, its source's department is the publisher, few portals between, old."""
    sources, departments = places.sources, places.departments
    own = {one.row.id: sources.get(one.row.source_id or "") for one in group}
    hosts = {key: host_of(source.url) if source else "" for key, source in own.items()}
    came: dict[str, set[str]] = {}
    for one in group:
        told = {host_of(origin.url) for origin in origins(one.dataset)} - {hosts[one.row.id], ""}
        came[one.row.id] = {other.row.id for other in group if other is not one and hosts[other.row.id] in told}
    ranked = {}
    for one in group:
        named = sum(1 for others in came.values() if one.row.id in others)
        source = own[one.row.id]
        department = departments.get(source.organization or "") if source else None
        first_hand = department is not None and is_publisher(one.dataset, department.title, department.code)
        path = len(origins(one.dataset))
        chosen = any(other.fixed and other.row.copy_of == one.row.id for other in group)
        hidden = one.row.state != "published"
        age = (one.row.created, one.row.id)
        ranked[one.row.id] = (not chosen, hidden, bool(came[one.row.id]), -named, not first_hand, path, *age)
    return ranked


def _write(session: Session, listed: Sequence[Decided], actor: str) -> None:
    """Notes of what datasets are copies, with a line of the log for each."""
    lines = [
        ledger.Line(actor, "linked" if target else "unlinked", row.id, row.name, row.digest, row.digest)
        for row, target, _ in listed
    ]
    sequence = ledger.append(session, lines)
    for place, (row, target, rule) in enumerate(listed):
        row.copy_of, row.copy_rule, row.sequence = target, rule or None, sequence + place
        session.add(row)
    session.flush()


def _rows(session: Session, ids: Sequence[str]) -> list[DatasetRow]:
    found: list[DatasetRow] = []
    for start in range(0, len(ids), 500):
        some = list(ids[start : start + 500])
        found += session.exec(select(DatasetRow).where(col(DatasetRow.id).in_(some)).order_by(DatasetRow.id)).all()
    return found


def _members(session: Session, rows: Sequence[DatasetRow]) -> list[Member]:
    found = bodies.fetch_all(session, [row.digest for row in rows])
    told = [(row, model.decode(found[row.digest])) for row in rows]
    return [Member(row, dataset, marks_of(dataset)) for row, dataset in told]
