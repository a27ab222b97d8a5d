/**
 * The stream as a view sees it: a thin layer of runes over FeedBuffer and
 * FeedSocket. The state is changed in place as frames arrive, also in hidden
 * tabs; `version` tells the views at most once per frame (visible) or once a
 * second (hidden, where there are no animation frames).
 */
import type { StoredEvent } from "../../../schema/event/event.ts";
import { browserPorts } from "./browser.ts";
import { FeedBuffer } from "./buffer.ts";
import type { Connection } from "./connection.ts";
import { drawSoon } from "./draw.ts";
import type { Feed, FeedOptions } from "./feed.ts";
import { projectFold } from "./project-fold.ts";
import { FeedSocket } from "./socket.ts";

export function openFeed(options: FeedOptions): Feed {
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
  const socket = new FeedSocket(buffer, { ...browserPorts(options), changed: drawing.request });
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
