"""Finds out how a source is walked when nobody says it: asks its address, and takes what the surest protocol would use."""

from pathlib import Path
from typing import Any

from catalog_api import access
from catalog_api.settings import Settings
from catalog_api.source_forms import SourceBody, check_address, draft
from harvesters.detection import Candidate, detect
from harvesters.web import Web
from metadata.errors import Invalid

TIMEOUT = 20.0
"""Seconds that one of the places asked may take."""


def candidates(settings: Settings, body: SourceBody) -> list[Candidate]:
    """The protocols that could harvest the address of a source, the surest first. Raises what keeps it from answering, or
    `NotData` when none could."""
    check_address(body.url)
    source = draft(settings, "new", body.model_copy(update={"protocol": "dcat_us", "settings": {}}))
    spool = settings.spool_dir
    spool.mkdir(parents=True, exist_ok=True)
    with Web(
        internal=body.internal,
        timeout=TIMEOUT,
        retries=1,
        home=body.url,
        access=access.access_of(settings, source),
        pause=body.pause,
        max_bytes=settings.download_limit_mib << 20,
        spool_dir=spool,
    ) as web:
        return detect(web, body.url)


def completed(settings: Settings, body: SourceBody, local: bool = False) -> tuple[SourceBody, list[Candidate]]:
    """The source with protocol, address and settings filled in, and the candidates; as it is when it names its protocol.
    What was given goes before what was found. `local`: paths of this machine may be given too."""
    if body.protocol:
        return body, []
    if local and body.url.strip() and (path := Path(body.url)).exists():
        if not path.is_dir():
            raise Invalid(
                "this is a file", place="url", value=body.url, remedy="Name the protocol: --protocol spreadsheet or folder."
            )
        return body.model_copy(update={"protocol": "folder", "internal": True}), []
    found = candidates(settings, body)
    return chosen(body, found[0]), found


def chosen(body: SourceBody, one: Candidate) -> SourceBody:
    """The source as a candidate would harvest it."""
    filled: dict[str, Any] = {"protocol": one.protocol, "url": one.found.url}
    filled["settings"] = {**one.found.settings, **body.settings}
    if one.found.standard and not body.standard:
        filled["standard"] = one.found.standard
    return body.model_copy(update=filled)


def told(found: list[Candidate]) -> list[dict[str, Any]]:
    """The candidates as the API shows them."""
    return [
        {
            "protocol": one.protocol,
            "url": one.found.url,
            "settings": dict(one.found.settings),
            "why": one.found.why,
            "sure": one.found.sure,
        }
        for one in found
    ]
