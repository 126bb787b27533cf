"""The web service put together: routes behind the gate, and what a stranger sees of a fault."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from rally_desktop.api import form_routes, mail_routes, sequence_routes, sms_routes
from rally_desktop.api.gate import TOO_MUCH, Gate, TooMuch
from rally_desktop.api.office import Busy, Office
from rally_desktop.api.sms_routes import SmsDoor
from rally_desktop.core.errors import RallyError


async def alive(request: Request) -> Response:
    """Say that the service is there: what a reverse proxy is tried with."""
    return PlainTextResponse("Rally Desktop answers here.\n")


def _nothing(request: Request, error: Exception) -> Response:
    return PlainTextResponse("There is nothing here.\n", 404)


def _not_so(request: Request, error: Exception) -> Response:
    return PlainTextResponse("That cannot be done here.\n", 405)


def _busy(request: Request, error: Exception) -> Response:
    said = "So many ask at once. Please try again in a moment.\n"
    return PlainTextResponse(said, 503, {"retry-after": "5"})


def _left(request: Request, error: Exception) -> Response:
    """Answer nobody: whoever asked hung up before all of it was said."""
    return PlainTextResponse("", 400)


def _trouble(request: Request, error: Exception) -> Response:
    """Say no more than that it did not work: what went wrong is the office's own business."""
    return PlainTextResponse("That did not work. Please try again later.\n", 503)


def site(office: Office, door: SmsDoor | None = None) -> ASGIApp:
    """Return the whole service as one application."""
    routes = [
        Route("/v1/alive", alive),
        *mail_routes.ROUTES,
        *form_routes.ROUTES,
        *sequence_routes.ROUTES,
    ]
    if door is not None:
        routes += sms_routes.routes(door)
    app = Starlette(
        routes=routes,
        exception_handlers={
            404: _nothing,
            405: _not_so,
            Busy: _busy,
            RallyError: _trouble,
            ClientDisconnect: _left,
            TooMuch: lambda request, error: TOO_MUCH.response(),
        },
    )
    app.router.redirect_slashes = False
    app.state.office = office
    return Gate(app, office.settings)
