"""Asking a web server: deadlines, caps, and whom one may ask."""

from __future__ import annotations

import asyncio

import pytest

from rally_desktop.outside.addresses import is_public
from rally_desktop.outside.http import LARGEST_ANSWER, Request, RequestFailed, ask
from tests.mail_server import certified
from tests.web_server import WebServer, answer, raw


def asked(server, path="/", **values):
    """The answer of a server of ours to one request."""
    request = Request(values.pop("method", "GET"), server.url + path, **values)
    return asyncio.run(ask(request, {server.host}))


def failure(server, **values):
    """What went wrong with one request."""
    with pytest.raises(RequestFailed) as caught:
        asked(server, **values)
    return caught.value


def test_a_server_is_asked_and_answers():
    """Method, address, headers and body arrive as they were said, and the answer comes back."""
    with WebServer(answer(201, b'{"id": 7}')) as server:
        got = asked(server, "/a b?c=ü", method="POST", headers=(("X-Key", "1"),), body=b"hi")
        assert (got.status, got.body) == (201, b'{"id": 7}')
        head, body = server.requests[0].split(b"\r\n\r\n")
        assert head.startswith(b"POST /a%20b?c=%C3%BC HTTP/1.1")
        assert b"X-Key: 1" in head
        assert body == b"hi"


@pytest.mark.parametrize("status", [301, 404, 429, 500])
def test_every_status_is_an_answer(status):
    """A refusal is an answer like any other; nothing is followed unasked."""
    with WebServer(answer(status, head=b"Location: http://127.0.0.1/\r\n")) as server:
        assert asked(server).status == status
        assert len(server.requests) == 1


def test_a_server_that_drips_is_left_in_time():
    """The deadline is for the whole answer, not for each byte."""
    with WebServer() as server:
        server.reactions = [server.drip]
        error = failure(server, seconds=1)
        assert (error.lost, error.permanent) == (True, False)


def test_a_server_that_says_nothing_is_left_in_time():
    """Whether it acted nobody knows."""
    with WebServer() as server:
        server.reactions = [server.silent]
        assert failure(server, seconds=1, method="POST").lost


@pytest.mark.parametrize(
    "said",
    [b"\x00\xff" * 99, b"HTTP/1.1 OK\r\n\r\n", b"", b"HTTP/1.1 200 OK\r\nA: " + b"x" * 99_999,
     b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nshort"],
    ids=range(5),
)  # fmt: skip
def test_rubbish_is_no_answer(said):
    """What is not HTTP, too long a head, or half an answer is told, and may have been lost."""
    with WebServer(raw(said)) as server:
        assert failure(server).lost


def test_a_huge_answer_is_cut():
    """No more than a megabyte is read, whatever is sent."""
    with WebServer(answer(body=b"x" * (3 * LARGEST_ANSWER))) as server:
        got = asked(server)
        assert got.cut
        assert len(got.body) == LARGEST_ANSWER


def test_nobody_at_home_is_not_lost():
    """Where nothing could be sent, asking again is safe."""
    with WebServer() as server:
        pass
    error = failure(server)
    assert (error.lost, error.permanent) == (False, False)


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1/", "http://localhost/", "http://[::1]/", "http://169.254.169.254/latest",
     "http://2130706433/", "http://0x7f.1/", "http://[::ffff:10.0.0.1]/", "http://10.1.2.3/"],
)  # fmt: skip
def test_what_is_inside_a_network_is_not_asked(url):
    """Whatever it is written as, an address that is not public is refused for good."""
    with pytest.raises(RequestFailed, match="inside a network") as caught:
        asyncio.run(ask(Request("GET", url)))
    assert caught.value.permanent


def test_another_port_of_an_allowed_server_is_refused():
    """Allowed with a port is allowed there alone."""
    with WebServer() as server, pytest.raises(RequestFailed, match="inside a network"):
        asyncio.run(ask(Request("GET", server.url), {f"127.0.0.1:{server.port + 1}"}))


def test_a_redirect_into_the_network_is_refused():
    """Each redirect is looked at as the first address was."""
    inside = WebServer()
    away = answer(302, head=b"Location: %s/\r\n" % inside.url.encode())
    with inside, WebServer(away) as server:
        error = failure(server, redirects=True)
        assert "inside a network" in str(error)
        assert inside.requests == []


def test_a_redirect_takes_no_headers_to_another_server():
    """What was said to one server is not told to the next."""
    with WebServer(answer(body=b"there")) as there:
        away = answer(302, head=b"Location: %s/x\r\n" % there.url.encode())
        with WebServer(away) as here:
            request = Request("GET", here.url, (("Authorization", "s3cret"),), redirects=True)
            got = asyncio.run(ask(request, {here.host, there.host}))
        assert got.body == b"there"
        assert b"s3cret" not in there.requests[0]


def test_redirects_in_circles_end():
    """Three redirects are followed, no more."""
    with WebServer(answer(302, head=b"Location: /\r\n")) as server:
        assert "in circles" in str(failure(server, redirects=True))
        assert len(server.requests) == 4


@pytest.mark.parametrize(
    "where", [b"http://[", b"//", b"ftp://x/", b"http://\xff\xfe/", b"http://.x/"]
)
def test_a_redirect_to_nowhere_is_told(where):
    """Whatever a server writes as an address, the answer is an error and no accident."""
    with WebServer(answer(302, head=b"Location: %s\r\n" % where)) as server:
        assert failure(server, redirects=True)


@pytest.mark.parametrize(
    "header", [("Host", "x"), ("X-A", "a\r\nX-B: b"), ("X A", "b"), ("content-length", "1")]
)
def test_headers_smuggle_nothing_in(header):
    """A line break, or a header that is ours to set, is refused before anything is sent."""
    with WebServer() as server:
        assert failure(server, headers=(header,)).permanent
        assert server.requests == []


@pytest.mark.parametrize(
    "url", ["ftp://x/", "http://", "https://a@b/", "nothing", "http://x:99999/"]
)
def test_what_is_no_address_is_refused(url):
    """An address has a scheme of the web and a server, and no password."""
    with pytest.raises(RequestFailed, match="must begin with"):
        asyncio.run(ask(Request("GET", url)))


def test_https_looks_at_the_certificate(tmp_path):
    """A server must be the one it says it is; then all is as without."""
    serving, trusting = certified(tmp_path)
    with WebServer(answer(body=b"safe"), tls=serving) as server:
        url = f"https://localhost:{server.port}/"
        allowed = {f"localhost:{server.port}"}
        assert asyncio.run(ask(Request("GET", url), allowed, trusting)).body == b"safe"
        with pytest.raises(RequestFailed, match="not secure") as caught:
            asyncio.run(ask(Request("GET", url), allowed))
        assert (caught.value.permanent, caught.value.lost) == (True, False)


def test_a_certificate_for_another_host_is_refused(tmp_path):
    """A certificate that names another server is not good enough."""
    serving, trusting = certified(tmp_path, host="api.example.com")
    with WebServer(tls=serving) as server:
        request = Request("GET", f"https://localhost:{server.port}/")
        with pytest.raises(RequestFailed, match="not secure"):
            asyncio.run(ask(request, {"localhost"}, trusting))
        assert server.requests == []


@pytest.mark.parametrize(
    ("address", "public"),
    [("8.8.8.8", True), ("2606:4700::1111", True), ("::ffff:8.8.8.8", True), ("10.0.0.1", False),
     ("100.64.1.1", False), ("168.63.129.16", False), ("64:ff9b::7f00:1", False), ("::", False),
     ("2002:7f00:1::", False), ("fe80::1%eth0", False), ("fd00:ec2::254", False),
     ("::127.0.0.1", False), ("224.0.0.1", False), ("0.0.0.0", False)],
)  # fmt: skip
def test_public_addresses_are_told_from_others(address, public):
    """IPv4 addresses hidden in IPv6 ones, link-local and metadata addresses are none."""
    assert is_public(address) is public
