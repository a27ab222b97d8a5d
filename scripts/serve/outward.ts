/**
 * The way out of an installation that strangers may sign up at: what the Worker asks of the internet (channels of
 * alerts, forwarding) goes to public addresses alone.
 *
 *   Worker ──fetch──▶ outward ──look up──▶ all addresses ──public ones──▶ connect to one of these, and no other
 *
 * The name is looked up once and the connection goes to what was found, so that a name which answers differently the
 * next time (DNS rebinding) leads nowhere. TLS still checks the certificate for the name.
 */
import { lookup as resolveName, type LookupAddress } from "node:dns";
import { request as requestHttp, type IncomingHttpHeaders, type RequestOptions } from "node:http";
import { request as requestHttps } from "node:https";
import { isIP, type LookupFunction } from "node:net";
import { fetch, Response, type Request } from "miniflare";
import { isPublicAddress } from "./public-address.ts";

/** As schema/wire/outward.ts has it: how the Worker is told that nothing was sent. */
export const NOT_SENT_HEADER = "clusterfork-not-sent";
export const NOT_SENT_INSIDE = "inside";
/** Bytes of an answer. Its status alone is read. */
const MAX_ANSWER_BYTES = 64 * 1024;
/** ms of silence; the Worker gives up sooner. */
const SILENCE_MS = 30_000;

export interface Resolving {
  /** As of `dns.lookup` with `all`. */
  lookup: (name: string, tell: (error: Error | null, addresses: LookupAddress[]) => void) => void;
  isAllowed: (address: string) => boolean;
}

const INTERNET: Resolving = {
  lookup: (name, tell) => resolveName(name, { all: true }, tell),
  isAllowed: isPublicAddress,
};

class InsideError extends Error {}

/** `node:net` asks this for a name, and connects to what it is given. */
function guarded({ lookup, isAllowed }: Resolving): LookupFunction {
  return (name, options, tell) =>
    lookup(name, (error, addresses) => {
      if (error !== null) return tell(error, []);
      const open = addresses.filter(({ address }) => isAllowed(address));
      const [first] = open;
      if (first === undefined) return tell(new InsideError(`${name} has no public address`), []);
      if (options.all === true) tell(null, open);
      else tell(null, first.address, first.family);
    });
}

/**
 * What Miniflare calls for each request of the Worker to somewhere else. Redirects are the Worker's to follow, by another
 * call. `own`: addresses that whoever runs this chose and that may be posted to wherever they lead, such as a language
 * model beside it. Only whole ones: a channel of alerts may name any other path of that host.
 */
export function outward(
  resolving = INTERNET,
  own: readonly string[] = [],
): (request: Request) => Promise<Response> {
  const lookup = guarded(resolving);
  return async (request) => {
    const url = new URL(request.url);
    // Miniflare follows redirects where it is not told again what the Worker said.
    if (request.method === "POST" && own.includes(url.href)) return fetch(request, { redirect: "manual" });
    const body = Buffer.from(await request.arrayBuffer());
    const host = url.hostname.replace(/^\[|\]$/g, "");
    // For an address `node:net` asks nobody.
    if (isIP(host) !== 0 && !resolving.isAllowed(host)) return notSent();
    const { host: _host, connection: _connection, ...headers } = Object.fromEntries(request.headers);
    try {
      return await call(url, body, { method: request.method, headers, lookup, agent: false });
    } catch (error) {
      if (error instanceof InsideError) return notSent();
      // Refused, unknown, cut or too slow: to the Worker an answer of nobody.
      return new Response(null, { status: 502 });
    }
  };
}

function call(url: URL, body: Buffer, options: RequestOptions): Promise<Response> {
  return new Promise((resolve, reject) => {
    const request = url.protocol === "https:" ? requestHttps : requestHttp;
    const asked = request(url, { ...options, timeout: SILENCE_MS }, (reply) => {
      const parts: Buffer[] = [];
      let bytes = 0;
      const answer = () =>
        resolve(
          new Response(hasBody(reply.statusCode) ? Buffer.concat(parts) : null, {
            status: reply.statusCode ?? 502,
            headers: plain(reply.headers),
          }),
        );
      reply.on("data", (part: Buffer) => {
        bytes += part.length;
        if (bytes <= MAX_ANSWER_BYTES) return void parts.push(part);
        answer();
        reply.destroy();
      });
      reply.on("end", answer);
      reply.on("error", reject);
    });
    asked.on("timeout", () => asked.destroy(new Error("silence")));
    asked.on("error", reject);
    asked.end(body);
  });
}

const hasBody = (status = 502): boolean => status !== 204 && status !== 205 && status !== 304;

/** Without those of the connection, and of an encoding that was left as it came. */
function plain(headers: IncomingHttpHeaders): [string, string][] {
  return Object.entries(headers).flatMap(([name, value]): [string, string][] =>
    typeof value !== "string" || HOP.has(name) ? [] : [[name, value]],
  );
}
const HOP: ReadonlySet<string> = new Set([
  "connection",
  "keep-alive",
  "transfer-encoding",
  "content-length",
  "content-encoding",
  NOT_SENT_HEADER,
]);

function notSent(): Response {
  return new Response(null, { status: 403, headers: { [NOT_SENT_HEADER]: NOT_SENT_INSIDE } });
}
