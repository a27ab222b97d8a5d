/** Bad input over real HTTP: refused with a reason, shown as text, and the server stays well. */
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import type { Page } from "playwright-core";
import { beforeAll, describe, expect, it } from "vitest";
import type { AppendResponse } from "../../schema/wire/http.ts";
import { lendSession, post, readState, send, signUp, type Account } from "./account.ts";
import { family } from "./process-group.ts";
import { serveProduct } from "./served.ts";
import { visit } from "./visitor.ts";

const served = serveProduct();
let account: Account;

beforeAll(async () => {
  account = await signUp(served.url, "Hostile");
});

const BASE = { timestamp: "2026-01-01T00:00:00Z", event_type: "task_started", agent_id: "a" };
const whole = (part: string) =>
  `{"timestamp":"2026-01-01T00:00:00Z","event_type":"task_started","agent_id":"a",${part}}`;
const sendText = (body: BodyInit, headers: Record<string, string> = {}, key = account.keys.ingest) =>
  post(served.url, key, body, headers);

describe("text from events is data", () => {
  /** Each would leave an element named x-run, or run `complain`, if it were ever taken for markup. */
  const IMAGE = `<img src=x onerror="complain('ran')"><x-run>`;
  const SCRIPT = `</script><script>complain("ran")</script><x-run>`;
  const TITLE = `"><svg onload=complain('ran')><x-run></title>`;
  const LINK = "javascript:complain('ran')";
  const MUSTACHE = `{@html "<x-run>"}{{constructor.constructor('complain(1)')()}}`;

  async function expectNoMarkup(page: Page): Promise<void> {
    const found = await page.evaluate(() => ({
      elements: document.querySelectorAll("x-run, img, iframe, object, embed, [onerror], [onload]").length,
      scripts: [...document.scripts].filter((script) => script.textContent.includes("complain")).length,
      links: [...document.links].filter((link) => link.protocol === "javascript:").length,
    }));
    expect(found).toEqual({ elements: 0, scripts: 0, links: 0 });
  }

  it("[P2] on the graph, in the panel, in the feed, and in addresses", async () => {
    await send(served.url, account.keys.ingest, [
      { event_type: "feature_requested", feature_id: SCRIPT, agent_id: IMAGE, metadata: { title: TITLE } },
      {
        event_type: "task_created",
        task_id: IMAGE,
        feature_id: SCRIPT,
        agent_id: IMAGE,
        agent_role: "<x-run>",
        metadata: { title: SCRIPT, assignee: LINK, files: [IMAGE, LINK], dependencies: [TITLE, LINK] },
      },
      { event_type: "task_blocked", task_id: IMAGE, agent_id: LINK, metadata: { reason: MUSTACHE } },
      { event_type: "file_locked", task_id: IMAGE, agent_id: LINK, metadata: { path: LINK } },
      {
        event_type: "lock_conflict",
        task_id: IMAGE,
        agent_id: TITLE,
        metadata: { path: LINK, holder_agent_id: IMAGE },
      },
      { event_type: "made.up", agent_id: IMAGE, metadata: { [IMAGE]: SCRIPT, href: LINK } },
    ]);
    const { context, page, complaints } = await visit(served.browser);
    await lendSession(context, served.url, account);

    await page.goto(`${account.path}/flow`);
    await page.getByRole("link", { name: TITLE }).first().waitFor();
    await expectNoMarkup(page);
    await page.getByRole("link", { name: TITLE }).first().click();
    const node = page.getByRole("treeitem").filter({ hasText: SCRIPT });
    await node.waitFor();
    expect(await node.innerText()).toContain(SCRIPT);
    await expectNoMarkup(page);

    await node.click();
    const panel = page.getByRole("complementary", { name: "Selected task" });
    for (const text of [SCRIPT, IMAGE, LINK, MUSTACHE, TITLE]) await panel.getByText(text).first().waitFor();

    await panel.getByText(`blocked: ${MUSTACHE}`).waitFor();
    await expectNoMarkup(page);
    // The address holds hostile ids: it must come back to the same place.
    await page.reload();
    await panel.getByText(`blocked: ${MUSTACHE}`).waitFor();
    await expectNoMarkup(page);

    await page.goto(`${account.path}/events`);
    const row = page.getByRole("listitem").filter({ hasText: "made.up" });
    await row.getByText(IMAGE).first().waitFor();
    await row.getByRole("link").first().click();
    await page.getByText(`"href": "${LINK}"`).waitFor();
    await expectNoMarkup(page);
    await page.goto(
      `${account.path}/events?agent=${encodeURIComponent(IMAGE)}&text=${encodeURIComponent(SCRIPT)}`,
    );
    await page.getByRole("listitem").filter({ hasText: "made.up" }).waitFor();
    await expectNoMarkup(page);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("refuses markup where a name belongs", async () => {
    for (const event_type of [IMAGE, LINK, "</script>"]) {
      const reply = await sendText(JSON.stringify({ ...BASE, event_type }));
      expect(reply.status).toBe(422);
      expect(await reply.json()).toMatchObject({
        error: { code: "no_valid_event" },
        results: [{ code: "invalid_field" }],
      });
    }
  });
});

/** `size` bytes of nothing, as gzip. */
const bomb = (size: number) => gzipSync(Buffer.alloc(size));
const deep = (levels: number) => `${"[".repeat(levels)}${"]".repeat(levels)}`;
const MEBIBYTE = 1024 * 1024;
const GZIP = { "content-encoding": "gzip" };

type Attack = [
  name: string,
  status: number,
  code: string,
  of_event: string | null,
  make: () => [BodyInit, Record<string, string>?],
];
const ATTACKS: Attack[] = [
  [
    "half a million levels in one event",
    422,
    "no_valid_event",
    "too_deep",
    () => [whole(`"metadata":{"a":${deep(500_000)}}`)],
  ],
  [
    "a million levels, gzipped",
    413,
    "too_large",
    null,
    () => [gzipSync(whole(`"metadata":{"a":${deep(1_000_000)}}`)), GZIP],
  ],
  ["a million levels that never close", 413, "too_large", null, () => ["[".repeat(2 * MEBIBYTE)]],
  ["100 MiB in 100 KiB of gzip", 413, "too_large", null, () => [bomb(100 * MEBIBYTE), GZIP]],
  [
    "1 GiB in a thousand gzip members",
    413,
    "too_large",
    null,
    () => [Buffer.concat(Array.from({ length: 1_000 }, () => MEMBER)), GZIP],
  ],
  ["text that calls itself gzip", 400, "malformed", null, () => ["no gzip at all", GZIP]],
  ["gzip that is cut off", 400, "malformed", null, () => [bomb(MEBIBYTE / 2).subarray(0, 200), GZIP]],
  ["a string of 2 MB", 413, "too_large", null, () => [whole(`"metadata":{"a":"${"x".repeat(2_000_000)}"}`)]],
  [
    "an event of 70 KB",
    422,
    "no_valid_event",
    "too_large",
    () => [whole(`"metadata":{"a":"${"x".repeat(70_000)}"}`)],
  ],
  [
    "an id of 2,000 characters",
    422,
    "no_valid_event",
    "invalid_field",
    () => [whole(`"id":"${"x".repeat(2_000)}"`)],
  ],
  ["NaN", 400, "malformed", null, () => [whole(`"metrics":{"input_tokens":NaN}`)]],
  [
    "a number beyond all numbers",
    422,
    "no_valid_event",
    "invalid_metrics",
    () => [whole(`"metrics":{"a":1e999}`)],
  ],
  ["bytes that are not UTF-8", 400, "malformed", null, () => [Buffer.from([0x22, 0xff, 0xfe, 0x22])]],
  ["an unknown field", 422, "no_valid_event", "unknown_field", () => [whole(`"agnet_role":"x"`)]],
  [
    "a field called __proto__",
    422,
    "no_valid_event",
    "unknown_field",
    () => [whole(`"__proto__":{"admin":true}`)],
  ],
  [
    "Clusterfork's own voice",
    422,
    "no_valid_event",
    "reserved",
    () => [JSON.stringify({ ...BASE, agent_id: "clusterfork:board" })],
  ],
  ["1,001 events", 413, "too_large", null, () => [JSON.stringify(Array.from({ length: 1_001 }, () => BASE))]],
  [
    "a page of another kind",
    415,
    "unsupported_media_type",
    null,
    () => ["a=b", { "content-type": "text/plain" }],
  ],
];
const MEMBER = bomb(MEBIBYTE);

/** Resident memory of the runtime, MiB, as the kernel counts it. */
function residentMib(): number {
  const kib = family(served.server.process.pid!)
    .filter(({ command }) => command.includes("workerd"))
    .map(({ pid }) =>
      Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0),
    );
  expect(Math.max(0, ...kib)).toBeGreaterThan(0);
  return kib.reduce((sum, each) => sum + each, 0) / 1024;
}

/** What production gives one isolate altogether, MiB. */
const MAX_GROWTH_MIB = 128;
const ROUNDS = 3;

describe("bad input", () => {
  it.each(ATTACKS)("refuses %s", async (_name, status, code, of_event, make) => {
    const [body, headers] = make();
    const reply = await sendText(body, headers);
    const answer = (await reply.json()) as Partial<AppendResponse> & {
      error: { code: string; message: string; request_id: string };
    };
    expect([reply.status, answer.error.code]).toEqual([status, code]);
    expect(answer.error.message).toMatch(/^[A-Z].{20,}\.$|results/s);
    expect(answer.error.request_id).toBe(reply.headers.get("x-request-id"));
    expect(answer.results?.[0]?.code ?? null).toBe(of_event);
    if (of_event !== null) expect(answer.results?.[0]?.message).toMatch(/^.{20,}$/s);
    expect(JSON.stringify(answer)).not.toMatch(/\bat \w+ \(|node_modules|\.ts:\d/);
  });

  it("keeps `__proto__` and lone surrogates as data, out of harm", async () => {
    const own = await signUp(served.url, "Odd");
    const body = [
      whole(`"id":"p","task_id":"__proto__","metadata":{"constructor":"x"}`),
      whole(`"id":"m","task_id":"t","metadata":{"__proto__":{"admin":true}}`),
      whole(String.raw`"id":"s","task_id":"t","metadata":{"title":"half \ud83d of it"}`),
    ].join("\n");
    const reply = await sendText(body, { "content-type": "application/x-ndjson" }, own.keys.ingest);
    expect(await reply.json()).toMatchObject({
      accepted: 2,
      results: [
        { index: 1, id: "m", code: "invalid_metadata", message: expect.stringContaining("__proto__") },
      ],
    });
    const { state } = await readState(served.url, own.keys.read);
    expect(state.open_tasks.map(({ id }) => id)).toEqual(["__proto__", "t"]);
    expect(JSON.stringify(state)).not.toContain("admin");
  });

  it("[L3] one bad event of 1,000 leaves 999", async () => {
    const own = await signUp(served.url, "One of many");
    const events: object[] = Array.from({ length: 1_000 }, (_, index) => ({ ...BASE, id: `e${index}` }));
    events[500] = { ...BASE, id: "bad", timestamp: "yesterday" };
    const reply = await sendText(JSON.stringify(events), {}, own.keys.ingest);
    expect(await reply.json()).toMatchObject({
      accepted: 999,
      results: [{ index: 500, id: "bad", status: "rejected" }],
    });
  });

  it("[T1][T3][T4] refuses forged, revoked, foreign and unfit keys, each with its reason", async () => {
    const other = await signUp(served.url, "Others");
    const mine = account.keys.ingest.split("_");
    const theirs = other.keys.ingest.split("_");
    const swapped = (part: number, text: string) =>
      mine.map((each, index) => (index === part ? text : each)).join("_");
    const forged = [
      swapped(3, "x".repeat(32)),
      swapped(4, "0".repeat(24)),
      swapped(1, theirs[1] ?? ""),
      swapped(2, theirs[2] ?? ""),
      "cfk_x",
      "",
    ];
    for (const key of forged) {
      const reply = await sendText(JSON.stringify(BASE), {}, key);
      expect(reply.status).toBe(401);
      expect(await reply.json()).toMatchObject({
        error: { code: "unauthenticated", message: expect.stringMatching(/key/i) },
      });
    }
    const unfit = await sendText(JSON.stringify(BASE), {}, account.keys.read);
    expect([unfit.status, await unfit.json()]).toMatchObject([
      403,
      { error: { code: "insufficient_scope" } },
    ]);

    // A key speaks for its own project only, whatever it asks for.
    const before = (await readState(served.url, account.keys.read)).seq;
    expect((await sendText(JSON.stringify(BASE), {}, other.keys.ingest)).status).toBe(200);
    expect((await readState(served.url, account.keys.read)).seq).toBe(before);
    const foreign = await fetch(`${served.url}/api/projects/${account.project.id}/state`, {
      headers: { cookie: other.cookie },
    });
    expect([foreign.status, await foreign.json()]).toMatchObject([404, { error: { code: "not_found" } }]);

    const revoked = await fetch(`${served.url}/api/keys/${theirs[2]}`, {
      method: "DELETE",
      headers: { cookie: other.cookie, origin: served.url },
    });
    expect(revoked.status).toBe(204);
    const late = await sendText(JSON.stringify(BASE), {}, other.keys.ingest);
    expect([late.status, await late.json()]).toMatchObject([
      401,
      { error: { message: expect.stringContaining("revoked") } },
    ]);
  });

  it("is well afterwards, and no larger than it may be", async () => {
    const before_mib = residentMib();
    for (let round = 0; round < ROUNDS; round++) {
      const replies = await Promise.all(ATTACKS.map(([, , , , make]) => sendText(...make())));
      for (const reply of replies) await reply.arrayBuffer();
    }
    const grown_mib = residentMib() - before_mib;
    expect(grown_mib).toBeLessThan(MAX_GROWTH_MIB);
    expect(await (await fetch(`${served.url}/healthz`)).json()).toMatchObject({ status: "ok" });
    const started_ms = performance.now();
    const reply = await sendText(JSON.stringify({ ...BASE, id: "afterwards" }));
    expect(await reply.json()).toMatchObject({ accepted: 1 });
    expect(performance.now() - started_ms).toBeLessThan(2_000);
  });
});
