/** What FeedSocket needs, as a browser has it: WebSocket, fetch, clock and timers. */
import { BEARER_PROTOCOL_PREFIX, STREAM_PROTOCOL } from "../../../schema/wire/socket.ts";
import { readBeginning } from "./beginning.ts";
import type { FeedOptions } from "./feed.ts";
import type { SocketLike, SocketPorts } from "./socket.ts";

/** A tab that is hidden while it waits for a frame gets none. */
const LATEST_FRAME_MS = 250;
const LINES = "application/x-ndjson";
type Heard = Parameters<SocketLike["listen"]>[0];

/** What the stream answers to a plain request of somebody who may connect. */
const UPGRADE_REQUIRED = 426;

export function browserPorts({ url, token, fetch: ask = fetch }: FeedOptions): Omit<SocketPorts, "changed"> {
  const protocols = [STREAM_PROTOCOL];
  if (token !== undefined) protocols.push(BEARER_PROTOCOL_PREFIX + token);
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
  /** The stream's neighbour. */
  const state_url = url.replace(/stream$/, "state");
  return {
    connect(since) {
      const ended = new AbortController();
      let socket: WebSocket | null = null;
      const open = (after: number | undefined, heard: Heard) => {
        if (ended.signal.aborted) return;
        const address = new URL(url, location.href);
        address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
        if (after !== undefined) address.searchParams.set("since", String(after));
        socket = new WebSocket(address, protocols);
        socket.addEventListener("open", () => heard.open());
        socket.addEventListener("message", ({ data }: MessageEvent<unknown>) => heard.message(data));
        socket.addEventListener("close", ({ code }) => heard.closed(code));
      };
      return {
        // What is said into a socket that is closing is lost either way, and the browser complains of it.
        send: (text) => {
          if (socket?.readyState === WebSocket.OPEN) socket.send(text);
        },
        close: () => {
          ended.abort();
          socket?.close();
        },
        listen(heard) {
          if (since !== undefined) return open(since, heard);
          void readBeginning(
            () => ask(state_url, { headers: { ...headers, accept: LINES }, signal: ended.signal }),
            { now: () => performance.now(), rest, drawn },
          ).then((found) => {
            if (found !== null) heard.snapshot({ type: "snapshot", ...found });
            open(found?.seq, heard);
          });
        },
      };
    },
    async mayRead() {
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

/**
 * A hidden tab draws nothing: there the work is done in one go. By a message, since timers that follow one another wait
 * 4 ms each (HTML, timers), which a large state would do dozens of times before its first picture.
 */
function rest(): Promise<void> {
  if (document.hidden) return Promise.resolve();
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

/** After the next frame: what the page shows while it waits for its data stands in that one. */
function drawn(): Promise<void> {
  if (document.hidden) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, LATEST_FRAME_MS);
    requestAnimationFrame(() => {
      clearTimeout(timer);
      void rest().then(resolve);
    });
  });
}
