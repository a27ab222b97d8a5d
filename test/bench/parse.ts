/** `npm run bench -- parse`: what one event costs on its way in, in µs. */
import { redactEvent } from "../../schema/event/view.ts";
import { normalise } from "../../schema/event/normalise.ts";
import { parseEvent } from "../../schema/event/parse.ts";
import { pseudonymWith, sha256Hex } from "../../worker/intake/hash.ts";
import { prepare } from "../../worker/intake/native.ts";
import { createPrice } from "../../worker/intake/price.ts";
import { check, figure, type Figure } from "./figure.ts";

const core = {
  timestamp: "2026-11-22T14:23:15.120Z",
  agent_id: "coder-a",
  agent_role: "coder",
  task_id: "TASK-001",
};
const events = [
  {
    ...core,
    id: "req_011CSHoEeqs5C35K2UUqR7Fy",
    event_type: "tokens_used",
    feature_id: "add-auth",
    session_id: "3f1c7a52-9f1e-4a7e-a7dd-0f6a1c2b3d4e",
    metadata: { model: "claude-sonnet-5" },
    metrics: {
      input_tokens: 1200,
      cache_read_tokens: 9000,
      output_tokens: 480,
      cost_usd: 0.011,
      duration_ms: 3200,
    },
  },
  {
    ...core,
    id: "TASK-001:created",
    event_type: "task_created",
    metadata: {
      title: "Hash passwords with argon2id",
      description: "Users sign up with a password; store a hash with a salt of its own, and never log it.",
      dependencies: ["TASK-000"],
      files: ["src/auth/hash.ts", "src/auth/hash.test.ts"],
      priority: 1,
    },
  },
  {
    ...core,
    id: "TASK-001:p1",
    event_type: "task_progress",
    metadata: { progress: 0.4, message: "tests are red" },
  },
  {
    ...core,
    id: "t-9",
    event_type: "test_passed",
    metadata: { suite: "auth" },
    metrics: { passed: 28, failed: 0 },
  },
];
const options = {
  source: "api",
  key_id: "k0k0k0k0k0k0",
  now_ms: Date.UTC(2026, 10, 22),
  sha256: sha256Hex,
  pseudonym: pseudonymWith("a secret of at least thirty-two characters"),
  price: createPrice(),
};
const normaliser = { ...options, sha256Hex, mintId: () => "minted" };
const stored = events.map((event, index) => {
  const result = normalise(event, normaliser);
  if (!result.ok) throw new Error(result.message);
  return { ...result.event, seq: index + 1, received_at: core.timestamp };
});
const all = { cost: true, name: true, title: true, text: true };
const batch = Array.from({ length: 100 }, (_, index) => events[index % events.length]).map(
  (value) => ({ ok: true, value }) as const,
);

export interface ParseOptions {
  /** Events of one run. */
  rounds?: number;
  runs?: number;
}

export async function benchParse({ rounds = 20_000, runs = 5 }: ParseOptions = {}): Promise<Figure[]> {
  const measure = (name: string, each: (index: number) => void, per_call = 1): Figure => {
    const taken_us: number[] = [];
    // The first run warms up.
    for (let run = 0; run <= runs; run++) {
      const start = performance.now();
      for (let index = 0; index < rounds / per_call; index++) each(index);
      if (run > 0) taken_us.push(((performance.now() - start) * 1_000) / rounds);
    }
    return figure(`${name}, an event`, "µs", taken_us);
  };
  check(prepare(batch, options).prepared.length === batch.length, "an event of the benchmark is refused");
  return [
    measure("parseEvent", (index) => parseEvent(events[index % events.length])),
    measure("normalise", (index) => normalise(events[index % events.length], normaliser)),
    measure("prepare", () => prepare(batch, options), batch.length),
    measure("redactEvent", (index) => {
      const event = stored[index % stored.length];
      if (event !== undefined) redactEvent(event, all, (name) => `alias of ${name}`);
    }),
  ];
}
