/**
 * `npm run bench -- sha256`: what one digest costs in workerd, in µs: in plain JavaScript, by node:crypto, and of a
 * hundred in the lanes of WebAssembly. SHORT_BYTES in schema/event/sha256.ts is where the first two meet.
 */
import { createHash } from "node:crypto";
import { check, figure, type Figure } from "./figure.ts";
import { median } from "./machine.ts";
import { ask, startServer, withFolder } from "./server.ts";

export interface Sha256Options {
  sizes?: number[];
  /** Digests of one call: the caller's clock measures them together. */
  times?: number;
  runs?: number;
  say?: (line: string) => void;
}

const sha256Of = (bytes: number) => createHash("sha256").update("x".repeat(bytes)).digest("hex");

export function benchSha256(options: Sha256Options = {}): Promise<Figure[]> {
  const { sizes = [16, 64, 128, 256, 384, 512, 640], times = 20_000, runs = 5, say = console.log } = options;
  return withFolder(async (data) => {
    const server = await startServer("sha256.worker.ts", data);
    const measure = async (kind: string, bytes: number): Promise<number> => {
      const started = performance.now();
      const digest = await ask(server, `/${kind}?bytes=${bytes}&times=${times}`);
      check(digest === sha256Of(bytes), `${kind} of ${bytes} bytes: ${digest}`);
      return ((performance.now() - started) * 1_000) / times;
    };
    try {
      const figures: Figure[] = [];
      for (const bytes of sizes) {
        const plain: number[] = [];
        const native: number[] = [];
        const lanes: number[] = [];
        for (let run = 0; run < runs; run += 1) {
          plain.push(await measure("plain", bytes));
          native.push(await measure("native", bytes));
          lanes.push(await measure("lanes", bytes));
        }
        const [one, other, four] = [plain, native, lanes].map((runs) => median(runs).toFixed(2));
        say(`  ${bytes} bytes: plain ${one} µs, native ${other} µs, in lanes ${four} µs`);
        const beside = { what: "by node:crypto", runs: native };
        figures.push(figure(`SHA-256 of ${bytes} bytes, plain`, "µs", plain, { beside }));
        figures.push(figure(`SHA-256 of ${bytes} bytes, in lanes`, "µs", lanes, { beside }));
      }
      return figures;
    } finally {
      await server.stop();
    }
  });
}
