"""The order of properties in the schemas of ISO 19139 (gmd) and ISO 19115-3 (mdb, mri)."""

RECORD = (
    "fileIdentifier", "metadataIdentifier", "language", "defaultLocale", "characterSet", "parentIdentifier", "parentMetadata",
    "hierarchyLevel", "hierarchyLevelName", "metadataScope", "contact", "dateStamp", "dateInfo", "metadataStandardName",
    "metadataStandardVersion", "metadataStandard", "dataSetURI", "locale", "metadataProfile", "alternativeMetadataReference",
    "otherLocale", "metadataLinkage", "spatialRepresentationInfo", "referenceSystemInfo", "metadataExtensionInfo",
    "identificationInfo", "contentInfo", "distributionInfo", "dataQualityInfo", "resourceLineage", "portrayalCatalogueInfo",
    "metadataConstraints", "applicationSchemaInfo", "metadataMaintenance", "acquisitionInformation", "series", "describes",
    "propertyType", "featureType", "featureAttribute",
)  # fmt: skip
"""Of `MD_Metadata`, both editions."""
RESOURCE_OLD = (
    "citation", "abstract", "purpose", "credit", "status", "pointOfContact", "resourceMaintenance", "graphicOverview",
    "resourceFormat", "descriptiveKeywords", "resourceSpecificUsage", "resourceConstraints", "aggregationInfo",
    "spatialRepresentationType", "spatialResolution", "language", "characterSet", "topicCategory", "environmentDescription",
    "extent", "supplementalInformation",
)  # fmt: skip
"""Of `gmd:MD_DataIdentification`."""
RESOURCE_NEW = (
    "citation", "abstract", "purpose", "credit", "status", "pointOfContact", "spatialRepresentationType", "spatialResolution",
    "temporalResolution", "topicCategory", "extent", "additionalDocumentation", "processingLevel", "resourceMaintenance",
    "graphicOverview", "resourceFormat", "descriptiveKeywords", "resourceSpecificUsage", "resourceConstraints",
    "associatedResource", "defaultLocale", "otherLocale", "environmentDescription", "supplementalInformation",
)  # fmt: skip
"""Of `mri:MD_DataIdentification`."""
DATA_ONLY = (
    "characterSet", "defaultLocale", "environmentDescription", "language", "otherLocale", "spatialRepresentationType",
    "spatialResolution", "supplementalInformation", "topicCategory",
)  # fmt: skip
"""What the identification of a service has not."""
