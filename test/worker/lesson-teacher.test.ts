/** Who says first what a reflection will call its lesson is not its teacher, and cannot end it by made-up tasks alone. */
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, expect, it, vi } from "vitest";
import type { StoredEvent } from "../../schema/event/event.ts";
import type { LessonsResponse } from "../../schema/wire/lesson.ts";
import { noteAsker } from "../../worker/learning/book/alone.ts";
import type { BookRpc } from "../../worker/learning/query/book.ts";
import { asKey, event, json, migrate, signUp } from "./server.ts";

beforeAll(migrate);
const HOUR_MS = 3_600_000;
/** `reflection-` and the hash of what it is about: anybody can work it out. */
const NAME = "reflection-0123456789abcdef";

it.each([
  ["a lesson that nobody squatted", "another-name"],
  ["a lesson whose name a sender took first", NAME],
])(
  "[T5] one key's tasks alone do not end a reflection's words on others' events: %s",
  async (_, squatted) => {
    const team = await signUp("Squatted");
    const { id: project } = team.project;
    const stub = env.LESSON_BOOK.get(env.LESSON_BOOK.idFromName(team.team.id));
    const book = stub as unknown as BookRpc;
    const sent = event({
      event_type: "lesson_learned",
      metadata: { lesson_id: squatted, headline: "Placeholder" },
    });
    await asKey(team.keys.ingest, "/v1/events", json("POST", { events: [sent] }));
    const listed = async () =>
      (await (await asKey(team.keys.read, "/v1/lessons")).json<LessonsResponse>()).lessons;
    await vi.waitFor(async () => expect(await listed()).toHaveLength(1), { timeout: 10_000, interval: 50 });
    const said: StoredEvent = {
      ...{ id: "clusterfork:x", seq: 1_000, v: 2, event_type: "lesson_learned", source: "clusterfork" },
      ...{ agent_id: "clusterfork:reflection", key_id: "clusterfork" },
      ...{ timestamp: new Date().toISOString(), received_at: new Date().toISOString() },
      metadata: {
        ...{ lesson_id: NAME, category: "pitfall", evidence: ["4"] },
        headline: "Wait for the lock of the routes before you write them",
      },
    };
    await book.take({ project, since: 0, to: 1_000, events: [{ event: said, keys: ["honest000000"] }] });
    const lesson = (await listed()).find(({ id }) => id === NAME);
    expect(lesson).toMatchObject({ provenance: { kind: "reflection" }, status: "active" });

    const from_ms = Date.now() - 400 * HOUR_MS;
    const rows = Array.from({ length: 200 }, (_, n) => ({
      ...{ task: `t${String(n)}`, withheld: n % 5 === 0, at_ms: from_ms + n * HOUR_MS },
    }));
    await runInDurableObject(stub, (_, { storage: { sql } }) => {
      const [{ key_id } = { key_id: "" }] = sql
        .exec<{ key_id: string }>("SELECT key_id FROM origin WHERE seq < 1000")
        .toArray();
      const [{ pk } = { pk: 0 }] = sql
        .exec<{ pk: number }>("SELECT pk FROM named WHERE name = ?", NAME)
        .toArray();
      expect(key_id).toHaveLength(12);
      noteAsker(sql, project, key_id);
      noteAsker(sql, project, "honest000000");
      for (const { task, withheld, at_ms } of rows)
        sql.exec(
          "INSERT INTO delivery (project, task, pk, is_withheld, at_ms, share, key_id) VALUES (?, ?, ?, ?, ?, 0.2, ?)",
          ...[project, task, pk, Number(withheld), at_ms, key_id],
        );
    });
    const ends = rows.map(({ task, withheld, at_ms }) => {
      const known = { attempts: 1, cycles: null, tokens: null, work_ms: null };
      return [task, { ...known, closed_at: at_ms + 1, finished: withheld }] as const;
    });
    const { against } = await book.look({ project, ends, now_ms: Date.now() });
    expect(against).toMatchObject([{ lesson_id: NAME, is_one_keys: true }]);
  },
);
