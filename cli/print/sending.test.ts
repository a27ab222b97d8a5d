import { describe, expect, it } from "vitest";
import { sending, tryingAgain } from "./sending.ts";

describe("what is said while events are sent", () => {
  it("shows a bar of the files only while there is more to read", () => {
    const soFar = { sent: 1_000, accepted: 990 };
    expect(sending(soFar, 0.4)).toEqual(["sent 1000 events, 990 new", 0.4]);
    expect(sending(soFar, 1)).toEqual(["all is read; sent 1000 events, 990 new so far", null]);
    expect(sending(soFar, null)).toEqual(["sent 1000 events, 990 new", null]);
  });
  it("names no wait that rounds to nothing", () => {
    expect(tryingAgain(0)).toBe("Trying again now.");
    expect(tryingAgain(99)).toBe("Trying again now.");
    expect(tryingAgain(100)).toBe("Trying again in 0.1 s.");
    expect(tryingAgain(2_000)).toBe("Trying again in 2.0 s.");
  });
});
