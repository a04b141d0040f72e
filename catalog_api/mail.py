"""Sending mail over SMTP (RFC 5321), with the standard library.

`smtps://` speaks TLS from the beginning, `smtp://` changes to it where the server offers it (STARTTLS, RFC 3207); a password
is never sent in clear except to this very machine. Certificates are verified.
"""

import smtplib
import ssl
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

from catalog_api.settings import Settings
from metadata.errors import Unavailable, Unreachable

TIMEOUT = 20.0
_LOCAL = {"localhost", "127.0.0.1", "::1"}


def sender(settings: Settings) -> str:
    """Whom mails come from."""
    return settings.mail_from or f"no-reply@{urlsplit(settings.site_url).hostname}"


def send(settings: Settings, message: EmailMessage) -> None:
    """Hands a mail to the server. Raises `Unreachable` when it refuses this mail, `Unavailable` when there is no server, or it
    cannot be used at all."""
    parts = urlsplit(settings.smtp_url)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        remedy = "Write smtp://user:password@host:port."
        raise Unavailable("this names no mail server", place="MULU_SMTP_URL", remedy=remedy)
    try:
        with _connected(settings) as server:
            server.send_message(message)
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError) as problem:
        raise Unreachable("the mail server refuses this mail", value=_said(problem), remedy="Check the address.") from None
    except (smtplib.SMTPException, OSError) as problem:
        remedy = "Check MULU_SMTP_URL and MULU_MAIL_FROM, and that the server runs."
        raise Unavailable(
            "the mail server cannot be used", place=parts.hostname, value=_said(problem), remedy=remedy
        ) from problem


def _connected(settings: Settings) -> smtplib.SMTP:
    parts = urlsplit(settings.smtp_url)
    host, own = parts.hostname or "", urlsplit(settings.site_url).hostname or "localhost"
    if parts.scheme == "smtps":
        safe = ssl.create_default_context()
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, parts.port or 465, own, timeout=TIMEOUT, context=safe)
    else:
        server = smtplib.SMTP(host, parts.port or (587 if parts.username else 25), own, timeout=TIMEOUT)
    try:
        _make_safe(server, parts.scheme, host, bool(parts.username))
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
    except BaseException:
        server.close()
        raise
    return server


def _make_safe(server: smtplib.SMTP, scheme: str, host: str, has_password: bool) -> None:
    server.ehlo()
    if scheme == "smtp" and server.has_extn("starttls"):
        server.starttls(context=ssl.create_default_context())
        server.ehlo()
    elif scheme == "smtp" and has_password and host not in _LOCAL:
        raise smtplib.SMTPException("the server offers no encryption, and a password must not be sent in clear")


def _said(problem: Exception) -> str:
    """What the server said, without the address that it was said of."""
    code: int
    words: bytes | str
    if isinstance(problem, smtplib.SMTPRecipientsRefused):
        code, words = next(iter(problem.recipients.values()))
    elif isinstance(problem, smtplib.SMTPResponseException):
        code, words = problem.smtp_code, problem.smtp_error
    else:
        return str(problem) or type(problem).__name__
    return f"{code} {words.decode('utf-8', 'replace') if isinstance(words, bytes) else words}"
