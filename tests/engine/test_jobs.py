"""HTTP requests of workflows: sent once, outside the transaction, without a secret left behind."""

from __future__ import annotations

import asyncio
import json

import pytest

from rally_desktop.engine.jobs import Jobs
from rally_desktop.engine.publishing import problems_of
from rally_desktop.engine.thread import EngineThread
from rally_desktop.model.graph import Graph, Step, Trigger
from rally_desktop.outside.secrets import Vault
from rally_desktop.services import http_secrets, safeguards, workflows
from tests.web_server import WebServer, answer, raw

pytestmark = pytest.mark.slow


class Drawer:
    """Where the master key lies while a test runs."""

    name, key = "a drawer", None

    def read(self):
        """Return the key."""
        return self.key

    def write(self, key):
        """Keep the key."""
        self.key = key


@pytest.fixture
def vault():
    """A vault whose key lies in memory."""
    return Vault(Drawer())


@pytest.fixture
def run(world, vault):
    """Publish a request to a server and let a contact come by; what became of it."""

    def go(server, **settings):
        world.do(safeguards.save, safeguards.Safeguards(http_hosts=server.host))
        settings.setdefault("url", f"{server.url}/leads")
        exits = {"next": "good", "failed": "bad"}
        steps = (Step("ask", "http_request", settings, exits), Step("good", "end"))
        world.publish(*steps, Step("bad", "end"))
        ana = world.contact('Ana "A"', email="ana+x@example.org")
        turn(world, vault)
        return ana

    return go


def turn(world, vault):
    """Let the engine go on as long as there is something to do."""
    world.tick()
    asyncio.run(Jobs(world.store, vault).do_due(world.heart.definitions.moving))
    world.tick()


def test_a_request_is_sent_and_the_run_goes_on(world, run):
    """JSON is filled in text by text; the answer stands in the visit."""
    with WebServer(answer(201, b'{"result": {"id": 7}}')) as server:
        run(server, content='{"who": {"name": "{{ contact.first_name }}"}, "n": [1, null]}')
        head, body = server.requests[0].split(b"\r\n\r\n")
    assert json.loads(body) == {"who": {"name": 'Ana "A"'}, "n": [1, None]}
    assert head.startswith(b"POST /leads HTTP/1.1")
    assert b"Content-Type: application/json" in head
    assert world.visits() == [("ask", "done", ""), ("good", "done", "")]
    assert world.run_states() == ["done"]
    detail = json.loads(world.rows("select detail from visit where step = 'ask'")[0][0])
    assert detail["status"] == 201


def test_a_value_of_the_answer_is_kept(world, run):
    """A chosen value of a JSON answer is written into a field of the record."""
    with WebServer(answer(body=b'{"result": {"items": [{"id": 7}]}}')) as server:
        ana = run(server, value="result.items.0.id", field="department")
    assert world.record(ana)["department"] == "7"


@pytest.mark.parametrize("body", [b"[", b"null", b"{}", b"\xff\xfe", b"[" * 5_000], ids=range(5))
def test_an_answer_without_the_value_fails(world, run, body):
    """Wrong JSON, or none, is told; nothing is written."""
    with WebServer(answer(body=body)) as server:
        ana = run(server, value="result.id", field="department")
    assert world.visits()[0] == ("ask", "failed", "no_such_value")
    assert not world.record(ana)["department"]


def test_merge_fields_add_nothing_to_an_address(world, run):
    """What a contact is called cannot become a path, a query or a second header."""
    with WebServer() as server:
        url = f"{server.url}/p/{{{{ contact.first_name }}}}?mail={{{{ contact.email }}}}"
        run(server, url=url, method="GET", headers="X-Name: {{ contact.first_name }}")
        head = server.requests[0]
    assert head.startswith(b"GET /p/Ana%20%22A%22?mail=ana%2Bx%40example.org HTTP/1.1\r\n")


def test_a_form_is_written_as_browsers_do(world, run):
    """One ``name: value`` a line."""
    with WebServer() as server:
        run(server, body="form", content="mail: {{ contact.email }}\nn: 1")
        assert server.requests[0].endswith(b"\r\n\r\nmail=ana%2Bx%40example.org&n=1")


@pytest.mark.parametrize("status", [500, 503, 429])
def test_what_passes_is_tried_again(world, run, vault, status):
    """A server in trouble is asked a minute later, with the same key."""
    with WebServer(answer(status), answer()) as server:
        run(server)
        assert world.run_states() == ["active"]
        world.clock.advance(minutes=1)
        turn(world, vault)
        keys = {line for one in server.requests for line in one.split(b"\r\n") if b"Idemp" in line}
    assert world.run_states() == ["done"]
    assert len(server.requests) == 2
    assert len(keys) == 1


def test_a_server_that_stays_in_trouble_fails(world, run, vault):
    """After the last try the run leaves by ‘failed’."""
    with WebServer(answer(500)) as server:
        run(server)
        for _ in range(4):
            world.clock.advance(hours=2)
            turn(world, vault)
        assert len(server.requests) == 5
    assert world.visits() == [("ask", "failed", "http_refused"), ("bad", "done", "")]


@pytest.mark.parametrize("status", [400, 404, 302])
def test_a_refusal_fails_at_once(world, run, status):
    """What would be refused again is not asked again."""
    with WebServer(answer(status)) as server:
        run(server)
        assert len(server.requests) == 1
    assert world.visits()[0] == ("ask", "failed", "http_refused")


@pytest.mark.parametrize("reaction", [raw(b""), raw(b"\0rubbish"), answer(504)], ids=range(3))
def test_an_answer_that_was_lost_is_not_asked_for_again(world, run, reaction):
    """Whether the server acted nobody can tell, so the run fails and says so."""
    with WebServer(reaction) as server:
        run(server)
        assert len(server.requests) == 1
    assert world.visits()[0] == ("ask", "failed", "in_doubt")
    assert world.rows("select state from job") == [("doubt",)]


@pytest.mark.parametrize("settings", [{"safe": True}, {"method": "GET"}, {"method": "PUT"}])
def test_what_is_safe_to_repeat_is_repeated(world, run, vault, settings):
    """A request that does no more the second time is sent again where its answer was lost."""
    with WebServer(raw(b""), answer()) as server:
        run(server, **settings)
        world.clock.advance(minutes=1)
        turn(world, vault)
    assert world.run_states() == ["done"]


def test_a_computer_that_stopped_in_the_middle_leaves_a_doubt(world, run, vault):
    """A request that may have left with it is not sent by another computer."""
    with WebServer(answer(500), answer()) as server:
        run(server)
        world.store.write(lambda work: work.connection.exec_driver_sql(
            "update job set state = 'claimed', token = 'x', claimed_until = 1"
        ))  # fmt: skip
        turn(world, vault)
        assert len(server.requests) == 1
    assert world.visits()[0] == ("ask", "failed", "in_doubt")


def test_a_server_inside_the_network_is_refused(world, run):
    """Unless the office allows it, a workflow cannot look around in the network."""
    with WebServer() as server:
        run(server, url=f"http://127.0.0.1:{server.port + 1}/")
        assert server.requests == []
    assert world.visits()[0] == ("ask", "failed", "no_answer")


def test_a_secret_is_filled_in_at_hand_over_alone(world, run, vault):
    """The server gets it; database, visits and answers hold its name at most."""
    with WebServer() as server:
        server.reactions = [lambda link, asked: answer(200, asked)(link, asked)]
        world.do(http_secrets.put, "KEY", "127.0.0.1", "s3cr3t/+", vault)
        run(
            server,
            url=f"{server.url}/{{{{ secret.KEY }}}}",
            headers="Authorization: Bearer {{ secret.KEY }}",
            content='{"key": "{{ secret.KEY }}", "note": "{{ contact.first_name }}"}',
        )
        asked = server.requests[0]
    assert asked.startswith(b"POST /s3cr3t%2F%2B ")
    assert b"Bearer s3cr3t/+\r\n" in asked
    assert world.run_states() == ["done"]
    for table in ("job", "visit", "secret", "activity", "workflow_version", "run"):
        assert "s3cr3t" not in str(world.rows(f"select * from {table}"))


def test_a_name_cannot_become_a_secret(world, run, vault):
    """What data says is data: a contact called ``{{ secret.KEY }}`` is sent as that."""
    world.do(http_secrets.put, "KEY", "127.0.0.1", "s3cr3t", vault)
    with WebServer() as server:
        run(server, content="""{"name": "{{ contact.last_name | default('x') }}"}""")
        world.contact("Eva", last_name="{{ secret.KEY }}")
        turn(world, vault)
        assert server.requests[1].endswith(b'{"name":"{{ secret.KEY }}"}')


def test_a_secret_is_told_to_its_own_server_alone(world, run, vault):
    """Whoever edits a workflow cannot have a secret sent elsewhere."""
    world.do(http_secrets.put, "KEY", "api.example.com", "s3cr3t", vault)
    with WebServer() as server:
        run(server, headers="Authorization: {{ secret.KEY }}")
        assert server.requests == []
    assert world.visits()[0] == ("ask", "failed", "no_answer")


def test_a_secret_of_another_computer_waits_for_it(world, run, vault):
    """Where this computer cannot open it, another one asks; after two days nobody came."""
    world.do(http_secrets.put, "KEY", "127.0.0.1", "s3cr3t", Vault(Drawer()))
    with WebServer() as server:
        run(server, headers="Authorization: {{ secret.KEY }}")
        assert world.rows("select state, attempt from job") == [("ready", 0)]
        world.clock.advance(hours=49)
        turn(world, vault)
        assert server.requests == []
    assert world.visits()[0] == ("ask", "failed", "no_answer")


def test_a_request_of_a_run_that_was_ended_is_not_sent(world, run, vault):
    """Nothing leaves for a run that was stopped meanwhile, nor while all sending is stopped."""
    world.do(safeguards.stop_sending)
    with WebServer() as server:
        run(server)
        assert world.run_states() == ["active"]
        world.do(lambda work: work.connection.exec_driver_sql(
            "update visit set outcome = 'stopped'"))  # fmt: skip
        world.do(safeguards.stop_sending, stopped=False)
        turn(world, vault)
        assert server.requests == []


def test_stop_actions_may_ask_too(world, vault):
    """A run that was stopped tells a server so."""
    with WebServer() as server:
        world.do(safeguards.save, safeguards.Safeguards(http_hosts=server.host))
        tell = Step("tell", "http_request", {"url": f"{server.url}/gone"})
        graph = Graph(
            name="Test", triggers=(Trigger("t", "record_created"),), start="wait",
            steps={"wait": Step("wait", "wait", {"amount": 9}), "tell": tell},
            stop_start="tell", stop_when={"field": "city", "op": "is", "value": "Porto"},
        )  # fmt: skip
        number = world.do(workflows.create, graph)
        world.do(lambda work: workflows.put_version(work, number, graph))
        world.contact("Ana", city="Porto")
        turn(world, vault)
        assert len(server.requests) == 1
    assert world.run_states() == ["stopped"]


def test_the_engine_asks_beside_everything_else(world):
    """The thread sends a request, and goes on while the server takes its time."""
    with WebServer() as server:
        world.do(safeguards.save, safeguards.Safeguards(http_hosts=server.host))
        world.publish(Step("ask", "http_request", {"url": server.url}), Step("end", "end"))
        world.contact()
        engine = EngineThread(world.store, lambda account: world.mail)
        engine.start()
        assert engine.wait_until_idle(20)
        engine.stop()
    assert world.run_states() == ["done"]


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"url": "{{ contact.city }}/x"}, "Address must begin with https://"),
        ({"url": "https://{{ contact.city }}.example.com/"}, "Address must begin with https://"),
        ({"url": "https://x.example", "headers": "nonsense"}, "Headers must have one"),
        ({"url": "https://x.example", "content": "{{ contact.city }}"}, "Content must be JSON"),
        ({"url": "https://x.example/{{ secret.KEY }}"}, "There is no secret ‘KEY’."),
    ],
)
def test_what_cannot_be_sent_is_named_before(world, settings, said):
    """An address, a header, a content or a secret that is none is found before publishing."""
    graph = Graph(
        name="Test", triggers=(Trigger("t", "record_created"),), start="s",
        steps={"s": Step("s", "http_request", settings)},
    )  # fmt: skip
    assert any(said in one.text for one in world.ask(problems_of, graph))
