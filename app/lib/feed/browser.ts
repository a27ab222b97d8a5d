/** What FeedSocket needs, as a browser has it: WebSocket, fetch, clock and timers. */
import { BEARER_PROTOCOL_PREFIX, STREAM_PROTOCOL } from "../../../schema/wire/socket.ts";
import type { SocketPorts } from "./socket.ts";

/** What the stream answers to a plain request of somebody who may connect. */
const UPGRADE_REQUIRED = 426;

export function browserPorts(url: string, token: string | undefined): Omit<SocketPorts, "changed"> {
  const protocols = [STREAM_PROTOCOL];
  if (token !== undefined) protocols.push(BEARER_PROTOCOL_PREFIX + token);
  return {
    connect(since) {
      const address = new URL(url, location.href);
      address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
      if (since !== undefined) address.searchParams.set("since", String(since));
      const socket = new WebSocket(address, protocols);
      return {
        // What is said into a socket that is closing is lost either way, and the browser complains of it.
        send: (text) => {
          if (socket.readyState === WebSocket.OPEN) socket.send(text);
        },
        close: () => socket.close(),
        listen(heard) {
          socket.addEventListener("open", () => heard.open());
          socket.addEventListener("message", ({ data }: MessageEvent<unknown>) => heard.message(data));
          socket.addEventListener("close", ({ code }) => heard.closed(code));
        },
      };
    },
    async mayRead() {
      const headers: HeadersInit = token === undefined ? {} : { authorization: `Bearer ${token}` };
      try {
        const { status } = await fetch(url, { headers });
        return status === UPGRADE_REQUIRED
          ? "granted"
          : [401, 403, 404].includes(status)
            ? "denied"
            : "unknown";
      } catch {
        return "unknown"; // No network: the back-off goes on.
      }
    },
    now: () => Date.now(),
    random: () => Math.random(),
    setTimer: (callback, delay_ms) => window.setTimeout(callback, delay_ms),
    clearTimer: (timer) => {
      if (typeof timer === "number") window.clearTimeout(timer);
    },
  };
}
