/**
 * The team's sprints: a few hours of work each, for what the user asked for until then and in its first two thirds. What
 * comes later, or is too much, waits for the next one, with what was not finished.
 *
 * Its events have ids of their own series: without sprints the run would be the same, byte for byte.
 */
import type { Json } from "../../schema/event/event.ts";
import type { Process } from "./engine.ts";
import { tell, work, type World } from "./world.ts";

const HOUR_MS = 3_600_000;
/** Two features of the day's size, one after the other: who is asked for late is late at times. */
const LENGTH_MS = 3 * HOUR_MS;
/** What is taken in later has no chance to be finished. */
const TAKES_FOR_MS = 2 * HOUR_MS;
/** As many as four coders merge in it, and one or two more: some sprints are late. */
const MAX_FEATURES = 7;

interface Running {
  id: string;
  title: string;
  features: string[];
  takes_until_ms: number;
  ends_ms: number;
}

export class Sprints {
  #told = 0;
  #number = 0;
  #running: Running | null = null;
  /** Requested and not finished, in this order. */
  #open: string[] = [];

  /** The user asks for a feature. */
  take(world: World, feature_id: string): void {
    this.#open.push(feature_id);
    const now_ms = world.engine.now_ms;
    if (this.#running === null) this.#begin(world, now_ms);
    else if (now_ms < this.#running.takes_until_ms && this.#running.features.length < MAX_FEATURES) {
      this.#running.features.push(feature_id);
      this.#start(world, this.#running);
    }
  }

  /** Merged or given up. */
  finish(feature_id: string): void {
    this.#open = this.#open.filter((id) => id !== feature_id);
  }

  /** Nothing is left to do. */
  close(world: World): void {
    if (this.#running !== null) this.#end(world, "all is done");
  }

  #begin(world: World, now_ms: number): void {
    this.#number += 1;
    const running: Running = {
      id: `sprint-${this.#number}-${world.tag.slice(0, 4)}`,
      title: `Sprint ${this.#number}`,
      features: this.#open.slice(0, MAX_FEATURES),
      takes_until_ms: world.calendar.after(now_ms, TAKES_FOR_MS),
      ends_ms: world.calendar.after(now_ms, LENGTH_MS),
    };
    this.#running = running;
    this.#start(world, running);
    world.engine.start(this.#untilEnd(world, running));
  }

  #start(world: World, { id, title, features, ends_ms }: Running): void {
    this.#tell(world, "sprint_started", {
      ...{ sprint_id: id, title, features: [...features] },
      ends_at: new Date(world.start_ms + ends_ms).toISOString(),
    });
  }

  *#untilEnd(world: World, running: Running): Process {
    yield* work(world, LENGTH_MS);
    if (this.#running !== running) return;
    this.#end(world, "its time is over");
    if (this.#open.length > 0) this.#begin(world, world.engine.now_ms);
  }

  #end(world: World, reason: string): void {
    if (this.#running === null) return;
    const { id, title } = this.#running;
    this.#tell(world, "sprint_ended", { sprint_id: id, title, reason });
    this.#running = null;
  }

  #tell(world: World, event_type: "sprint_started" | "sprint_ended", metadata: Record<string, Json>): void {
    this.#told += 1;
    tell(world, `sprint-${this.#told}`, event_type, world.team.user, {}, metadata);
  }
}
