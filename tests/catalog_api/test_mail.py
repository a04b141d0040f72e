"""Mail through a real SMTP server: plain, with STARTTLS, with TLS from the beginning, with a password; and what goes wrong."""

import ssl
import subprocess
from email.message import EmailMessage
from pathlib import Path

import pytest

from catalog_api import mail
from catalog_api.settings import Settings
from metadata.errors import Unavailable, Unreachable
from tests.catalog_api.conftest import settings_for
from tests.mailing import Mailbox


def settings(folder: Path, url: str, sender: str = "") -> Settings:
    return settings_for(folder).model_copy(update={"smtp_url": url, "mail_from": sender})


def letter(chosen: Settings, to: str = "reader@city.example") -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = mail.sender(chosen), to, "目录：新数据"
    made.set_content("公共交通\n", cte="base64")
    return made


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ssl.SSLContext]:
    """A certificate of our own for localhost, and a server's context with it."""
    folder = tmp_path_factory.mktemp("certificate")
    key, cert = folder / "key.pem", folder / "cert.pem"
    names = "subjectAltName=DNS:localhost,IP:127.0.0.1"
    asked = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=localhost",
        "-addext",
        names,
    ]
    subprocess.run([*asked, "-keyout", str(key), "-out", str(cert)], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    return cert, context


def test_a_mail_arrives(tmp_path: Path) -> None:
    with Mailbox() as box:
        chosen = settings(tmp_path, box.url)
        mail.send(chosen, letter(chosen))
    (taken,) = box.mails
    assert (taken["From"], taken["To"]) == ("no-reply@catalogue.example", "reader@city.example")
    assert (taken["Subject"], taken.get_content()) == ("目录：新数据", "公共交通\n")
    assert mail.sender(settings(tmp_path, "", "desk@city.example")) == "desk@city.example"


def test_tls_is_used_where_it_is_offered_and_its_certificate_counts(
    tmp_path: Path, certificate: tuple[Path, ssl.SSLContext], monkeypatch: pytest.MonkeyPatch
) -> None:
    for whole, scheme in ((False, "smtp"), (True, "smtps")):
        with Mailbox(tls=certificate[1], whole=whole, user="me", password="p@ss word") as box:
            chosen = settings(tmp_path, f"{scheme}://me:p%40ss%20word@localhost:{box.port}")
            with pytest.raises(Unavailable, match="mail server") as told:  # nobody vouches for this certificate
                mail.send(chosen, letter(chosen))
            assert "CERTIFICATE" in str(told.value).upper() and "p@ss" not in str(told.value)
            with monkeypatch.context() as patched:
                patched.setenv("SSL_CERT_FILE", str(certificate[0]))
                mail.send(chosen, letter(chosen))
            assert (len(box.mails), box.logins) == (1, ["right"])


def test_a_wrong_password_and_one_that_would_be_sent_in_clear(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Mailbox(user="me", password="right") as box:
        wrong = settings(tmp_path, f"smtp://me:wrong@127.0.0.1:{box.port}")
        with pytest.raises(Unavailable) as told:
            mail.send(wrong, letter(wrong))
        assert "wrong" not in str(told.value) and box.logins == ["wrong"]
        monkeypatch.setattr(mail, "_LOCAL", set())  # as if the server were elsewhere
        right = settings(tmp_path, f"smtp://me:right@127.0.0.1:{box.port}")
        with pytest.raises(Unavailable, match="in clear"):
            mail.send(right, letter(right))
        assert box.mails == [] and box.logins == ["wrong"]


def test_what_goes_wrong_is_told_apart(tmp_path: Path) -> None:
    with Mailbox() as box:
        box.refused.add("nobody@city.example")
        chosen = settings(tmp_path, box.url)
        with pytest.raises(Unreachable, match="550 no such mailbox") as told:
            mail.send(chosen, letter(chosen, "nobody@city.example"))
        assert "nobody" not in str(told.value)
    with pytest.raises(Unavailable, match="mail server"):
        mail.send(chosen, letter(chosen))
    for url in ("", "http://mail.example", "smtp://", "nonsense"):
        with pytest.raises(Unavailable, match="MULU_SMTP_URL"):
            mail.send(settings(tmp_path, url), letter(chosen))
