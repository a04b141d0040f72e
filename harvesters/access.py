"""How a source is entered: a header, an API key, a name with its password (RFC 7617), or OAuth 2.0 client credentials
(RFC 6749 §4.4, bearer tokens RFC 6750).

Each kind is a form and what it adds to requests; `harvesters/web.py` sees to it that this goes to the source's own site only.
Secrets are never in a `repr`, nor in an error.
"""

import base64
import re
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal
from urllib.parse import quote_plus

import orjson
from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, TypeAdapter, ValidationError

from harvesters.address import mask
from harvesters.asking import Access
from metadata.errors import Invalid, NotData, Unreachable

if TYPE_CHECKING:
    from harvesters.web import Answer, Web

__all__ = ["KINDS", "Access", "ApiKey", "Basic", "Header", "OAuth2", "entrance", "secrets_of"]

_SECRET: dict[str, Any] = {"format": "password", "writeOnly": True}
_NAME = r"^[A-Za-z0-9!#$%&'*+.^_`|~-]+$"  # a token of RFC 9110 §5.6.2
_VALUE = r"^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$"
_RESERVED = r"^(?i:host|connection|content-length|transfer-encoding|te|upgrade)$"
EARLY_SECONDS = 30.0
"""So long before it is over, a token is not used any more: requests take time."""


class _Entrance(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    @property
    def query(self) -> Mapping[str, str]:
        """Parameters of every request."""
        return {}

    def headers(self, web: "Web", fresh: bool) -> Mapping[str, str]:  # noqa: ARG002  # as the Protocol has it
        """Headers of every request; nothing can be made anew here."""
        return {} if fresh else self._sent()

    def _sent(self) -> Mapping[str, str]:
        return {}


class Header(_Entrance):
    """A header with a fixed value."""

    kind: Literal["header"] = Field("header", title="Kind")
    name: str = Field("Authorization", pattern=_NAME, max_length=100, title="Name of the header")
    value: str = Field(pattern=_VALUE, max_length=8000, repr=False, title="Its value", json_schema_extra=_SECRET)

    def _sent(self) -> Mapping[str, str]:
        return {self.name: self.value}


class ApiKey(_Entrance):
    """A key in a header or a query parameter."""

    kind: Literal["api_key"] = Field("api_key", title="Kind")
    name: str = Field("X-API-Key", min_length=1, max_length=100, pattern=_NAME, title="Name of the header or parameter")
    place: Literal["header", "query"] = Field("header", title="Where it goes")
    key: str = Field(pattern=_VALUE, max_length=8000, repr=False, title="The key", json_schema_extra=_SECRET)

    @property
    def query(self) -> Mapping[str, str]:
        """The key, when it goes there."""
        return {self.name: self.key} if self.place == "query" else {}

    def _sent(self) -> Mapping[str, str]:
        return {self.name: self.key} if self.place == "header" else {}


class Basic(_Entrance):
    """A name and a password (RFC 7617)."""

    kind: Literal["basic"] = Field("basic", title="Kind")
    username: str = Field(pattern=r"^[^:\x00-\x1f\x7f]*$", max_length=1000, title="Name")
    password: str = Field(
        pattern=r"^[^\x00-\x1f\x7f]*$", max_length=8000, repr=False, title="Password", json_schema_extra=_SECRET
    )

    def _sent(self) -> Mapping[str, str]:
        return {"Authorization": _basic(self.username, self.password)}


class OAuth2(_Entrance):
    """A token that is asked for with the client's name and secret, and again when it is over or refused."""

    kind: Literal["oauth2"] = Field("oauth2", title="Kind")
    token_url: str = Field(pattern=r"^https?://\S+$", max_length=4000, title="Where tokens are given")
    client_id: str = Field(min_length=1, max_length=1000, title="Name of the client")
    client_secret: str = Field(
        min_length=1, max_length=8000, repr=False, title="Secret of the client", json_schema_extra=_SECRET
    )
    scope: str = Field("", max_length=1000, title="Scope")
    audience: str = Field("", max_length=1000, title="Audience")
    send: Literal["header", "body"] = Field("header", title="Where the client's name and secret go")
    _token: str = PrivateAttr("")
    _until: float = PrivateAttr(0.0)

    def headers(self, web: "Web", fresh: bool) -> Mapping[str, str]:
        """A bearer token; with `fresh`, a new one."""
        if fresh or not self._token or time.monotonic() >= self._until:
            self._ask(web)
        return {"Authorization": f"Bearer {self._token}"}

    def _ask(self, web: "Web") -> None:
        form = {"grant_type": "client_credentials", "scope": self.scope, "audience": self.audience}
        headers = {"Accept": "application/json"}
        if self.send == "header":  # RFC 6749 §2.3.1: both are form-encoded first
            headers["Authorization"] = _basic(quote_plus(self.client_id), quote_plus(self.client_secret))
        else:
            form |= {"client_id": self.client_id, "client_secret": self.client_secret}
        given = {name: value for name, value in form.items() if value}
        self._keep(web.post(self.token_url, form=given, headers=headers, tolerate=(400, 401, 403)))

    def _keep(self, answer: "Answer") -> None:
        place = mask(self.token_url).partition("?")[0]
        told = _object(answer.content)
        if answer.status >= 400:
            said = told.get("error")
            remedy = "Check the name and the secret of the client, its scope and audience, and token_url."
            known = said if isinstance(said, str) and self.client_secret not in said else f"HTTP {answer.status}"
            raise Unreachable("no token was given for this source", place=place, value=known, remedy=remedy)
        token = told.get("access_token")
        if not isinstance(token, str) or not token.isascii() or not token.isprintable() or not token:
            raise NotData("the answer holds no token", place=place, remedy="Check token_url: it must answer by RFC 6749 §5.1.")
        if str(told.get("token_type", "bearer")).lower() != "bearer":
            raise NotData("this kind of token is not known", place=place, value=told["token_type"], remedy="Ask for `bearer`.")
        self._token, self._until = token, time.monotonic() + _lasts(told.get("expires_in"))


Entrance = Annotated[Header | ApiKey | Basic | OAuth2, Field(discriminator="kind")]
KINDS: dict[str, type[Header] | type[ApiKey] | type[Basic] | type[OAuth2]] = {
    "header": Header,
    "api_key": ApiKey,
    "basic": Basic,
    "oauth2": OAuth2,
}
_ADAPTER: TypeAdapter[Header | ApiKey | Basic | OAuth2] = TypeAdapter(Entrance)


def entrance(given: Mapping[str, Any]) -> Header | ApiKey | Basic | OAuth2 | None:
    """How a source is entered, from what was given; None for nothing. Raises `Invalid` naming the field, never its value when
    that is a secret."""
    if not given:
        return None
    kind = given.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        remedy = f"Choose from {', '.join(KINDS)}."
        raise Invalid("there is no such way to enter a source", place="access.kind", value=kind, remedy=remedy)
    model = KINDS[kind]
    try:
        found = _ADAPTER.validate_python(dict(given))
    except ValidationError as problem:
        first = problem.errors()[0]
        name = str(first["loc"][-1])
        shown = None if name in secrets_of(model) or name not in model.model_fields else first.get("input")
        known = f"It has: {', '.join(model.model_fields)}."
        raise Invalid(
            f"this cannot be used: {first['msg']}", place=f"access.{name}", value=_short(shown), remedy=known
        ) from None
    return _free_of_reserved(found)


def _free_of_reserved(found: Header | ApiKey | Basic | OAuth2) -> Header | ApiKey | Basic | OAuth2:
    if isinstance(found, Header | ApiKey) and re.match(_RESERVED, found.name) and not found.query:
        raise Invalid("this header belongs to the connection", place="access.name", value=found.name, remedy="Use another.")
    return found


def secrets_of(model: type[BaseModel]) -> frozenset[str]:
    """The fields of a form that hold secrets (`format: password`)."""
    return frozenset(
        name
        for name, field in model.model_fields.items()
        if isinstance(field.json_schema_extra, dict) and field.json_schema_extra.get("format") == "password"
    )


def _short(value: object) -> object:
    return value if isinstance(value, str | int | float | bool | None) else type(value).__name__


def _basic(name: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode("ascii")


def _object(content: bytes) -> dict[str, Any]:
    try:
        told = orjson.loads(content)
    except orjson.JSONDecodeError:
        return {}
    return told if isinstance(told, dict) else {}


def _lasts(expires_in: object) -> float:
    """Seconds that a token is used; one of which nothing is said lasts until it is refused."""
    try:
        seconds = float(str(expires_in))
    except ValueError:
        return float("inf")
    return max(seconds / 2, seconds - EARLY_SECONDS) if seconds >= 0 else 0.0
