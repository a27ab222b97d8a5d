/**
 * The task lists that agents keep: TaskCreate and TaskUpdate, and the older
 * TodoWrite, which sends the whole list each time.
 *
 *   pending → task_created        in_progress → task_claimed, task_started
 *   completed → task_completed    deleted → task_failed ("deleted": it will not be done)
 *   addBlocks, addBlockedBy → dependencies         owner → assignee
 *
 * An entry that is missing from a later list is not closed by that.
 */
import { createHash } from "node:crypto";
import type { Json } from "../../../schema/event/event.ts";
import { agentName } from "../actor.ts";
import { objects, text, texts, type JsonObject } from "../json-field.ts";
import { titleOf } from "./name.ts";
import type { Saying, Scene } from "./scene.ts";

/** Files of one task that travel. */
const MAX_FILES = 50;

interface Entry {
  id: string;
  status: string;
  dependencies: Set<string>;
}

export type Tell = (scene: Scene, event_type: string, saying?: Saying) => void;

export class TaskList {
  readonly #session_task: string;
  readonly #tell: Tell;
  readonly #entries = new Map<string, Entry>();
  /** Agent's key → its entries in progress, the newest last. */
  readonly #active = new Map<string, string[]>();
  readonly #files = new Map<string, Set<string>>();

  constructor(session_task: string, tell: Tell) {
    this.#session_task = session_task;
    this.#tell = tell;
  }

  /** What an agent works on: its own newest entry, else the main agent's, else the session itself. */
  current(key: string, main: string): string {
    return this.#active.get(key)?.at(-1) ?? this.#active.get(main)?.at(-1) ?? this.#session_task;
  }

  touch(task: string, path: string): void {
    for (const id of new Set([task, this.#session_task])) {
      const files = this.#files.get(id) ?? new Set();
      this.#files.set(id, files.add(path));
    }
  }

  files(task: string): Saying {
    const files = this.#files.get(task);
    if (files === undefined) return {};
    return { metadata: { files: [...files].slice(0, MAX_FILES) }, metrics: { files_changed: files.size } };
  }

  create(scene: Scene, number: string, input: JsonObject): void {
    this.#open(scene, this.#numbered(number), titleOf(text(input["subject"]) ?? ""));
  }

  update(scene: Scene, key: string, input: JsonObject): void {
    const number = text(input["taskId"]);
    if (number === null) return;
    const entry = this.#open(scene, this.#numbered(number), titleOf(text(input["subject"]) ?? ""));
    this.#depend(scene, entry, texts(input["addBlockedBy"]));
    for (const blocked of texts(input["addBlocks"]))
      this.#depend(scene, this.#open(scene, this.#numbered(blocked), null), [number]);
    const owner = agentName(input["owner"], scene.tool);
    const status = text(input["status"]);
    if (status !== null) this.#move(scene, key, entry, status, owner);
    if (owner !== null && status !== "in_progress")
      this.#tell({ ...scene, task: entry.id }, "task_claimed", { metadata: { assignee: owner } });
  }

  write(scene: Scene, key: string, input: JsonObject): void {
    for (const todo of objects(input["todos"])) {
      const words = text(todo["content"]);
      if (words === null) continue;
      // Entries have no id of their own: within one agent's list, the words are the identity.
      const digest = createHash("sha256").update(`${key}\n${words}`).digest("hex").slice(0, 10);
      const entry = this.#open(scene, `${this.#session_task}/todo-${digest}`, titleOf(words));
      this.#move(scene, key, entry, text(todo["status"]) ?? "pending", null);
    }
  }

  #numbered(number: string): string {
    return `${this.#session_task}/task-${number.replace(/[^\w.-]+/g, "-").slice(0, 60)}`;
  }

  #open(scene: Scene, id: string, title: string | null): Entry {
    const known = this.#entries.get(id);
    if (known !== undefined && title === null) return known;
    const metadata: Record<string, Json> = {
      ...(title === null ? {} : { title }),
      ...(known === undefined ? { parent_id: this.#session_task, kind: "todo" } : {}),
    };
    // A list that is written again repeats its words: only what is new is told.
    if (known === undefined || id.includes("/task-"))
      this.#tell({ ...scene, task: id }, "task_created", { metadata });
    const entry = known ?? { id, status: "pending", dependencies: new Set<string>() };
    this.#entries.set(id, entry);
    return entry;
  }

  #depend(scene: Scene, entry: Entry, numbers: string[]): void {
    const before = entry.dependencies.size;
    for (const number of numbers) entry.dependencies.add(this.#numbered(number));
    if (entry.dependencies.size === before) return;
    const dependencies = [...entry.dependencies].slice(0, 1_000);
    this.#tell({ ...scene, task: entry.id }, "task_created", { metadata: { dependencies } });
  }

  #move(scene: Scene, key: string, entry: Entry, status: string, owner: string | null): void {
    if (entry.status === status) return;
    const was = entry.status;
    entry.status = status;
    const here = { ...scene, task: entry.id };
    for (const active of this.#active.values()) {
      const place = active.indexOf(entry.id);
      if (place !== -1) active.splice(place, 1);
    }
    if (was === "completed") this.#tell(here, "task_reopened");
    if (status === "in_progress") {
      this.#active.set(key, [...(this.#active.get(key) ?? []), entry.id]);
      this.#tell(here, "task_claimed", owner === null ? {} : { metadata: { assignee: owner } });
      this.#tell(here, "task_started");
    } else if (status === "completed") this.#tell(here, "task_completed", this.files(entry.id));
    else if (status === "deleted" || status === "cancelled")
      this.#tell(here, "task_failed", { metadata: { reason: "deleted from the list", retryable: false } });
  }
}
