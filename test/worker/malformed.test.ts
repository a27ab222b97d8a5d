/**
 * Malformed bodies and questions, generated from the schemas (test/worker/malformed), sent to the served Worker:
 * none may cause a 500 or a hang, each refusal names what is wrong, and in the end the log holds exactly what was
 * answered as accepted.
 *
 * A failing run prints its seed: CLUSTERFORK_FUZZ_SEED=<seed> npm test -- worker/malformed runs it again.
 */
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { drawOf } from "../replay/fault/draw.ts";
import { askingOf } from "./malformed/asking.ts";
import { bodyOf, type Asked } from "./malformed/body.ts";
import type { Made } from "./malformed/event.ts";
import { Ledger, refusalOf } from "./malformed/ledger.ts";
import { Patience, type Answer } from "./malformed/patience.ts";
import { readAll, type RoomStub } from "./prepared.ts";
import { call, json } from "./server.ts";
import { buildWorld, type World } from "./wall-world.ts";

const BODIES = 10_000;
const QUESTIONS = 1_000;
/** Some seconds on a quiet machine; a busy one must not fail it. */
const MAX_DURATION_MS = 600_000;
const IN_FLIGHT = 32;
/** The same in each run of the suite; `npm run fuzz` draws others. */
const SEED = env.FUZZ_SEED === "" ? 5 : Number(env.FUZZ_SEED);
/** Each found something once; they are sent for ever. */
const PINNED: { seed: number; nth: number; found: string }[] = [];

let world: World;
let room: RoomStub;
beforeAll(async () => {
  world = await buildWorld();
  room = env.ROOM.get(env.ROOM.idFromName(world.team.project.id)) as unknown as RoomStub;
});

async function answerOf(reply: Response): Promise<Answer> {
  // Decoded here, because text() warns of NDJSON.
  return { status: reply.status, text: new TextDecoder().decode(await reply.arrayBuffer()) };
}

const sender = () => world.headersOf["ingest-only key"];
const sendBody = async ({ path, headers, body }: Asked) =>
  answerOf(await call(path, { method: "POST", headers: { ...headers, ...sender() }, body }));
const good = async () => {
  const { headers, ...rest } = json("POST", {});
  return answerOf(await call("/v1/events", { ...rest, headers: { ...headers, ...sender() } }));
};

/** Every seed and number gives one request, whatever came before it. */
const chanceOf = (seed: number, nth: number) => drawOf(Math.imul(seed, 0x9e3779b1) + nth);

/** Runs `each` for every number, IN_FLIGHT at a time; after a failure no more are begun. */
async function inLanes(count: number, each: (nth: number, lane: number) => Promise<void>): Promise<void> {
  let failed = false;
  const lanes = Array.from({ length: IN_FLIGHT }, async (_, lane) => {
    for (let nth = lane; nth < count && !failed; nth += IN_FLIGHT) {
      try {
        await each(nth, lane);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  });
  for (const lane of await Promise.allSettled(lanes)) if (lane.status === "rejected") throw lane.reason;
}

function failure(error: unknown, what: string): Error {
  const said = error instanceof Error ? error.message : String(error);
  return new Error(`${said}\nCLUSTERFORK_FUZZ_SEED=${SEED} npm test -- worker/malformed\n${what}`, {
    cause: error,
  });
}

function shown({ what, path, headers, body }: Asked): string {
  const text = new TextDecoder().decode(body.subarray(0, 2_000));
  return `${what}\n${path} ${JSON.stringify(headers)}\n${text}`;
}

describe(`malformed requests (seed ${SEED})`, { timeout: MAX_DURATION_MS }, () => {
  it(`[L1] [L2] [L3] [L4] ${BODIES} malformed bodies cause no 500, no hang and no change of the log`, async () => {
    const ledger = new Ledger();
    const before = (await readAll(room)).length;
    const now_ms = Date.now();
    const asked: Asked[] = [];
    const patience = new Patience((nth) => sendBody(asked[nth] as Asked), good);
    const known: (Made | null)[] = Array.from({ length: IN_FLIGHT }, () => null);
    const statuses = new Map<number, number>();
    const hear = (nth: number, { status, text }: Answer) => {
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      const one = asked[nth] as Asked;
      try {
        ledger.note(one, status, text);
      } catch (error) {
        throw failure(error, `${nth} ${shown(one)}`);
      }
    };
    await inLanes(BODIES, async (nth, lane) => {
      const one = bodyOf(chanceOf(SEED, nth), nth, now_ms, known[lane] ?? null);
      asked[nth] = one.asked;
      const answer = await patience.ask(nth);
      if (answer === null) return;
      hear(nth, answer);
      known[lane] = one.stored ?? known[lane] ?? null;
    });
    await patience.settle((nth, answer, again) => {
      hear(nth, answer);
      for (const { status, text } of again) if (status === 200) ledger.add(JSON.parse(text));
    });

    ledger.check(await readAll(room), before);
    expect(await room.verify()).toMatchObject({ ok: true, seq: before + ledger.accepted });
    // Controls: it was neither refused altogether nor good altogether.
    expect(ledger.accepted).toBeGreaterThan(BODIES / 4);
    for (const status of [200, 400, 409, 413, 415, 422])
      expect(statuses.get(status) ?? 0, `${status}`).toBeGreaterThan(0);
    console.info(
      `[measured] ${JSON.stringify({ ...Object.fromEntries(statuses), accepted: ledger.accepted })}`,
    );
  });

  it(`[L4] ${QUESTIONS} malformed questions and bodies to the other routes cause no 500, no hang and no change`, async () => {
    // All that was sent: meanwhile the room says things of it by itself, and a budget whose odd title is good is set.
    const told = async () => (await readAll(room)).filter((text) => !text.includes('"source":"clusterfork"'));
    const before = await told();
    const asked = Array.from({ length: QUESTIONS }, (_, nth) => askingOf(chanceOf(SEED + 1, nth), world));
    const statuses = new Map<number, number>();
    const patience = new Patience(async (nth) => {
      const { method, path, headers, body } = asked[nth] as (typeof asked)[number];
      return answerOf(await call(path, { method, headers, body }));
    }, good);
    const hear = (nth: number, { status, text }: Answer) => {
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      const one = asked[nth] as (typeof asked)[number];
      try {
        if (status < 300) return;
        const message = refusalOf(status, text);
        if ((status === 400 || status === 422) && one.names?.some((name) => message.includes(name)) === false)
          throw new Error(`${status} names none of ${one.names.join(", ")}: ${message}`);
      } catch (error) {
        throw failure(
          error,
          `${nth} ${one.method} ${one.path} ${one.body ?? ""}\n${status} ${text.slice(0, 500)}`,
        );
      }
    };
    await inLanes(QUESTIONS, async (nth) => {
      const answer = await patience.ask(nth);
      if (answer !== null) hear(nth, answer);
    });
    await patience.settle(hear);

    expect(await told()).toEqual(before);
    for (const status of [200, 400, 413, 415, 422])
      expect(statuses.get(status) ?? 0, `${status}`).toBeGreaterThan(0);
    console.info(`[measured] ${JSON.stringify(Object.fromEntries(statuses))}`);
  });

  it.for(PINNED)("is well with $seed/$nth, which once found $found", async ({ seed, nth }) => {
    const { asked } = bodyOf(chanceOf(seed, nth), nth + BODIES, Date.now(), null);
    const { status, text } = await sendBody(asked);
    new Ledger().note(asked, status, text);
  });

  it("draws the same requests from the same seed", () => {
    const drawn = (seed: number) =>
      Array.from({ length: 50 }, (_, nth) => bodyOf(chanceOf(seed, nth), nth, 0, null).asked);
    expect(drawn(7)).toEqual(drawn(7));
    expect(drawn(7)).not.toEqual(drawn(8));
  });
});
