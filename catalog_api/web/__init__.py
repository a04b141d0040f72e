"""The portal: pages made on the server, in Chinese and English, usable without JavaScript.

`router` holds the pages that have addresses of their own; `dataset_page` and `retired_page` are asked for by the exchange,
`error_page` by the error handlers, and `mount_static` serves the stylesheet and the script.
"""

from fastapi import APIRouter

from catalog_api.web import (
    adding,
    auditing,
    checks,
    choosing,
    figures,
    harvests,
    home,
    log,
    manual,
    organizations,
    protocols,
    records,
    searches,
    searching,
)
from catalog_api.web.datasets import dataset_page, retired_page
from catalog_api.web.failures import error_page
from catalog_api.web.page import mount_static

router = APIRouter()
_about = (home, searching, choosing, searches, figures, organizations, checks, auditing, log, manual)
_of_sources = (harvests, records, adding, protocols)
for _room in (*_about, *_of_sources):
    router.include_router(_room.router)

__all__ = ["dataset_page", "error_page", "mount_static", "retired_page", "router"]
