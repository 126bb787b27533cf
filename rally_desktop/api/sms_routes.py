"""What gateways of text messages tell us: replies, and what became of what was sent.

An adapter of ``outside/sms`` knows how its gateway proves itself and what it says; whoever puts
the parts together hands it in as an ``SmsDoor``. Nothing is read before it is verified.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from rally_desktop.api.office import Office, office_of
from rally_desktop.core.errors import NotFound, Refused
from rally_desktop.core.webhook import Reply, Webhook
from rally_desktop.model.work import Work
from rally_desktop.outside.secrets import Vault

# Raises NotFound where there is no such gateway, and Refused where the request is not from it.
SmsDoor = Callable[[Work, str, Webhook, Vault], Reply]
_GATEWAY = re.compile(r"[a-z0-9-]{1,40}")
_REFUSED = Response("That was not sent by the gateway.\n", 403, media_type="text/plain")


def routes(door: SmsDoor) -> tuple[Route, ...]:
    """Return the route by which requests of gateways come to their adapters."""

    async def take(request: Request) -> Response:
        office, gateway = office_of(request), request.path_params["gateway"]
        if not _GATEWAY.fullmatch(gateway):
            return Response(status_code=404)
        asked = Webhook(_address(office, request), dict(request.headers), await request.body())
        try:
            reply = await office.write(door, gateway, asked, office.vault)
        except NotFound:
            return Response(status_code=404)
        except Refused:
            return _REFUSED
        return Response(reply.body, reply.status, media_type=reply.type)

    return (Route("/v1/sms/{gateway}", take, methods=["POST"]),)


def _address(office: Office, request: Request) -> str:
    """Return the address as the gateway wrote it: what it signs is that, not ours behind it."""
    query = request.url.query
    base = office.settings.base or str(request.base_url).rstrip("/")
    return f"{base}{request.url.path}{f'?{query}' if query else ''}"
