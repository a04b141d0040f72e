"""CKAN's Action API v3, for reading: `routers` are mounted by the application.

`router` takes a call apart and puts the answer into CKAN's envelope (`answers`, `asking`); `table` lists the actions;
`solr`, `moments` and `questions` read the search language; `packages` makes package dicts. Rules: docs.ckan.org, "API
guide" and "Action API reference".
"""

from fastapi import APIRouter

from catalog_api.ckan import legacy, router

routers: tuple[APIRouter, ...] = (router.router, legacy.router)
