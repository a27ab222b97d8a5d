/**
 * What stands before the app where Cloudflare's edge does not: `npm start` opens its port on this entrypoint.
 *
 *   request ─▶ the scheme that a proxy in front tells ─▶ a file, when there is one ─▶ else the app ─▶ gzip
 *
 * Miniflare's own way there is three Workers long (entry, RPC proxy, asset router) and takes 0.8 ms of the one thread
 * that all projects share, for each request and whatever its answer: three times what the app needs to refuse one (V2).
 */
import type { Env } from "../env.ts";
import { takesGzip } from "./gzip.ts";

/** `run_worker_first` of wrangler.toml, where the edge reads the same. */
export const NO_FILES = ["/api/*", "/v1/*", "/s/*", "/healthz"];

/** What Cloudflare's edge would pack too, of what is served here. */
const PACKED =
  /^(?:text\/(?:html|css|javascript|markdown|plain)|application\/(?:json|javascript|manifest\+json)|image\/svg\+xml)\b/;

export interface LocalEnv {
  ASSETS: Pick<Env["ASSETS"], "fetch">;
}

type Serve<E> = (request: Request, env: E, ctx: ExecutionContext) => Response | Promise<Response>;

export function localEntry<E extends LocalEnv>(app: Serve<E>): { fetch: Serve<E> } {
  return {
    async fetch(request, env, ctx) {
      const told = asTold(request);
      const file = await findFile(told, env);
      return pack(told, file ?? (await app(told, env, ctx)));
    },
  };
}

/** With the scheme of the public address, which the reverse proxy of an installation knows alone. */
function asTold(request: Request): Request {
  const scheme = request.headers.get("x-forwarded-proto")?.split(",")[0]?.trim().toLowerCase();
  if (scheme !== "https") return request;
  const url = new URL(request.url);
  url.protocol = scheme;
  return new Request(url, request);
}

async function findFile(request: Request, env: LocalEnv): Promise<Response | null> {
  if (request.method !== "GET" && request.method !== "HEAD") return null;
  const { pathname } = new URL(request.url);
  if (
    NO_FILES.some((rule) => (rule.endsWith("*") ? pathname.startsWith(rule.slice(0, -1)) : pathname === rule))
  )
    return null;
  const file = await env.ASSETS.fetch(request);
  return file.status === 404 ? null : file;
}

/** The runtime packs what says that it is packed. Small answers that refuse something are left as they are. */
function pack(request: Request, reply: Response): Response {
  if (reply.status !== 200 || reply.body === null || request.method === "HEAD") return reply;
  if (reply.headers.has("content-encoding") || !PACKED.test(reply.headers.get("content-type") ?? ""))
    return reply;
  if (!takesGzip(request.headers.get("accept-encoding"))) return reply;
  const packed = new Response(reply.body, reply);
  packed.headers.set("Content-Encoding", "gzip");
  packed.headers.append("Vary", "Accept-Encoding");
  return packed;
}
