import { readFileSync } from "node:fs";
import { join } from "node:path";
import { runInNewContext } from "node:vm";
import { expect, it } from "vitest";
import { ROOT } from "../bootstrap/root.mjs";
import { aheadOf, withAhead } from "./ahead.ts";

it("names of each view what the page does not name itself, below the folder that never changes", () => {
  const html = '<link href="/_app/immutable/chunks/a.js">';
  const files = ["_app/immutable/chunks/a.js", "_app/immutable/nodes/2.js", "_app/immutable/assets/2.css"];
  expect(aheadOf({ flow: files }, html)).toEqual({ flow: ["nodes/2.js", "assets/2.css"] });
  expect(() => aheadOf({ flow: ["elsewhere/b.js"] }, html)).toThrow("not below");
});

it("fills the place that early.js keeps for it", () => {
  const script = readFileSync(join(ROOT, "app/static/early.js"), "utf8");
  const filled = withAhead(script, { flow: ["nodes/$&.js"] });
  expect(filled).toContain('const AHEAD = {"flow":["nodes/$&.js"]};');
  expect(() => withAhead("nothing", {})).toThrow("early.js has no line");
});

it("an address of no view, or of a name that every object has, fetches nothing and harms nothing", () => {
  const script = withAhead(readFileSync(join(ROOT, "app/static/early.js"), "utf8"), { flow: ["nodes/2.js"] });
  const fetchedAt = (pathname: string): string[] => {
    const fetched: string[] = [];
    const window = {
      AbortSignal,
      fetch: () => Promise.resolve(null),
      localStorage: { getItem: () => null },
      location: { pathname },
      document: {
        createElement: () => ({ href: "", rel: "" }),
        head: { append: ({ href, rel }: { href: string; rel: string }) => fetched.push(`${rel} ${href}`) },
      },
    };
    runInNewContext(script, { window });
    return fetched;
  };
  expect(fetchedAt("/team/project/flow/one")).toEqual(["modulepreload /_app/immutable/nodes/2.js"]);
  for (const pathname of [
    "/",
    "/sign-in",
    "/team/project/constructor",
    "/team/project/__proto__",
    "/s/x/flow",
  ])
    expect(fetchedAt(pathname), pathname).toEqual([]);
});
