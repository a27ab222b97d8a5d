/** A room in a context of our own: its disk is real, its alarm, its sockets and its death are the world's. */
import { DurableObject } from "cloudflare:workers";
import type { Env } from "../../../worker/env.ts";
import type { Archive } from "../../../worker/room/drain.ts";
import { ProjectRoom } from "../../../worker/room/room.ts";

/** A context of our own in place of the runtime's, which would refuse it. */
class Bare {
  readonly ctx: unknown;
  readonly env: unknown;
  constructor(ctx: unknown, env: unknown) {
    this.ctx = ctx;
    this.env = env;
  }
}

/** What the world gives to a room, and hears of it. */
export interface Surroundings {
  storage: DurableObjectStorage;
  project_id: string;
  openArchive: () => Archive;
  /** True once for a commit that is to fail. */
  breaks: () => boolean;
  alarm: () => number | null;
  /** Not of a room that is dead. */
  setAlarm: (time_ms: number) => void;
  failed: (error: Error) => void;
  accept: (server: WebSocket) => void;
  sockets: () => WebSocket[];
}

export function roomIn(surroundings: Surroundings, env: Env): ProjectRoom {
  const { storage, openArchive } = surroundings;
  // The runtime's base class takes its own contexts only.
  Object.setPrototypeOf(ProjectRoom, Bare);
  try {
    return new ProjectRoom(contextOf(storage, surroundings), env, { openArchive });
  } finally {
    Object.setPrototypeOf(ProjectRoom, DurableObject);
  }
}

function contextOf(storage: DurableObjectStorage, world: Surroundings): DurableObjectState {
  const { project_id } = world;
  const context = {
    id: { name: project_id, toString: () => project_id },
    storage: {
      sql: storage.sql,
      transactionSync: <T>(body: () => T): T =>
        storage.transactionSync(() => {
          const value = body();
          if (world.breaks()) throw new Error("the disk is full");
          return value;
        }),
      getAlarm: async () => world.alarm(),
      setAlarm: async (time_ms: number) => world.setAlarm(time_ms),
    },
    waitUntil: (work: Promise<unknown>) => void work.catch(world.failed),
    setWebSocketAutoResponse: () => undefined,
    acceptWebSocket: (server: WebSocket) => world.accept(server),
    getWebSockets: () => world.sockets(),
  };
  return context as unknown as DurableObjectState;
}
