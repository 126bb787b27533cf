"""Forms: shown on a page of their own, sent from any page that the office lists, confirmed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from rally_desktop.api import content
from rally_desktop.api.content import FORM, JSON, Plain, Unreadable, WrongType
from rally_desktop.api.gate import is_own
from rally_desktop.api.office import code_in, office_of, words_for
from rally_desktop.api.pages import deed, line, page
from rally_desktop.core.errors import BadSettings, NotFound, Refused
from rally_desktop.model.work import Work
from rally_desktop.services import form_entries, form_html, form_mail, form_traps, forms, settings
from rally_desktop.services.form_entries import CONSENT, REQUIRED, TooMany
from rally_desktop.services.form_html import Filled
from rally_desktop.services.form_traps import AGREED, SEEN
from rally_desktop.services.forms import WebForm, origin_of
from rally_desktop.services.web_words import Words

MOST_FIELDS = 100
_ACCEPTED = 202


@dataclass(frozen=True)
class Answers:
    """What was sent: the values by name, and whether a program sent it."""

    values: Mapping[str, str]
    by_program: bool


async def show(request: Request) -> Response:
    """Show a form on a page of its own; it can stand in a frame of the listed websites."""
    office, key = office_of(request), request.path_params["key"]
    try:
        form, inside, stamp = await office.read(_shown, key, office.key)
    except NotFound:
        return _closed(request)
    language, _ = words_for(request)
    return _page(language, form, _form(form, inside, stamp))


async def send(request: Request) -> Response:
    """Take a form that was filled in."""
    try:
        form = await office_of(request).read(forms.by_key, request.path_params["key"])
    except NotFound:
        return _closed(request)
    if not _may_send(request, form):
        return _told(request, form, 403, "This form may not be sent from that website.")
    try:
        return await _taken(request, form, await _answers(request))
    except NotFound:
        return _closed(request)
    except TooMany:
        return _told(request, form, 429, words_for(request)[1].busy)
    except (Unreadable, Refused) as error:
        return _told(request, form, 415 if isinstance(error, WrongType) else 400, str(error))


async def _taken(request: Request, form: WebForm, answers: Answers) -> Response:
    office, (language, _) = office_of(request), words_for(request)
    try:
        looks = await office.write(_take, form.key, office.key, answers, language)
    except BadSettings as error:
        return await _wrong(request, form, answers, error.problems)
    return _thanks(request, form, by_program=answers.by_program, looks=looks)


def _thanks(request: Request, form: WebForm, *, by_program: bool, looks: bool) -> Response:
    """Say that it came; where it ``looks`` for a mail to confirm, say that."""
    if by_program:
        return JSONResponse({"taken": True, "confirm_by_mail": looks}, _ACCEPTED)
    if form.settings.redirect and not looks:
        return RedirectResponse(form.settings.redirect, 303)
    language, words = words_for(request)
    return _page(language, form, line(words.look if looks else form.settings.thanks))


async def _wrong(
    request: Request, form: WebForm, answers: Answers, problems: Mapping[str, str]
) -> Response:
    """Show what was filled in once more, with what is to be corrected; a program is told how."""
    if answers.by_program:
        return JSONResponse({"problems": problems}, 422)
    language, words = words_for(request)
    body = await office_of(request).read(_once_more, form, answers.values, problems, words)
    return _page(language, form, line(words.wrong, "bad") + body, 422)


async def ask(request: Request) -> Response:
    """Ask whether somebody means it; programs that look into mails follow links, too."""
    if (code := code_in(request, form_mail.PURPOSE)) is None:
        return _nothing(request)
    office = office_of(request)
    try:
        address, name = await office.read(_waiting, code)
    except NotFound:
        return _nothing(request)
    language, words = words_for(request)
    really = line(words.really.format(address=address, office=name))
    return page(language, words.confirm, really + deed(words.confirm))


async def confirm(request: Request) -> Response:
    """Confirm a submission."""
    if (code := code_in(request, form_mail.PURPOSE)) is None:
        return _nothing(request)
    try:
        form = await office_of(request).write(form_entries.confirm, code)
    except NotFound:
        return _nothing(request)
    language, words = words_for(request)
    if form.settings.redirect:
        return RedirectResponse(form.settings.redirect, 303)
    return page(language, words.confirmed, line(form.settings.thanks))


# -- with the office ------------------------------------------------------------------------


def _shown(work: Work, key: str, secret: bytes) -> tuple[WebForm, str, str]:
    form = forms.by_key(work, key)
    inside = form_html.fields(forms.inputs(work, form), form, styled=True)
    return form, inside, form_traps.stamp(work, secret)


def _once_more(
    work: Work,
    form: WebForm,
    values: Mapping[str, str],
    problems: Mapping[str, str],
    words: Words,
) -> str:
    """Return a form with what was typed; what is wrong stands at its field, or above them all."""
    known = forms.askable(work)
    names = {CONSENT: AGREED} | {known.get(one.to, ""): one.to for one in form.fields}
    names |= {one.label: one.to for one in form.fields}
    said = {
        label: words.required if what == REQUIRED else words.invalid
        for label, what in problems.items()
    }
    above = [line(f"{label}: {what}", "bad") for label, what in said.items() if label not in names]
    wrong = {names[label]: what for label, what in said.items() if label in names}
    filled = Filled(values, wrong)
    inside = form_html.fields(forms.inputs(work, form), form, styled=True, filled=filled)
    return "".join(above) + _form(form, inside, values.get(SEEN, ""))


def _take(work: Work, key: str, secret: bytes, answers: Answers, language: str) -> bool:
    """Take it as a person's or set it aside; say whether a mail is to be looked for."""
    form = forms.by_key(work, key)
    if form_traps.is_machine(work, secret, answers.values):
        form_entries.set_aside(work, form)
        return form.settings.confirm  # it is told nothing that a person would not be
    agreed = answers.values.get(AGREED, "").lower() in ("yes", "true", "on", "1")
    taken = form_entries.submit(work, form, answers.values, agreed=agreed)
    if taken.code and not form_mail.obstacle(work, form):
        form_mail.ask(work, form, taken, secret, language)
    return form.settings.confirm


def _waiting(work: Work, code: str) -> tuple[str, str]:
    return form_entries.waiting(work, code), settings.get(work, "office_name", "")


# -- parts ----------------------------------------------------------------------------------


async def _answers(request: Request) -> Answers:
    """Return what was sent; raise Unreadable where it is neither a form nor JSON."""
    body = await request.body()
    if content.is_json(request):
        said: dict[str, Plain] = content.read(body, dict[str, Plain])
        return Answers({name: content.text_of(value) for name, value in said.items()}, True)
    if content.kind(request) != FORM:
        raise WrongType(f"The content’s type must be {FORM} or {JSON}.")
    try:
        text = body.decode("utf-8")
        values = parse_qs(text, keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict")
    except ValueError as error:
        raise Unreadable("The content cannot be read as a form.") from error
    return Answers({name: each[0] for name, each in values.items()}, False)


def _may_send(request: Request, form: WebForm) -> bool:
    """Say whether a form may be sent from where it was: our page, a listed one, a program."""
    origin = request.headers.get("origin")
    if origin is None:
        return request.headers.get("sec-fetch-site", "none") in ("none", "same-origin")
    return is_own(origin, office_of(request).settings) or (
        origin_of(origin) in form.settings.allowed()
    )


def _ends(form: WebForm) -> set[str]:
    """Return the website that a form leads to; a page's policy must name it."""
    _, _, rest = form.settings.redirect.partition("://")
    scheme = form.settings.redirect.partition("://")[0]
    found = origin_of(f"{scheme}://{rest.partition('/')[0].partition('?')[0]}") if rest else None
    return {found} if found else set()


def _form(form: WebForm, inside: str, stamp: str) -> str:
    """Return a form; it says when it was shown first, where that was on a page of ours."""
    seen = f'<input type="hidden" name="{SEEN}" value="{escape(stamp)}">' if stamp else ""
    button = f"<button>{escape(form.settings.button)}</button>"
    return f'<form method="post">{inside}{seen}{button}</form>'


def _page(language: str, form: WebForm, body: str, status: int = 200) -> Response:
    """Return a page of a form, which can stand in a frame of the listed websites."""
    stands_on = form.settings.allowed()
    return page(language, form.name, body, status, leads_to=_ends(form), stands_on=stands_on)


def _told(request: Request, form: WebForm, status: int, text: str) -> Response:
    language, _ = words_for(request)
    return _page(language, form, line(text, "bad"), status)


def _closed(request: Request) -> Response:
    language, words = words_for(request)
    return page(language, words.closed, "", 404)


def _nothing(request: Request) -> Response:
    language, words = words_for(request)
    return page(language, words.dead, line(words.once_more), 404)


ROUTES = (
    Route("/v1/forms/{key}", show, methods=["GET", "HEAD"]),
    Route("/v1/forms/{key}", send, methods=["POST"]),
    Route("/v1/k/{token}", ask, methods=["GET", "HEAD"]),
    Route("/v1/k/{token}", confirm, methods=["POST"]),
)
