"""The few pages that strangers see: plain HTML without a script, in light and dark."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from hashlib import sha256
from html import escape

from starlette.responses import HTMLResponse

STYLE = (
    ":root{color-scheme:light dark;--ink:#1c2330;--sub:#5b6472;--paper:#fff;--ground:#f3f4f7;"
    "--line:#d5d9e0;--box:#868e9c;--accent:#2f5fd0;--on:#fff;--bad:#a8322d}"
    "@media(prefers-color-scheme:dark){:root{--ink:#e8eaf0;--sub:#a2aab8;--paper:#1d222b;"
    "--ground:#14181f;--line:#39414e;--box:#6f7988;--accent:#7ea2ff;--on:#10151f;--bad:#ff8f88}}"
    "*{box-sizing:border-box}body{margin:0;background:var(--ground);color:var(--ink);"
    "font:16px/1.5 system-ui,sans-serif}"
    "main{max-width:30rem;margin:clamp(1.5rem,12vh,7rem) auto 3rem;padding:2rem;"
    "background:var(--paper);border:1px solid var(--line);border-radius:12px;"
    "overflow-wrap:anywhere}"
    "main>:last-child{margin-bottom:0}"
    "h1{font-size:1.35rem;line-height:1.3;margin:0 0 1rem}p{margin:0 0 1rem}"
    "ul{margin:-.5rem 0 1rem;padding-left:1.25rem}"
    ".sub{color:var(--sub);margin-top:-.5rem}.bad{color:var(--bad)}form{margin:0 0 .75rem}"
    "label{display:block;margin:0 0 1.1rem;font-weight:600}"
    "label .bad{display:block;font-size:.9rem;font-weight:400;margin-top:.25rem}"
    "label.tick{display:flex;gap:.7rem;font-weight:400;align-items:flex-start}"
    "label.tick input{width:1.15rem;height:1.15rem;margin:.18rem 0 0;flex:none}"
    "input,select,textarea{width:100%;margin-top:.3rem;padding:.6rem .7rem;font:inherit;"
    "font-weight:400;color:inherit;background:var(--paper);border:1px solid var(--box);"
    "border-radius:8px;accent-color:var(--accent)}"
    "[aria-invalid]{border-color:var(--bad)}"
    "button{width:100%;padding:.7rem 1rem;font:inherit;font-weight:600;border-radius:8px;"
    "border:1px solid var(--accent);background:var(--accent);color:var(--on);cursor:pointer}"
    "button:hover{filter:brightness(1.08)}"
    "button.quiet{background:none;color:var(--accent);border-color:var(--box)}"
    "button:focus-visible,input:focus-visible,select:focus-visible,textarea:focus-visible"
    "{outline:3px solid var(--accent);outline-offset:2px}"
    ".aside{position:absolute;left:-9999px;width:1px;height:1px;overflow:hidden}"
    "@media(max-width:33rem){body{background:var(--paper)}"
    "main{margin:0 auto;padding:1.5rem 1.25rem;border:0;border-radius:0}}"
)
_NOBODY = "'none'"
_HASH = b64encode(sha256(STYLE.encode()).digest()).decode("ascii")


def page(
    language: str,
    title: str,
    body: str,
    status: int = 200,
    *,
    leads_to: Iterable[str] = (),
    stands_on: Iterable[str] = (),
) -> HTMLResponse:
    """Return a page; ``leads_to`` are origins its form may end at, ``stands_on`` may frame it."""
    frames, ends = " ".join(sorted(stands_on)), " ".join(["'self'", *sorted(leads_to)])
    policy = (
        f"default-src 'none'; style-src 'sha256-{_HASH}'; base-uri 'none'; form-action {ends}; "
        f"frame-ancestors {frames or _NOBODY}"
    )
    headers = {"content-security-policy": policy, "content-language": language}
    if frames:
        headers["x-frame-options"] = "SAMEORIGIN"  # the policy counts where both are understood
    html = (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head>"
        f"<body><main><h1>{escape(title)}</h1>{body}</main></body></html>"
    )
    return HTMLResponse(html, status, headers)


def line(text: str, kind: str = "") -> str:
    """Return a paragraph of text, which is never taken for HTML."""
    return f'<p class="{kind}">{escape(text)}</p>' if kind else f"<p>{escape(text)}</p>"


def deed(label: str, name: str = "", value: str = "", *, quiet: bool = False) -> str:
    """Return a button that sends one value to the page's own address."""
    what = f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">' if name else ""
    kind = ' class="quiet"' if quiet else ""
    return f'<form method="post">{what}<button{kind}>{escape(label)}</button></form>'
