import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { routeTable, templateOf, type OpenApi } from "./openapi.ts";
import { writeApi } from "./write.ts";

const folder = mkdtempSync(join(tmpdir(), "clusterfork-api-"));
const routes = import.meta.resolve("../../../worker/http/routes.ts");

// The whole route table is loaded, with everything behind it: seconds on a busy machine.
beforeAll(() => writeApi(folder), 60_000);
afterAll(() => rmSync(folder, { recursive: true }));

it("describes every route of the table and no other, each once", async () => {
  const api = JSON.parse(readFileSync(join(folder, "openapi.json"), "utf8")) as OpenApi;
  const table = routeTable.parse(((await import(routes)) as { ROUTES: unknown }).ROUTES);
  const described = Object.entries(api.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(described.sort()).toEqual(table.map(({ method, path }) => `${method} ${templateOf(path)}`).sort());
  const ids = Object.values(api.paths).flatMap((methods) =>
    Object.values(methods).map((one) => one.operationId),
  );
  expect(new Set(ids).size).toBe(ids.length);
  expect(Object.keys(api.components.schemas)).toContain("event.tokens_used");
  expect(Object.keys(api.components.schemas)).not.toContain("event.budget_set");
});

it("[P2] is readable as a page without scripts and without anything from elsewhere", () => {
  const html = readFileSync(join(folder, "docs.html"), "utf8");
  expect(html).not.toMatch(/<script|javascript:|(?:src|href)="(?:https?:)?\/\//);
  expect(html).toContain("POST /v1/events");
});
