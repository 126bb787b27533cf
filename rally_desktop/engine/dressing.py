"""How messages get the links they go out with: signed with the key that the keyring unseals."""

from __future__ import annotations

from collections.abc import Sequence

from rally_desktop.core.errors import NotFound
from rally_desktop.model.work import Work
from rally_desktop.outside.secrets import Locked, Vault
from rally_desktop.services import mail_links, web
from rally_desktop.services.outbox import Parcel


class Dressing:
    """Dresses messages; on a computer without the key they go out with no link of ours."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._key: bytes | None = None

    def __call__(self, work: Work, parcels: Sequence[Parcel]) -> list[Parcel]:
        """Return the messages as they are to go out."""
        if self._key is None and parcels and web.base(work):
            self._key = self._unsealed(work)
        return mail_links.dress(work, parcels, self._key)

    def _unsealed(self, work: Work) -> bytes | None:
        try:
            return web.key(work, self._vault)
        except (NotFound, Locked):
            return None
