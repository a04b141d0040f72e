"""The application: which doors there are. Each door is a router of its own; this page only lists them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from threading import Thread

from fastapi import FastAPI

from catalog_api import errors, profiles, statistics, telemetry
from catalog_api.ckan import routers as ckan_routers
from catalog_api.exchange import catalogs, datasets, feeds
from catalog_api.flusher import Flusher
from catalog_api.headers import Guard
from catalog_api.logs import start_logging
from catalog_api.opening import open_search, searched
from catalog_api.remembering import GRACE, Following, Remembering
from catalog_api.rooms import Rooms
from catalog_api.routers import api
from catalog_api.settings import Settings, read_settings
from catalog_api.web import error_page, mount_static
from catalog_api.web import router as pages
from metadata import database
from metadata.versions import Version
from search.pinyin import streams


def create(settings: Settings | None = None) -> FastAPI:
    """The application for these settings (default: the environment's)."""
    chosen = settings or read_settings()
    start_logging(chosen.log_json)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        engine = database.connect(chosen.database)
        app.state.rooms = Rooms(chosen, engine, open_search(chosen))
        profiles.refresh(chosen)
        version = Version(engine)
        grace = 0.0 if engine.dialect.name == "sqlite" else GRACE
        app.state.following = Following(version, partial(searched, app.state.rooms), grace)
        statistics.call_slow(chosen.slow_search_ms)
        flusher = Flusher(engine, chosen.key)
        flusher.start()
        Thread(target=streams, args=(["目录"],), name="reading tables", daemon=True).start()  # the first to type need not wait
        yield
        flusher.stop()
        version.close()
        engine.dispose()

    app = FastAPI(
        title=chosen.site_title,
        summary="An open government data catalog",
        version="1",
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        redirect_slashes=False,
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
    )
    app.add_middleware(Guard, upload_limit=chosen.upload_limit, page=error_page)
    app.add_middleware(Remembering, following=lambda scope: scope["app"].state.following)
    errors.install(app, error_page)
    for router in (api.router, *ckan_routers, catalogs.router, datasets.router, feeds.router, telemetry.router, pages):
        app.include_router(router)
    mount_static(app)
    return app
