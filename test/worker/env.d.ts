/** Types of `env` and `exports` from "cloudflare:workers" in tests that run in workerd. */
declare namespace Cloudflare {
  interface Env extends Omit<import("../../worker/env.ts").Env, never> {
    TEST_MIGRATIONS: import("@cloudflare/vitest-plugin").D1Migration[];
  }
  interface GlobalProps {
    mainModule: typeof import("../../worker/index.ts");
  }
}
