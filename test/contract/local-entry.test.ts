import { readFileSync } from "node:fs";
import { expect, it, vi } from "vitest";
import { localEntry, NO_FILES } from "../../worker/http/local.ts";

/** A file system of one page and one script, and an app that says what it was asked. */
function serve(url: string, init: RequestInit = {}) {
  const files: Record<string, string> = { "/": "text/html", "/app.js": "text/javascript" };
  const look = vi.fn<(request: Request) => Promise<Response>>(({ url: asked }) => {
    const type = files[new URL(asked).pathname];
    return Promise.resolve(
      type === undefined
        ? new Response(null, { status: 404 })
        : new Response("file", { headers: { "content-type": type } }),
    );
  });
  const entry = localEntry((request: Request) => Response.json({ method: request.method, url: request.url }));
  const reply = entry.fetch(new Request(url, init), { ASSETS: { fetch: look } }, {} as ExecutionContext);
  return { reply: Promise.resolve(reply), look };
}

it("leaves the same paths to the Worker as the edge does", () => {
  const rule = /^run_worker_first = (\[.*\])$/m.exec(readFileSync("wrangler.toml", "utf8"))?.[1];
  expect(JSON.parse(rule ?? "")).toEqual(NO_FILES);
});

it("answers with a file where there is one, and else asks the app", async () => {
  expect(await (await serve("http://here/app.js").reply).text()).toBe("file");
  const page = serve("http://here/team/project");
  expect(await (await page.reply).json()).toEqual({ method: "GET", url: "http://here/team/project" });
  expect(page.look).toHaveBeenCalledOnce();
});

it.each([
  ["http://here/v1/events", "GET"],
  ["http://here/api/teams", "GET"],
  ["http://here/healthz", "GET"],
  ["http://here/app.js", "POST"],
])("looks for no file for %s %s", async (url, method) => {
  const { reply, look } = serve(url, { method });
  expect(await (await reply).json()).toEqual({ method, url });
  expect(look).not.toHaveBeenCalled();
});

it("takes the scheme of the public address from the proxy in front, and no other", async () => {
  const url = async (proto: string) => {
    const reply = await serve("http://here/v1/state", { headers: { "x-forwarded-proto": proto } }).reply;
    return (await reply.json<{ url: string }>()).url;
  };
  expect(await url("https")).toBe("https://here/v1/state");
  expect(await url("HTTPS, http")).toBe("https://here/v1/state");
  expect(await url("javascript")).toBe("http://here/v1/state");
});

it.each([
  ["gzip, deflate, br", "gzip"],
  ["br;q=1, gzip;q=0.5", "gzip"],
  ["br, gzip;q=0", null],
  ["x-gzip-not", null],
  ["", null],
])("packs text for whoever takes gzip: %s", async (accepted, coding) => {
  const reply = await serve("http://here/app.js", { headers: { "accept-encoding": accepted } }).reply;
  expect(reply.headers.get("content-encoding")).toBe(coding);
});
