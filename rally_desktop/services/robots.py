"""Who asked for a picture or a link: a person or a machine. All the rules, in one table.

Mail programs, gateways and search engines fetch what is in a message before, or instead of, the
person it was written to. Each rule says by what it is told, and is shown beside the figures.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

# Nobody reads a message and decides so soon after the server took it over.
SOON = timedelta(seconds=10)
# Whoever follows this many links of one message within this time has not read it.
BURST, MANY = timedelta(seconds=10), 3

_AGENTS = re.compile(
    r"(?i)bot\b|bot/|crawl|spider|slurp|scan(ner)?\b|preview|fetch(er)?\b|monitor|headless|phantom"
    r"|python|curl/|wget|java/|okhttp|go-http-client|libwww|httpclient|axios|node-fetch|ruby"
    r"|barracuda|proofpoint|mimecast|fireeye|trendmicro|symantec|messagelabs|sophos|fortinet"
    r"|forcepoint|zscaler|cisco|ironport|safelinks|microsoft office existence|yahoomailproxy"
)
_GMAIL = re.compile(r"(?i)GoogleImageProxy|ggpht\.com")


@dataclass(frozen=True)
class Asked:
    """One request, as far as the rules look at it; ``after`` is how long after hand-over.

    Where a request comes from is not part of it, and is not kept anywhere.
    """

    what: Literal["picture", "link"]
    method: str
    agent: str
    prefetch: bool
    after: timedelta | None


@dataclass(frozen=True)
class Rule:
    """How one kind of visitor is told; ``machine`` says whether it counts as none of a person."""

    name: str
    says: str
    fits: Callable[[Asked], bool]
    machine: bool = True


RULES = (
    Rule("head", "It asked whether the address answers, and for nothing else.",
         lambda asked: asked.method == "HEAD"),
    Rule("prefetch", "The browser said that it loads ahead.", lambda asked: asked.prefetch),
    Rule("no_agent", "It does not say what it is, as no browser does.",
         lambda asked: not asked.agent.strip()),
    Rule("apple", "Apple Mail loads the pictures of every message, read or not.",
         lambda asked: asked.what == "picture" and asked.agent.strip() == "Mozilla/5.0"),
    Rule("agent", "It is known as a robot, a preview or a security gateway.",
         lambda asked: bool(_AGENTS.search(asked.agent))),
    Rule("soon", "It came before the message was sent, or within ten seconds of it.",
         lambda asked: asked.after is None or asked.after < SOON),
    Rule("gmail", "Gmail fetched the picture, as it does when somebody opens the message.",
         lambda asked: bool(_GMAIL.search(asked.agent)), machine=False),
    Rule("", "Nothing speaks against a person.", lambda asked: True, machine=False),
)  # fmt: skip
# This one is told by all that was asked for of one message, so it is applied a moment later.
IN_A_BURST = Rule(
    "burst", "Three or more links of one message were followed within ten seconds.", lambda _: False
)


def judge(asked: Asked) -> Rule:
    """Return the first rule that fits."""
    return next(rule for rule in RULES if rule.fits(asked))
