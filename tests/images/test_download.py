"""What is fetched from where: real listeners on loopback, and resolvers that lie."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

import pytest

from search import images
from search.errors import ImageError
from search.images import download

#: Stands for the public internet in these tests; 127.0.0.1 stays what it is, the server's own.
OUTSIDE, INSIDE = "127.0.0.2", "127.0.0.1"

Serve = Callable[[socket.socket, bytes], None]


@dataclass
class Listener:
    """A server that notes everything that is sent to it, and every connection even if nothing is."""

    port: int
    connections: int = 0
    requests: list[bytes] = field(default_factory=list)
    problems: list[BaseException] = field(default_factory=list)

    @property
    def targets(self) -> list[str]:
        return [request.split(b" ")[1].decode() for request in self.requests]


@contextmanager
def listening(address: str, serve: Serve, port: int = 0) -> Iterator[Listener]:
    with socket.socket() as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.bind((address, port))
        server.listen()
        seen = Listener(server.getsockname()[1])

        def loop() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                seen.connections += 1
                with connection, suppress(OSError):
                    connection.settimeout(5)
                    request = b""
                    while b"\r\n\r\n" not in request and (more := connection.recv(4096)):
                        request += more
                    seen.requests.append(request)
                    serve(connection, request)

        thread = threading.Thread(target=loop, daemon=True)
        thread.start()
        try:
            yield seen
        finally:
            server.shutdown(socket.SHUT_RDWR)
            thread.join(10)


def answer(body: bytes, *headers: str, status: str = "200 OK") -> Serve:
    head = "\r\n".join([f"HTTP/1.1 {status}", *headers, "Connection: close", "", ""]).encode()
    return lambda connection, request: connection.sendall(head + body)


def redirect(location: str) -> Serve:
    return answer(b"", f"Location: {location}", "Content-Length: 0", status="302 Found")


def outside(address: str) -> bool:
    return address == OUTSIDE


class Resolver:
    """Says one address after the other of every host, the last one for ever; notes what it was asked."""

    def __init__(self, *addresses: str):
        self.addresses = list(addresses)
        self.asked: list[tuple[str, int]] = []

    def __call__(self, host: str, port: int) -> list[str]:
        self.asked.append((host, port))
        return [self.addresses[min(len(self.asked), len(self.addresses)) - 1]]


def test_a_picture_comes_with_the_name_of_its_host_and_nothing_else():
    with listening(OUTSIDE, answer(b"picture", "Content-Length: 7")) as shop:
        url = f"http://user:secret@shop.example:{shop.port}/a b/图.jpg?size=2&x=%20#top"
        assert download.fetch(url, resolve=Resolver(OUTSIDE), allowed=outside) == b"picture"
    (request,) = shop.requests
    assert shop.targets == ["/a%20b/%E5%9B%BE.jpg?size=2&x=%20"]
    assert f"\r\nHost: shop.example:{shop.port}\r\n".encode() in request
    assert b"secret" not in request


@pytest.mark.parametrize(
    "body",
    [
        answer(b"3\r\npic\r\n4\r\nture\r\n0\r\n\r\n", "Transfer-Encoding: chunked"),
        answer(b"picture"),
    ],
    ids=["in pieces", "up to the end"],
)
def test_an_answer_without_a_length_is_read_to_its_end(body):
    with listening(OUTSIDE, body) as shop:
        assert fetch(shop) == b"picture"


def test_a_name_that_answers_differently_the_second_time_is_not_asked_a_second_time():
    """DNS rebinding: public while it is checked, the server's own address when it is connected to."""
    resolve = Resolver(OUTSIDE, INSIDE)
    with (
        listening(OUTSIDE, answer(b"picture", "Content-Length: 7")) as shop,
        listening(INSIDE, answer(b"secret", "Content-Length: 6"), shop.port) as neighbour,
    ):
        fetched = download.fetch(f"http://shop.example:{shop.port}/", resolve=resolve, allowed=outside)
    assert fetched == b"picture"
    assert resolve.asked == [("shop.example", shop.port)]
    assert neighbour.connections == 0


def test_a_name_of_an_inner_address_is_not_connected_to():
    with listening(INSIDE, answer(b"secret", "Content-Length: 6")) as neighbour:
        for url in (f"http://shop.example:{neighbour.port}/", f"http://{INSIDE}:{neighbour.port}/"):
            with pytest.raises(ImageError, match="not a public address"):
                download.fetch(url, resolve=Resolver(INSIDE), allowed=outside)
    assert neighbour.connections == 0


def test_one_inner_address_among_several_is_enough_to_refuse():
    with listening(OUTSIDE, answer(b"picture", "Content-Length: 7")) as shop:
        url = f"http://shop.example:{shop.port}/"
        with pytest.raises(ImageError, match="not a public address"):
            download.fetch(url, resolve=lambda host, port: [OUTSIDE, INSIDE], allowed=outside)
    assert shop.connections == 0


def test_by_default_loopback_is_refused_however_it_is_written():
    with listening(INSIDE, answer(b"secret", "Content-Length: 6")) as neighbour:
        for host in (
            "127.0.0.1", "localhost", "2130706433", "0x7f.1", "0177.0.0.1", "0.0.0.0", "[::1]", "[::ffff:127.0.0.1]",
        ):  # fmt: skip
            with pytest.raises(ImageError) as refused:
                images.fetch(f"http://{host}:{neighbour.port}/x.jpg")
            assert refused.value.code == "image_url"
            assert refused.value.remedy
    assert neighbour.connections == 0


@pytest.mark.parametrize(
    "location", ["http://{inside}/", "//{inside}/", "http://inner.example:{port}/"], ids=["address", "relative", "name"]
)
def test_a_redirect_must_not_lead_where_a_request_may_not_go(location):
    with listening(INSIDE, answer(b"secret", "Content-Length: 6")) as neighbour:
        target = location.format(inside=f"{INSIDE}:{neighbour.port}", port=neighbour.port)
        with listening(OUTSIDE, redirect(target)) as shop, pytest.raises(ImageError, match="not a public address"):
            download.fetch(
                f"http://shop.example:{shop.port}/",
                resolve=lambda host, port: [OUTSIDE if host == "shop.example" else INSIDE],
                allowed=outside,
            )
    assert len(shop.requests) == 1
    assert neighbour.connections == 0


@pytest.mark.parametrize("location", ["file:///etc/passwd", "ftp://shop.example/x", "gopher://shop.example/"])
def test_a_redirect_stays_with_http(location):
    with listening(OUTSIDE, redirect(location)) as shop, pytest.raises(ImageError, match="not a web address"):
        fetch(shop)


def test_a_redirect_within_the_shop_is_followed_and_its_host_looked_up_anew():
    def serve(connection: socket.socket, request: bytes) -> None:
        moved = redirect("/large.jpg") if request.startswith(b"GET / ") else answer(b"picture", "Content-Length: 7")
        moved(connection, request)

    with listening(OUTSIDE, serve) as shop:
        resolve = Resolver(OUTSIDE)
        assert download.fetch(f"http://shop.example:{shop.port}/", resolve=resolve, allowed=outside) == b"picture"
    assert shop.targets == ["/", "/large.jpg"]
    assert len(resolve.asked) == 2


def test_redirects_end():
    with listening(OUTSIDE, redirect("/again")) as shop, pytest.raises(ImageError, match="more than 5 times"):
        fetch(shop)
    assert len(shop.requests) == 1 + download.MAX_REDIRECTS


@pytest.mark.parametrize(
    "trickle",
    [lambda c: c.sendall(b"H"), lambda c: c.sendall(b"HTTP/1.1 200 OK\r\nX: " + b"x"), lambda c: None],
    ids=["first line", "headers", "nothing at all"],
)
def test_the_time_limit_is_for_all_of_it_not_for_each_byte(trickle):
    def serve(connection: socket.socket, request: bytes) -> None:
        trickle(connection)
        while True:
            time.sleep(0.05)
            connection.sendall(b"x")

    with listening(OUTSIDE, serve) as shop:
        began = time.monotonic()
        with pytest.raises(ImageError, match=r"longer than 0\.5 seconds"):
            fetch(shop, seconds=0.5)
        assert time.monotonic() - began < 3


def test_a_body_that_drips_is_given_up_too():
    def serve(connection: socket.socket, request: bytes) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        while True:
            time.sleep(0.05)
            connection.sendall(b"x")

    with listening(OUTSIDE, serve) as shop, pytest.raises(ImageError, match=r"longer than 0\.5 seconds"):
        fetch(shop, seconds=0.5)


def test_redirects_share_one_time_limit():
    def serve(connection: socket.socket, request: bytes) -> None:
        time.sleep(0.3)
        redirect("/again")(connection, request)

    with listening(OUTSIDE, serve) as shop, pytest.raises(ImageError, match=r"longer than 0\.5 seconds"):
        fetch(shop, seconds=0.5)


def test_a_large_answer_is_refused_whether_it_says_so_or_not():
    limit = images.MAX_BYTES
    says_so = answer(b"", f"Content-Length: {limit + 1}")
    with listening(OUTSIDE, says_so) as shop, pytest.raises(ImageError, match="limit is 32 MB") as refused:
        fetch(shop)
    assert refused.value.code == "image_bytes"
    with listening(OUTSIDE, answer(bytes(limit + 1))) as shop, pytest.raises(ImageError, match="limit is 32 MB"):
        fetch(shop, seconds=60)
    with listening(OUTSIDE, answer(bytes(limit))) as shop:
        assert len(fetch(shop, seconds=60)) == limit


@pytest.mark.parametrize(
    ("serve", "said"),
    [
        (answer(b"gone", status="404 Not Found"), "HTTP 404"),
        (answer(b"", status="302 Found"), "HTTP 302"),
        (answer(b"pic", "Content-Length: 7"), "4 bytes early"),
        (lambda connection, request: connection.sendall(b"SSH-2.0\r\n"), "SSH-2.0"),
        (lambda connection, request: None, "closed connection"),
    ],
    ids=["status", "redirect to nowhere", "cut off", "another protocol", "no answer"],
)
def test_what_is_no_picture_is_one_sentence(serve, said):
    with listening(OUTSIDE, serve) as shop, pytest.raises(ImageError, match=f"cannot be fetched.*{said}"):
        fetch(shop)


@pytest.mark.parametrize("url", ["", "http://", "https:///x.jpg", "file:///etc/passwd", "ftp://x/y", "//x/y", "x.jpg"])
def test_what_is_no_web_address_is_refused(url):
    with pytest.raises(ImageError, match="not a web address"):
        images.fetch(url)


@pytest.mark.parametrize("url", ["http://shop.example:99999/", "http://[::1/", "http://shop.example:-1/"])
def test_a_malformed_address_is_one_sentence(url):
    with pytest.raises(ImageError, match="cannot be fetched"):
        images.fetch(url)


def test_the_next_address_is_tried_where_one_does_not_answer():
    with listening(OUTSIDE, answer(b"picture", "Content-Length: 7")) as shop:
        addresses = ["127.0.0.3", OUTSIDE]  # nobody listens on the first
        url = f"http://shop.example:{shop.port}/"
        assert download.fetch(url, resolve=lambda host, port: addresses, allowed=addresses.__contains__) == b"picture"


def test_tls_is_asked_for_under_the_hosts_name():
    """The certificate has to be of the host, not of the address; without one the server is refused."""
    names = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.sni_callback = lambda connection, name, _: names.append(name)
    with socket.socket() as server:
        server.bind((OUTSIDE, 0))
        server.listen()

        def serve() -> None:
            with suppress(OSError):
                connection, _ = server.accept()
                with connection:
                    context.wrap_socket(connection, server_side=True)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        url = f"https://shop.example:{server.getsockname()[1]}/x.jpg"
        with pytest.raises(ImageError, match="cannot be fetched"):
            download.fetch(url, resolve=Resolver(OUTSIDE), allowed=outside)
        thread.join(10)
    assert names == ["shop.example"]


def test_a_certificate_is_checked():
    context = download._tls()
    assert context.check_hostname
    assert context.verify_mode == ssl.CERT_REQUIRED


@pytest.mark.parametrize(
    ("public", "addresses"),
    [
        (True, ["93.184.216.34", "8.8.8.8", "2606:4700:4700::1111", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2002:808:808::"]),
        (False, ["127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0", "0.1.2.3"]),
        (False, ["100.64.0.1", "192.0.0.1", "198.18.0.1", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255"]),
        (False, ["::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12::1", "fec0::1", "ff02::1", "2001:db8::1"]),
        (False, ["::ffff:127.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1", "::ffff:0:127.0.0.1"]),
        (False, ["64:ff9b::7f00:1", "64:ff9b::10.0.0.1", "64:ff9b:1::a00:1", "2002:7f00:1::", "2002:a00:1::", "2001::1"]),
    ],
    ids=["public", "private", "shared, test, multicast", "IPv6", "IPv4 in IPv6", "translated and tunnelled"],
)  # fmt: skip
def test_which_addresses_are_public(public, addresses):
    wrong = [address for address in addresses if download.is_public(address) is not public]
    assert wrong == []


def fetch(shop: Listener, seconds: float = 10.0) -> bytes:
    """From the listener, as a host of the internet."""
    url = f"http://shop.example:{shop.port}/"
    return download.fetch(url, resolve=Resolver(OUTSIDE), allowed=outside, seconds=seconds)
