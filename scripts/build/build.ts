import { build as bundle } from "esbuild";
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../bootstrap/root.mjs";
import { writeAhead } from "./ahead.ts";
import { tool } from "./command.ts";
import { writeHeaders } from "./headers.ts";
import { hashInputs } from "./inputs.ts";
import { SERVED, writeServed } from "./served.ts";

interface Part {
  /** What it is made of, besides the tools themselves. */
  inputs: string[];
  /** A file that is there when it was made. */
  output: string;
  make(): Promise<void>;
}

const at = (path: string) => join(ROOT, path);

/** Whatever the caller's NODE_ENV says: a page built under `test` or `development` is larger, slower, and warns its readers. */
const PRODUCTION = { NODE_ENV: "production" };

/** Records what was built. Not in build/: that folder is served to everybody. */
const RECORD = at("dist/inputs.json");

const PARTS: Record<string, Part> = {
  app: {
    inputs: [
      "app",
      "schema",
      "vite.config.ts",
      "tsconfig.json",
      "scripts/build/headers.ts",
      "scripts/build/ahead.ts",
      "scripts/build/first-load.ts",
    ],
    output: "build/_headers",
    async make() {
      await tool("vite", ["build", "--logLevel", "warn"], PRODUCTION);
      writeAhead(ROOT);
      writeHeaders(at("build"));
    },
  },
  api: {
    // After the app, whose build empties the folder.
    inputs: ["schema", "worker/http", "scripts/build/api", "package.json"],
    output: "build/v1/openapi.json",
    async make() {
      const { writeApi } = await import("./api/write.ts");
      await writeApi(at("build/v1"));
    },
  },
  words: {
    // Beside the API's description, where the Worker answers and serves no file: it alone reads this one.
    inputs: ["worker/learning/embed/words.bin"],
    output: "build/v1/words.bin",
    async make() {
      mkdirSync(at("build/v1"), { recursive: true });
      copyFileSync(at("worker/learning/embed/words.bin"), at("build/v1/words.bin"));
    },
  },
  worker: {
    inputs: ["worker", "schema", "wrangler.toml", "scripts/build/served.ts"],
    output: SERVED,
    async make() {
      // Into an empty folder: wrangler leaves older modules lying.
      rmSync(at("dist/worker"), { recursive: true, force: true });
      await tool("wrangler", ["deploy", "--dry-run", "--outdir", "dist/worker"], PRODUCTION);
      await writeServed();
    },
  },
  cli: {
    inputs: ["cli", "schema", "scripts/build/sdk-types.ts"],
    output: "cli/dist/sdk/node.d.ts",
    async make() {
      rmSync(at("cli/dist"), { recursive: true, force: true });
      // The SDK twice: with Node's disk and process, and with nothing but what Workers and browsers have;
      // and its handler for LangChain, which needs neither.
      for (const [entry, platform] of [
        ["node", "node"],
        ["web", "browser"],
        ["langgraph", "browser"],
      ] as const)
        await bundle({
          entryPoints: { [entry]: at(`cli/sdk/${entry}.ts`) },
          outdir: at("cli/dist/sdk"),
          bundle: true,
          platform,
          format: "esm",
          target: platform === "node" ? "node20" : "es2022",
          logLevel: "warning",
        });
      // Loaded only where it is needed: a start that builds nothing waits for no compiler.
      const { writeSdkTypes } = await import("./sdk-types.ts");
      writeSdkTypes(ROOT, at("cli/dist/sdk"));
      await bundle({
        entryPoints: { clusterfork: at("cli/main.ts") },
        outdir: at("cli/dist"),
        bundle: true,
        platform: "node",
        format: "esm",
        target: "node20",
        // Bundled CommonJS dependencies may still ask for `require`.
        banner: {
          js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
        },
        logLevel: "warning",
      });
    },
  },
};

function record(): Record<string, string> {
  return existsSync(RECORD) ? (JSON.parse(readFileSync(RECORD, "utf8")) as Record<string, string>) : {};
}

/** Builds the named parts (all of them when none is named) whose sources changed. */
export async function build(...names: string[]): Promise<void> {
  for (const [name, part] of Object.entries(PARTS)) {
    if (names.length > 0 && !names.includes(name)) continue;
    const hash = hashInputs(ROOT, [...part.inputs, "package-lock.json"]);
    if (record()[name] === hash && existsSync(at(part.output))) continue;
    console.log(`Building ${name} …`);
    mkdirSync(at("dist"), { recursive: true });
    // wrangler refuses a Worker whose assets folder is missing.
    mkdirSync(at("build"), { recursive: true });
    await part.make();
    writeFileSync(RECORD, JSON.stringify({ ...record(), [name]: hash }, null, 2));
  }
}
