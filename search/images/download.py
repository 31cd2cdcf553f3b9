"""A picture from a public http(s) address, and from nowhere else.

A catalog file names addresses, and whoever wrote it must not make the server read its neighbours
(server-side request forgery). A host's name is therefore resolved once, every address it has is checked,
and the connection goes to a checked address: a name that answers differently the second time (DNS
rebinding) is not asked a second time. A redirect is a new request and passes the same checks. Proxies of
the environment are not used, because a proxy resolves names itself.
"""

from __future__ import annotations

import http.client
import io
import ipaddress
import socket
import ssl
import time
import urllib.parse
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from search.errors import ImageError
from search.images.limits import MAX_BYTES, too_large

#: Seconds for everything: redirects, headers and the last byte. A photo of 5 MB at 10 Mbit/s takes four.
FETCH_SECONDS = 10.0
#: A shop's address redirects once or twice (https, the delivery network); browsers stop at 20.
MAX_REDIRECTS = 5
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_REMEDY = "Download the pictures and put them next to the catalog file."
#: Characters of a path and a query that stand for themselves (RFC 3986, 3.3 and 3.4); "%" begins an escape.
_SAFE = "/?:@!$&'()*+,;=%-._~"

#: (host, port) -> the host's addresses.
Resolver = Callable[[str, int], Sequence[str]]


def fetch(
    url: str,
    *,
    resolve: Resolver | None = None,
    allowed: Callable[[str], bool] | None = None,
    seconds: float = FETCH_SECONDS,
) -> bytes:
    """The bytes at an address.

    Args:
        url: an http or https address.
        resolve: looks a host up; the system's resolver where None.
        allowed: whether an IP address may be connected to; `is_public` where None.
        seconds: the time limit for the whole of it.

    Raises:
        ImageError: not an address, no such host, an address that is not allowed, an answer other than
            a picture's, too many redirects, too slow, or too large.
    """
    deadline = time.monotonic() + seconds
    at = url
    try:
        for _ in range(MAX_REDIRECTS + 1):
            parts = urllib.parse.urlsplit(at)
            if parts.scheme not in ("http", "https") or not parts.hostname:
                raise ImageError(f"{at} is not a web address.", _REMEDY, code="image_url")
            addresses = _checked(parts, resolve or system_addresses, allowed or is_public)
            body, location = _get(parts, addresses, deadline)
            if location is None:
                return body
            at = urllib.parse.urljoin(at, location)
        problem = f"it redirects more than {MAX_REDIRECTS} times"
    except ImageError:
        raise
    except TimeoutError:
        problem = f"it takes longer than {seconds:g} seconds"
    except (OSError, ValueError, http.client.HTTPException) as error:
        problem = str(error) or type(error).__name__
    raise ImageError(f"The picture at {url} cannot be fetched ({problem}).", _REMEDY, code="image_url")


#: What older versions of `ipaddress` call global: protocol assignments (RFC 6890; some clouds serve their metadata from
#: there), 6to4 relays (RFC 7526), documentation (RFC 9637); and the address of a cloud's own host services.
_NOT_GIVEN_OUT = tuple(map(ipaddress.ip_network, ("192.0.0.0/24", "192.88.99.0/24", "3fff::/20", "168.63.129.16/32")))


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet.

    `ipaddress.is_global` alone also passes multicast and the IPv6 ranges that carry an IPv4 address:
    mapped (::ffff:0:0/96), translated (64:ff9b::/96, RFC 6052) and 6to4 (2002::/16, RFC 3056). What
    counts for those is the address inside. Of the rest of IPv6 only 2000::/3 is given out (RFC 4291).
    """
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv6Address):
        inside = ip.ipv4_mapped or ip.sixtofour
        if ip in ipaddress.IPv6Network("64:ff9b::/96"):
            inside = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inside is not None:
            return is_public(str(inside))
        if ip not in ipaddress.IPv6Network("2000::/3"):
            return False
    return ip.is_global and not ip.is_multicast and not any(ip in network for network in _NOT_GIVEN_OUT)


def system_addresses(host: str, port: int) -> list[str]:
    """What the system's resolver says, in its order of preference.

    Raises:
        OSError: there is no such host.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def _checked(parts: urllib.parse.SplitResult, resolve: Resolver, allowed: Callable[[str], bool]) -> Sequence[str]:
    """The host's addresses, asked for once.

    Raises:
        ValueError: one of them is not allowed, or there is none.
        OSError: there is no such host.
    """
    host = parts.hostname or ""
    addresses = resolve(host, _port(parts))
    if not addresses or not all(allowed(address) for address in addresses):
        raise ValueError(f"{host} is not a public address")
    return addresses


def _get(parts: urllib.parse.SplitResult, addresses: Sequence[str], deadline: float) -> tuple[bytes, str | None]:
    """(body, None) of an answer, or (b"", where it redirects to)."""
    connection = _Connection(parts.hostname or "", _port(parts), addresses, deadline, tls=parts.scheme == "https")
    target = urllib.parse.quote(parts.path or "/", _SAFE)
    if parts.query:
        target += "?" + urllib.parse.quote(parts.query, _SAFE)
    try:
        connection.request("GET", target, headers={"User-Agent": "Vitrine", "Accept": "image/*"})
        response = connection.getresponse()
        location = response.headers.get("Location")
        if response.status in _REDIRECTS and location:
            return b"", location
        if response.status != http.client.OK:
            raise ValueError(f"HTTP {response.status}")
        # `length` is what the answer says of itself, None where it says nothing.
        if (response.length or 0) > MAX_BYTES:
            raise too_large(f"The picture at {parts.geturl()}", response.length or 0)
        body = response.read(MAX_BYTES + 1)
        if len(body) > MAX_BYTES:
            raise too_large(f"The picture at {parts.geturl()}", len(body))
        if response.length:
            raise ValueError(f"the answer ends {response.length} bytes early")
        return body, None
    finally:
        connection.finish()


def _port(parts: urllib.parse.SplitResult) -> int:
    """
    Raises:
        ValueError: the port is not a number up to 65,535.
    """
    return parts.port or (443 if parts.scheme == "https" else 80)


@cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()


class _Connection(http.client.HTTPConnection):
    """Connects to the addresses that were checked; the host's name stays in the Host header and in TLS."""

    def __init__(self, host: str, port: int, addresses: Sequence[str], deadline: float, *, tls: bool):
        super().__init__(host, port)
        # Of an https address the usual port is 443, which then is not part of the Host header.
        self.default_port = 443 if tls else 80
        self._addresses = addresses
        self._deadline = deadline
        self._with_tls = tls
        self._socket: socket.socket | None = None

    def connect(self) -> None:
        self._socket = self._first_that_answers()
        if self._with_tls:
            self._socket.settimeout(_remaining(self._deadline))
            self._socket = _tls().wrap_socket(self._socket, server_hostname=self.host)
        self.sock: Any = _DeadlineSocket(self._socket, self._deadline)

    def finish(self) -> None:
        """Close everything. http.client calls `close` as soon as it has read the headers of a last answer."""
        self.close()
        if self._socket is not None:
            self._socket.close()

    def _first_that_answers(self) -> socket.socket:
        error: OSError = OSError("no address")
        for address in self._addresses:
            try:
                return socket.create_connection((address, self.port), _remaining(self._deadline))
            except TimeoutError:
                raise
            except OSError as refused:
                error = refused
        raise error


class _DeadlineSocket:
    """What http.client needs of a socket, with one deadline for all reads together.

    A socket's own timeout begins anew with every byte that arrives.
    """

    def __init__(self, sock: socket.socket, deadline: float):
        self._sock = sock
        self._deadline = deadline

    def sendall(self, data: bytes) -> None:
        self._sock.settimeout(_remaining(self._deadline))
        self._sock.sendall(data)

    def makefile(self, mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Stream(self._sock, self._deadline))

    def close(self) -> None:
        """Left to `_Connection.finish`."""


class _Stream(io.RawIOBase):
    def __init__(self, sock: socket.socket, deadline: float):
        self._sock = sock
        self._deadline = deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._sock.settimeout(_remaining(self._deadline))
        return self._sock.recv_into(buffer)


def _remaining(deadline: float) -> float:
    """Seconds up to the deadline.

    Raises:
        TimeoutError: it has passed.
    """
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left
