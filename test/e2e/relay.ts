import { once } from "node:events";
import { createServer, request, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import type { AppendResponse } from "../../schema/wire/http.ts";

/** What the relay does with one request for events. */
export type Verdict = "pass" | "lose the answer";

export interface Relay {
  url: string;
  /** Where requests go; may change while the relay runs. */
  target: string;
  /** Answers with a 2xx that reached the client: what the client may rely on. */
  acknowledged: AppendResponse[];
  requests: number;
  close(): void;
}

/**
 * Stands between a client and the server, so that a test can strike at a chosen
 * request instead of at a chosen millisecond. `meet` is asked after the server
 * has answered and before the client hears of it; `strike` runs while the
 * server has the request; what is `swallow`ed never reaches the server.
 */
export async function openRelay(
  target: string,
  hooks: {
    swallow?: (nth: number) => boolean;
    strike?: (nth: number) => void;
    meet?: (nth: number) => Verdict | Promise<Verdict>;
  } = {},
): Promise<Relay> {
  const server = createServer((incoming, outgoing) => {
    const nth = ++relay.requests;
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.on("end", () => {
      if (hooks.swallow?.(nth) === true) {
        incoming.socket.destroy();
        return;
      }
      const headers: IncomingHttpHeaders = { ...incoming.headers, host: new URL(relay.target).host };
      // The answer is read here as well.
      delete headers["accept-encoding"];
      const forward = request(relay.target + (incoming.url ?? ""), {
        method: incoming.method,
        headers,
        agent: false,
      });
      forward.on("error", () => incoming.socket.destroy());
      forward.on("response", (answer) => {
        const body: Buffer[] = [];
        answer.on("data", (chunk: Buffer) => body.push(chunk));
        answer.on("error", () => incoming.socket.destroy());
        answer.on("end", () => {
          if (!answer.complete) {
            incoming.socket.destroy();
            return;
          }
          const text = Buffer.concat(body);
          const status = answer.statusCode ?? 502;
          void Promise.resolve(hooks.meet?.(nth)).then((verdict) => {
            if (verdict === "lose the answer") {
              incoming.socket.destroy();
              return;
            }
            if (status === 200) relay.acknowledged.push(JSON.parse(text.toString()) as AppendResponse);
            outgoing.writeHead(status, { "content-type": answer.headers["content-type"] ?? "" }).end(text);
          });
        });
      });
      forward.end(Buffer.concat(chunks));
      hooks.strike?.(nth);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const relay: Relay = {
    url: `http://127.0.0.1:${port}`,
    target,
    acknowledged: [],
    requests: 0,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
  return relay;
}
