/** How much script stands before the live view: read off the build, without a browser. */
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { firstLoad } from "../../scripts/build/first-load.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
/** DESIGN §8. Some two seconds on a slow mobile line, with which a wall or a phone must still come up. */
const MAX_GZIP_BYTES = 150 * 1024;
const FLOW = "/[team]/[project]/flow/[...feature]";

describe("the first load", () => {
  it("of the live view is 150 KB of gzipped script at most", () => {
    const scripts = firstLoad(ROOT, FLOW);
    const total = scripts.reduce((sum, { gzip_bytes }) => sum + gzip_bytes, 0);
    const largest = scripts.toSorted((a, b) => b.gzip_bytes - a.gzip_bytes).slice(0, 5);
    console.log(`first load of the live view: ${(total / 1024).toFixed(1)} KB in ${scripts.length} files`);
    expect(total, JSON.stringify(largest, null, 1)).toBeLessThanOrEqual(MAX_GZIP_BYTES);
    // The control: the page itself is in it.
    expect(total).toBeGreaterThan(30 * 1024);
  });

  it("brings neither charts nor the palette: they come with what shows them", () => {
    const flow = new Set(firstLoad(ROOT, FLOW).map(({ file }) => file));
    const executive = firstLoad(ROOT, "/[team]/[project]/executive");
    const own = executive.filter(({ file }) => !flow.has(file)).reduce((sum, one) => sum + one.gzip_bytes, 0);
    expect(own).toBeGreaterThan(10 * 1024);
  });
});
