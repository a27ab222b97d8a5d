import { describe, expect, it } from "vitest";
import { layoutGraph } from "./layout.ts";
import { taskKey } from "./model.ts";
import { readingOrder, walk } from "./walk.ts";

const ids = ["a", "b", "c", "d", "lone"];
const layout = layoutGraph({
  model: {
    nodes: ids.map((id) => ({ key: taskKey(id), kind: "task", id, size: "medium" })),
    edges: [
      { from: taskKey("a"), to: taskKey("b") },
      { from: taskKey("b"), to: taskKey("c") },
      { from: taskKey("a"), to: taskKey("d") },
    ],
  },
  target_width: 1_000,
  folded: null,
  spine: [],
});
const order = readingOrder(layout);
const step = (from: string, to: Parameters<typeof walk>[3]) => walk(layout, order, taskKey(from), to);

describe("walk", () => {
  it("reads in topological order", () => {
    expect(order[0]).toBe("task:a");
    expect(order.indexOf("task:b")).toBeLessThan(order.indexOf("task:c"));
    expect(order.at(-1)).toBe("task:lone");
  });
  it("follows edges up and down", () => {
    expect(["task:b", "task:d"]).toContain(step("a", "down"));
    expect(step("c", "up")).toBe("task:b");
    expect(step("d", "up")).toBe("task:a");
  });
  it("goes on to the next strip where no edge leads", () => {
    expect(step("c", "down")).toBe("task:lone");
    expect(step("a", "up")).toBeNull();
  });
  it("walks sideways and to the ends", () => {
    expect(step("a", "left")).toBeNull();
    expect(step("a", "right")).toBe(order[1]);
    expect(step("c", "first")).toBe("task:a");
    expect(step("a", "last")).toBe("task:lone");
  });
});
