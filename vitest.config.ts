import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-plugin";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const root = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Modules that only workerd has; the optimizer must leave them alone. */
const runtime = { rolldownOptions: { external: [/^cloudflare:/, /^node:/] } };

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["schema", "worker", "app/lib", "cli", "scripts"].map(
            (folder) => `${folder}/**/*.test.ts`,
          ),
          // The longest properties take two seconds of a free core, and several times that beside other work.
          testTimeout: 20_000,
        },
      },
      {
        plugins: [
          cloudflareTest({
            wrangler: { configPath: root("./wrangler.toml") },
            miniflare: {
              bindings: {
                TEST_MIGRATIONS: await readD1Migrations(root("./schema/table/migrations")),
                FUZZ_SEED: process.env["CLUSTERFORK_FUZZ_SEED"] ?? "",
                FUZZ_RUNS: process.env["CLUSTERFORK_FUZZ_RUNS"] ?? "",
                CLIENT_ADDRESS_HEADER: "cf-connecting-ip",
                // Fixed values: tests make tags and signatures of their own and compare.
                AUTH_SECRET: "auth-secret-of-the-tests-0123456789abcdef",
                KEY_SECRET: "key-secret-of-the-tests-0123456789abcdef",
              },
            },
          }),
        ],
        optimizeDeps: runtime,
        ssr: { optimizeDeps: runtime },
        test: {
          name: "worker",
          include: ["test/worker/**/*.test.ts"],
          // The first request of a file loads the whole Worker, which takes seconds on a loaded machine.
          testTimeout: 20_000,
          // Pre-bundled dependencies save about a second of start-up per file.
          deps: { optimizer: { ssr: { enabled: true, ...runtime } } },
        },
      },
      {
        test: {
          name: "contract",
          include: ["contract", "replay", "bench", "backtest", "retrieval"].map(
            (folder) => `test/${folder}/**/*.test.ts`,
          ),
        },
      },
      {
        test: {
          name: "e2e",
          include: ["test/e2e/**/*.test.ts"],
          // Each file runs a server and a browser of its own: one after the other.
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
