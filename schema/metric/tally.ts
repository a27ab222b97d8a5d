/**
 * The tally: what happened in each slot of time, kept beside the state by whoever folds the log (`Observer`).
 *
 *   event ──noteEvent──▶ cell of (slot, feature, role, agent, model, kind, complexity)
 *   entry that leaves the hot state ──facts──▶ cells of their times
 *   slots:  5 minutes ──▶ hours ──▶ days, as the log's time goes on; beyond MAX_CELLS the oldest are put together
 *
 * A pure function of the log, whenever it is stored and loaded (S1): it looks at no clock but the log's own.
 */
import type { StoredEvent } from "../event/event.ts";
import type { Feature } from "../state/entity/feature.ts";
import type { Observer, Seen } from "../state/state.ts";
import type { Task } from "../state/entity/task.ts";
import {
  addCell,
  cellKey,
  createCell,
  decodeCell,
  encodeCell,
  type Cell,
  type Detail,
  type Subjects,
  type WireCell,
} from "./cell.ts";
import { reduced } from "./detail.ts";
import { featureFacts, subjectsOfFeature, subjectsOfTask, taskFacts } from "./fact.ts";
import { noteEvent, type Sink } from "./note.ts";
import { DAY_MS, FINE_MS, fineFrom, floorTo, HOUR_MS, hoursFrom, spanAt, type Span } from "./slot.ts";

/** Raised when what a sum means, or the form of a slot, changes: stored tallies are then counted anew from the log. */
export const TALLY_VERSION = 3;

/** Some 10 MB of a room's 128: ten features and agents at once for each hour of two weeks, and years of days. */
export const MAX_CELLS = 12_000;
/** What is left after the oldest were put together, so that it is not done for each new one. */
const CELLS_AFTER = 9_000;

export interface Slot {
  start_ms: number;
  span_ms: Span;
  cells: ReadonlyMap<string, Cell>;
}
interface OwnSlot extends Slot {
  cells: Map<string, Cell>;
}

interface LastCell {
  from_ms: number;
  to_ms: number;
  cell: Cell;
}

/** A slot as it is stored. */
export interface WireSlot {
  start_ms: number;
  span_ms: number;
  cells: WireCell[];
}

export class Tally implements Observer, Sink {
  /** By span and start. */
  readonly #slots = new Map<string, OwnSlot>();
  /** Keys of slots that changed, or went, since they were last taken for storing. */
  readonly #changed = new Set<string>();
  #now_ms = 0;
  /** The end of the five minutes that it is now. */
  #fine_end_ms = 0;
  #cells = 0;
  /** By agent and feature the cell that the last event fell into: the next one mostly falls into it too. */
  readonly #last = new Map<string, Map<string, LastCell>>();

  /** The slot that was written to last: already marked as changed, and mostly the next one's. */
  #newest: OwnSlot | null = null;

  /** The log's own time, as far as it is counted. */
  get now_ms(): number {
    return this.#now_ms;
  }

  slots(): Iterable<Slot> {
    return this.#slots.values();
  }

  note(event: StoredEvent, seen: Seen, now_ms: number): void {
    if (now_ms > this.#now_ms) this.#advance(now_ms);
    noteEvent(event, seen, this);
  }

  retireTask(task: Task): void {
    const of = subjectsOfTask(task);
    taskFacts(task, (time_ms, name, amount) => {
      this.cell(time_ms, of).sums[name] += amount;
    });
  }

  retireFeature(feature: Feature): void {
    const of = subjectsOfFeature(feature);
    featureFacts(feature, (time_ms, name, amount) => {
      this.cell(time_ms, of).sums[name] += amount;
    });
  }

  cell(time_ms: number, of: Subjects): Cell {
    const agent = of.agent ?? "";
    const feature = of.feature ?? "";
    let of_agent = this.#last.get(agent);
    const last = of_agent?.get(feature);
    // Which slot a time is in changes only with the hour, and `#last` is emptied sooner.
    if (
      last !== undefined &&
      time_ms >= last.from_ms &&
      time_ms < last.to_ms &&
      sameSubjects(last.cell.of, of)
    )
      return last.cell;
    const span_ms = spanAt(time_ms, this.#now_ms);
    const start_ms = floorTo(time_ms, span_ms);
    const newest = this.#newest;
    const is_newest = newest !== null && newest.start_ms === start_ms && newest.span_ms === span_ms;
    const slot = is_newest ? newest : this.#slot(start_ms, span_ms);
    this.#newest = slot;
    const key = cellKey(of);
    let cell = slot.cells.get(key);
    if (cell === undefined) {
      cell = createCell({ ...of });
      slot.cells.set(key, cell);
      this.#cells += 1;
      if (this.#cells > MAX_CELLS) {
        this.#shrink();
        return this.cell(time_ms, of);
      }
    }
    if (of_agent === undefined) this.#last.set(agent, (of_agent = new Map<string, LastCell>()));
    of_agent.set(feature, { from_ms: slot.start_ms, to_ms: slot.start_ms + span_ms, cell });
    return cell;
  }

  #forgetLast(): void {
    this.#last.clear();
    this.#newest = null;
  }

  #slot(start_ms: number, span_ms: Span): OwnSlot {
    const key = slotKey(start_ms, span_ms);
    let slot = this.#slots.get(key);
    if (slot === undefined) {
      slot = { start_ms, span_ms, cells: new Map() };
      this.#slots.set(key, slot);
    }
    this.#changed.add(key);
    return slot;
  }

  /** The log's time goes on: what is old enough is put together. */
  #advance(now_ms: number): void {
    const was_ms = this.#now_ms;
    this.#now_ms = now_ms;
    if (now_ms < this.#fine_end_ms) return;
    this.#fine_end_ms = floorTo(now_ms, FINE_MS) + FINE_MS;
    // Bounds it by who works at one time.
    this.#forgetLast();
    if (floorTo(was_ms, HOUR_MS) === floorTo(now_ms, HOUR_MS)) return;
    const fine_from = fineFrom(now_ms);
    const hours_from = hoursFrom(now_ms);
    for (const slot of this.#sorted()) {
      const { start_ms, span_ms } = slot;
      if (span_ms === FINE_MS && start_ms < fine_from)
        this.#move(slot, start_ms < hours_from ? DAY_MS : HOUR_MS);
      else if (span_ms === HOUR_MS && start_ms < hours_from) this.#move(slot, DAY_MS);
    }
  }

  /** Into the coarser slot that holds it. */
  #move(slot: OwnSlot, span_ms: Span): void {
    const to = this.#slot(floorTo(slot.start_ms, span_ms), span_ms);
    this.#remove(slot);
    // No two of them go into the same cell, so their order changes no sum.
    for (const [key, cell] of slot.cells) this.#put(to, key, cell);
  }

  #remove(slot: OwnSlot): void {
    const key = slotKey(slot.start_ms, slot.span_ms);
    this.#slots.delete(key);
    this.#changed.add(key);
    this.#cells -= slot.cells.size;
  }

  #put(to: OwnSlot, key: string, cell: Cell): void {
    const known = to.cells.get(key);
    if (known !== undefined) {
      addCell(known, cell);
      return;
    }
    to.cells.set(key, cell);
    this.#cells += 1;
  }

  /** The oldest slots lose what they tell apart, step by step, until enough cells are gone. */
  #shrink(): void {
    this.#forgetLast();
    for (const step of STEPS) {
      for (const slot of this.#sorted()) {
        if (this.#cells <= CELLS_AFTER) return;
        if (step === "days") {
          if (slot.span_ms !== DAY_MS) this.#move(slot, DAY_MS);
        } else this.#merge(slot, step);
      }
    }
  }

  #merge(slot: OwnSlot, detail: Detail): void {
    if (slot.cells.size < 2) return;
    const cells = byKey(slot.cells);
    this.#cells -= cells.length;
    slot.cells.clear();
    for (const [, cell] of cells) {
      const of = reduced(cell.of, detail);
      const less: Cell = { ...cell, of, detail: cell.detail < detail ? cell.detail : detail };
      this.#put(slot, cellKey(of), less);
    }
    this.#changed.add(slotKey(slot.start_ms, slot.span_ms));
  }

  /** The oldest first; the order in which they came leaves no trace, not even in the last digit of a sum. */
  #sorted(): OwnSlot[] {
    return [...this.#slots.values()].sort((a, b) => a.start_ms - b.start_ms || a.span_ms - b.span_ms);
  }

  /** Until when, ms, what is kept is of whole days: also where it is so new that hours are usual, once there was too much. */
  get days_until_ms(): number {
    let until_ms = -Infinity;
    for (const { start_ms, span_ms } of this.#slots.values())
      if (span_ms === DAY_MS && start_ms + DAY_MS > until_ms) until_ms = start_ms + DAY_MS;
    return until_ms;
  }

  /** Slots that changed since `noteStored`, by key; null: it is gone. */
  changed(): Map<string, WireSlot | null> {
    const changed = new Map<string, WireSlot | null>();
    for (const key of this.#changed) {
      const slot = this.#slots.get(key);
      changed.set(key, slot === undefined ? null : encodeSlot(slot));
    }
    return changed;
  }

  noteStored(): void {
    this.#changed.clear();
    // The next event of each agent must mark its slot as changed again.
    this.#forgetLast();
  }

  /** All of it, the same text for the same tally. */
  encode(): WireSlot[] {
    return this.#sorted().map(encodeSlot);
  }

  static decode(now_ms: number, slots: Iterable<WireSlot>): Tally {
    const tally = new Tally();
    tally.#now_ms = now_ms;
    for (const { start_ms, span_ms, cells } of slots) {
      const slot: OwnSlot = { start_ms, span_ms: span_ms as Span, cells: new Map() };
      for (const wire of cells) {
        const cell = decodeCell(wire);
        slot.cells.set(cellKey(cell.of), cell);
      }
      tally.#cells += slot.cells.size;
      tally.#slots.set(slotKey(start_ms, slot.span_ms), slot);
    }
    return tally;
  }
}

/** How the oldest are put together: first by time, then without features, then without anybody. */
const STEPS = ["days", 1, 0] as const;

function slotKey(start_ms: number, span_ms: number): string {
  return `${span_ms}:${start_ms}`;
}

function encodeSlot({ start_ms, span_ms, cells }: Slot): WireSlot {
  return { start_ms, span_ms, cells: byKey(cells).map(([, cell]) => encodeCell(cell)) };
}

function byKey(cells: ReadonlyMap<string, Cell>): [string, Cell][] {
  return [...cells].sort(([a], [b]) => (a < b ? -1 : 1));
}

function sameSubjects(a: Subjects, b: Subjects): boolean {
  return (
    a.agent === b.agent &&
    a.feature === b.feature &&
    a.role === b.role &&
    a.model === b.model &&
    a.kind === b.kind &&
    a.complexity === b.complexity
  );
}
