"""The protocols that are built in, one line each. Others join through the entry points `mulu.harvesters`."""

from harvesters.base import Harvester
from metadata.registry import Registry

PROTOCOLS: Registry[type[Harvester]] = Registry(
    "protocol",
    "mulu.harvesters",
    {
        "dcat_us": "harvesters.dcat_us:DcatUs",
        "ckan": "harvesters.ckan:Ckan",
        "dcat_rdf": "harvesters.dcat_rdf:DcatRdf",
        "csw": "harvesters.csw:Csw",
        "oai_pmh": "harvesters.oai_pmh:OaiPmh",
        "ogc_records": "harvesters.ogc_records:OgcRecords",
        "waf": "harvesters.waf:Waf",
        "sparql": "harvesters.sparql:Sparql",
        "socrata": "harvesters.socrata:Socrata",
        "arcgis_hub": "harvesters.arcgis_hub:ArcgisHub",
        "opendatasoft": "harvesters.opendatasoft:Opendatasoft",
        "udata": "harvesters.udata:Udata",
        "schema_org": "harvesters.schema_org:SchemaOrg",
        "spreadsheet": "harvesters.spreadsheet:Spreadsheet",
        "ldes": "harvesters.ldes:Ldes",
        "atom": "harvesters.atom:Atom",
        "json_map": "harvesters.json_map:JsonMap",
        "folder": "harvesters.folder:Folder",
    },
)
