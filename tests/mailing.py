"""A real SMTP server for tests, on a free port: keeps the mails it takes.

with Mailbox() as box:
    settings = ... smtp_url=box.url
    box.mails[0]["Subject"]
"""

import asyncio
import ssl
import threading
from collections.abc import Coroutine
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import partial
from types import TracebackType
from typing import Any, Self, TypeVar

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

T = TypeVar("T")


class Mailbox:
    """`refused` addresses are answered with 550; with `user` and `password` someone can log in; `tls` makes it offer
    STARTTLS, or speak TLS from the beginning when `whole`."""

    def __init__(self, *, user: str = "", password: str = "", tls: ssl.SSLContext | None = None, whole: bool = False) -> None:
        self.mails: list[EmailMessage] = []
        self.refused: set[str] = set()
        self.logins: list[str] = []
        self._user, self._password = user, password
        more: dict[str, Any] = {"tls_context": tls} if tls and not whole else {}
        if user:
            safe = {"auth_require_tls": tls is not None and not whole, "auth_exclude_mechanism": ["LOGIN"]}
            more |= {"authenticator": self._authenticate, **safe}
        self._make = partial(SMTP, self, hostname="mail.example", **more)
        self._tls = tls if whole else None
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="mailbox", daemon=True)
        self.port = 0

    @property
    def url(self) -> str:
        """Its `smtp://` address."""
        return f"smtp://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self._thread.start()
        self._server = self._told(self._loop.create_server(self._make, "127.0.0.1", self.port, ssl=self._tls))
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._told(self._ended())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _ended(self) -> None:
        self._server.close()
        await self._server.wait_closed()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for one in others:
            one.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    def _told(self, what: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(what, self._loop).result(10)

    def _authenticate(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        fits = isinstance(data, LoginPassword) and (data.login, data.password) == (
            self._user.encode(),
            self._password.encode(),
        )
        self.logins.append("right" if fits else "wrong")
        return AuthResult(success=fits, handled=False)

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:
        """Takes an address, or refuses it."""
        if address in self.refused:
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Keeps a mail."""
        assert isinstance(envelope.content, bytes)
        mail = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        return "250 OK"
