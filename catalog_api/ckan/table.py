"""Which actions there are.

Reading is here. Writing goes through the native API, which answers with findings; CKAN's writing actions exist by name,
and say so with an Authorization Error, so that a client knows that the address is right and that it may not.
"""

from collections.abc import Callable
from typing import Any

from catalog_api.ckan import actions_datasets, actions_organizations, actions_search, actions_site, actions_words
from catalog_api.ckan.answers import not_found
from catalog_api.ckan.asking import Asking

Action = Callable[[Asking], Any]


def help_show(asking: Asking) -> str:
    """What an action does. name."""
    name = asking.needed("name")
    if name in WRITING:
        return NO_WRITING
    if name not in READING:
        raise not_found("Action name not found")
    return READING[name].__doc__ or ""


READING: dict[str, Action] = {
    action.__name__: action
    for action in (
        actions_search.package_search,
        actions_search.current_package_list_with_resources,
        actions_datasets.package_list,
        actions_datasets.package_show,
        actions_datasets.package_autocomplete,
        actions_datasets.resource_show,
        actions_datasets.resource_search,
        actions_datasets.group_package_show,
        actions_organizations.organization_list,
        actions_organizations.organization_show,
        actions_organizations.organization_autocomplete,
        actions_organizations.organization_list_for_user,
        actions_organizations.group_list,
        actions_organizations.group_show,
        actions_organizations.group_autocomplete,
        actions_organizations.group_list_authz,
        actions_words.tag_list,
        actions_words.tag_show,
        actions_words.tag_search,
        actions_words.tag_autocomplete,
        actions_words.format_autocomplete,
        actions_words.license_list,
        actions_words.vocabulary_list,
        actions_site.status_show,
        actions_site.site_read,
        actions_site.user_list,
        actions_site.user_show,
        actions_site.resource_view_list,
        help_show,
    )
}

WRITING = frozenset(
    f"{thing}_{verb}"
    for things, verbs in (
        (("package", "dataset", "resource", "organization", "group"), ("create", "update", "patch", "delete")),
        (("package", "organization", "group", "dataset"), ("purge",)),
        (("user", "resource_view", "vocabulary"), ("create", "update", "delete")),
        (("tag", "member", "organization_member", "group_member", "package_relationship"), ("create", "delete")),
        (("bulk_update",), ("private", "public", "delete")),
        (("api_token",), ("create", "revoke", "list")),
    )
    for thing in things
    for verb in verbs
) | {"package_revise", "package_resource_reorder", "package_owner_org_update"}
"""CKAN's writing actions."""

NO_WRITING = (
    "writing is not supported through the Action API here; "
    "send descriptions to PUT /api/v1/organizations/{organization}/datasets/{identifier}, which takes CKAN package dicts too"
)
