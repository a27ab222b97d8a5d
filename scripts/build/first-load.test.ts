import { describe, expect, it } from "vitest";
import { filesOf, nodesOf, type Manifest } from "./first-load.ts";

const APP = `export const dictionary = {
		"/": [3],
		"/[team]/[project]/flow": [9],
		"/[team]/[project]/flow/[...feature]": [8,[2]],
};`;

const manifest: Manifest = {
  "node_modules/kit/src/runtime/client/entry.js": { file: "start.js", imports: ["_a.js"] },
  "node_modules/kit/src/runtime/client/client-entry.js": { file: "client.js" },
  "x/client-optimized/app.js": { file: "app.js", dynamicImports: ["x/client-optimized/nodes/3.js"] },
  "x/client-optimized/nodes/0.js": { file: "0.js", imports: ["_a.js", "_b.js"] },
  "x/client-optimized/nodes/2.js": { file: "2.js", dynamicImports: ["lazy.js"] },
  "x/client-optimized/nodes/3.js": { file: "3.js" },
  "x/client-optimized/nodes/8.js": { file: "8.js", imports: ["_b.js"] },
  "_a.js": { file: "a.js", imports: ["_b.js"] },
  "_b.js": { file: "b.js", imports: ["_a.js"] },
  "lazy.js": { file: "lazy.js" },
};

describe("the first load of a route", () => {
  it("has its page and layouts, and no other's", () => {
    expect(nodesOf(APP, "/[team]/[project]/flow/[...feature]")).toEqual([0, 8, 2]);
    expect(nodesOf(APP, "/")).toEqual([0, 3]);
    expect(() => nodesOf(APP, "/gone")).toThrow("no route");
  });

  it("has each file once that they import, and nothing that waits to be asked for", () => {
    expect(filesOf(manifest, [0, 8, 2]).toSorted()).toEqual([
      "0.js",
      "2.js",
      "8.js",
      "a.js",
      "app.js",
      "b.js",
      "client.js",
      "start.js",
    ]);
    expect(() => filesOf({}, [0])).toThrow("lacks");
  });
});
