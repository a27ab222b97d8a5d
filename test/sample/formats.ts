/** One small source of work for each importer: what a person might have on disk, with damaged lines among the good ones. */
import * as line from "../../cli/import/claude-code/miniature.test-data.ts";
import type { Format } from "../../cli/import/detect.ts";
import { MINIATURE } from "./beads.ts";

export interface Source {
  format: Extract<Format, "beads" | "claude-code" | "gastown" | "ndjson">;
  /** Text of each file by its path below one folder. */
  files: Record<string, string>;
}

const text = (records: (object | string)[]) =>
  records.map((record) => (typeof record === "string" ? record : JSON.stringify(record))).join("\n");
const CUT = '{"type":"user","message":{"content":"cut in mid-li';

const SESSIONS = Array.from(
  { length: 4 },
  (_, n) => `${String(n + 1).repeat(8)}-1111-4111-8111-111111111111`,
);
/** Four sessions of a shop: tasks, calls with usage that grows, tools, tests, a subagent's folder. */
function transcripts(): Record<string, string> {
  const files: Record<string, string> = {};
  for (const [n, session] of SESSIONS.entries()) {
    const own = (records: object[]) => records.map((record) => ({ ...record, sessionId: session }));
    files[`projects/-home-me-shop/${session}.jsonl`] = text([
      ...own([
        line.prompt(`Add page ${n} to the shop`),
        line.answer(`msg_${n}_a`, { input_tokens: 10, output_tokens: 1 }),
        // Its first tool is done before its last line is written.
        ...line.tool(`c${n}1`, "TaskCreate", { subject: "Model" }, "Task #1 created successfully: Model"),
        line.answer(`msg_${n}_a`, { input_tokens: 10, output_tokens: 40 + n }),
        ...line.tool(`c${n}2`, "TaskCreate", { subject: "Page" }, "ok", {}, { task: { id: "2" } }),
        ...line.tool(`u${n}1`, "TaskUpdate", { taskId: "2", addBlockedBy: ["1"] }, "Updated"),
        ...line.tool(`u${n}2`, "TaskUpdate", { taskId: "1", status: "in_progress", owner: "bob" }, "Updated"),
        ...line.tool(`w${n}`, "Write", { file_path: `/home/me/shop/page-${n}.ts` }, "ok"),
        ...line.tool(`t${n}`, "Bash", { command: "npx vitest run" }, " Tests  2 failed | 5 passed (7)"),
        ...line.tool(`u${n}3`, "TaskUpdate", { taskId: "1", status: "completed" }, "Updated"),
        line.answer(`msg_${n}_b`, { input_tokens: 3, cache_read_input_tokens: 900, output_tokens: 7 }),
      ]),
      CUT,
      JSON.stringify({ type: "brand-new", sessionId: session }),
    ]);
    files[`projects/-home-me-shop/${session}/subagents/agent-a${n}.jsonl`] = text(
      own([line.prompt("Look at the tests"), line.answer(`msg_${n}_s`, { output_tokens: 5 })]).map(
        (record) => ({
          ...record,
          isSidechain: true,
          agentId: `a${n}`,
        }),
      ),
    );
  }
  return files;
}

/** A town's ledger: its issues, what became of them, and what holds what up. */
function ledger(): Record<string, string> {
  const at = (second: number) => new Date(Date.UTC(2026, 1, 1, 11, 0, second)).toISOString();
  const agents = ["mayor", "shop/polecats/nux", "shop/polecats/jasper", "shop/witness"];
  const issues: object[] = [
    { id: "gt-e", title: "The shop", status: "open", issue_type: "epic", created_at: at(0) },
  ];
  const edges: object[] = [];
  const events: object[] = [];
  for (let n = 1; n <= 12; n += 1) {
    const id = `gt-${n}`;
    const said = (second: number, event_type: string, more: object = {}) =>
      events.push({
        id: n,
        issue_id: id,
        event_type,
        actor: agents[(n + second) % 4],
        created_at: at(n * 10 + second),
        ...more,
      });
    const changed = (second: number, changes: object) =>
      said(second, "status_changed", { new_value: JSON.stringify(changes), old_value: "{}" });
    issues.push({ id, title: `Part ${n}`, status: "open", issue_type: "task", created_at: at(n * 10) });
    edges.push({ issue_id: id, depends_on_id: "gt-e", type: "parent-child" });
    if (n > 1) edges.push({ issue_id: id, depends_on_id: `gt-${n - 1}`, type: "blocks" });
    said(0, "created");
    changed(1, { status: "hooked", assignee: agents[1 + (n % 2)] });
    changed(2, { status: "in_progress" });
    said(3, "label_added", { comment: "urgent" });
    if (n % 3 === 0) changed(4, { status: "blocked" });
    else said(5, "closed", { new_value: "Done" });
    if (n % 5 === 0) said(6, "reopened", { new_value: '{"status":"open"}' });
  }
  edges.push({ issue_id: "gt-gone", depends_on_id: "gt-1", type: "blocks" });
  return {
    "ledger/events.jsonl": text([...events, CUT]),
    "ledger/issues.jsonl": text(issues),
    "ledger/dependencies.jsonl": text(edges),
  };
}

/** Own events: model calls with costs of both kinds, a straggler, a handoff, an unknown type, one without an id. */
function events(): Record<string, string> {
  const all: object[] = [];
  for (let n = 0; n < 60; n += 1) {
    const timestamp = new Date(Date.UTC(2026, 2, 1, 9, n * 7)).toISOString();
    const task_id = `N-${Math.floor(n / 6)}`;
    const [event_type, more] = [
      [
        "task_created",
        {
          feature_id: `f-${n % 4}`,
          metadata: { title: `Task ${n}`, assignee: "coder-b", files: [`src/${n}.ts`] },
        },
      ],
      ["task_claimed", { metadata: { assignee: "coder-b" } }],
      [
        "tokens_used",
        {
          metrics: { input_tokens: 100 + n, output_tokens: 9, ...(n % 4 === 0 ? { cost_usd: 0.1 } : {}) },
          metadata: { model: "claude-sonnet-5" },
        },
      ],
      ["handoff", { metadata: { to_agent: "coder-c" } }],
      ["deploy.started", { metadata: { to: "staging" } }],
      [n % 12 === 5 ? "task_failed" : "task_completed", { metadata: { reason: "so it went" } }],
    ][n % 6] as [string, object];
    all.push({
      ...(n % 10 === 4 ? {} : { id: `own-${n}` }),
      timestamp,
      event_type,
      agent_id: `coder-${"abc"[n % 3]}`,
      task_id,
      ...more,
    });
  }
  return { "own.ndjson": text([...all, CUT]) };
}

export const SOURCES: Source[] = [
  { format: "claude-code", files: transcripts() },
  { format: "gastown", files: ledger() },
  { format: "beads", files: { "issues.jsonl": text([...MINIATURE, CUT]) } },
  { format: "ndjson", files: events() },
];
