"""The words of the mails that the catalogue sends to those who keep a search: plain text, in the language it was saved in."""

from collections.abc import Sequence
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime, formataddr
from urllib.parse import urlsplit

from catalog_api.mail import sender
from catalog_api.news import News
from catalog_api.searches import key
from catalog_api.settings import Settings
from catalog_api.web import wording
from catalog_api.web.addresses import address, segment, tidy
from catalog_api.web.translation import N_, Tongue, tongue
from metadata.entry import Entry
from metadata.tables import SavedSearch
from metadata.text import best


def confirmation(settings: Settings, row: SavedSearch) -> EmailMessage:
    """Asks whoever reads this address whether they want to be told. Nothing in it is in the words of whoever asked for it, who
    may be someone else."""
    spoken = tongue(row.language, settings.languages)
    link = address(f"{settings.site_url}/searches/{row.id}/confirm", {"key": key(settings, "confirm", row.id)})
    lines = [
        spoken.say(N_("Someone asked this catalogue to write to this address when there are new datasets for a search:")),
        f"{settings.site_url}/search?{row.query}",
        spoken.say(N_("If that was you, confirm it by opening this address:")),
        link,
        spoken.say(N_("If it was not, do nothing: no further mail will come, and the address is forgotten in a few days.")),
    ]
    subject = spoken.say(N_("Please confirm your saved search"))
    return letter(settings, row.target, row.language, subject, lines, f"{row.id}.confirm")


def alert(settings: Settings, row: SavedSearch, found: News) -> EmailMessage:
    """Lists what is new for a search."""
    spoken = tongue(row.language, settings.languages)
    end = address(f"{settings.site_url}/searches/{row.id}/unsubscribe", {"key": key(settings, "unsubscribe", row.id)})
    count = spoken.say(N_("more than %(count)s")) % {"count": found.total} if found.more else str(found.total)
    lines = [
        spoken.say(N_("New or changed datasets for your search %(name)s: %(count)s")) % {"name": row.name, "count": count},
        *(_dataset(settings, entry, new, spoken) for entry, new in found.datasets),
        spoken.say(N_("All that this search finds:")) + f"\n{settings.site_url}/search?{row.query}",
        spoken.say(N_("To get no more mails for this search, open:")) + f"\n{end}",
    ]
    subject = spoken.say(N_("%(count)s new or changed: %(name)s")) % {"name": row.name, "count": count}
    message = letter(settings, row.target, row.language, subject, lines, f"{row.id}.{row.told}-{row.telling}")
    message["List-Unsubscribe"] = f"<{end}>"
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return message


def _dataset(settings: Settings, entry: Entry, new: bool, spoken: Tongue) -> str:
    title = tidy(wording.spoken(entry.dataset.title, spoken)[1], 300) or entry.name
    kind = spoken.say(N_("new")) if new else spoken.say(N_("changed"))
    of = tidy(best(entry.organization_title, spoken.languages), 200) or entry.organization or ""
    about = f"{kind} · {of}" if of else kind
    return f"* {title}\n  {about}\n  {settings.site_url}/dataset/{segment(entry.name)}"


def letter(settings: Settings, to: str, language: str, subject: str, lines: Sequence[str], number: str) -> EmailMessage:
    """A mail of these paragraphs. `number` makes its `Message-ID`: the same when it is sent again."""
    message = EmailMessage()
    site = tidy(settings.site_title, 100)
    message["From"] = formataddr((site, sender(settings)))
    message["To"] = to
    message["Subject"] = f"[{site}] {tidy(subject, 200)}"
    message["Date"] = format_datetime(datetime.now(UTC))
    message["Message-ID"] = f"<{number}@{urlsplit(settings.site_url).hostname}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content("\n\n".join(lines) + f"\n\n-- \n{site}\n{settings.site_url}\n", cte="base64")
    message["Content-Language"] = language
    return message
