"""Where a sandbox may listen and send: on this machine, unless told otherwise."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit


def is_loopback(host: str) -> bool:
    """Whether a host name or address stays on this machine.

    Examples
    --------
    >>> is_loopback("127.0.0.1"), is_loopback("::1"), is_loopback("0.0.0.0"), is_loopback("example.com")
    (True, True, False, False)
    """
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def why_not(url: str, *, anywhere: bool) -> str:
    """Return why nothing is sent to a URL, or an empty text when something may be.

    Parameters
    ----------
    url : str
        A callback URL as a client gave it.
    anywhere : bool
        Whether other machines may be sent to.

    Examples
    --------
    >>> why_not("http://127.0.0.1:8080/hook", anywhere=False)
    ''
    >>> why_not("ftp://127.0.0.1/hook", anywhere=True)
    'not an http or https address with a host'
    """
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        host, parts = "", urlsplit("")
    if parts.scheme not in {"http", "https"} or not host:
        return "not an http or https address with a host"
    if not anywhere and not is_loopback(host):
        return f"{host} is not on this machine; deliver_anywhere=True would send there"
    return ""
