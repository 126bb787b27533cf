"""Opens and clicks: links that only we can make, machines told from people, no address kept."""

from __future__ import annotations

import pytest

from rally_desktop.services import robots, sequence_figures, tracking, web
from tests.api.conftest import PERSON, PUBLIC, paths

pytestmark = pytest.mark.slow

APPLE = "Mozilla/5.0"
GMAIL = "Mozilla/5.0 (Windows NT 5.1) Firefox/11.0 (via ggpht.com GoogleImageProxy)"


@pytest.fixture
def ana(world):
    """A contact with an address."""
    return world.contact(email="ana@example.org")


def test_an_opening_is_one_line_on_the_timeline(site, ana):
    """The picture of a message, asked for twice by a person, is one line."""
    picture = paths(site.send(ana))["o"][0]
    assert site.ask("GET", picture).headers["content-type"] == "image/gif"
    site.ask("GET", picture)
    assert site.judged(ana).count("email_opened") == 1
    site.ask("GET", picture)
    assert site.judged(ana).count("email_opened") == 1
    assert site.world.record(ana)["last_email_opened_at"] is not None


def test_a_click_leads_on_and_is_one_line(site, ana):
    """A link leads to where it led as it was written, and says so on the timeline."""
    link = paths(site.send(ana))["c"][0]
    answer = site.ask("GET", link)
    assert answer.status == 302
    assert answer.headers["location"] == "https://example.com/prices?a=1&b=2"
    assert site.judged(ana).count("link_clicked") == 1


@pytest.mark.parametrize(
    ("method", "headers"),
    [
        ("HEAD", {}), ("GET", {"Sec_Purpose": "prefetch;prerender"}),
        ("GET", {"User_Agent": APPLE}), ("GET", {"User_Agent": ""}),
        ("GET", {"User_Agent": "Mozilla/5.0 (compatible; bingbot/2.0)"}),
    ],
)  # fmt: skip
def test_machines_are_counted_apart(site, ana, method, headers):
    """What asks ahead, says nothing of itself or is known for it opens nothing."""
    letter = site.send(ana)
    site.ask(method, paths(letter)["o"][0], **headers)
    assert "email_opened" not in site.judged(ana)
    figures = site.world.ask(tracking.of_message, 1)
    assert (figures.opened, figures.machines) == (0, 1)


def test_a_gateway_that_follows_everything_is_no_reader(site, ana):
    """Three links within ten seconds are a machine's, and so is the picture with them."""
    found = paths(site.send(ana))
    for path in (*found["o"], *found["c"]):
        site.ask("GET", path)
    kinds = site.judged(ana)
    assert "link_clicked" not in kinds
    assert "email_opened" not in kinds
    assert {row[2] for row in site.rows("touch")} == {robots.IN_A_BURST.name}


def test_what_comes_as_soon_as_it_is_sent_is_no_reader(site, ana, world):
    """Within ten seconds of the hand-over nobody has read anything; Gmail later on has."""
    picture = paths(site.send(ana))["o"][0]
    world.do(
        lambda work: work.connection.exec_driver_sql(
            "update outbox set sent_at = sent_at + 3595000000"
        )
    )
    site.ask("GET", picture)
    assert "email_opened" not in site.judged(ana)
    site.ask("GET", picture, User_Agent=GMAIL)
    assert "email_opened" in site.judged(ana)


def test_forged_links_touch_nothing(site, ana):
    """Cut, changed or for another purpose: the picture is a picture, a link leads nowhere."""
    found = paths(site.send(ana))
    before = site.rows("touch")
    link, picture = found["c"][0], found["o"][0]
    wrong = (
        link[:-1],
        link + "A",
        link[:-1] + ("A" if link[-1] != "A" else "B"),
        "/v1/c/1" + "A" * 38,
        link.replace("/1", "/2", 1),
        picture.replace("/o/", "/c/"),
    )
    for path in wrong:
        answer = site.ask("GET", path)
        assert answer.status == 404
        assert "location" not in answer.headers
    assert site.ask("GET", link.replace("/c/", "/o/")).status == 200
    site.judged(ana)
    assert site.rows("touch") == before


def test_nothing_is_kept_of_where_a_person_is(site, ana, world):
    """Neither the address nor the browser of who opened is anywhere in the office."""
    site.ask("GET", paths(site.send(ana))["o"][0], X_Forwarded_For="203.0.113.77")
    site.judged(ana)
    said = str(site.rows("touch")) + str(site.rows("activity"))
    assert "203.0.113.77" not in said
    assert "127.0.0.1" not in said
    assert "Firefox" not in said


def test_without_a_public_address_figures_are_not_available(site, ana):
    """What was not counted is not nought."""
    site.set(public="")
    letter = site.send(ana)
    assert PUBLIC not in letter.html
    assert (
        dict(letter.headers)["List-Unsubscribe"] == "<mailto:hello@example.com?subject=unsubscribe>"
    )
    figures = site.world.ask(tracking.of_message, 1)
    assert figures.share(figures.opened) == "not available"
    assert figures.share(figures.clicked) == "not available"


def test_only_what_the_office_chose_is_counted(site, ana, world):
    """A message of no chosen template has no picture and its own links, and can still be left."""
    world.do(
        lambda work: web.save(work, web.Web(**{**web.of(work).dump(), "templates": ("News",)}))
    )
    found = paths(site.send(ana))
    assert (found["o"], found["c"]) == ([], [])
    assert len(found["u"]) == 1


def test_people_of_sequences_count_by_step(site, ana, world):
    """Figures by step say who was written to, opened, clicked and left, of whom it is counted."""
    letter = site.send(ana)
    owned = "update outbox set workflow_id = 7, run_id = 1"
    world.do(lambda work: work.connection.exec_driver_sql(owned))
    site.ask("GET", paths(letter)["c"][1], User_Agent=PERSON)
    site.judged(ana)
    site.post(paths(letter)["u"][0], {"no": "email"})
    figures = world.ask(sequence_figures.by_step, 7)["test"].figures
    assert (figures.sent, figures.opened, figures.clicked) == (1, 0, 1)
    assert (figures.reached, figures.unsubscribed) == (1, 1)
    assert (figures.click_rate, figures.open_rate) == (1, 0)


def test_who_was_not_counted_is_not_nobody(site, ana, world):
    """A sequence that wrote while nothing was counted has no openings to tell, not nought."""
    site.set(public="")
    site.send(ana)
    owned = "update outbox set workflow_id = 7, run_id = 1"
    world.do(lambda work: work.connection.exec_driver_sql(owned))
    figures = world.ask(sequence_figures.of_many, [7])[7]
    assert (figures.sent, figures.opened, figures.clicked) == (1, None, None)
    assert figures.reply_rate == 0
