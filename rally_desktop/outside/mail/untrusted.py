"""Why a server is not spoken to: its certificate, or its way of encrypting; and what to do."""

from __future__ import annotations

import ssl

from rally_desktop.outside.mail.base import Security

# What OpenSSL calls them (X509_V_ERR_…).
_NOT_YET, _EXPIRED = 9, 10
_UNKNOWN = (18, 19, 20, 21)
_MISNAMED = (62, 64)


def why(host: str, port: int, security: Security, error: ssl.SSLError, usual: int) -> str:
    """Return why nothing was said to a server, and what to do; ``usual`` is the port for TLS."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"{_certificate(host, error)} Nothing was sent to it, the password least of all."
    if security == "starttls":
        return (
            f"{host} offers STARTTLS on port {port} and then does not encrypt. Choose TLS (often "
            f"port {usual}), or ask the provider; nothing is sent without encryption."
        )
    return (
        f"{host} does not speak TLS on port {port}. Choose STARTTLS, or the port for TLS (often "
        f"{usual})."
    )


def _certificate(host: str, error: ssl.SSLCertVerificationError) -> str:
    code, said = error.verify_code, error.verify_message or "it does not verify"
    if code == _EXPIRED:
        return (
            f"The certificate of {host} has expired. Check this computer’s date; if that is right, "
            "the provider has to renew the certificate."
        )
    if code == _NOT_YET:
        return f"The certificate of {host} is not valid yet. Check this computer’s date and time."
    if code in _MISNAMED:
        return (
            f"The certificate is not made out to ‘{host}’. Type the server’s name as the provider "
            "writes it; behind this one may be another computer."
        )
    if code in _UNKNOWN:
        return (
            f"Nobody whom this computer trusts vouches for the certificate of {host} ({said}). "
            "Check the server’s name. If it is the office’s own server, this computer has to "
            "trust whoever issued its certificate."
        )
    return f"The certificate of {host} cannot be trusted ({said}). Check the server’s name."
