import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import manifest from "../../../package.json" with { type: "json" };
import { openapi, routeTable } from "./openapi.ts";
import { page } from "./page.ts";

/** Writes the API's description into a folder of static files. */
export async function writeApi(folder: string): Promise<void> {
  // By address and parsed: the Worker's types and those of Node's tools contradict each other.
  const { ROUTES } = (await import(new URL("../../../worker/http/routes.ts", import.meta.url).href)) as {
    ROUTES: unknown;
  };
  const api = openapi(routeTable.parse(ROUTES), manifest.version);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "openapi.json"), JSON.stringify(api));
  writeFileSync(join(folder, "docs.html"), page(api));
}
