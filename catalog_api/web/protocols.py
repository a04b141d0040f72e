"""What can be harvested: every protocol with its settings, as a page, from the code itself."""

from fastapi import APIRouter, Request, Response

from catalog_api.web.page import render
from catalog_api.web.setting_fields import fields_of
from harvesters.table import PROTOCOLS
from standards.table import STANDARDS

router = APIRouter(include_in_schema=False)


@router.get("/protocols")
def protocol_list(request: Request) -> Response:
    """All protocols: their titles, the standard of their records, their settings."""
    listed = [
        {
            "name": name,
            "title": protocol.title,
            "standard": STANDARDS.get(protocol.standard) if protocol.standard else None,
            "fields": fields_of(protocol.Settings, name, {}),
        }
        for name, protocol in PROTOCOLS.items()
    ]
    return render(request, "protocols.html", {"protocols": listed})
