"""Signatures of accounts: what stands below a message, with the name of whoever it is from."""

from __future__ import annotations

from markupsafe import escape
from sqlalchemy import select

from rally_desktop.core import merge
from rally_desktop.model.tables import user_account
from rally_desktop.model.work import Work
from rally_desktop.services.mail_accounts import Account

# What mail programs know a signature by (RFC 3676, 4.3).
_RULE = "\n\n-- \n"


def under(
    work: Work, account: Account, text: str, html: str, user_id: int | None, *, automated: bool
) -> tuple[str, str]:
    """Return a message's text and HTML with the account's signature below, where it is wanted.

    The sender is the user who writes or, in an automated message, the contact's owner.
    """
    wanted = account.signs_automated if automated else account.signs_by_hand
    if not wanted or not (account.signature or account.signature_html):
        return text, html
    below, rich = of(work, account, user_id)
    signed = f"{text.rstrip()}{_RULE}{below}\n" if text and below else text
    return signed, into(html, rich) if html and rich else html


def of(work: Work, account: Account, user_id: int | None) -> tuple[str, str]:
    """Return the signature as text and as HTML, for one sender."""
    data = _data(work, account, user_id)
    text = merge.compile_template(account.signature).render(data)
    if account.signature_html:
        return text, merge.compile_template(account.signature_html, html=True).render(data)
    return text, "<br>".join(str(escape(line)) for line in text.split("\n")) if text else ""


def _data(work: Work, account: Account, user_id: int | None) -> dict[str, dict[str, str]]:
    columns = user_account.c
    query = select(columns.name, columns.email).where(columns.id == user_id)
    known = work.connection.execute(query).one_or_none() if user_id is not None else None
    own = account.sender
    name, email = (known.name, known.email or own.address) if known else (own.name, own.address)
    return {
        "sender": {"name": name, "email": email},
        "account": {"name": own.name, "email": own.address},
    }


def into(html: str, rich: str) -> str:
    """Put something at the end of a page, such as the signature, before its body closes."""
    block = f'<div style="margin-top:16px">{rich}</div>'
    at = html.lower().rfind("</body>")
    return f"{html}{block}" if at < 0 else f"{html[:at]}{block}{html[at:]}"
