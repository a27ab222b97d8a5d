/** Types of `env` and `exports` from "cloudflare:workers" in tests that run in workerd. */
declare namespace Cloudflare {
  interface Env extends Omit<import("../../worker/env.ts").Env, never> {
    TEST_MIGRATIONS: import("@cloudflare/vitest-plugin").D1Migration[];
    /** Of a run to be had again; empty: drawn anew. */
    FUZZ_SEED: string;
    /** How many runs of a simulation; empty: as many as it takes by itself. */
    FUZZ_RUNS: string;
  }
  interface GlobalProps {
    mainModule: typeof import("../../worker/index.ts");
  }
}
