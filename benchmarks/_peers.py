"""Engines from elsewhere, installed into a scratch environment that goes with the benchmark.

Each does the same work on a SQLite file of its own: read the contact, decide on two fields, set
a field, add a tag, add a task, and keep what it did for after a crash.
"""

from __future__ import annotations

import json
import subprocess
import sys
import venv
from collections.abc import Callable
from pathlib import Path

PACKAGES = {"DBOS": ("dbos",), "SpiffWorkflow": ("SpiffWorkflow",)}
RUNS = 200

_SCHEMA = """
import json, sqlite3, sys, time
N = int(sys.argv[1])
def database(path):
    c = sqlite3.connect(path, isolation_level=None, timeout=30, check_same_thread=False)
    c.execute("pragma journal_mode=wal")
    c.execute("pragma synchronous=full")
    return c
def fill(c):
    c.executescript('''
      create table contact(id integer primary key, first_name text, source text, score int,
                           department text);
      create table contact_tag(contact_id int, tag_id int, primary key (contact_id, tag_id));
      create table task(id integer primary key, contact_id int, title text);''')
    c.execute("begin")
    c.executemany("insert into contact values (?, 'Ann', 'web', 50, '')",
                  [(i,) for i in range(N + 10)])
    c.execute("commit")
def said(seconds):
    print(json.dumps({"runs_s": N / seconds}), flush=True)
"""

_DBOS = (
    _SCHEMA
    + """
import os, threading
from dbos import DBOS
for tail in ("", "-wal", "-shm"):
    for name in ("peer.db", "state.db"):
        if os.path.exists(name + tail): os.remove(name + tail)
local = threading.local()
def own():
    if not hasattr(local, "c"): local.c = database("peer.db")
    return local.c
fill(own())
DBOS(config={"name": "bench", "log_level": "ERROR", "system_database_url": "sqlite:///state.db"})
@DBOS.step()
def condition(i):
    row = own().execute("select source, score from contact where id = ?", (i,)).fetchone()
    return row[0] == "web" and row[1] >= 10
@DBOS.step()
def field(i): own().execute("update contact set department = 'Sales' where id = ?", (i,))
@DBOS.step()
def tag(i): own().execute("insert into contact_tag values (?, 7)", (i,))
@DBOS.step()
def task(i): own().execute("insert into task(contact_id, title) values (?, 'Call Ann')", (i,))
@DBOS.workflow()
def flow(i):
    if condition(i): field(i); tag(i); task(i)
DBOS.launch()
for i in range(N, N + 5): DBOS.start_workflow(flow, i).get_result()
began = time.perf_counter()
for handle in [DBOS.start_workflow(flow, i) for i in range(N)]: handle.get_result()
said(time.perf_counter() - began)
os._exit(0)
"""
)

_SPIFF = (
    _SCHEMA
    + """
import os
from io import BytesIO
from lxml import etree
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine, TaskDataEnvironment
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.util.task import TaskState
for tail in ("", "-wal", "-shm"):
    if os.path.exists("spiff.db" + tail): os.remove("spiff.db" + tail)
c = database("spiff.db"); fill(c)
c.execute("create table state(id integer primary key, saved text)")
def flow(name, source, target, test=""):
    return f'<b:sequenceFlow id="{name}" sourceRef="{source}" targetRef="{target}">{test}' \\
        "</b:sequenceFlow>"
def script(name, call):
    return f'<b:scriptTask id="{name}"><b:script>{call}(number)</b:script></b:scriptTask>'
TEST = '<b:conditionExpression x:type="b:tFormalExpression">source == "web" and score &gt;= 10' \\
    "</b:conditionExpression>"
BPMN = '<b:definitions xmlns:b="http://www.omg.org/spec/BPMN/20100524/MODEL"' \\
    ' xmlns:x="http://www.w3.org/2001/XMLSchema-instance" id="d" targetNamespace="t">' \\
    '<b:process id="p" isExecutable="true"><b:startEvent id="s"/>' \\
    '<b:exclusiveGateway id="g" default="no"/><b:endEvent id="e"/>' \\
    + script("f", "field") + script("t", "tag") + script("k", "task") + flow("a", "s", "g") \\
    + flow("yes", "g", "f", TEST) + flow("no", "g", "e") + flow("c", "f", "t") \\
    + flow("d1", "t", "k") + flow("d2", "k", "e") + "</b:process></b:definitions>"
calls = {
    "field": lambda i: c.execute("update contact set department='Sales' where id=?", (i,)) and None,
    "tag": lambda i: c.execute("insert into contact_tag values (?, 7)", (i,)) and None,
    "task": lambda i: c.execute("insert into task(contact_id, title) values (?, 'Call')", (i,))
    and None,
}
parser = BpmnParser(); parser.add_bpmn_xml(etree.parse(BytesIO(BPMN.encode())))
spec = parser.get_spec("p"); serializer = BpmnWorkflowSerializer()
engine = PythonScriptEngine(environment=TaskDataEnvironment(calls))
save = "insert into state values (?, ?) on conflict(id) do update set saved = excluded.saved"
began = time.perf_counter()
for i in range(N):
    workflow = BpmnWorkflow(spec, script_engine=engine)
    row = c.execute("select source, score from contact where id = ?", (i,)).fetchone()
    workflow.task_tree.data.update(number=i, source=row[0], score=row[1])
    while (task := workflow.get_next_task(state=TaskState.READY)) is not None:
        c.execute("begin immediate"); task.run()
        if task.task_spec.name in ("g", "f", "t", "k"):
            c.execute(save, (i, serializer.serialize_json(workflow)))
        c.execute("commit")
    assert workflow.is_completed()
said(time.perf_counter() - began)
assert c.execute("select count(*) from task").fetchone()[0] == N
"""
)
SCRIPTS = {"DBOS": _DBOS, "SpiffWorkflow": _SPIFF}


def prepared(name: str, folder: Path) -> tuple[Callable[[], float] | None, str]:
    """Install a peer; return what measures its runs a second, or None and why not."""
    home = folder / name
    python = home / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    try:
        venv.create(home, with_pip=True)
        _do([str(python), "-m", "pip", "install", "--quiet", *PACKAGES[name]], home)
        script = home / "peer.py"
        script.write_text(SCRIPTS[name], encoding="utf-8")
        _do([str(python), str(script), "5"], home)
    except (subprocess.SubprocessError, OSError) as error:
        said = getattr(error, "stderr", "") or str(error)
        return None, (said.strip().splitlines() or ["it does not start"])[-1]

    def measure() -> float:
        found = _do([str(python), str(script), str(RUNS)], home)
        return json.loads(found.strip().splitlines()[-1])["runs_s"]

    return measure, ""


def _do(command: list[str], folder: Path) -> str:
    return subprocess.run(
        command, cwd=folder, check=True, capture_output=True, text=True, timeout=300
    ).stdout
