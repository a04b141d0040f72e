"""Which addresses are fetched, and how a URL is shown.

The guard against server-side request forgery (CWE-918): a source's URL, and every place it redirects to, must be http or
https, carry no user name, and lead to a public address. What is public is taken from the IANA special-purpose registries
(RFC 6890) as Python's `ipaddress` knows them; addresses that carry an IPv4 address inside (RFC 4291 §2.5.5, RFC 3056,
RFC 6052) are judged by the one inside. A source marked internal may lead to private and loopback addresses, yet never to
link-local ones or to the addresses where clouds hand out a machine's credentials.
"""

import re
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import httpx

from metadata.errors import Refused

Address = IPv4Address | IPv6Address

METADATA = frozenset(
    ip_address(spelling)
    for spelling in ("169.254.169.254", "169.254.170.2", "100.100.100.200", "192.0.0.192", "fd00:ec2::254", "fd20:ce::254")
)
_NAT64 = IPv6Network("64:ff9b::/96")
# What inet_aton reads as an address: one to four numbers, decimal, octal or hexadecimal.
_NUMBERS = re.compile(r"(0x[0-9a-f]*|\d+)(\.(0x[0-9a-f]*|\d+)){0,3}\.?", re.IGNORECASE)
_HOST = re.compile(r"[\w.:-]+")  # names, addresses, and names in other scripts; httpx keeps nonsense as %xx
_SECRET = re.compile(
    r"token|secret|passw|pwd|api_?key|(^|[_-])key$|auth(?!or)|signature|(^|_)sign?$|credential|session", re.IGNORECASE
)


def vet(raw: str, internal: bool) -> httpx.URL:
    """The URL, ready to fetch, or `Refused`. Names are judged when they are resolved: see `harvesters/wire.py`."""
    try:
        url = httpx.URL(raw.strip())
    except (httpx.InvalidURL, ValueError, TypeError) as error:
        raise Refused("this is not a URL", place=mask(raw), value=str(error), remedy="Give a whole http(s) URL.") from None
    if url.scheme not in ("http", "https") or not url.host:
        raise Refused(
            "only http and https URLs are fetched",
            place=mask(raw),
            value=url.scheme or "no scheme",
            remedy="Give a whole http(s) URL.",
        )
    if not _HOST.fullmatch(url.host):
        raise Refused("this is not a host name", place=mask(raw), value=url.host, remedy="Give a whole http(s) URL.")
    if url.userinfo:
        raise Refused(
            "a URL must not carry a user name or password", place=mask(raw), remedy="Put credentials in the source's headers."
        )
    vet_host(url.host, internal, mask(raw))
    return url


def vet_host(host: str, internal: bool, place: str) -> None:
    """Refuses a host written as an address that is not fetched, or as a number that only looks like a name."""
    try:
        vet_address(ip_address(host.strip("[]")), internal, place)
    except ValueError:
        if _NUMBERS.fullmatch(host) and not internal:
            raise Refused("a host must not be written as a number", place=place, value=host, remedy="Give its name.") from None


def vet_address(address: Address, internal: bool, place: str) -> None:
    """Refuses an address that is not fetched; says why."""
    why = fault(address, internal)
    if why is None:
        return
    remedy = "" if internal or fault(address, True) else "Mark the source as internal if it is inside your own network."
    raise Refused(f"this leads to {why}, which is not fetched", place=place, value=address, remedy=remedy)


def fault(address: Address, internal: bool) -> str | None:
    """Why this address is not fetched, or None."""
    address = _inner(address)
    if address in METADATA:
        return "a cloud's metadata address"
    if address.is_link_local:
        return "a link-local address"
    if address.is_multicast or address.is_unspecified:
        return "a multicast or unspecified address"
    if internal and (address.is_private or address.is_loopback or not address.is_reserved):
        return None
    if address.is_loopback:
        return "a loopback address"
    return (
        None if address.is_global and not address.is_reserved and not _site_local(address) else "a private or reserved address"
    )


def _inner(address: Address) -> Address:
    """The IPv4 address that an IPv6 address stands for: mapped, 6to4 or NAT64."""
    if isinstance(address, IPv4Address):
        return address
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address


def _site_local(address: Address) -> bool:
    return isinstance(address, IPv6Address) and address.is_site_local


def mask(raw: str) -> str:
    """The URL as it may be shown and logged: no user name, no values of query parameters that name a secret."""
    try:
        parts = urlsplit(raw.strip())
        query = parse_qsl(parts.query, keep_blank_values=True)
    except ValueError:
        return raw.split("?", 1)[0].rsplit("@", 1)[-1]
    shown = parts.query
    if any(_SECRET.search(name) for name, _ in query):
        shown = urlencode([(name, "***" if _SECRET.search(name) else value) for name, value in query], safe="*:/")
    return urlunsplit((parts.scheme, parts.netloc.rsplit("@", 1)[-1], parts.path, shown, ""))


def same_site(one: httpx.URL, other: httpx.URL) -> bool:
    """Whether credentials meant for `one` may go to `other`: same scheme, host and port, or the same host moved to https."""
    if one.host != other.host:
        return False
    return (one.scheme, _port(one)) == (other.scheme, _port(other)) or (_port(one), _port(other)) == (80, 443)


def _port(url: httpx.URL) -> int:
    return url.port or (443 if url.scheme == "https" else 80)
