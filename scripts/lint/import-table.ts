/**
 * Who may import what: DESIGN's table of the house, as data. A file belongs to the longest folder
 * named here that holds it. It may always import its own folder, and besides:
 * `may`: folders or files; `types`: the same, but by `import type` only; `packages`: npm packages
 * and `node:`, `cloudflare:` modules (absent: any).
 */
export interface Room {
  may: string[];
  types?: string[];
  packages?: string[];
}

const DOMAIN = ["schema/event", "schema/state", "schema/column", "schema/metric", "schema/wire"];
const SCHEMA = [...DOMAIN, "schema/table"];
/** Queries of a folder: everything whose path begins with `query` there. */
const queries = (...folders: string[]) => folders.map((folder) => `worker/${folder}/query`);

export const HOUSE: Record<string, Room> = {
  "schema/event": { may: [], packages: ["zod"] },
  "schema/state": { may: ["schema/event"], packages: ["zod"] },
  "schema/column": { may: ["schema/event"], packages: [] },
  "schema/metric": { may: ["schema/event", "schema/state"], packages: ["zod"] },
  "schema/wire": {
    may: ["schema/event", "schema/state", "schema/column", "schema/metric"],
    packages: ["zod"],
  },
  "schema/table": { may: [], packages: ["drizzle-orm"] },

  // index.ts and env.ts: the only wiring.
  worker: { may: ["worker", ...SCHEMA] },
  "worker/http": {
    may: [
      ...DOMAIN,
      "worker/intake",
      "worker/account",
      "worker/share",
      ...queries("archive", "insight", "learning", "governance"),
    ],
    types: ["worker/room", "worker/env.ts"],
  },
  "worker/intake": { may: DOMAIN },
  "worker/share": { may: DOMAIN, packages: ["node:"] },
  "worker/room": {
    may: [...DOMAIN, "worker/share"],
    types: ["worker/env.ts"],
    packages: ["cloudflare:workers", "node:", "zod"],
  },
  "worker/archive": { may: SCHEMA, types: ["worker/env.ts"] },
  "worker/forward": { may: [...SCHEMA, ...queries("archive"), "worker/account"], types: ["worker/env.ts"] },
  "worker/notify": { may: [...SCHEMA, "worker/account"], types: ["worker/env.ts"] },
  "worker/account": { may: SCHEMA, types: ["worker/env.ts"] },
  "worker/insight": { may: [...SCHEMA, ...queries("archive")], types: ["worker/env.ts"] },
  "worker/learning": {
    may: [...SCHEMA, ...queries("archive"), "worker/insight"],
    types: ["worker/env.ts"],
  },
  "worker/governance": {
    may: [...SCHEMA, ...queries("archive"), "worker/insight"],
    types: ["worker/env.ts"],
  },

  app: { may: ["app", ...DOMAIN] },
  "app/lib": { may: ["app/lib", ...DOMAIN] },
  "app/lib/feed": { may: ["app/lib", ...DOMAIN] },
  "app/lib/chart": { may: ["app/lib/ui", "app/lib/format", ...DOMAIN] },
  "app/lib/format": { may: DOMAIN },
  "app/lib/ui": { may: DOMAIN },

  cli: { may: DOMAIN },
  scripts: { may: ["scripts/build"] },
  // What is written at build from what the house knows: the SDK's types, the API's description.
  "scripts/build": { may: ["scripts", "schema", "worker/http"] },
  // It reads text and writes vectors with the very code that uses them.
  "scripts/embedding": { may: ["scripts", "worker/learning"] },
  test: { may: ["schema", "worker", "app", "cli", "scripts"] },
};
