"""What texts are found by: one spelling for what people write in many ways."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rally_desktop.core.words import asked, bare, numbers_of, variants, words_of


def answers(typed, *texts):
    """Say whether every word of a question begins a word of the texts."""
    words = words_of(*texts)
    spelled = asked(typed).words
    return bool(spelled) and all(
        any(word.startswith(tuple(one)) for word in words) for one in spelled
    )


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("muller", "Müller"), ("mueller", "Müller"), ("MÜLLER", "Mueller"), ("strasse", "Straße"),
        ("zoe", "Zoë"), ("lodz", "Łódź"), ("obrien", "O’Brien"), ("o'br", "O’Brien"),
        ("brien", "O'Brien"), ("маряна", "Мар'яна"), ("киів", "Київ"), ("παπαδοπ", "Παπαδόπουλος"),
        ("ΓΙΩΡΓΟΣ", "Γιώργος"), ("الخطيب", "الْخَطِيب"), ("خطيب", "الخطيب"), ("احمد", "أحمد"),
        ("太郎", "田中太郎"), ("민수", "김민수"), ("हिन्", "हिन्दी"), ("ﬁne", "fine"),
        ("istanbul", "İstanbul"),
        ("silva ana", "Ana Silva"), ("ana.silva@ac", "Ana.Silva@acme.com"), ("acme", "x@acme.com"),
    ],
)  # fmt: skip
def test_one_spelling_answers_another(typed, name):
    """Accents, umlauts, apostrophes, scripts and the order of words do not matter."""
    assert answers(typed, name)


@pytest.mark.parametrize(
    "typed",
    ["+49 30 1234567", "0049 (0)30 1234567", "030/1234567", "(030) 123-45", "1234567", "4567"],
)
def test_a_number_is_found_in_any_notation(typed):
    """With its country or without, with signs or without, and by its last digits."""
    known = numbers_of("+49 30 1234567")
    assert any(one.startswith(tuple(variants(asked(typed).number))) for one in known)


def test_a_number_of_the_country_is_found_with_it():
    """Who wrote 030 1234567 down is found by +49 30 1234567, too."""
    known = numbers_of("030 1234567")
    assert any(one.startswith(tuple(variants("+49301234567"))) for one in known)


@pytest.mark.parametrize("typed", ["", " ", "!?*", "🌸🌸", "\0", "---", '""', "'"])
def test_signs_alone_ask_nothing(typed):
    """Where there is no letter and no digit there is no question."""
    assert asked(typed).words == ()


def test_a_pasted_text_is_no_longer_than_a_question():
    """Of ten thousand characters the first words are asked for."""
    assert len(asked("word " * 2_000).words) == 1
    assert len(asked(" ".join(map(str, range(1_000)))).words) == 8


@given(st.text(max_size=60))
def test_every_word_is_plain_and_stays_what_it_is(text):
    """No word holds a sign that a database could take for its own, and bare is bare."""
    for word in words_of(text):
        assert word.isalnum()
        assert len(word) <= 40
        assert bare(word) == word


@given(st.text(max_size=40))
def test_a_text_answers_itself(text):
    """Whatever was written is found by typing it again."""
    assert not asked(text).words or answers(text, text)
