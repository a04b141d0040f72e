"""The words of the mails that tell the owner of a source how a run ended: what is wrong, and how to mend it."""

from email.message import EmailMessage

from catalog_api.reports import Line
from catalog_api.settings import Settings
from catalog_api.web import labels
from catalog_api.web.addresses import tidy
from catalog_api.web.letters import letter
from catalog_api.web.rules import Counted
from catalog_api.web.translation import N_, Tongue, tongue
from metadata.tables import Run, Source
from metadata.text import best

MOST_RULES = 12
_WORDS = 400


def report(
    settings: Settings, source: Source, run: Run, to: str, rules: list[Counted], failed: list[Line], link: str
) -> EmailMessage:
    """The mail of one run for one reader."""
    language = str(source.notify.get("language") or "zh")
    spoken = tongue(language, settings.languages)
    state = spoken.say(labels.state(run.state).message)
    lines = [
        spoken.say(N_("Run %(number)s of %(source)s ended: %(state)s"))
        % {"number": run.id, "source": source.name, "state": state},
        tidy(run.message, 1000),
        _counters(run, spoken),
        *_rules(rules, spoken),
        *_failed(failed, run, spoken),
        spoken.say(N_("The whole report, with every record that failed:")) + f"\n{link}",
        spoken.say(N_("You get this because this source names your address; its keeper can take it out.")),
    ]
    subject = spoken.say(N_("%(source)s: %(state)s")) % {"source": source.name, "state": state}
    return letter(settings, to, language, subject, [line for line in lines if line], f"run-{run.id}.{source.id}")


def _counters(run: Run, spoken: Tongue) -> str:
    told = [(label, getattr(run, name)) for name, label in labels.COUNTERS.items()]
    return "\n".join(f"{spoken.say(label)}{spoken.say(N_(': '))}{number}" for label, number in told if number)


def _rules(rules: list[Counted], spoken: Tongue) -> list[str]:
    if not rules:
        return []
    shown = [_rule(one, spoken) for one in rules[:MOST_RULES]]
    return [spoken.say(N_("What the checks found, most frequent first, and how to mend it:")), *shown]


def _rule(one: Counted, spoken: Tongue) -> str:
    words = tidy(best(one.message, spoken.languages), _WORDS) or one.rule
    fix = tidy(best(one.fix, spoken.languages), _WORDS)
    remedy = f"\n  {spoken.say(N_('What to do:'))} {fix}" if fix else ""
    return f"* {one.count} × {words}{remedy}\n  {one.rule}"


def _failed(failed: list[Line], run: Run, spoken: Tongue) -> list[str]:
    if not failed:
        return []
    title = spoken.say(N_("The first of the records that failed (%(count)s in all):")) % {"count": run.failed}
    return [title, *(_record(line, spoken) for line in failed)]


def _record(line: Line, spoken: Tongue) -> str:
    name = tidy(line.identifier, 200)
    worst = next((one for one in line.findings if one.severity == "error"), None)
    if worst is None:
        return f"* {name}"
    words = tidy(best(worst.message, spoken.languages), _WORDS) or worst.rule
    place = f" ({tidy(worst.path, 200)})" if worst.path else ""
    found = f": {tidy(worst.value, 200)}" if worst.value else ""
    return f"* {name}\n  {words}{place}{found}"
