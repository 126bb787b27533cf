"""Pictures of a message are fetched from public servers alone, and only if they are pictures."""

from __future__ import annotations

import pytest

from rally_desktop.outside import http
from rally_desktop.outside.mail import pictures
from tests.web_server import WebServer, answer


@pytest.fixture
def asking_here(monkeypatch):
    """Let a server on this computer count as a public one."""
    ask = http.ask
    allowed = ("127.0.0.1",)
    monkeypatch.setattr(pictures, "ask", lambda request: ask(request, allowed))


def test_a_server_inside_the_network_is_not_asked():
    """A message cannot make this computer knock at the office's own doors."""
    with WebServer(answer(200, b"x", b"Content-Type: image/png\r\n")) as server:
        assert pictures.fetch([f"{server.url}/1.png"]) == {}
        assert server.requests == []


@pytest.mark.parametrize(
    ("status", "kind", "had"),
    [(200, b"image/png", 1), (200, b"image/svg+xml", 0), (200, b"text/html", 0),
     (404, b"image/png", 0)],
)  # fmt: skip
def test_only_pictures_are_taken(asking_here, status, kind, had):
    """What is no picture of a usual kind, or is not there, is left out."""
    with WebServer(answer(status, b"x", b"Content-Type: " + kind + b"\r\n")) as server:
        assert len(pictures.fetch([f"{server.url}/1"])) == had
        assert b"cookie" not in server.requests[0].lower()


def test_fetching_can_be_stopped(asking_here):
    """Who closes the program does not wait for pictures."""
    assert pictures.fetch(["http://127.0.0.1:1/1.png"], lambda: True) == {}
