/** What a viewer says to the room: text from outside. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { CLOSE } from "../../schema/wire/socket.ts";
import { hear } from "./stream.ts";
import { acknowledge, sent, viewerAt } from "./viewer.ts";

/** What the room did with a message: the seq that it took, or the code that it closed with. */
function heard(message: string | ArrayBuffer): { seq: number } | { code: number } {
  let result: { seq: number } | { code: number } | null = null;
  const socket = { close: (code: number) => (result = { code }) };
  // One who was sent everything there is.
  const viewer = viewerAt(0);
  sent(viewer, Number.MAX_SAFE_INTEGER, 1);
  const viewers = {
    acked: (_: unknown, seq: number) => {
      const taken = acknowledge(viewer, seq);
      if (taken) result = { seq };
      return taken;
    },
    left: () => undefined,
  };
  hear(viewers, socket as unknown as WebSocket, message);
  if (result === null) throw new Error("neither taken nor closed");
  return result;
}

it("takes every acknowledgement of a seq, however it is spaced", () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), fc.boolean(), (seq, spaced) => {
      const text = JSON.stringify({ type: "ack", seq }, null, spaced ? 1 : 0);
      expect(heard(text)).toEqual({ seq });
    }),
  );
});

it("[V2] closes on anything else, and never throws", () => {
  const odd = fc
    .anything({ withBigInt: false })
    .filter((value) => !(typeof value === "number" && Number.isSafeInteger(value) && value >= 0));
  const message = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.json(),
    fc.uint8Array().map((bytes) => bytes.slice().buffer),
    odd.map((seq) => JSON.stringify({ type: "ack", seq })),
    odd.map((type) => JSON.stringify({ type, seq: 1 })),
    fc.constant(`{"type":"ack","seq":1${" ".repeat(100_000)}}`),
    fc.constant("[".repeat(1_000)),
  );
  fc.assert(
    fc.property(message, (said) => {
      expect(heard(said)).toEqual({ code: CLOSE.bad_message });
    }),
    { numRuns: 500 },
  );
});
