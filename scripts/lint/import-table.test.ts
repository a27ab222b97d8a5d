import { expect, it } from "vitest";
import { refusal, roomOf } from "./import-direction.ts";

it("puts a file into the longest folder that holds it", () => {
  expect(roomOf("worker/room/append.ts")).toBe("worker/room");
  expect(roomOf("worker/index.ts")).toBe("worker");
  expect(roomOf("README.md")).toBeUndefined();
});

it.each([
  ["worker/http/events.ts", "worker/room/contract.ts", true, undefined],
  ["worker/http/events.ts", "worker/room/contract.ts", false, "by `import type` only"],
  ["worker/http/events.ts", "worker/archive/query/history.ts", false, undefined],
  ["worker/http/events.ts", "worker/archive/segment.ts", false, "may not import"],
  ["worker/learning/reflect.ts", "worker/governance/budget.ts", false, "may not import"],
  ["app/lib/chart/bar.svelte", "app/lib/feed/socket.ts", false, "may not import"],
  ["app/lib/ui/button.svelte", "app/lib/feed/socket.ts", false, "may not import"],
  ["app/lib/feed/socket.ts", "app/lib/feed/buffer.ts", false, undefined],
  ["app/lib/flow/graph.ts", "app/lib/feed/socket.ts", false, undefined],
  ["cli/main.ts", "schema/table/team.ts", false, "may not import"],
  ["cli/main.ts", "worker/room/contract.ts", true, "may not import"],
  ["cli/main.ts", "schema/wire/http.ts", false, undefined],
  ["worker/room/append.test.ts", "worker/http/events.ts", false, undefined],
])("%s → %s (type only: %s)", (file, target, typeOnly, why) => {
  const answer = refusal(file, target, typeOnly);
  if (why === undefined) expect(answer).toBeUndefined();
  else expect(answer).toContain(why);
});
