"""The protocols that are built in, one line each. Others join through the entry points `mulu.harvesters`."""

from harvesters.base import Harvester
from metadata.registry import Registry

PROTOCOLS: Registry[type[Harvester]] = Registry(
    "protocol",
    "mulu.harvesters",
    {
        "dcat_us": "harvesters.dcat_us:DcatUs",
        "ckan": "harvesters.ckan:Ckan",
        "folder": "harvesters.folder:Folder",
    },
)
