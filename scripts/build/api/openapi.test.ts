import { expect, it } from "vitest";
import { readFileSync } from "node:fs";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { routeTable, templateOf, type OpenApi } from "./openapi.ts";
import { writeApi } from "./write.ts";

const folder = mkdtempSync(join(tmpdir(), "clusterfork-api-"));
const routes = import.meta.resolve("../../../worker/http/routes.ts");

it("describes every route of the table and no other, each once", async () => {
  await writeApi(folder);
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

it("[P2] is readable as a page without scripts and without anything from elsewhere", async () => {
  await writeApi(folder);
  const html = readFileSync(join(folder, "docs.html"), "utf8");
  expect(html).not.toMatch(/<script|javascript:|(?:src|href)="(?:https?:)?\/\//);
  expect(html).toContain("POST /v1/events");
  rmSync(folder, { recursive: true });
});
