"""The settings of `json_map`, checked when they are saved, and the presets that fill them for known portals.

A preset is a file of `files/json_map/`: `{"title": {zh, en}, "path": "/api/…", "settings": {…}}`.
What is set beside it goes before it.
"""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple, Self

import orjson
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo, field_validator, model_validator

from standards.json_map_mapping import Mapped, parsed
from standards.json_map_paths import Steps, WrongPath, first, plain, steps_of, ways

_FOLDER = Path(__file__).with_name("files") / "json_map"
_HEADER = re.compile(r"[A-Za-z0-9-]+")
_TEST = re.compile(r"\s*(?P<path>\S+?)\s*(?P<sign>==|!=)\s*(?P<values>.+?)\s*")


def _json(value: Any) -> Any:
    """An object that was typed as JSON."""
    if not isinstance(value, str):
        return value
    try:
        return orjson.loads(value or "{}")
    except orjson.JSONDecodeError as error:
        raise ValueError(f"this is no JSON object: {error}") from None


_Object = Annotated[dict[str, Any], BeforeValidator(_json)]


class Preset(NamedTuple):
    """A ready-made set of settings. `path` is that of the list under the site."""

    title: Mapping[str, str]
    path: str
    settings: Mapping[str, Any]


class Success(NamedTuple):
    """What an answer has to say: the value at a path is (or is not) one of these words."""

    path: Steps
    equal: bool
    values: tuple[str, ...]

    def holds(self, body: Any) -> bool:
        """Whether this answer says so."""
        return (plain(first(body, self.path)) in self.values) == self.equal


class JsonMapSettings(BaseModel):
    """How a JSON list API is asked, where its answer holds what, and which field is which."""

    model_config = ConfigDict(extra="forbid")

    preset: str = Field(default="", title="Ready-made settings for a known kind of portal")
    method: Literal["GET", "POST"] = Field(default="GET", title="Method of the list's request")
    query: _Object = Field(default={}, title="Parameters of the query (JSON object)")
    body: _Object = Field(default={}, title="Fields of the body, for POST (JSON object)")
    body_as: Literal["form", "json", "json_text", "json_quoted"] = Field(
        default="form", title="Body as a form, as JSON, or as JSON that calls itself a form (plain or percent-encoded)"
    )
    headers: _Object = Field(default={}, title="Further headers (JSON object)")
    paging: Literal["none", "page", "offset", "token", "link"] = Field(default="page", title="Way of paging")
    paging_in: Literal["auto", "query", "body", "both"] = Field(
        default="auto", title="Where paging parameters go (auto: body of a POST)"
    )
    page_param: str = Field(default="page", title="Parameter of page, offset or token; dotted inside objects of the body")
    first_page: int = Field(default=1, ge=0, le=1, title="Number of the first page")
    size_param: str = Field(default="", title="Parameter of the page size (empty: it is not sent)")
    page_size: int = Field(default=20, ge=1, le=10_000, title="Items asked for at a time")
    list_at: str = Field(default="", title="Path of the list in the answer (empty: the answer is the list)")
    total_at: str = Field(default="", title="Path of the number of items")
    pages_at: str = Field(default="", title="Path of the number of pages")
    next_at: str = Field(default="", title="Path of the next token or link (empty with link: the Link header)")
    success: str = Field(default="", title="What tells success inside an answer: code == 200 | 0")
    detail_url: str = Field(default="", title="URL asked for each item, with its fields in braces")
    detail_method: Literal["GET", "POST"] = Field(default="GET", title="Method of that request")
    detail_body: _Object = Field(default={}, title="Its body, with fields in braces (JSON object)")
    detail_body_as: Literal["form", "json", "json_text", "json_quoted"] = Field(
        default="form", title="What that body is sent as"
    )
    detail_at: str = Field(default="", title="Path of the record in the answer to it")
    mapping: _Object = Field(default={}, title="Fields of the dataset: paths of the item (JSON object; empty: by known names)")

    @field_validator("preset")
    @classmethod
    def _known(cls, value: str) -> str:
        if value and value not in presets():
            raise ValueError(f"preset: there is no preset {value!r}; there are {', '.join(presets())}")
        return value

    @field_validator("list_at", "total_at", "pages_at", "next_at", "detail_at", "page_param", "size_param")
    @classmethod
    def _path(cls, value: str, info: ValidationInfo) -> str:
        _checked(str(info.field_name), value, steps_of)
        return value

    @field_validator("detail_url", "detail_body")
    @classmethod
    def _template(cls, value: Any, info: ValidationInfo) -> Any:
        for text in leaves(value):
            _checked(str(info.field_name), text, lambda said: ways(said) if "{" in said else ())
        return value

    @field_validator("headers")
    @classmethod
    def _headers(cls, value: dict[str, Any]) -> dict[str, Any]:
        if wrong := next((name for name in value if not _HEADER.fullmatch(name)), None):
            raise ValueError(f"headers: {wrong!r} is no name of a header")
        return {name: str(words) for name, words in value.items()}

    @field_validator("success")
    @classmethod
    def _success(cls, value: str) -> str:
        _test(value)
        return value

    @field_validator("mapping")
    @classmethod
    def _mapping(cls, value: dict[str, Any]) -> dict[str, Any]:
        parsed(value)
        return value

    @model_validator(mode="after")
    def _whole(self) -> Self:
        """Raises `ValueError` that names the setting."""
        whole = self.filled()
        if whole.paging in ("page", "offset", "token") and not steps_of(whole.page_param):
            raise ValueError(f"page_param: paging by {whole.paging} needs the name of its parameter")
        if whole.paging == "token" and not whole.next_at:
            raise ValueError("next_at: paging by token needs the path of the next token")
        return self

    def filled(self) -> "JsonMapSettings":
        """These settings over those of the preset: what differs from its default goes first, in objects by member."""
        if not self.preset:
            return self
        fields = type(self).model_fields
        own = {name: getattr(self, name) for name in fields if getattr(self, name) != fields[name].default}
        whole = {**_defaults(), **presets()[self.preset].settings}
        for name, value in own.items():
            whole[name] = {**whole[name], **value} if isinstance(value, dict) else value
        return JsonMapSettings.model_construct(**whole)

    def mapped(self) -> Mapped:
        """The mapping."""
        return parsed(self.mapping)

    def test(self) -> Success | None:
        """What tells success, if anything was said."""
        return _test(self.success)


def _test(success: str) -> Success | None:
    """What tells success. Raises `ValueError`."""
    if not success.strip():
        return None
    said = _TEST.fullmatch(success)
    if said is None:
        raise ValueError(f"success: write `path == value` or `path != value`, not {success!r}")
    values = tuple(value.strip().strip("'\"") for value in said["values"].split("|"))
    return Success(_checked("success", said["path"], steps_of), said["sign"] == "==", values)


def _defaults() -> dict[str, Any]:
    return JsonMapSettings.model_construct().model_dump()


def _checked(name: str, value: str, read: Any) -> Any:
    try:
        return read(value)
    except WrongPath as error:
        raise ValueError(f"{name}: {error}") from None


def leaves(value: Any) -> list[str]:
    """All texts inside a value."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return [text for inner in value for text in leaves(inner)]
    return [value] if isinstance(value, str) else []


@cache
def presets() -> dict[str, Preset]:
    """The presets by name."""
    found = {path.stem: orjson.loads(path.read_bytes()) for path in sorted(_FOLDER.glob("*.json"))}
    return {name: Preset(said["title"], said["path"], said["settings"]) for name, said in found.items()}


__all__ = ["JsonMapSettings", "Preset", "Success", "leaves", "presets"]
