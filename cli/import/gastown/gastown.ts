/**
 * Gas Town's ledger: issues, dependencies, events, comments (the files of
 * `.beads/backup`) and the town's feed (`.events.jsonl`). Each line is known by
 * its shape, so that names of files do not matter.
 *
 *   issues ◀── dependencies          what there is (issue/, town.ts)
 *      │
 *      ├─ ledger, feed, comments ──▶ one event per record (ledger.ts, feed.ts)
 *      └─ what the ledger does not tell ──▶ the history in the issue's own record
 */
import { agentName } from "../actor.ts";
import { featureOf, history, issueEvent, MAX_DESCRIPTION_CHARS } from "../issue/history.ts";
import { addEdge, readIssue, type Issue } from "../issue/issue.ts";
import { mergeHistory } from "../issue/merge-request.ts";
import { cut, parseObject, text, time, type JsonObject } from "../json-field.ts";
import type { LineOutcome } from "../lines.ts";
import { sortByTime } from "../order.ts";
import type { Tally } from "../outgoing.ts";
import type { OutgoingEvent } from "../../../schema/event/outgoing.ts";
import { mapFeedRecord, type Feed } from "./feed.ts";
import { mapLedgerRecord, readLedgerRecord, type Ledger, type LedgerRecord } from "./ledger.ts";
import { arrange, meaningOf, TRACKER } from "./town.ts";

/** What the ledger tells of an issue. */
interface Told {
  first_ms: number;
  types: Set<string>;
  created_ms: number | null;
}

interface Found {
  issues: Map<string, Issue>;
  edges: { raw: JsonObject; at: string }[];
  ledger: LedgerRecord[];
  comments: { raw: JsonObject; at: string }[];
  feed: { raw: JsonObject; at: string }[];
}

/** All records of the files as events in timestamp order. */
export async function mapGastown(lines: AsyncIterable<LineOutcome>, tally: Tally): Promise<OutgoingEvent[]> {
  const found = await readAll(lines, tally);
  for (const { raw, at } of found.edges) {
    const issue = found.issues.get(text(raw["issue_id"]) ?? "");
    if (issue === undefined) tally.skip("an edge of an issue that the ledger does not hold", at);
    else if (addEdge(issue, text(raw["depends_on_id"]), text(raw["type"]) ?? "blocks")) tally.mapped += 1;
    else tally.skip("an edge that leads nowhere", at);
  }
  arrange(found.issues);

  const events: OutgoingEvent[] = [];
  const told = new Map<string, Told>();
  const ledger: Ledger = { issues: found.issues, created: new Set(), closed: new Set() };
  for (const record of found.ledger.toSorted((a, b) => a.ms - b.ms)) {
    tally.mapped += 1;
    const issue = found.issues.get(record.issue_id);
    // Older than the ledger's word: then that one tells of a copy into another town.
    if (record.type === "created" && issue !== undefined && issue.created_ms < record.ms)
      ledger.created.add(record.issue_id);
    if (issue === undefined)
      tally.note("about an issue that the ledger no longer holds; it has no title", record.at);
    events.push(mapLedgerRecord(record, ledger));
    const before = told.get(record.issue_id) ?? { first_ms: record.ms, types: new Set(), created_ms: null };
    told.set(record.issue_id, before);
    before.types.add(record.type);
    if (record.type === "created") before.created_ms ??= record.ms;
  }
  const feed: Feed = { issues: found.issues, branches: new Map() };
  for (const { raw, at } of found.feed.toSorted(
    (a, b) => (time(a.raw["ts"]) ?? 0) - (time(b.raw["ts"]) ?? 0),
  ))
    take(mapFeedRecord(raw, feed), at, events, tally);
  for (const { raw, at } of found.comments) take(comment(raw, found.issues), at, events, tally);
  // What an issue's record tells comes first, so that at one instant a task exists before it moves.
  return sortByTime([...untold(found.issues, told, tally), ...events]);
}

function take(event: OutgoingEvent | string, at: string, events: OutgoingEvent[], tally: Tally): void {
  if (typeof event === "string") return tally.skip(event, at);
  tally.mapped += 1;
  events.push(event);
}

async function readAll(lines: AsyncIterable<LineOutcome>, tally: Tally): Promise<Found> {
  const found: Found = { issues: new Map(), edges: [], ledger: [], comments: [], feed: [] };
  const seen = new Set<string>();
  for await (const line of lines) {
    tally.records += 1;
    const raw = "skipped" in line ? line.skipped : parseObject(line.text);
    if (typeof raw === "string") tally.skip(raw, line.at);
    else if ("event_type" in raw && "issue_id" in raw) {
      const record = readLedgerRecord(raw, line.at);
      if (typeof record === "string") tally.skip(record, line.at);
      else if (seen.has(record.key)) tally.skip("the same record again, from another backup", line.at);
      else {
        seen.add(record.key);
        found.ledger.push(record);
      }
    } else if ("depends_on_id" in raw) found.edges.push({ raw, at: line.at });
    else if ("issue_id" in raw && "text" in raw) found.comments.push({ raw, at: line.at });
    else if ("ts" in raw && "type" in raw) {
      if (line.at.includes(".feed.jsonl")) tally.skip("the curated copy of .events.jsonl", line.at);
      else found.feed.push({ raw, at: line.at });
    } else if ("title" in raw && "text" in line) takeIssue(line.text, line.at, found.issues, tally);
    else tally.skip("a record of no known kind", line.at);
  }
  return found;
}

function takeIssue(line: string, at: string, issues: Map<string, Issue>, tally: Tally): void {
  const issue = readIssue(line, at, TRACKER);
  if (typeof issue === "string") return tally.skip(issue, at);
  const known = issues.get(issue.id);
  if (known !== undefined) tally.skip("older state of an issue that appears again", known.at);
  else tally.mapped += 1;
  issues.set(issue.id, issue);
}

const CREATIONS = new Set(["task_created", "feature_requested"]);
const CLAIMS = new Set(["task_claimed", "task_started", "feature_started"]);

/** The history in the issues' own records, as far as the ledger is silent about it. */
function untold(issues: Map<string, Issue>, told: ReadonlyMap<string, Told>, tally: Tally): OutgoingEvent[] {
  const events: OutgoingEvent[] = [];
  for (const issue of issues.values()) {
    const ledger = told.get(issue.id);
    const meaning = meaningOf(issue, issues);
    if (meaning.is !== "work") {
      if (meaning.is === "agent" && ledger === undefined) {
        const what = { ms: issue.created_ms, event_type: "agent_initialized", agent_id: meaning.agent_id };
        const { task_id: _task, ...event } = issueEvent(TRACKER, issue, null, what);
        events.push(event);
      } else if (meaning.is === "merge request" && ledger === undefined) {
        const own = mergeHistory(issue, meaning, issues, TRACKER);
        if (own === null) tally.note("a merge request for work that the ledger does not hold", issue.at);
        else events.push(...own);
      } else if (ledger === undefined)
        tally.note(`a ${meaning.is} of which the ledger tells nothing`, issue.at);
      continue;
    }
    if (ledger === undefined) {
      events.push(...history(issue, issues, TRACKER, tally));
      continue;
    }
    if (ledger.first_ms < issue.created_ms)
      tally.note("known to the ledger before its created_at; the ledger's first word counts", issue.at);
    const created_ms = Math.min(issue.created_ms, ledger.first_ms);
    const creation_told = ledger.created_ms !== null && ledger.created_ms <= created_ms;
    for (const event of history({ ...issue, created_ms }, issues, TRACKER, tally)) {
      if (CREATIONS.has(event.event_type) && creation_told) continue;
      if (CLAIMS.has(event.event_type)) continue;
      if (ledger.types.has("closed") && /_(completed|reopened)$/.test(event.event_type)) continue;
      events.push(event);
    }
  }
  return events;
}

function comment(raw: JsonObject, issues: Map<string, Issue>): OutgoingEvent | string {
  const id = text(raw["issue_id"]);
  const ms = time(raw["created_at"]);
  const words = text(raw["text"]);
  if (id === null || ms === null || words === null) return "a comment without issue_id, created_at or text";
  const issue = issues.get(id);
  const feature = issue === undefined ? null : featureOf(issue, issues);
  const what = {
    ms,
    event_type: "gastown.commented",
    agent_id: agentName(raw["author"], TRACKER) ?? TRACKER,
    metadata: { text: cut(words, MAX_DESCRIPTION_CHARS) },
  };
  return issueEvent(TRACKER, issue ?? { id, is_feature: false }, feature, what, text(raw["id"]) ?? "");
}
