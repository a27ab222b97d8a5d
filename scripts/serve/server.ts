import { Log, LogLevel, Miniflare, Response, convertV4MiniflareOptions, type Request } from "miniflare";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ROOT } from "../bootstrap/root.mjs";
import { readServed, type Served } from "../build/served.ts";
import type { StartOptions } from "../start/options.mjs";
import { behindProxy } from "./behind-proxy.ts";
import { collectOften } from "./collector.ts";
import { limitBindings } from "./limits.ts";
import { migrate } from "./migrate.ts";
import { modelBindings, modelAddresses } from "./model.ts";
import { outward } from "./outward.ts";
import { createSampleTeams } from "./sample.ts";
import type { Secrets } from "./secrets.ts";

/** The command as it was built; `npm run dev` may have none, and then feeds no samples. */
const COMMAND = join(ROOT, "cli/dist/clusterfork.js");

const NAME = "clusterfork";
/** What `worker/index.ts` exports for this. */
const ENTRYPOINT = "Local";

/** Answers what the Worker asks through its binding SAMPLE. */
type Feeder = (request: Request) => Promise<Response>;

/** Options of Miniflare for the built Worker of wrangler.toml: bindings and assets. */
function optionsFor({ port, host, data }: StartOptions, secrets: Secrets, feeder: Feeder) {
  const { worker } = readServed();
  const proxy = behindProxy(process.env);
  const model = modelBindings(process.env);
  const settings = { ...limitBindings(process.env), ...model, ...proxy.bindings };
  const bundle = join(ROOT, "dist/worker");
  const converted = convertV4MiniflareOptions({
    ...QUIET_ENTRY,
    workers: [
      {
        ...worker,
        name: NAME,
        rootPath: bundle,
        modulesRoot: bundle,
        // Named, and not looked for: parsing 4 MB for its imports takes a third of a second.
        modules: [{ type: "ESModule", path: join(bundle, "index.js") }],
        assets: { ...worker.assets, directory: join(ROOT, "build") },
        bindings: Object.assign({}, worker.bindings, settings, secrets),
        ...(proxy.hosted ? { outboundService: outward(undefined, modelAddresses(model)) } : {}),
        serviceBindings: Object.assign({}, worker.serviceBindings, { SAMPLE: feeder }),
        unsafeDirectSockets: [{ host, port, entrypoint: ENTRYPOINT }],
      },
    ],
  });
  // Said last: the older option for it, `durableObjectsPersist`, is ignored in silence.
  return Object.assign(converted, { resourcePersistencePath: data });
}

/** Miniflare's own entry, which nobody needs: it is slow, and knows ways in that are for development (worker/http/local.ts). */
const QUIET_ENTRY = {
  host: "127.0.0.1",
  port: 0,
  logRequests: false,
  cf: false as const,
  log: new Log(LogLevel.WARN),
};

/** Applies missing migrations before anybody is let in: with the database alone, on a port that nobody knows. */
async function prepareDatabase({ data }: StartOptions, { worker, migrations }: Served): Promise<void> {
  // Beside the database, so that it goes when the database goes.
  const marker = join(data, "d1", "migrated.json");
  const wanted = JSON.stringify(migrations.map(({ name }) => name));
  if (existsSync(marker) && readFileSync(marker, "utf8") === wanted) return;
  const options = convertV4MiniflareOptions({
    ...QUIET_ENTRY,
    modules: true,
    script: "export default {};",
    d1Databases: worker.d1Databases,
  });
  const server = new Miniflare(Object.assign(options, { resourcePersistencePath: data }));
  try {
    await migrate(await server.getD1Database("DB"), migrations);
  } finally {
    await server.dispose();
  }
  mkdirSync(dirname(marker), { recursive: true });
  writeFileSync(marker, wanted);
}

export interface Server {
  /** Origin, without a slash at the end. */
  url: string;
  /** Takes over a new bundle; sockets close, the data stays. */
  reload(): Promise<void>;
  stop(): Promise<void>;
}

/** Serves the built product from local workerd. The folder is locked and the port free already. */
export async function startServer(options: StartOptions, secrets: Secrets): Promise<Server> {
  await prepareDatabase(options, readServed());
  let url = "";
  const samples = createSampleTeams({
    folder: options.data,
    url: () => url,
    command: [process.execPath, COMMAND],
    now_ms: Date.now,
    say: console.log,
  });
  /** `http://sample/<project>`: GET asks for its state, POST with `{ "key" }` begins it. */
  const feeder: Feeder = async (request) => {
    const project_id = new URL(request.url).pathname.slice(1);
    const { key } = request.method === "POST" ? ((await request.json()) as { key: string }) : { key: null };
    return Response.json(samples.answer(project_id, key));
  };
  collectOften(process.env);
  const server = new Miniflare(optionsFor(options, secrets, feeder));
  const { port } = await server.unsafeGetDirectURL(NAME, ENTRYPOINT);
  const reachable = options.host === "0.0.0.0" || options.host === "::" ? "127.0.0.1" : options.host;
  url = `http://${reachable.includes(":") ? `[${reachable}]` : reachable}:${port}`;
  samples.resume();
  return {
    url,
    reload: () => server.setOptions(optionsFor({ ...options, port: Number(port) }, secrets, feeder)),
    async stop() {
      await samples.stop();
      await server.dispose();
    },
  };
}
