"""A form as HTML: its fields on our own page, and a whole form to copy into any other."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from rally_desktop.model.work import Work
from rally_desktop.services import forms, web
from rally_desktop.services.form_traps import AGREED, EMPTY
from rally_desktop.services.forms import Input, WebForm

_COMPLETE = {"email": "email", "phone": "tel", "mobile": "tel", "first_name": "given-name",
             "last_name": "family-name", "website": "url", "city": "address-level2",
             "job_title": "organization-title"}  # fmt: skip
_HIDDEN = "position:absolute;left:-9999px"


def fields(asked: Sequence[Input], form: WebForm, *, styled: bool = False) -> str:
    """Return the fields of a form and its checkbox; ``styled`` is for our own page."""
    made = [_field(one) for one in asked]
    if form.settings.consent:
        needed = " required" if form.settings.consent_needed else ""
        box = f'<input type="checkbox" name="{AGREED}" value="yes"{needed}>'
        made.append(
            f'<label class="tick">{box} <span>{escape(form.settings.consent)}</span></label>'
        )
    where = 'class="aside"' if styled else f'style="{_HIDDEN}"'
    made.append(
        f'<div {where} aria-hidden="true"><label>Leave this empty '
        f'<input name="{EMPTY}" tabindex="-1" autocomplete="off"></label></div>'
    )
    return "\n".join(made)


def to_copy(work: Work, form: WebForm) -> str:
    """Return a whole form for a page of the office's website; it needs no script."""
    inside = fields(forms.inputs(work, form), form)
    return (
        f'<form action="{escape(address(work, form))}" method="post" accept-charset="utf-8">\n'
        f'{inside}\n<button type="submit">{escape(form.settings.button)}</button>\n</form>\n'
    )


def address(work: Work, form: WebForm) -> str:
    """Return where a form is sent to, and shown on a page of its own."""
    return f"{web.reached_at(work)}/v1/forms/{form.key}"


def _field(one: Input) -> str:
    name, label = escape(one.name), escape(one.label)
    needed = " required" if one.required else ""
    complete = f' autocomplete="{_COMPLETE[one.name]}"' if one.name in _COMPLETE else ""
    if one.kind == "checkbox":
        box = f'<input type="checkbox" name="{name}" value="yes"{needed}>'
        return f'<label class="tick">{box} <span>{label}</span></label>'
    if one.kind == "textarea":
        return f'<label>{label}\n<textarea name="{name}" rows="4"{needed}></textarea></label>'
    if one.kind == "select":
        choices = "".join(f"<option>{escape(each)}</option>" for each in ("", *one.options))
        return f'<label>{label}\n<select name="{name}"{needed}>{choices}</select></label>'
    limit = ' maxlength="4000"' if one.kind in ("text", "tel", "email", "url") else ""
    any_step = ' step="any"' if one.kind == "number" else ""
    return (
        f'<label>{label}\n<input type="{one.kind}" name="{name}"{limit}{any_step}{complete}'
        f"{needed}></label>"
    )
