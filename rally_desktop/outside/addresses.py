"""Which addresses of the network a workflow may reach: public ones, and those the office named."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Collection
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from rally_desktop.core.errors import RallyError

Address = IPv4Address | IPv6Address

# What clouds tell their own machines, where the address itself looks like any other.
_METADATA = {ip_address("168.63.129.16"), ip_address("100.100.100.200")}
# IPv4 addresses written as IPv6 ones (RFC 6052), behind which anything may hide.
_TRANSLATED = IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48")
# The only part of IPv6 that is given to public servers (RFC 4291).
_GLOBAL = IPv6Network("2000::/3")


class NotPublic(RallyError):
    """That address is inside a network, and requests of workflows go to public servers alone."""


class NoAddress(RallyError):
    """There is no server of that name, or nobody could be asked."""


async def resolve(host: str, port: int, allowed: Collection[str]) -> str:
    """Return the address to connect to; raise NotPublic where a name leads into a network.

    Whoever connects must use this very address: asked again, a name may lead elsewhere.
    """
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NoAddress(f"There is no server ‘{host}’, or the network is down.") from error
    addresses = [str(entry[4][0]) for entry in found]
    if host not in allowed and f"{host}:{port}" not in allowed:
        for address in addresses:
            if not is_public(address):
                raise NotPublic(
                    f"‘{host}’ is inside a network ({address}). If workflows may reach it, allow "
                    "it in the safeguards."
                )
    return addresses[0]


def is_public(text: str) -> bool:
    """Say whether an address is a public server's, whatever it is written as."""
    address = _plain(ip_address(text.partition("%")[0]))
    if address in _METADATA or address.is_multicast or not address.is_global:
        return False
    return isinstance(address, IPv4Address) or address in _GLOBAL


def _plain(address: Address) -> Address:
    """Return the IPv4 address that an IPv6 one stands for, where it does."""
    if isinstance(address, IPv4Address):
        return address
    if address.ipv4_mapped or address.sixtofour:
        return address.ipv4_mapped or address.sixtofour or address
    if any(address in net for net in _TRANSLATED):
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address
