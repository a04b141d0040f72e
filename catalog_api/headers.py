"""What every answer carries, and what no request may bring: one middleware around all doors."""

import re

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from catalog_api.errors import PAGE_ERROR, respond
from metadata.errors import TooLarge

POLICY = (
    "default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self'; object-src 'none'; "
    "base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
)
_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Content-Security-Policy": POLICY,
}
_RAW = re.compile(rb"[\x80-\xff]")
_OPEN = ("/api/", "/data.json", "/catalog.", "/dataset/", "/feeds/")


class Guard:
    """Security headers, CORS for reading, and a limit on what may be sent, whether or not its length is declared."""

    def __init__(self, app: ASGIApp, upload_limit: int, page: PAGE_ERROR) -> None:
        self.app, self.limit, self.page = app, upload_limit, page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        bodiless = scope["method"] == "HEAD"
        scope = _understood(scope)
        if _declared(scope) > self.limit:
            await respond(Request(scope), self._too_large(), self.page)(scope, receive, send)
            return
        taken = 0

        async def limited() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > self.limit:
                raise HTTPException(413, self._too_large().message)  # the one error that body readers let through
            return message

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                _dress(scope["path"], MutableHeaders(scope=message))
            elif bodiless:
                message = {**message, "body": b""}
            await send(message)

        await self.app(scope, limited, dressed)

    def _too_large(self) -> TooLarge:
        return TooLarge(
            f"more than {self.limit // 1024 // 1024} MiB were sent", remedy="Split it, or let the source be harvested."
        )


def _understood(scope: Scope) -> Scope:
    """`HEAD` is answered by the route of `GET` (RFC 9110 §9.3.2). A query typed in raw UTF-8, as curl sends it, is escaped:
    the framework would read it as Latin-1."""
    query = _RAW.sub(lambda byte: b"%%%02X" % byte.group()[0], scope["query_string"])
    return {**scope, "query_string": query, "method": "GET" if scope["method"] == "HEAD" else scope["method"]}


def _declared(scope: Scope) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length":
            return int(value) if value.isdigit() else 0
    return 0


def _dress(path: str, headers: MutableHeaders) -> None:
    for name, value in _ALWAYS.items():
        headers.setdefault(name, value)
    if path.startswith(_OPEN):
        headers.setdefault("Access-Control-Allow-Origin", "*")
        headers.setdefault("Access-Control-Expose-Headers", "ETag, Link, X-Total-Count")
