import { describe, expect, it } from "vitest";
import { createState } from "../../../schema/state/apply.ts";
import { encodeState } from "../../../schema/state/encode.ts";
import { packText } from "../../../schema/state/pack.ts";
import { readBeginning } from "./beginning.ts";

const state = { ...encodeState(createState()), seq: 7, time: 9 };

/** The text in pieces that end anywhere, also inside of a letter. */
function answer(text: string, piece_bytes = 5, status = 200): () => Promise<Response> {
  const bytes = new TextEncoder().encode(text);
  const body = new ReadableStream<Uint8Array>({
    start(stream) {
      for (let at = 0; at < bytes.length; at += piece_bytes)
        stream.enqueue(bytes.slice(at, at + piece_bytes));
      stream.close();
    },
  });
  return () => Promise.resolve(new Response(body, { status }));
}
const still = { now: () => 0, rest: () => Promise.resolve(), drawn: () => Promise.resolve() };

describe("the state before the stream", () => {
  it("[S2] is what the room packed, however it was cut on its way", async () => {
    const decisions = [{ ...blank, title: "Zürich → 東京 🚀" }];
    for (const bytes of [1, 3, 64, 1e6]) {
      const found = await readBeginning(answer(packText({ ...state, decisions }), bytes), still);
      expect(found).toEqual({ seq: 7, time: 9, state: { ...state, decisions } });
    }
  });

  it("rests when a slice took its time", async () => {
    let clock = 0;
    let rests = 0;
    const pauses = { ...still, now: () => (clock += 9), rest: () => Promise.resolve(void rests++) };
    expect(await readBeginning(answer(packText(state)), pauses)).not.toBeNull();
    expect(rests).toBeGreaterThan(0);
  });

  it("is asked for at once, and read when the page stands", async () => {
    const order: string[] = [];
    const ask = () => {
      order.push("asked");
      return answer(packText(state))();
    };
    const pauses = {
      ...still,
      drawn: () => Promise.resolve(void order.push("drawn")),
      now: () => {
        order.push("reads");
        return 0;
      },
    };
    expect(await readBeginning(ask, pauses)).not.toBeNull();
    expect(order.slice(0, 3)).toEqual(["asked", "drawn", "reads"]);
  });

  it("is nothing where it was refused, cut off, or is something else", async () => {
    const whole = packText(state);
    expect(await readBeginning(answer(whole, 5, 429), still)).toBeNull();
    expect(await readBeginning(answer(whole.slice(0, -20)), still)).toBeNull();
    expect(await readBeginning(answer(JSON.stringify({ seq: 7, time: 9, state })), still)).toBeNull();
    expect(await readBeginning(answer("<html>"), still)).toBeNull();
    expect(await readBeginning(() => Promise.reject(new Error("offline")), still)).toBeNull();
  });
});

const blank = {
  seq: 1,
  time: 2,
  agent_id: "a",
  task_id: null,
  feature_id: null,
  title: null,
  rationale: null,
  alternatives: [],
};
