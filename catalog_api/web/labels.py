"""Words for what the catalogue keeps as codes: states, actions, severities, facets, kinds of sharing and openness.

Each is a message, translated where it is shown. Colour is never the only sign: a state has a shape of its own too.
"""

from typing import NamedTuple

from catalog_api.web.translation import N_


class Label(NamedTuple):
    """A message, the tone it is drawn in (`good`, `warn`, `bad`, `busy` or none), and its shape in `pieces.html`."""

    message: str
    tone: str = ""
    shape: str = "dot"


STATES = {
    "published": Label(N_("Published"), "good", "tick"),
    "withheld": Label(N_("Withheld"), "warn", "bars"),
    "retired": Label(N_("Retired"), "", "ring"),
    "read": Label(N_("Read"), "good", "tick"),
    "failed": Label(N_("Failed"), "bad", "cross"),
    "queued": Label(N_("Waiting"), "busy", "ring"),
    "running": Label(N_("Running"), "busy", "half"),
    "done": Label(N_("Done"), "good", "tick"),
    "held": Label(N_("Held: needs a decision"), "warn", "bars"),
    "cancelled": Label(N_("Cancelled"), "", "ring"),
    "never": Label(N_("Never harvested"), "", "ring"),
}
CLEAN = Label(N_("The checks found nothing to mend."), "good", "tick")
ACTIONS = {
    "added": N_("Added"),
    "registered": N_("Registered"),
    "updated": N_("Updated"),
    "renamed": N_("Identifier changed"),
    "retired": N_("Retired"),
    "restored": N_("Back again"),
    "withheld": N_("Withheld"),
    "published": N_("Published"),
    "checked": N_("Checked again"),
    "curated": N_("Changed by a person"),
    "reverted": N_("Given back its earlier description"),
    "linked": N_("Made a copy of another"),
    "unlinked": N_("Stands for itself"),
}
DECISIONS = {
    "accepted": N_("Accepted: what is no longer listed was retired"),
    "refused": N_("Refused: everything was kept"),
    "undone": N_("Undone"),
}
CONFLICT = Label(N_("Conflict"), "warn", "triangle")
SEVERITIES = {
    "error": Label(N_("Error"), "bad", "cross"),
    "warning": Label(N_("Warning"), "warn", "triangle"),
    "info": Label(N_("Note"), "busy", "dot"),
}
SHARING = {
    "unconditional": N_("Shared unconditionally"),
    "conditional": N_("Shared on conditions"),
    "none": N_("Not shared"),
}
OPENNESS = {
    "open": N_("Open"),
    "conditional": N_("Open on conditions"),
    "none": N_("Not open"),
}
COUNTERS = {
    "received": N_("Received"),
    "added": N_("Added"),
    "updated": N_("Updated"),
    "unchanged": N_("Unchanged"),
    "renamed": N_("Identifier changed"),
    "retired": N_("Retired"),
    "failed": N_("Failed"),
    "warned": N_("With findings"),
    "duplicates": N_("Repeated"),
}
ADMITS = {
    "readable": N_("All that can be read; findings are shown"),
    "valid": N_("Only records without errors; others wait for mending"),
}
REPORTED = {
    "all": N_("All records"),
    "failed": N_("Failed"),
    "warned": N_("With findings"),
    "read": N_("Read"),
    **ACTIONS,
}
ACCESS = {
    "header": N_("A header"),
    "api_key": N_("An API key"),
    "basic": N_("A name and a password"),
    "oauth2": N_("OAuth 2.0"),
}
HEALTH = {
    "failing": Label(N_("Failing"), "bad", "cross"),
    "held": Label(N_("Held: needs a decision"), "warn", "bars"),
    "late": Label(N_("Late"), "warn", "triangle"),
    "never": Label(N_("Never harvested"), "", "ring"),
    "fine": Label(N_("Fine"), "good", "tick"),
}
TONGUES = {"zh": N_("Chinese"), "en": N_("English")}


def state(name: str) -> Label:
    """How a state is named and drawn; an unknown one by its own word."""
    return STATES.get(name, Label(name))


def severity(name: str) -> Label:
    """How a severity is named and drawn."""
    return SEVERITIES.get(name, Label(name))


def action(name: str) -> str:
    """How an action of the log is named."""
    return ACTIONS.get(name, name)


def tongue(tag: str) -> str:
    """How a language is named; an unknown one by its tag."""
    return TONGUES.get(tag.split("-")[0].lower(), tag)
