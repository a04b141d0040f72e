"""Code lists of ISO 19115 whose values are checked: those of 2003 (B.5) together with those that 2014 added (B.3)."""

from standards.iso_parties import ROLES
from standards.iso_read import PROGRESS

LISTS: dict[str, frozenset[str]] = {
    "CI_RoleCode": ROLES,
    "MD_ProgressCode": PROGRESS,
    "CI_DateTypeCode": frozenset(
        (
            "creation", "publication", "revision", "expiry", "lastUpdate", "lastRevision", "nextUpdate", "unavailable",
            "inForce",
            "adopted", "deprecated", "superseded", "validityBegins", "validityExpires", "released", "distribution",
        )
    ),
    "MD_MaintenanceFrequencyCode": frozenset(
        (
            "continual", "daily", "weekly", "fortnightly", "monthly", "quarterly", "biannually", "annually", "asNeeded",
            "irregular", "notPlanned", "unknown", "periodic", "semimonthly", "biennially",
        )
    ),
    "MD_ScopeCode": frozenset(
        (
            "attribute", "attributeType", "collectionHardware", "collectionSession", "dataset", "series",
            "nonGeographicDataset",
            "dimensionGroup", "feature", "featureType", "propertyType", "fieldSession", "software", "service", "model", "tile",
            "initiative", "stereomate", "sensor", "platformSeries", "sensorSeries", "productionSeries", "transferAggregate",
            "otherAggregate", "metadata", "sample", "document", "repository", "aggregate", "product", "collection", "coverage",
            "application",
        )
    ),
    "MD_RestrictionCode": frozenset(
        (
            "copyright", "patent", "patentPending", "trademark", "license", "intellectualPropertyRights", "restricted",
            "otherRestrictions", "unrestricted", "licenceUnrestricted", "licenceEndUser", "licenceDistributor", "private",
            "statutory", "confidential", "SBU", "in-confidence",
        )
    ),
    "MD_ClassificationCode": frozenset(
        (
            "unclassified", "restricted", "confidential", "secret", "topSecret", "SBU", "forOfficialUseOnly", "protected",
            "limitedDistribution",
        )
    ),
    "CI_OnLineFunctionCode": frozenset(
        (
            "download", "information", "offlineAccess", "order", "search", "completeMetadata", "browseGraphic", "upload",
            "emailService", "browsing", "fileAccess",
        )
    ),
    "MD_KeywordTypeCode": frozenset(
        (
            "discipline", "place", "stratum", "temporal", "theme", "dataCentre", "featureType", "instrument", "platform",
            "process", "project", "service", "product", "subTopicCategory", "taxon",
        )
    ),
    "MD_SpatialRepresentationTypeCode": frozenset(("vector", "grid", "textTable", "tin", "stereoModel", "video")),
}  # fmt: skip
