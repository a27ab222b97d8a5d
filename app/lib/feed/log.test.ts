import { describe, expect, it } from "vitest";
import { joinNews, mergeNewestFirst, PAGE_EVENTS, readBefore, readTask, type ReadLog } from "./log.ts";
import { makeEvent } from "./testing.ts";

/** A log of `count` events as the API serves it: ascending after `since`. */
function logOf(count: number): { read: ReadLog; asked: { since: number; limit: number }[] } {
  const log = Array.from({ length: count }, (_, index) =>
    makeEvent(index + 1, { task_id: index % 2 === 0 ? "even" : "odd" }),
  );
  const asked: { since: number; limit: number }[] = [];
  const read: ReadLog = ({ since, limit, task }) => {
    asked.push({ since, limit });
    const after = log.filter((event) => event.seq > since && (task === undefined || event.task_id === task));
    const events = after.slice(0, limit);
    const next = after.length > limit ? (events.at(-1)?.seq ?? null) : null;
    return Promise.resolve({ ok: true, page: { events, next, head: { seq: count, hash: "0".repeat(64) } } });
  };
  return { read, asked };
}
const seqs = (events: { seq: number }[]) => events.map((event) => event.seq);
const range = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => makeEvent(from + index));

describe("readBefore", () => {
  it("[V1] goes back page by page without a hole or a repetition", async () => {
    const { read } = logOf(450);
    const found: number[] = [];
    let oldest = 451;
    for (let done = false; !done;) {
      const answer = await readBefore(read, oldest);
      if (!answer.ok) throw new Error(answer.message);
      found.unshift(...seqs(answer.page.events));
      oldest = answer.page.events[0]?.seq ?? 0;
      done = answer.done === true;
    }
    expect(found).toEqual(Array.from({ length: 450 }, (_, index) => index + 1));
  });
  it("asks for the page that ends just before what is known", async () => {
    const { read, asked } = logOf(1_000);
    await readBefore(read, 700);
    expect(asked).toEqual([{ since: 700 - PAGE_EVENTS - 1, limit: PAGE_EVENTS }]);
  });
});

describe("readTask", () => {
  it("reads to the end", async () => {
    const { events, next, failure } = await readTask(logOf(900).read, "odd", 0);
    expect(events).toHaveLength(450);
    expect([next, failure]).toEqual([null, null]);
  });
  it("stops at a failure and says where to go on", async () => {
    const failing: ReadLog = () => Promise.resolve({ ok: false, message: "no", request_id: "r" });
    expect(await readTask(failing, "odd", 12)).toMatchObject({
      events: [],
      next: 12,
      failure: { request_id: "r" },
    });
  });
});

describe("joinNews", () => {
  it("puts the stream's newest before what is held", () => {
    const held = range(1, 5).reverse();
    expect(seqs(joinNews(held, range(4, 8))?.events ?? [])).toEqual([8, 7, 6, 5, 4, 3, 2, 1]);
    expect(joinNews(held, range(3, 5))).toBeNull();
    expect(joinNews([], range(3, 5))).toMatchObject({ restarted: false });
  });
  it("[V1] begins anew after a jump, and not for a withheld event", () => {
    const held = range(1, 5).reverse();
    expect(joinNews(held, range(9, 10))).toMatchObject({ restarted: true });
    const withheld = joinNews(held, [...range(4, 5), ...range(8, 9)]);
    expect(withheld?.restarted).toBe(false);
    expect(seqs(withheld?.events ?? [])).toEqual([9, 8, 5, 4, 3, 2, 1]);
  });
});

describe("mergeNewestFirst", () => {
  it("has each seq once", () => {
    expect(seqs(mergeNewestFirst(range(1, 3), range(2, 5)))).toEqual([5, 4, 3, 2, 1]);
  });
});
