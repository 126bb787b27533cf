"""Long runs, started by hand: ``pytest tests/soak``; a plain ``pytest`` leaves them out."""

from __future__ import annotations

import pytest

from tests.soak.mail_servers import missing, running


def pytest_collection_modifyitems(items):
    """Mark whatever lies here, and give it time."""
    for item in items:
        if "soak" in item.path.parts:
            item.add_marker(pytest.mark.soak)
            item.add_marker(pytest.mark.timeout(0))


@pytest.fixture(scope="session")
def running_servers():
    """Postfix and Dovecot, for all tests."""
    if why := missing():
        pytest.skip(why)
    with running() as servers:
        yield servers


@pytest.fixture
def servers(running_servers, monkeypatch):
    """Both servers with empty mailboxes; this computer trusts who vouches for them."""
    running_servers.empty()
    monkeypatch.setenv("SSL_CERT_FILE", str(running_servers.trusted))
    return running_servers


@pytest.fixture
def say(capsys):
    """Print a figure past what pytest catches."""

    def saying(text):
        with capsys.disabled():
            print(f"\n{text}")  # noqa: T201

    return saying
