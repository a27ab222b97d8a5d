/** What must hold when a run is over, whatever went wrong in it (DESIGN §5). */
import type { StoredEvent } from "../../../schema/event/event.ts";
import { apply, createState } from "../../../schema/state/apply.ts";
import { strict } from "../../../schema/state/testing.ts";
import { stateText } from "../../../schema/state/encode.ts";
import { gunzip } from "../../../worker/archive/gzip.ts";
import { countHours } from "../../../worker/archive/hours.ts";
import { hourIn, type HourRow } from "../../../worker/archive/rows.ts";
import { foldWhole, textsOf } from "../../sample/whole-fold.ts";
import type { Lens } from "../../../worker/share/lens.ts";
import { checkIds } from "./ids.ts";
import { isOwn, type World } from "./world.ts";

/** Longer than the longest pause after a failure, and several of them. */
const HEALED_MS = 7_200_000;
const WAVE_MS = 61_000;
/** Until every room had its audit, though one was stuck, and every hour was forwarded. */
const NIGHT_MS = 36 * 3_600_000;

function must(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(what);
}

/** Lets all faults end, and then nothing but time pass; throws where something does not hold. */
export async function check(world: World, db: D1Database, evicted: boolean): Promise<void> {
  const { archive, wire } = world.place;
  for (const service of [archive, wire]) {
    service.mode = "well";
    service.release();
  }
  await world.settle();
  await world.sendAgain();
  if (evicted) world.evict();

  await world.pass(HEALED_MS);
  const lines = linesOf(world);
  /** As they were sent, also those that were destroyed. */
  const stored = lines.map((line, index) => world.forgotten.get(index + 1)?.text ?? line);
  await checkIds(world, stored);
  checkLog(world, stored);
  await checkViewers(world, stored);
  await world.pass(NIGHT_MS);
  await checkServices(world, lines);
  await checkArchive(world, db, lines);
  await checkState(world, lines);
}

function linesOf(world: World): string[] {
  const { sql } = world.place.storage;
  let seq = 0;
  for (const row of sql.exec<{ first_seq: number; last_seq: number }>(
    "SELECT first_seq, last_seq FROM log ORDER BY first_seq",
  )) {
    must(row.first_seq === seq + 1, `[L4] ${row.first_seq} follows ${seq}`);
    seq = row.last_seq;
  }
  const lines = world.lines();
  must(lines.length === seq, `[L4] the log ends at ${seq}, with ${lines.length} events`);
  for (const [index, line] of lines.entries())
    must((line === "") === world.forgotten.has(index + 1), `[P1] ${index + 1} is there, or gone, by mistake`);
  return lines;
}

function checkLog({ answered, forgotten }: World, lines: readonly string[]): void {
  const bodies = new Map<string, string>();
  const gone = new Map<string, number>();
  let received = "";
  for (const [index, line] of lines.entries()) {
    const { seq, received_at, ...sent } = JSON.parse(line) as StoredEvent;
    must(seq === index + 1, `[L4] seq ${seq} stands at ${index + 1}`);
    must(received_at >= received, `[L4] ${seq} was received before ${seq - 1}`);
    received = received_at;
    must(!bodies.has(sent.id), `[L2] ${sent.id} is stored twice`);
    bodies.set(sent.id, JSON.stringify(sent));
    gone.set(sent.id, forgotten.get(seq)?.era ?? Infinity);
  }
  const taken = new Set<number>();
  for (const { request, reply, era } of answered) {
    const { accepted, duplicates, conflicts, first_seq, last_seq } = reply;
    must(accepted + duplicates + conflicts.length === request.length, "[L3] an event has no status");
    for (const [index, event] of request.entries()) {
      const stored = bodies.get(event.id);
      must(stored !== undefined, `[L1] ${event.id} was acknowledged and is not stored`);
      // Nobody can tell any more what a forgotten one was.
      const same = stored === JSON.stringify(event) || (gone.get(event.id) ?? Infinity) <= era;
      const conflict = conflicts.includes(index);
      must(
        conflict ? !same : same || event.source !== "api",
        `[L2] ${event.id}: conflict ${conflict}, same ${same}`,
      );
    }
    for (let seq = first_seq ?? 1; seq <= (last_seq ?? 0); seq += 1) {
      must(!taken.has(seq), `[L4] ${seq} was given out twice`);
      taken.add(seq);
    }
  }
  const own = lines.filter((line) => isOwn(line)).length;
  must(
    taken.size + own === lines.length,
    `[L1] ${taken.size} events were accepted, ${own} are the room's own, and ${lines.length} are stored`,
  );
}

async function checkViewers(world: World, lines: readonly string[]): Promise<void> {
  for (const viewer of world.viewers) {
    if (viewer.at === null && viewer.connection === null) continue;
    viewer.acks = true;
    if (viewer.connection === null) await world.join(viewer.name, null, true);
    await world.acknowledge(viewer);
  }
  for (let wave = 0; wave < 3; wave += 1) await world.pass(WAVE_MS);
  const wanted = new Map<number, Map<number, { text: string; lens: Lens | null }[]>>();
  for (const { name, at, connection, link, events, snapshots } of world.viewers) {
    if (at === null && connection === null) continue;
    must(at === lines.length, `[V1] viewer ${name} stands at ${at} of ${lines.length}`);
    const lens = link?.lens ?? null;
    for (const { seq, text } of events) {
      const line = lines[seq - 1] ?? "";
      must(text === (lens?.line(line) ?? line), `[V1] [T2] viewer ${name} saw another ${seq}`);
    }
    must(new Set(events.map(({ seq }) => seq)).size === events.length, `[V1] viewer ${name} saw a seq twice`);
    for (const { seq, era, text } of snapshots) {
      const of_era = wanted.get(era) ?? new Map<number, { text: string; lens: Lens | null }[]>();
      wanted.set(era, of_era.set(seq, [...(of_era.get(seq) ?? []), { text, lens }]));
    }
  }
  for (const [era, of_era] of wanted) checkSnapshots(world, lines, era, of_era);
}

/** What was destroyed later was still in them. */
function checkSnapshots(
  { forgotten }: World,
  lines: readonly string[],
  era: number,
  wanted: ReadonlyMap<number, { text: string; lens: Lens | null }[]>,
): void {
  const state = createState();
  const last = Math.max(...wanted.keys());
  for (let seq = 0; seq <= last; seq += 1) {
    if (seq > 0 && (forgotten.get(seq)?.era ?? Infinity) > era)
      apply(state, JSON.parse(lines[seq - 1] ?? "") as StoredEvent, strict);
    for (const { text, lens } of wanted.get(seq) ?? []) {
      const whole = lens === null ? stateText(state) : lens.stateText(state);
      must(
        text === whole,
        `[S1] [S2] [T2] the snapshot at ${seq} is not ${lens ? "what the link shows of " : ""}the fold`,
      );
    }
  }
}

/** The audit found the whole log and nothing wrong; the receiver has the last sum of each hour, and was not sent it twice. */
async function checkServices(world: World, lines: readonly string[]): Promise<void> {
  const { receiver, room, forgotten } = world;
  const { audit } = await auditOf(room);
  must(
    audit.last?.ok === true && audit.last.seq === lines.length,
    `[L5] [B3] the audit says ${JSON.stringify(audit)}`,
  );
  must(audit.last.forgotten <= forgotten.size, "[L5] the audit counts too many as forgotten");
  if (receiver.target === null) return;
  const has = [...(receiver.has.get(receiver.target)?.values() ?? [])];
  const last = new Map(has.map((report) => [report.metadata.hour, report]));
  const reports = await receiver.all();
  for (const report of reports) {
    const events = last.get(report.metadata.hour)?.metrics["events"] ?? 0;
    const counted = report.metrics["events"] ?? 0;
    // Of an hour the sum of most events counts, so forgetting alone is no reason to send a smaller one.
    if (forgotten.size > 0 && events > counted) continue;
    must(events === counted, `[B3] ${report.metadata.hour} was forwarded with ${events} events`);
    const same = last.get(report.metadata.hour)?.id === report.id;
    must(same, `[B2] ${report.metadata.hour} was forwarded with another sum`);
  }
  must(forgotten.size > 0 || last.size === reports.length, "[B2] an hour was forwarded that is none");
  must(forgotten.size > 0 || receiver.needless === 0, `[B2] ${receiver.needless} sums were sent again`);
}

async function auditOf(room: World["room"]) {
  const reply = await room.readAudit({ kind: "clusterfork" });
  must(reply.ok, "the audit is not shown");
  return reply;
}

async function checkState(world: World, lines: readonly string[]): Promise<void> {
  const state = createState();
  for (const line of lines) if (line !== "") apply(state, JSON.parse(line) as StoredEvent, strict);
  const whole = stateText(state);
  for (const when of ["live", "after an eviction"]) {
    const reply = await world.room.readState({ kind: "clusterfork" });
    must(reply.ok && reply.state === whole, `[S1] the state (${when}) is not the fold from zero`);
    world.evict();
  }
  const verdict = world.room.verify();
  await world.pass(1_000);
  const { ok, seq } = await verdict;
  must(ok && seq === lines.length, `[L5] the chain is broken at ${seq}`);
}

async function checkArchive(world: World, db: D1Database, lines: readonly string[]): Promise<void> {
  const { project_id, storage } = world.place;
  const rows = async <T>(query: string) => (await db.prepare(query).bind(project_id).all<T>()).results;
  const heads = new Map(
    Array.from(
      storage.sql.exec<{ last_seq: number; head: ArrayBuffer }>("SELECT last_seq, head FROM log"),
      (row) => [row.last_seq, new Uint8Array(row.head).toHex()],
    ),
  );
  const archived: string[] = [];
  for (const segment of await rows<{ first_seq: number; last_seq: number; head: string; events: number[] }>(
    "SELECT * FROM archive_segment WHERE project_id = ? ORDER BY first_seq",
  )) {
    must(segment.first_seq === archived.length + 1, `[B2] a segment begins at ${segment.first_seq}`);
    archived.push(...(await gunzip(segment.events)).split("\n"));
    must(segment.last_seq === archived.length, `[B2] a segment ends at ${segment.last_seq}`);
    must(
      segment.head === "" || segment.head === heads.get(segment.last_seq),
      `[L5] the head at ${segment.last_seq} is another`,
    );
  }
  must(archived.length === lines.length, `[B3] ${archived.length} of ${lines.length} are archived`);
  must(
    archived.every((text, index) => text === lines[index]),
    "[B1] the archive holds another log",
  );

  const events = lines.filter((line) => line !== "").map((line) => JSON.parse(line) as StoredEvent);
  const whole = foldWhole(events);
  for (const [table, entities] of Object.entries({
    archive_task: textsOf(whole.tasks),
    archive_feature: textsOf(whole.features),
    archive_agent: textsOf(whole.agents),
  })) {
    const stored = await rows<{ id: string; row: string }>(
      `SELECT id, row FROM ${table} WHERE project_id = ?`,
    );
    const wrong = stored.find(({ id, row }) => entities[id] !== row);
    must(wrong === undefined, `[B2] ${table} ${wrong?.id} is not what the log says`);
    must(stored.length === Object.keys(entities).length, `[B2] ${table} has ${stored.length} rows`);
  }
  const expected = countHours(events, 0).hours;
  const hours = (await rows<HourRow>("SELECT * FROM archive_hour WHERE project_id = ? ORDER BY hour")).map(
    hourIn,
  );
  must(hours.length === expected.size, `[B2] ${hours.length} hours for ${expected.size}`);
  for (const hour of hours) {
    const { events: count, usage, by_type } = expected.get(hour.hour) ?? {};
    const sorted = (types = new Map<string, number>()) => [...types].sort(([a], [b]) => (a < b ? -1 : 1));
    const same =
      JSON.stringify([hour.events, hour.usage, sorted(hour.by_type)]) ===
      JSON.stringify([count, usage, sorted(by_type)]);
    must(same, `[B2] hour ${hour.hour} is not a recount`);
  }
}
