"""Reason codes: why something was skipped, refused or stopped, each with a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

REASONS: Mapping[str, str] = MappingProxyType(
    {
        # Enrolment (semantics, section 5).
        "not_published": "The workflow is not published.",
        "audience": "The record does not match the audience.",
        "suppressed": "The address is on the suppression list.",
        "do_not_contact": "The contact is marked ‘do not contact’.",
        "once": "The record has been in this workflow before, and may enter only once.",
        "cooldown": "The record was in this workflow a short while ago.",
        "already_active": "The record is in this workflow already.",
        "exclusive": "The record is in another exclusive sequence.",
        "queue_full": "Ten are queued for this record already.",
        "throttled": "Too many enter at once; the record waits for its turn.",
        "episode_over": "Something happened with the record in the meantime.",
        "loop_guard": "The workflow itself caused this, and would go round in a loop.",
        "gone": "The record was deleted.",
        "turned_away": "Too many came at once, and somebody decided that none of them enter.",
        # Steps.
        "disabled": "The step is switched off.",
        "unchanged": "There was nothing to change.",
        "no_contact": "The record has no contact to write to.",
        "no_address": "The contact has no e-mail address.",
        "bad_address": "The contact's e-mail address is known to be invalid.",
        "no_consent": "The contact has refused marketing on this channel.",
        "no_owner": "The record has no owner.",
        "no_template": "The template does not exist any more.",
        "no_user": "That user does not work here any more.",
        "no_account": "No account is set up to send from.",
        "no_date": "The date that it goes by is empty.",
        "date_passed": "The date has passed already.",
        "polled": "It is looked at again within the hour.",
        "missing_value": "A merge field is empty and has no fallback.",
        "bad_template": "The template cannot be filled in.",
        "bad_settings": "The step's settings are not usable.",
        "no_stage": "The pipeline has no such stage.",
        "no_deal": "There is no deal that could be moved.",
        "deal_open": "There is an open deal already.",
        "task_open": "There is an open task of that type already.",
        "same_name": "Several users have that name; choose one by the e-mail.",
        "all_away": "Everybody who takes turns is away.",
        "no_workflow": "There is no workflow of that name.",
        "wrong_record": "The workflow is for another kind of record.",
        # Messages, when they are due and before they are handed over (semantics, section 8).
        "no_number": "The contact has no mobile or phone number that can be written to.",
        "cap": "The person has got enough messages for now.",
        "ceiling": "Nobody gets more messages than this, whatever they are.",
        "expired": "The message lay too long after it was due.",
        "window": "It is outside the hours in which messages go out.",
        "sends_an_hour": "The workflow has sent enough messages for this hour.",
        "ask_first": "Somebody has to look at the first messages before more go out.",
        "account_limit": "The account has enough messages for this hour.",
        "new_address": "The contact has another address now.",
        "run_over": "The run was stopped before the message was handed over.",
        "never_open": "There is no time at which the message may go out.",
        "recalled": "Somebody recalled the message.",
        "undeliverable": "The server refused the message for good.",
        "unreachable": "The server did not take the message, however often it was tried.",
        "http_refused": "The server refused the request.",
        "in_doubt": "Nobody can tell whether the server acted on the request.",
        "no_answer": "The server could not be asked.",
        "no_such_value": "The server's answer does not hold the value that was to be kept.",
        # Runs.
        "stopped": "What the workflow stops for has happened.",
        "reply": "The contact replied.",
        "automatic_reply": "The contact is away, by an automatic reply.",
        "text_back": "The contact answered by SMS.",
        "call_back": "The contact called.",
        "meeting_planned": "A meeting was booked.",
        "deal_won": "A deal of the contact was won.",
        "hard_bounce": "The e-mail address does not exist any more.",
        "soft_bounces": "Three messages came back within seven days.",
        "unsubscribed": "The contact unsubscribed.",
        "stop_word": "The contact asked by SMS for no more messages.",
        "written_by_hand": "Somebody wrote to the contact by hand.",
        "removed": "A workflow took the record out of this one.",
        "missed_window": "The program was away for all of the time in which it was due.",
        "late": "It was due while the program was away, and is late now.",
        "paused_by_hand": "Somebody paused it.",
        "paused_too_long": "It was paused for longer than 30 days.",
        "stopped_by_hand": "Somebody stopped it.",
        "skipped_by_hand": "Somebody skipped the step.",
        "jumped_by_hand": "Somebody sent it on to another step.",
        "rejected": "Somebody looked at it and rejected it.",
        "stranded": "Nothing would ever move it on: no time, no event, nobody's decision.",
        "new_version": "A new version was published, and those inside were to end.",
        "unpublished": "The workflow was unpublished, and those inside were to stop.",
        "restarted": "The record came in again, and a new run took the place of this one.",
        "too_long": "The run went through 500 steps, which no person's workflow should.",
        "error": "The program itself failed here; the details tell where.",
        "paused": "The workflow is paused.",
    }
)


def sentence(code: str) -> str:
    """Return what a reason code means; a code of a newer program is shown as it is."""
    return REASONS.get(code, code)
