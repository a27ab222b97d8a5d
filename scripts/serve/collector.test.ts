import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { afterEach, expect, it, vi } from "vitest";
import { collectOften } from "./collector.ts";

afterEach(() => vi.unstubAllEnvs());

it("[V2] collects no more than 8 MB of garbage at once, as V8 itself tells of it", async () => {
  vi.stubEnv("MINIFLARE_WORKERD_V8_FLAGS", "--trace-gc-nvp");
  collectOften(process.env);
  let told = "";
  const script = `export default { fetch() {
    let kept = [];
    for (let n = 0; n < 4_000_000; n += 1) {
      kept.push({ n });
      // Some live on for a while, by which V8 judges that more room is worth it.
      if (kept.length > 300_000) kept = [];
    }
    return new Response("ok"); } }`;
  const server = new Miniflare(
    convertV4MiniflareOptions({
      modules: true,
      script,
      handleStructuredLogs: ({ message }) => (told += message),
    }),
  );
  try {
    expect(await (await server.dispatchFetch("http://worker/")).text()).toBe("ok");
  } finally {
    await server.dispose();
  }
  const capacities = Array.from(told.matchAll(/"new_space_capacity":(\d+)/g), ([, bytes]) => Number(bytes));
  expect(capacities.length).toBeGreaterThan(5);
  expect(Math.max(...capacities)).toBeLessThanOrEqual(8 * 2 ** 20);
});

it("leaves what an operator set, once, behind its own", () => {
  const environment: Record<string, string | undefined> = { MINIFLARE_WORKERD_V8_FLAGS: "--trace-gc" };
  collectOften(environment);
  collectOften(environment);
  expect(environment).toEqual({ MINIFLARE_WORKERD_V8_FLAGS: "--max-semi-space-size=8 --trace-gc" });
});
