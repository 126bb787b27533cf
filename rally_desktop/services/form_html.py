"""A form as HTML: its fields on our own page, and a whole form to copy into any other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape

from rally_desktop.model.work import Work
from rally_desktop.services import forms, web
from rally_desktop.services.form_traps import AGREED, EMPTY
from rally_desktop.services.forms import Input, WebForm

_COMPLETE = {"email": "email", "phone": "tel", "mobile": "tel", "first_name": "given-name",
             "last_name": "family-name", "website": "url", "city": "address-level2",
             "job_title": "organization-title"}  # fmt: skip
_HIDDEN = "position:absolute;left:-9999px"


@dataclass(frozen=True)
class Filled:
    """What a form is shown with once more: what was typed, and what is wrong with which of it."""

    values: Mapping[str, str] = field(default_factory=dict)
    wrong: Mapping[str, str] = field(default_factory=dict)


def fields(
    asked: Sequence[Input], form: WebForm, *, styled: bool = False, filled: Filled | None = None
) -> str:
    """Return the fields of a form and its checkbox; ``styled`` is for our own page."""
    shown, known = list(asked), filled or Filled()
    if form.settings.consent:
        needed = form.settings.consent_needed
        shown.append(Input(AGREED, form.settings.consent, "checkbox", needed))
    made = [_on_our_page(one, known) if styled else _on_any_page(one) for one in shown]
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


def _on_our_page(one: Input, filled: Filled) -> str:
    """Return a field as our style sheet lays it out, with what is wrong with it."""
    box, label = _box(one, filled), _label(one)
    wrong = filled.wrong.get(one.name)
    said = f'<span class="bad">{escape(wrong)}</span>' if wrong else ""
    if one.kind == "checkbox":
        return f'<label class="tick">{box} <span>{label}{said}</span></label>'
    return f"<label>{label}\n{box}{said}</label>"


def _on_any_page(one: Input) -> str:
    """Return a field that stands below the one before it, whatever the page looks like."""
    box, label = _box(one, Filled()), _label(one)
    if one.kind == "checkbox":
        return f"<p><label>{box} {label}</label></p>"
    return f"<p><label>{label}<br>\n{box}</label></p>"


def _label(one: Input) -> str:
    needed = one.required and one.name != AGREED
    return escape(one.label) + (' <span aria-hidden="true">*</span>' if needed else "")


def _box(one: Input, filled: Filled) -> str:
    """Return what is filled in; the first that is wrong is where one goes on."""
    value, marks = filled.values.get(one.name, ""), _marks(one, filled)
    if one.kind == "checkbox":
        ticked = " checked" if value else ""
        return f'<input type="checkbox" value="yes"{marks}{ticked}>'
    if one.kind == "textarea":
        return f'<textarea rows="4"{marks}>\n{escape(value)}</textarea>'
    if one.kind == "select":
        choices = "".join(
            f"<option{' selected' if value and each == value else ''}>{escape(each)}</option>"
            for each in ("", *one.options)
        )
        return f"<select{marks}>{choices}</select>"
    limit = ' maxlength="4000"' if one.kind in ("text", "tel", "email", "url") else ""
    any_step = ' step="any"' if one.kind == "number" else ""
    typed = f' value="{escape(value)}"' if value else ""
    return f'<input type="{one.kind}"{marks}{limit}{any_step}{typed}>'


def _marks(one: Input, filled: Filled) -> str:
    """Return what a box is called, and what holds for it whatever its kind."""
    made = f' name="{escape(one.name)}"'
    if one.name in _COMPLETE:
        made += f' autocomplete="{_COMPLETE[one.name]}"'
    if one.required:
        made += " required"
    if one.name in filled.wrong:
        made += ' aria-invalid="true"'
    return made + (" autofocus" if one.name == next(iter(filled.wrong), "") else "")
