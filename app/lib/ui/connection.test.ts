import { describe, expect, it } from "vitest";
import { pillText, type PillState } from "./connection.ts";

const now = 1_800_000_000_000;
const read = (state: PillState) => {
  const { word, detail } = pillText(state, now);
  return `${word}|${detail}`;
};

describe("connection pill", () => {
  it("says how fresh and how busy a live picture is", () => {
    const live = { kind: "live", last_message_at: now } as const;
    expect(read({ ...live, behind_ms: 612, events_per_minute: 38.2 })).toBe(
      "Live|38 events/min · 0.6 s behind",
    );
    expect(read({ ...live, behind_ms: -40, events_per_minute: 1 })).toBe("Live|1 event/min · 0.0 s behind");
    expect(read({ ...live, behind_ms: 12_400, events_per_minute: 12_345 })).toBe(
      "Catching up|12,345 events/min · 12 s behind",
    );
    expect(read({ ...live, behind_ms: 0, events_per_minute: null })).toBe("Live|0.0 s behind");
  });

  it("says when the next batch is due", () => {
    const live = { kind: "live", last_message_at: now - 55_000, behind_ms: 0, events_per_minute: 3 } as const;
    expect(read({ ...live, next_batch_at: now + 39_200 })).toBe("Batched|next in 40 s");
    expect(read({ ...live, next_batch_at: now - 300 })).toBe("Batched|next in 1 s");
  });

  it("counts up while stale and down until the next try", () => {
    expect(read({ kind: "stale", last_message_at: now - 100_000 })).toBe("Stale|last message 1 min 40 s ago");
    const disconnected = { kind: "disconnected", since: now - 5_000 } as const;
    expect(read({ ...disconnected, retry_at: now + 7_400 })).toBe(
      "Disconnected|data 5 s old · retrying in 8 s",
    );
    expect(read({ ...disconnected, retry_at: now - 1 })).toBe("Disconnected|data 5 s old · retrying now");
    expect(pillText({ ...disconnected, retry_at: now + 7_400 }, now, false)).toEqual({
      word: "Offline",
      detail: "data 5 s old",
    });
  });

  it("names every other state by a word of its own", () => {
    const words = (["connecting", "empty", "revoked"] as const).map((kind) => pillText({ kind }, now).word);
    expect(new Set(words).size).toBe(3);
    expect(pillText({ kind: "past", at: now, live_at: now + 92 * 60_000 }, now)).toMatchObject({
      word: expect.stringMatching(/^Viewing (\d+ \w{3}, )?\d\d:\d\d:\d\d$/),
      detail: "live is 1 h 32 min ahead",
    });
  });
});
