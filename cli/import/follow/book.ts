/**
 * What was told to one project, kept between runs and shared by all that
 * follow something on this computer.
 *
 *   lock ─▶ read ─▶ send what an earlier run left ─▶ note what will be sent ─▶ send ─▶ note that it was ─▶ unlock
 *
 * Events are noted before they are sent: whoever is killed in between leaves
 * them to the next, which sends the very same ones, and sending twice adds
 * nothing. The lock keeps two from telling different parts of one growing call.
 */
import { createHash } from "node:crypto";
import {
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { Connection } from "../../client/connection.ts";
import { isObject, object, texts, type JsonObject } from "../json-field.ts";
import type { OutgoingEvent } from "../../../schema/event/outgoing.ts";
import { untold, type Ledger } from "./growth.ts";

/** A call that is older does not grow any more, ms: sessions are over after a day of silence. */
const REMEMBERED_MS = 7 * 24 * 60 * 60 * 1000;
/** Between two tries to get the lock, ms. */
const LOCK_PAUSE_MS = 100;
/** A lock without a pid in it was left by a crash in the instant of its making, ms. */
const EMPTY_LOCK_MS = 10_000;

export type Post = (lines: string[]) => Promise<void>;

/** Files that need no reading again: path → size and time of change. */
export type Settled = Record<string, string>;

interface Pages {
  ledger: Ledger;
  unsent: string[];
  settled: Settled;
}

export class Book {
  readonly #folder: string;

  constructor(connection: Connection, env: NodeJS.ProcessEnv = process.env) {
    const project = connection.key.split("_")[1] ?? "";
    const name = createHash("sha256")
      .update(JSON.stringify([connection.url, project]))
      .digest("hex")
      .slice(0, 32);
    const state = env["XDG_STATE_HOME"] || join(homedir(), ".local", "state");
    this.#folder = join(state, "clusterfork", "follow", name);
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
  }

  settled(): Settled {
    return this.#read().settled;
  }

  async settle(files: Settled): Promise<void> {
    await this.#locked(() => {
      const pages = this.#read();
      Object.assign(pages.settled, files);
      this.#write(pages);
      return Promise.resolve();
    });
  }

  /** Sends what of the events was not told yet, in their order; returns how many those were. */
  async tell(events: readonly OutgoingEvent[], post: Post): Promise<number> {
    return this.#locked(async () => {
      const pages = this.#read();
      await this.#send(pages, post);
      const fresh = events.flatMap((event) => {
        const left = event.event_type === "tokens_used" ? untold(event, pages.ledger) : event;
        return left === null ? [] : [JSON.stringify(left)];
      });
      pages.unsent = fresh;
      this.#write(pages);
      await this.#send(pages, post);
      return fresh.length;
    });
  }

  async #send(pages: Pages, post: Post): Promise<void> {
    if (pages.unsent.length === 0) return;
    await post(pages.unsent);
    pages.unsent = [];
    this.#write(pages);
  }

  async #locked<T>(work: () => Promise<T>): Promise<T> {
    const path = join(this.#folder, "lock");
    while (!take(path)) await new Promise((done) => setTimeout(done, LOCK_PAUSE_MS));
    try {
      return await work();
    } finally {
      rmSync(path, { force: true });
    }
  }

  #read(): Pages {
    let raw: JsonObject = {};
    try {
      raw = object(JSON.parse(readFileSync(join(this.#folder, "told.json"), "utf8")));
    } catch {
      // None yet, or a damaged one: all is sent again and adds nothing; only growth since then is unknown.
    }
    const oldest_ms = Date.now() - REMEMBERED_MS;
    const ledger: Ledger = new Map();
    for (const [id, told] of Object.entries(object(raw["told"]))) {
      if (!isObject(told) || typeof told["ms"] !== "number" || told["ms"] < oldest_ms) continue;
      const amounts = Object.entries(object(told["amounts"])).filter(
        (entry): entry is [string, number] => typeof entry[1] === "number",
      );
      ledger.set(id, {
        deltas: Number(told["deltas"]) || 0,
        amounts: Object.fromEntries(amounts),
        ms: told["ms"],
      });
    }
    const settled = Object.entries(object(raw["settled"])).filter(
      (entry): entry is [string, string] => typeof entry[1] === "string",
    );
    return { ledger, unsent: texts(raw["unsent"]), settled: Object.fromEntries(settled) };
  }

  #write({ ledger, unsent, settled }: Pages): void {
    const path = join(this.#folder, "told.json");
    const text = JSON.stringify({ told: Object.fromEntries(ledger), unsent, settled });
    writeFileSync(`${path}.new`, text, { mode: 0o600 });
    renameSync(`${path}.new`, path);
  }
}

/** Takes the lock, also from a process that died with it. */
function take(path: string): boolean {
  try {
    const file = openSync(path, "wx", 0o600);
    writeSync(file, String(process.pid));
    closeSync(file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  try {
    const pid = Number(readFileSync(path, "utf8"));
    const dead = pid > 0 ? !isAlive(pid) : Date.now() - statSync(path).mtimeMs > EMPTY_LOCK_MS;
    if (dead) rmSync(path, { force: true });
  } catch {
    // Given back in this moment: the next try takes it.
  }
  return false;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
