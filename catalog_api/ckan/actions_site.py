"""The site itself, and who asks."""

from typing import Any

from catalog_api.ckan.answers import not_found
from catalog_api.ckan.asking import Asking

CKAN_VERSION = "2.12.0"
"""The version whose Action API this is; clients read it to know what they may call."""


def status_show(asking: Asking) -> dict[str, Any]:
    """What this site is."""
    return {
        "ckan_version": CKAN_VERSION,
        "site_title": asking.settings.site_title,
        "site_description": "",
        "site_url": asking.site,
        "error_emails_to": None,
        "locale_default": asking.settings.languages[0] if asking.settings.languages else "en",
        "extensions": [],
    }


def site_read(_asking: Asking) -> bool:
    """Whether this site may be read: always."""
    return True


def user_list(asking: Asking) -> list[Any]:
    """Whoever asks, when they hold a token; others are not shown. all_fields (true)."""
    if not asking.asker.scopes:
        return []
    return [_user(asking)] if asking.truth("all_fields", True) else [asking.asker.name]


def user_show(asking: Asking) -> dict[str, Any]:
    """Whoever asks, by the name of their token. id (default: the asker)."""
    word = asking.word("id") or asking.asker.name
    if not asking.asker.scopes or word != asking.asker.name:
        raise not_found("User was not found.")
    return _user(asking)


def _user(asking: Asking) -> dict[str, Any]:
    name = asking.asker.name
    return {
        "id": name,
        "name": name,
        "fullname": name,
        "display_name": name,
        "about": None,
        "state": "active",
        "sysadmin": "admin" in asking.asker.scopes,
        "number_created_packages": 0,
    }


def resource_view_list(asking: Asking) -> list[Any]:
    """Views of a resource: none are kept."""
    asking.needed("id")
    return []
