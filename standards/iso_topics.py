"""MD_TopicCategoryCode of ISO 19115:2003 B.5.27 and ISO 19115-1:2014 B.3.30, and the EU theme that each one lies in."""

from functools import cache

from metadata.model import Coded
from metadata.vocabulary import look_up

TOPICS = (
    "farming", "biota", "boundaries", "climatologyMeteorologyAtmosphere", "economy", "elevation", "environment",
    "geoscientificInformation", "health", "imageryBaseMapsEarthCover", "intelligenceMilitary", "inlandWaters", "location",
    "oceans", "planningCadastre", "society", "structure", "transportation", "utilitiesCommunication", "extraTerrestrial",
    "disaster",
)  # fmt: skip
_FOR = {
    "AGRI": "farming", "ECON": "economy", "EDUC": "society", "ENER": "utilitiesCommunication", "ENVI": "environment",
    "GOVE": "society", "HEAL": "health", "INTR": "society", "JUST": "society", "REGI": "planningCadastre", "SOCI": "society",
    "TECH": "geoscientificInformation", "TRAN": "transportation",
}  # fmt: skip


def topic_of(theme: Coded) -> str | None:
    """The topic category of a theme: its own word where it is one, else one whose EU theme is this one."""
    if theme.raw in TOPICS:
        return theme.raw
    if theme.scheme == "iso-topic-category":
        return theme.code if theme.code in TOPICS else None
    return _topics().get(theme.code) if theme.scheme == "theme" else None


@cache
def _topics() -> dict[str, str]:
    """EU theme → topic category, only where the way back leads to the same theme."""
    return {code: topic for code, topic in _FOR.items() if look_up("theme", topic).code == code}
