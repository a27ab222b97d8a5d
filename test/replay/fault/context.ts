/** A room in a context of our own: its disk is real, its alarm, its sockets and its death are the world's. */
import { DurableObject } from "cloudflare:workers";
import type { Env } from "../../../worker/env.ts";
import type { Ports } from "../../../worker/room/ports.ts";
import { ProjectRoom } from "../../../worker/room/room.ts";

/** A context of our own in place of the runtime's, which would refuse it. */
export class Bare {
  readonly ctx: unknown;
  readonly env: unknown;
  constructor(ctx: unknown, env: unknown) {
    this.ctx = ctx;
    this.env = env;
  }
}

/** Why a commit is refused. */
export const FULL = "the disk is full";

/** What the world gives to a room, and hears of it. */
export interface Surroundings {
  storage: DurableObjectStorage;
  project_id: string;
  ports: Ports;
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
  const { storage, ports } = surroundings;
  // The runtime's base class takes its own contexts only.
  Object.setPrototypeOf(ProjectRoom, Bare);
  try {
    return new ProjectRoom(contextOf(storage, surroundings), env, ports);
  } finally {
    Object.setPrototypeOf(ProjectRoom, DurableObject);
  }
}

function contextOf(storage: DurableObjectStorage, world: Surroundings): DurableObjectState {
  const { project_id } = world;
  // A new life has a new connection, without the cursors of the last; here they share one, which then drops no table.
  const exec = (query: string, ...values: SqlStorageValue[]) =>
    storage.sql.exec(query === "DROP TABLE ids" ? "DELETE FROM ids" : query, ...values);
  const context = {
    id: { name: project_id, toString: () => project_id },
    storage: {
      sql: { exec },
      transactionSync: <T>(body: () => T): T =>
        storage.transactionSync(() => {
          const value = body();
          if (world.breaks()) throw new Error(FULL);
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
