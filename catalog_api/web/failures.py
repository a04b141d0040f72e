"""Pages for what went wrong: what happened, what is safe, what to try."""

from fastapi import Request, Response

from catalog_api.web.page import render, speaking
from catalog_api.web.translation import N_

TITLES = {
    400: N_("This address asks for something that cannot be answered"),
    401: N_("This needs a token"),
    403: N_("You may not see this"),
    404: N_("There is no such page"),
    405: N_("This cannot be done here"),
    409: N_("This clashes with what is there"),
    410: N_("This is no longer here"),
    413: N_("This is too large"),
    422: N_("What was given cannot be used"),
    500: N_("Something broke on our side"),
    503: N_("A part of the catalogue is away for now"),
}
REMEDIES = {
    400: N_("Go back and try again, or search."),
    404: N_("Check the address for typing errors, or search for what you need."),
    405: N_("Go back and try again, or search."),
    410: N_("Search for something near it."),
    500: N_("Nothing was lost. Try again in a moment; if it stays, tell whoever runs this catalogue when it happened."),
    503: N_("Try again in a moment. Nothing is lost."),
}


def error_page(request: Request, status: int, title: str, detail: str, remedy: str) -> Response:
    """A page for an error. `title`, `detail` and `remedy` are the program's own words; the visitor first gets ours."""
    spoken = speaking(request)
    said = spoken.say(TITLES[status]) if status in TITLES else title
    general = status in (404, 405) and detail.strip().lower() in ("", "not found", "method not allowed")
    values = {
        "status": status,
        "title": said,
        "detail": "" if general or status == 500 else detail.removesuffix(remedy).strip(),
        "remedy": spoken.say(REMEDIES[status]) if status in REMEDIES else remedy,
    }
    answer = render(request, "error.html", values, status)
    if status == 503:
        answer.headers["Retry-After"] = "5"
    return answer
