"""Values that no form would send: whoever takes them refuses clearly or keeps them exactly."""

from __future__ import annotations

# No database of ours can hold these; both refuse them with the same words.
UNKEPT = ("A\0na", "A\ud800na", "\udfff")

# These are odd, and are kept exactly as they are.
KEPT = (
    "مرحبا \u202e Ana",
    "<b>Ana</b><img src=x onerror=alert(1)>",
    "{{ contact.email }} {% for %}",
    "'; drop table contact; --",
    "%s %(x)s ? :name $1",
    "=1+1",
    "\\N\\.",
    "👩‍👩‍👧 Zoë\u0301",
    "\x7f\x01",
)

# These are not what a text, number, date, yes or no, or link may be.
WRONG = {
    "first_name": ([], {}, {"a": 1}, True, b"Ana", object()),
    "score": ("ten", 3.5, True, [], "nan", "inf", float("nan"), 10**400, "1e999", -1, 101),
    "do_not_contact": ("maybe", 2, [], "ja"),
    "owner_id": ("Maria", 0, -1, 1.5, True, 2**63, []),
    "lifecycle_stage": ("Unheard of",),
    "consent_email": ("perhaps",),
}
