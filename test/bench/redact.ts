/**
 * `npm run bench -- redact`: how much redaction costs. Aim: 2 µs for a typical event of 500 bytes, 100 MB/s on plain
 * text. Runs are many and short, since the median is what is looked at.
 */
import type { Json } from "../../schema/event/event.ts";
import { redactSecrets, redactSecretsInText } from "../../schema/event/secret/secret.ts";
import { check, figure, type Figure } from "./figure.ts";

const event: Json = {
  id: "01JDK3V9T2Q8W7Z6Y5X4R3P2N1",
  timestamp: "2026-11-22T14:23:15.120Z",
  event_type: "tokens_used",
  agent_id: "coder-a",
  agent_role: "coder",
  task_id: "TASK-001",
  feature_id: "add-auth",
  session_id: "550e8400-e29b-41d4-a716-446655440000",
  metadata: {
    model: "claude-sonnet-5",
    commit: "8f14e45fceea167a5a36dedd4bea2543f1d2c9aa",
    message: "Add the retry with backoff to the client and cover it with tests",
    files: ["src/client/retry.ts", "src/client/retry.test.ts"],
  },
  metrics: { input_tokens: 1200, cache_read_tokens: 9000, output_tokens: 480, cost_usd: 0.011 },
};
const line = JSON.stringify(event);
const SECRET = `${"hunter"}22`;
const TEXTS: Record<string, string> = {
  "plain text": "The agent merged the feature after two reviews, and three tests failed at first.\n",
  "JSON of events": `${line}\n`,
  code: "export const value = parse(input, { strict: true }); // keeps the order of keys\n",
  "text full of secrets": `Authorization: Bearer a1b2c3d4e5f6a7b8c9d0 DB_PASSWORD=${SECRET} next line of text\n`,
};

export interface RedactOptions {
  /** Of one run. */
  events?: number;
  text_bytes?: number;
  runs?: number;
}

export async function benchRedact(options: RedactOptions = {}): Promise<Figure[]> {
  const { events = 20_000, text_bytes = 4e6, runs = 41 } = options;
  const times_ms = (work: () => void): number[] =>
    Array.from({ length: runs }, () => {
      const start = performance.now();
      work();
      return performance.now() - start;
    });
  const micros = (work: () => void) =>
    times_ms(() => {
      for (let index = 0; index < events; index++) work();
    }).map((ms) => (ms * 1_000) / events);
  const hidden = redactSecretsInText(TEXTS["text full of secrets"] ?? "");
  check(!hidden.includes(SECRET), "a secret survives redaction");
  return [
    figure(
      `redaction, an event of ${line.length} bytes`,
      "µs",
      micros(() => redactSecrets(event)),
      { beside: { what: "JSON.parse of it", runs: micros(() => JSON.parse(line)) } },
    ),
    ...Object.entries(TEXTS).map(([name, unit]) => {
      const text = unit.repeat(Math.ceil(text_bytes / unit.length));
      const rates = times_ms(() => redactSecretsInText(text)).map((ms) => text.length / 1_000 / ms);
      return figure(`redaction, ${name}`, "MB/s", rates);
    }),
  ];
}
