import { readFileSync } from "node:fs";
import { join } from "node:path";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { ROOT } from "../bootstrap/root.mjs";
import { aheadOf, withAhead, withFace, withInline } from "./ahead.ts";

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

it("puts a script into the page, shortened, and refuses one that would end there", () => {
  const html = '<head><script src="/early.js"></script></head>';
  expect(withInline(html, "early.js", "// why\nwindow.a = '$&';\n")).toBe(
    '<head><script>window.a="$&";</script></head>',
  );
  expect(() => withInline(html, "theme.js", "")).toThrow("The page has no");
  expect(() => withInline(html, "early.js", 'window.a = "<!-- b";')).toThrow("cannot stand in a page");
});

it("has the face of the words fetched with the page", () => {
  expect(withFace("<title>Clusterfork</title>", "assets/a.woff2")).toContain(
    '<link rel="preload" href="/_app/immutable/assets/a.woff2" as="font" type="font/woff2" crossorigin />',
  );
});

/** Runs early.js in a window of its own; what it fetched as files and asked for, in order, and when it stood still for storage. */
async function runEarly(
  { pathname, known = false }: { pathname: string; known?: boolean },
  answers: Record<string, unknown> = {},
): Promise<{ fetched: string[]; asked: string[]; before_storage: number }> {
  const script = withAhead(readFileSync(join(ROOT, "app/static/early.js"), "utf8"), { flow: ["nodes/2.js"] });
  const fetched: string[] = [];
  const asked: string[] = [];
  let before_storage = 0;
  const window = {
    AbortSignal,
    fetch: (path: string, { headers }: RequestInit) => {
      asked.push(headers === undefined ? path : `${path} ${JSON.stringify(headers)}`);
      return path in answers
        ? Promise.resolve(Response.json(answers[path]))
        : Promise.reject(new Error("offline"));
    },
    localStorage: {
      getItem: () => {
        before_storage = fetched.length + asked.length;
        return known ? "1" : null;
      },
    },
    location: { pathname },
    document: {
      createElement: () => ({ href: "", rel: "" }),
      head: { append: ({ href, rel }: { href: string; rel: string }) => fetched.push(`${rel} ${href}`) },
    },
  };
  runInNewContext(script, { window });
  // Nothing here waits for anything but promises.
  await new Promise((resolve) => setTimeout(resolve));
  return { fetched, asked, before_storage };
}

it("an address of no view, or of a name that every object has, fetches nothing and harms nothing", async () => {
  const fetchedAt = async (pathname: string) => (await runEarly({ pathname })).fetched;
  expect(await fetchedAt("/team/project/flow/one")).toEqual(["modulepreload /_app/immutable/nodes/2.js"]);
  for (const pathname of [
    "/",
    "/sign-in",
    "/team/project/constructor",
    "/team/project/__proto__",
    "/s/x/flow",
  ])
    expect(await fetchedAt(pathname), pathname).toEqual([]);
});

describe("what is asked early", () => {
  const [person, teams] = ["/api/auth/get-session", "/api/teams"];
  const ours = { teams: [{ slug: "team", projects: [{ id: "p1", slug: "project" }] }] };
  const state = '/api/projects/p1/state {"accept":"application/x-ndjson"}';

  it("of whoever is in, is the state of the project in the address", async () => {
    const answers = { [person]: { user: {} }, [teams]: ours, "/api/projects/p1/state": {} };
    const at = (pathname: string, known: boolean) => runEarly({ pathname, known }, answers);
    expect((await at("/team/project/flow", false)).asked).toEqual([person, teams, state]);
    expect((await at("/team/project", true)).asked).toEqual([person, teams, state]);
    expect((await at("/team/other/flow", true)).asked).toEqual([person, teams]);
    expect((await at("/", true)).asked).toEqual([person, teams]);
  });

  it("is on its way, as the view's files are, before the page stands still for the browser's storage", async () => {
    const { asked, fetched, before_storage } = await runEarly({ pathname: "/team/project/flow" });
    expect([asked, fetched.length, before_storage]).toEqual([[person], 1, 2]);
  });

  it("of a stranger, is only who is looking: more were errors in the console", async () => {
    expect((await runEarly({ pathname: "/team/project/flow" }, { [person]: null })).asked).toEqual([person]);
    expect((await runEarly({ pathname: "/team/project/flow" })).asked).toEqual([person]);
    expect((await runEarly({ pathname: "/s/token" }, { [person]: {} })).asked).toEqual([]);
  });
});
