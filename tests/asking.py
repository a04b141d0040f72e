"""The application in this process, asked through its real ASGI door by a client that looks like `httpx.Client`."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
from anyio.from_thread import BlockingPortal, start_blocking_portal
from fastapi import FastAPI


class Client:
    """Asks an application that runs in a thread of its own. An error it does not catch is an answer of 500, as in life."""

    def __init__(self, portal: BlockingPortal, client: httpx.AsyncClient) -> None:
        self._portal, self._client = portal, client

    def request(self, method: str, url: str, **more: Any) -> httpx.Response:
        """One answer, read to its end; redirects are not followed."""

        async def ask() -> httpx.Response:
            return await self._client.request(method, url, **more)

        return self._portal.call(ask)

    def get(self, url: str, **more: Any) -> httpx.Response:
        """`GET`."""
        return self.request("GET", url, **more)

    def post(self, url: str, **more: Any) -> httpx.Response:
        """`POST`."""
        return self.request("POST", url, **more)

    def put(self, url: str, **more: Any) -> httpx.Response:
        """`PUT`."""
        return self.request("PUT", url, **more)

    def delete(self, url: str, **more: Any) -> httpx.Response:
        """`DELETE`."""
        return self.request("DELETE", url, **more)


@contextmanager
def asking(app: FastAPI, base_url: str = "http://catalogue.example") -> Iterator[Client]:
    """A client of this application, started and ended as a server does it (its lifespan)."""
    with start_blocking_portal() as portal, portal.wrap_async_context_manager(app.router.lifespan_context(app)):
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        client = httpx.AsyncClient(transport=transport, base_url=base_url)
        try:
            yield Client(portal, client)
        finally:
            portal.call(client.aclose)
