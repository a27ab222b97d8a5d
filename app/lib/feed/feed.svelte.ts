/**
 * The stream as a view sees it: a thin layer of runes over FeedBuffer and
 * FeedSocket. The state is changed in place as frames arrive, also in hidden
 * tabs; `version` tells the views at most once per frame (visible) or once a
 * second (hidden, where there are no animation frames).
 */
import type { StoredEvent } from "../../../schema/event/event.ts";
import { BEARER_PROTOCOL_PREFIX, STREAM_PROTOCOL } from "../../../schema/wire/socket.ts";
import { FeedBuffer } from "./buffer.ts";
import type { Connection } from "./connection.ts";
import type { Feed, FeedOptions } from "./feed.ts";
import { projectFold } from "./project-fold.ts";
import { FeedSocket, type SocketPorts } from "./socket.ts";

/** Hidden tabs draw nothing; once a second keeps the title and the counts honest. */
const HIDDEN_DRAW_MS = 1_000;

export function openFeed({ url, token }: FeedOptions): Feed {
  const buffer = new FeedBuffer(projectFold);
  let version = $state(0);
  let events = $state.raw<StoredEvent[]>([]);
  let connection = $state.raw<Connection>({ kind: "connecting" });
  let listed_seq = -1;

  const draw = () => {
    connection = socket.connection;
    if (buffer.seq !== listed_seq) {
      listed_seq = buffer.seq;
      events = buffer.newest();
      version++;
    }
  };
  const drawing = drawSoon(draw);
  const socket = new FeedSocket(buffer, { ...browserPorts(url, token), changed: drawing.request });
  const wake = () => {
    drawing.request();
    socket.wake();
  };
  document.addEventListener("visibilitychange", wake);
  window.addEventListener("online", wake);

  return {
    get state() {
      return buffer.state;
    },
    get version() {
      return version;
    },
    get events() {
      return events;
    },
    get connection() {
      return connection;
    },
    close() {
      document.removeEventListener("visibilitychange", wake);
      window.removeEventListener("online", wake);
      drawing.stop();
      socket.close();
    },
  };
}

function browserPorts(url: string, token: string | undefined): Omit<SocketPorts, "changed"> {
  const protocols = [STREAM_PROTOCOL];
  if (token !== undefined) protocols.push(BEARER_PROTOCOL_PREFIX + token);
  return {
    connect(since) {
      const address = new URL(url, location.href);
      address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
      if (since !== undefined) address.searchParams.set("since", String(since));
      const socket = new WebSocket(address, protocols);
      return {
        send: (text) => socket.send(text),
        close: () => socket.close(),
        listen(heard) {
          socket.addEventListener("open", () => heard.open());
          socket.addEventListener("message", ({ data }: MessageEvent<unknown>) => heard.message(data));
          socket.addEventListener("close", ({ code }) => heard.closed(code));
        },
      };
    },
    async mayRead() {
      const probe = `${url.replace(/\/stream$/, "/events")}?since=0&limit=1`;
      const headers: HeadersInit = token === undefined ? {} : { authorization: `Bearer ${token}` };
      try {
        const { status } = await fetch(probe, { headers });
        return status < 400 ? "granted" : [401, 403, 404].includes(status) ? "denied" : "unknown";
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

/** Gathers requests into one call per animation frame, or per second where no frames come. */
function drawSoon(draw: () => void): { request: () => void; stop: () => void } {
  let frame: number | null = null;
  let timer: number | null = null;
  const stop = () => {
    if (frame !== null) cancelAnimationFrame(frame);
    if (timer !== null) clearTimeout(timer);
    frame = timer = null;
  };
  const run = () => {
    stop();
    draw();
  };
  const request = () => {
    if (document.hidden) timer ??= window.setTimeout(run, HIDDEN_DRAW_MS);
    // A frame asked for just before the tab was hidden never comes: the next request is then by timer.
    else frame ??= requestAnimationFrame(run);
  };
  return { request, stop };
}
