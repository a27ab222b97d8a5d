/** Arbitrary logs: every known type and some unknown, hostile ids, odd metadata, clocks a year off. */
import fc from "fast-check";
import type { Json, StoredEvent } from "../../schema/event/event.ts";
import { KNOWN_TYPES } from "../../schema/event/type.ts";

const START_MS = Date.UTC(2026, 10, 22, 12);
const YEAR_MS = 365 * 24 * 3600 * 1000;

/** Few, so that events meet; hostile, because an id is any text. */
const ids = [
  "TASK-1",
  "TASK-2",
  "__proto__",
  "constructor",
  "hasOwnProperty",
  "0",
  "\ud800",
  "a\u0000b",
  "other",
];
const names = [
  "coder-a",
  "coder-b",
  "__proto__",
  "toString",
  "",
  "a:b",
  "a",
  "1:a",
  "é\n",
  "clusterfork:alerts",
];
const paths = ["src/a.ts", "src/b.ts", "__proto__", "", "1:a", ":a", "coder-a"];
const texts = ["", "a title", "__proto__", "x".repeat(2_000), `${"y".repeat(299)}\u{1f600}`, "</script>"];

const odd: fc.Arbitrary<Json> = fc.oneof(
  fc.constant<Json>(null),
  fc.boolean(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constant<Json>([]),
  fc.constant<Json>({ sha256: "0", bytes: 1 }),
  fc.constantFrom(...texts),
);
const mostly = <T extends Json>(usual: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 5, arbitrary: usual }, { weight: 1, arbitrary: odd });

const id = fc.constantFrom(...ids);
const agent = fc.constantFrom(...names);
const path = fc.constantFrom(...paths);
const text = fc.constantFrom(...texts);
const time = fc
  .constantFrom(0, START_MS, START_MS + 30_000, Date.UTC(2026, 10, 1), Date.UTC(2025, 11, 1))
  .map((ms) => new Date(ms).toISOString());
const amount = fc.oneof(
  fc.nat(100_000),
  fc.double(),
  fc.constantFrom(-1, Number.NaN, Number.POSITIVE_INFINITY, 1e300, -0, 0.1),
);

const metadata: fc.Arbitrary<{ [key: string]: Json }> = fc.record(
  {
    title: mostly(text),
    description: mostly(text),
    dependencies: mostly(fc.array(id, { maxLength: 4 })),
    parent_id: mostly(id),
    kind: mostly(text),
    priority: mostly(fc.integer()),
    assignee: mostly(agent),
    requested_by: mostly(agent),
    files: mostly(fc.array(path, { maxLength: 3 })),
    reason: mostly(text),
    progress: mostly(fc.double({ noNaN: true, noDefaultInfinity: true })),
    percent: mostly(fc.integer()),
    sprint_id: mostly(id),
    goal: mostly(text),
    features: mostly(fc.array(id, { maxLength: 3 })),
    ends_at: mostly(time),
    path: mostly(path),
    holder_agent_id: mostly(agent),
    holder_task_id: mostly(id),
    model: mostly(text),
    role: mostly(text),
    cost_source: mostly(fc.constantFrom("reported", "priced")),
    rationale: mostly(text),
    alternatives: mostly(fc.array(text, { maxLength: 3 })),
    from_agent: mostly(agent),
    to_agent: mostly(agent),
    undeclared: mostly(text),
    budget_id: mostly(id),
    removed: mostly(fc.boolean()),
    scope: mostly(fc.constantFrom("project", "feature", "agent", "role")),
    period: mostly(fc.constantFrom("month", "lifetime")),
    unit: mostly(fc.constantFrom("usd", "tokens")),
    hard: mostly(fc.boolean()),
    feature: mostly(id),
    agent: mostly(agent),
    by: mostly(agent),
    task: mostly(id),
    reservation_id: mostly(id),
    expires_at: mostly(time),
    period_start: mostly(time),
    revision: mostly(fc.constantFrom(1, 2)),
  },
  { requiredKeys: [] },
);

const metrics = fc.dictionary(
  fc.constantFrom(
    "input_tokens",
    "cache_read_tokens",
    "cache_write_tokens",
    "output_tokens",
    "reasoning_tokens",
    "cost_usd",
    "passed",
    "failed",
    "undeclared",
    "limit_usd",
    "limit_tokens",
    "amount_usd",
    "amount_tokens",
    "threshold_percent",
  ),
  amount,
);

const eventType = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom(...KNOWN_TYPES) },
  { weight: 8, arbitrary: fc.constantFrom(...KNOWN_TYPES.filter((name) => name.startsWith("task_"))) },
  {
    weight: 4,
    arbitrary: fc.constantFrom("budget_set", "budget_reserved", "budget_released", "tokens_used"),
  },
  { weight: 4, arbitrary: fc.constantFrom("file_locked", "file_unlocked", "lock_conflict", "tokens_used") },
  { weight: 1, arbitrary: fc.constantFrom("sprint_started", "sprint_ended") },
  { weight: 1, arbitrary: fc.constantFrom("deploy.started", "__proto__", "other", "constructor") },
);

const event: fc.Arbitrary<Omit<StoredEvent, "seq">> = fc
  .record(
    {
      event_type: eventType,
      agent_id: agent,
      sent_ms: fc.oneof(fc.nat(60_000), fc.integer({ min: -YEAR_MS, max: YEAR_MS })),
      received_ms: fc.nat(60_000),
      agent_role: fc.constantFrom("coder", "reviewer", "x".repeat(300)),
      task_id: id,
      feature_id: id,
      metadata,
      metrics,
    },
    { requiredKeys: ["event_type", "agent_id", "sent_ms", "received_ms"] },
  )
  .map(({ sent_ms, received_ms, ...rest }) => ({
    id: "e",
    timestamp: new Date(START_MS + sent_ms).toISOString(),
    received_at: new Date(START_MS + received_ms).toISOString(),
    source: "api",
    key_id: "k",
    v: 1,
    ...rest,
  }));

/** A log: dense seq from 1, everything else as odd as it can be. */
export const hostileLog: fc.Arbitrary<StoredEvent[]> = fc
  .array(event, { maxLength: 60, size: "max" })
  .map((events) => events.map((one, index) => ({ ...one, seq: index + 1 })));
