"""Profiles that a department or a country brings: kept in `MULU_DATA_DIR/profiles`, each version in a folder of its own.

    profiles/<name>/<version>/manifest.toml …     with the version in use named in `profiles/<name>/current`
    profiles/<folder>/manifest.toml …             put there by hand

Loaded into `STANDARDS` when a process starts, and again when something there has changed; what does not load is listed with the
reason and stops nothing. What a profile may be is in `standards/profiles.py`.
"""

import io
import shutil
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

from catalog_api.settings import Settings
from metadata.errors import Conflict, Invalid, NotFound, TooLarge
from standards import profiles, table
from standards.base import Standard
from standards.profile_schema import Unfit
from standards.table import STANDARDS

MANIFESTS = ("manifest.toml", "manifest.json")
CURRENT = "current"
_REMEDY = "See docs/profiles.md for what a profile holds."
_lock = Lock()
_held: list[Any] = [None, None, []]  # the folder, its state, and the profiles that were loaded of it


@dataclass(frozen=True)
class Profile:
    """A profile on disk: the standard it makes, or why it makes none."""

    name: str
    version: str
    versions: tuple[str, ...]
    base: str = ""
    standard: Standard | None = None
    problem: str = ""


def folder(settings: Settings) -> Path:
    """Where profiles are kept."""
    return settings.data_dir / "profiles"


def refresh(settings: Settings) -> list[Profile]:
    """All profiles, loaded again when a file there has changed since the last time."""
    root = folder(settings).resolve()
    state = _state(root)
    with _lock:
        if _held[:2] != [root, state]:
            found = list(_load(root))
            STANDARDS.bring({one.name: one.standard for one in found if one.standard})
            table.forget_rules()
            _held[:] = [root, state, found]
        return list(_held[2])


def _state(root: Path) -> tuple[object, ...]:
    """What changes when a file there does."""
    if not root.is_dir():
        return ()
    files = sorted(path for path in root.rglob("*") if path.is_file())
    return tuple((str(path), stat.st_mtime_ns, stat.st_size) for path in files[:5000] for stat in (path.stat(),))


def _load(root: Path) -> Iterator[Profile]:
    for own in sorted(path for path in root.iterdir() if path.is_dir()) if root.is_dir() else ():
        versions = _versions(own)
        chosen = own if _has_manifest(own) else own / _current(own, versions) if versions else None
        if chosen is not None:
            yield _opened(own.name, chosen, versions)


def _has_manifest(path: Path) -> bool:
    return any((path / name).is_file() for name in MANIFESTS)


def _versions(own: Path) -> tuple[str, ...]:
    """The versions of a profile, the oldest first."""
    found = [path for path in own.iterdir() if path.is_dir() and _has_manifest(path)]
    return tuple(path.name for path in sorted(found, key=lambda path: (path.stat().st_mtime_ns, path.name)))


def _current(own: Path, versions: tuple[str, ...]) -> str:
    marked = own / CURRENT
    said = marked.read_text("utf-8").strip() if marked.is_file() else ""
    return said if said in versions else versions[-1]


def _opened(name: str, path: Path, versions: tuple[str, ...]) -> Profile:
    try:
        files = {each.name: each.read_bytes() for each in path.iterdir() if each.is_file() and each.name != CURRENT}
        made = profiles.profile(files, _built_in)
        manifest = profiles.manifest_of(files)
    except Unfit as problem:
        return Profile(name, path.name, versions, problem=_told(problem))
    except (NotFound, OSError) as problem:
        return Profile(name, path.name, versions, problem=str(problem))
    return Profile(made.name, made.version, versions or (made.version,), manifest["base"], made)


def _told(problem: Unfit) -> str:
    found = f" (found: {problem.value})" if problem.value else ""
    return f"{problem.place + ': ' if problem.place else ''}{problem.why}{found}"


def _built_in(name: str) -> Standard:
    """A built-in standard: a profile is not made of another profile."""
    if not STANDARDS.is_built_in(name):
        known = ", ".join(each for each in STANDARDS if STANDARDS.is_built_in(each))
        raise Unfit(f"the base is none of the built-in standards: {known}", "base", name)
    return STANDARDS.get(name)


def keep(settings: Settings, files: Mapping[str, bytes]) -> Profile:
    """Takes a profile in, as the version in use. Raises `Invalid` for one that is not fit, `Conflict` for another one of the
    same name and version, or the name of a built-in standard."""
    try:
        made = profiles.profile(files, _built_in)
    except Unfit as problem:
        raise Invalid(problem.why, place=problem.place, value=problem.value or None, remedy=_REMEDY) from None
    if STANDARDS.is_built_in(made.name):
        raise Conflict("a built-in standard has this name", place="name", value=made.name, remedy="Choose another name.")
    own = folder(settings) / made.name
    target = own / made.version
    if target.is_dir() and {each.name: each.read_bytes() for each in target.iterdir()} != dict(files):
        remedy = "Give the changed profile a new version."
        raise Conflict("this version is there already, with other files", place="version", value=made.version, remedy=remedy)
    _write(target, files)
    (own / CURRENT).write_text(made.version, "utf-8")
    return get(settings, made.name)


def _write(target: Path, files: Mapping[str, bytes]) -> None:
    """A version's files, all or none: others may be reading the folder."""
    draft = target.with_name(f".{target.name}.new")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    for name, content in files.items():
        (draft / name).write_bytes(content)
    if target.is_dir():
        shutil.rmtree(draft)
    else:
        draft.rename(target)


def get(settings: Settings, name: str) -> Profile:
    """The profile of this name. Raises `NotFound`."""
    known = refresh(settings)
    for one in known:
        if one.name == name:
            return one
    raise NotFound(
        "there is no profile of this name", value=name, remedy=f"Known: {', '.join(one.name for one in known) or 'none'}."
    )


def choose(settings: Settings, name: str, version: str) -> Profile:
    """Puts another version of a profile in use. Raises `NotFound`."""
    found = get(settings, name)
    if version not in found.versions:
        known = ", ".join(found.versions)
        raise NotFound("this profile has no such version", place=name, value=version, remedy=f"There are: {known}.")
    marked = folder(settings) / name / CURRENT
    if marked.parent.is_dir() and not _has_manifest(marked.parent):
        marked.write_text(version, "utf-8")
    return get(settings, name)


def remove(settings: Settings, name: str) -> None:
    """Removes a profile with all its versions. Raises `NotFound`."""
    get(settings, name)
    own = next(path for path in folder(settings).iterdir() if path.is_dir() and _named(path, name))
    shutil.rmtree(own)
    refresh(settings)


def _named(path: Path, name: str) -> bool:
    """Whether a folder is that of a profile: by its own name, or, put there by hand, by its manifest's."""
    if path.name == name:
        return True
    return _has_manifest(path) and _opened(path.name, path, ()).name == name


def files_of(path: Path) -> dict[str, bytes]:
    """The files of a profile's folder, or of its ZIP. Raises `Invalid`."""
    if path.is_dir():
        return {
            each.name: each.read_bytes() for each in sorted(path.iterdir()) if each.is_file() and not each.name.startswith(".")
        }
    try:
        return unzipped(path.read_bytes())
    except OSError as problem:
        raise Invalid(f"this profile cannot be read: {problem.strerror}", place=str(path)) from problem


def unzipped(body: bytes) -> dict[str, bytes]:
    """The files of a ZIP; one folder around them is taken off. Raises `Invalid`, `TooLarge`."""
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as parts:
            infos = [info for info in parts.infolist() if not info.is_dir() and "__MACOSX" not in info.filename]
            if len(infos) > profiles.MOST_FILES:
                raise TooLarge(f"a profile has at most {profiles.MOST_FILES} files", place="files", value=len(infos))
            return named({info.filename: _inflated(parts, info) for info in infos})
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError) as problem:
        raise Invalid("this is no ZIP file that can be read", place="body", value=problem, remedy=_REMEDY) from None


def _inflated(parts: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    with parts.open(info) as part:
        content = part.read(profiles.MOST_BYTES + 1)
    if len(content) > profiles.MOST_BYTES:
        raise TooLarge(f"a profile's files have at most {profiles.MOST_BYTES >> 20} MiB", place=info.filename)
    return content


def named(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files by their bare names. Raises `Invalid` for a name that leads elsewhere, or twice to the same place."""
    found: dict[str, bytes] = {}
    for path, content in files.items():
        name = path.replace("\\", "/").rpartition("/")[2]
        steps = path.replace("\\", "/").split("/")
        if (
            not name
            or name.startswith(".")
            or ".." in steps
            or path.startswith("/")
            or len(steps) > 2
            or name in found
            or "\0" in name
        ):
            raise Invalid("a profile's files lie side by side, each with a name of its own", place="files", value=path)
        found[name] = content
    return found


def shown(one: Profile) -> dict[str, Any]:
    """A profile as the API and the command list it."""
    title = one.standard.title if one.standard else {}
    told = {"name": one.name, "title": title, "version": one.version, "versions": list(one.versions), "base": one.base}
    return {**told, "problem": one.problem or None}
