"""A doorbell rings when mail comes, and says so where it cannot."""

import asyncio

import pytest

from rally_desktop.outside.mail.doorbell import Doorbell, NoBell
from rally_desktop.outside.mail.imap import Place
from tests.mailbox_server import serving


@pytest.fixture
def server():
    """An IMAP server."""
    with serving() as server:
        yield server


def listen(server, act, *, renewed_after=60.0, password="secret", token=None):
    """Listen while ``act`` runs; return how often it rang."""
    rung = []
    place = Place("127.0.0.1", server.port, "none", "hello", password, token)

    async def both():
        bell = Doorbell(place, lambda: rung.append(1), renewed_after=renewed_after)
        listening = asyncio.create_task(bell.listen(password))
        async with asyncio.timeout(60):
            while not server.sessions and not listening.done():
                await asyncio.sleep(0.005)
            await act(rung, listening)
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)

    asyncio.run(both())
    return len(rung)


def test_a_line_in_two_pieces_rings_once(server):
    """What comes split, with news of other things around it, is one piece of news."""

    async def act(rung, listening):
        for piece in (b"* OK still here\r\n* 7 EX", b"ISTS\r\n* 3 FETCH (FLAGS ())\r\n"):
            server.push(piece)
            await asyncio.sleep(0.02)
        while not rung:
            await asyncio.sleep(0.005)

    assert listen(server, act) == 1


def test_what_goes_does_not_ring(server):
    """Messages that are taken away are no news; the next that comes is."""

    async def act(rung, listening):
        server.push(b"* 2 EXISTS\r\n* 1 EXPUNGE\r\n* 1 EXPUNGE\r\n* 1 EXISTS\r\n")
        while len(rung) < 2:
            await asyncio.sleep(0.005)

    assert listen(server, act) == 2


def test_waiting_begins_anew_before_the_server_hangs_up(server):
    """After the time that servers allow, it says DONE and waits again."""

    async def act(rung, listening):
        while sum(said.startswith("IDLE") for said in server.said) < 3:
            await asyncio.sleep(0.005)

    assert listen(server, act, renewed_after=0.02) == 0


@pytest.mark.parametrize("fault", ["no idle", "password"])
def test_a_server_that_does_not_tell_is_left_alone(server, fault):
    """Without IDLE, or without being let in, there is no bell, and it says so."""
    server.idles = fault != "no idle"
    server.password = "another" if fault == "password" else "secret"

    async def act(rung, listening):
        with pytest.raises(NoBell):
            await listening

    assert listen(server, act) == 0


def test_a_server_that_hangs_up_is_noticed(server):
    """A connection that breaks off ends the listening, so that somebody can begin anew."""

    async def act(rung, listening):
        server.push(b"* BYE for now\r\n")
        with pytest.raises(ConnectionResetError):
            await listening

    assert listen(server, act) == 0


@pytest.mark.parametrize("token", ["secret", "over"])
def test_who_signed_in_listens_by_token(server, token):
    """A token opens the door as a password does; one that is over does not, and that is said."""

    async def fresh(refused):
        return token

    async def act(rung, listening):
        if token == "over":
            with pytest.raises(NoBell):
                await listening
        else:
            server.push(b"* 1 EXISTS\r\n")
            while not rung:
                await asyncio.sleep(0.005)

    assert listen(server, act, password=token, token=fresh) == (token == "secret")
