import { ESLint } from "eslint";
import { fileURLToPath } from "node:url";
import { expect, it, vi } from "vitest";

/** The first text loads every TypeScript program of the repository: seconds, on a busy machine many. */
vi.setConfig({ testTimeout: 60_000 });

const eslint = new ESLint({ cwd: fileURLToPath(new URL("../..", import.meta.url)) });

/** Messages of rule `rule` for a text, as if it stood in `filePath` (a file that a tsconfig knows). */
async function complaints(
  filePath: string,
  text: string,
  rule = "house/import-direction",
): Promise<string[]> {
  const [result] = await eslint.lintText(text, { filePath });
  // A parse error would hide every rule, and make "no complaint" mean nothing.
  expect(result?.messages.filter((message) => message.fatal)).toEqual([]);
  return (result?.messages ?? []).filter(({ ruleId }) => ruleId === rule).map(({ message }) => message);
}

it.each([
  ["schema/event/event.ts", 'import "../state/state.ts";'],
  ["schema/event/event.ts", 'import "node:crypto";'],
  ["schema/state/state.ts", 'import "../../worker/env.ts";'],
  ["schema/state/state.ts", 'export * from "../wire/http.ts";'],
  ["worker/room/contract.ts", 'import "../archive/query.ts";'],
  ["worker/room/contract.ts", 'import type { A } from "../account/key.ts"; export type B = A;'],
  ["worker/room/contract.ts", 'import "../../worker/http/app.ts";'],
  ["worker/room/contract.ts", 'import "hono";'],
  ["worker/room/contract.ts", 'import "../../schema/table/team.ts";'],
  ["worker/room/contract.ts", 'export const late = () => import("../http/app.ts");'],
  ["app/routes/+layout.ts", 'import "../../schema/table/team.ts";'],
  ["app/routes/+layout.ts", 'import "../../worker/env.ts";'],
  ["app/routes/+layout.ts", 'import type { Env } from "../../worker/env.ts"; export type E = Env;'],
])("refuses in %s: %s", async (file, text) => {
  expect(await complaints(file, text)).toHaveLength(1);
});

it.each([
  ["schema/state/state.ts", 'import "../event/event.ts";'],
  ["schema/event/event.ts", 'import "zod";'],
  ["worker/room/contract.ts", 'import "../../schema/event/event.ts";'],
  ["worker/room/contract.ts", 'import { createHash } from "node:crypto"; createHash("sha256");'],
  ["app/routes/+layout.ts", 'import "#lib/feed/feed.ts";'],
])("allows in %s: %s", async (file, text) => {
  expect(await complaints(file, text)).toEqual([]);
});

it("keeps `any`, forgotten promises and switched-off rules out", async () => {
  const file = "worker/env.ts";
  const any = "export const a: any = 1;";
  expect(await complaints(file, any, "@typescript-eslint/no-explicit-any")).toHaveLength(1);
  const inline = `// eslint-disable-next-line\n${any}`;
  expect(await complaints(file, inline, "@typescript-eslint/no-explicit-any")).toHaveLength(1);
  const floating = "export function f() { Promise.resolve(1); }";
  expect(await complaints(file, floating, "@typescript-eslint/no-floating-promises")).toHaveLength(1);
});
