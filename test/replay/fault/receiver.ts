/** Who is forwarded to: takes each report once by its id, as the ingest of another installation does. */
import { mapHours, selectHours } from "../../../worker/archive/query-hour.ts";
import { settledHours } from "../../../worker/forward/forward.ts";
import { reportOf, type Report } from "../../../worker/forward/report.ts";
import { FORWARD_TIMEOUT_MS } from "../../../worker/room/limits.ts";
import type { Forward } from "../../../worker/room/forward.ts";
import type { Faulty } from "./faulty.ts";

const SOURCE = "source";

export class Receiver {
  /** What each target has, by id, in order of arrival. */
  readonly has = new Map<string, Map<string, Report>>();
  target: string | null = null;
  /** Ids of which the room that lives heard that they arrived. */
  #told = new Set<string>();
  /** Sent although the room knew that they are there. */
  needless = 0;
  sends = 0;
  #aims = 0;
  readonly #db: D1Database;
  readonly #project_id: string;
  readonly #archive: Faulty;
  readonly #faulty: Faulty;

  /** `archive` stands between the room and `db`, `faulty` between it and the receiver. */
  constructor(db: D1Database, project_id: string, archive: Faulty, faulty: Faulty) {
    this.#db = db;
    this.#project_id = project_id;
    this.#archive = archive;
    this.#faulty = faulty;
  }

  open(alive: () => boolean): Forward {
    return {
      hours: (now_ms) =>
        this.#archive.call(alive, () => settledHours(this.#db, this.#project_id, SOURCE, now_ms)),
      send: async (numbers) => {
        const { target } = this;
        const [aims, since_ms] = [this.#aims, Date.now()];
        const reports = await this.reports(numbers);
        if (target === null) return "switched off";
        this.needless += reports.filter(({ id }) => this.#told.has(id)).length;
        try {
          await this.#faulty.call(alive, async () => this.#take(target, reports));
        } catch {
          return "it cannot be reached";
        }
        const heard = aims === this.#aims && Date.now() - since_ms < FORWARD_TIMEOUT_MS;
        if (heard) for (const { id } of reports) this.#told.add(id);
        return null;
      },
    };
  }

  /** Another target has nothing yet. */
  aim(target: string | null): void {
    if (target !== this.target) this.#told = new Set();
    this.#aims += 1;
    this.target = target;
  }

  /** The room may have lost what it noted. */
  forgive(): void {
    this.#told = new Set();
  }

  /** What the archive says now. */
  async all(): Promise<Report[]> {
    return (await mapHours(this.#db, this.#project_id, (hour) => reportOf(SOURCE, hour))).hours;
  }

  async reports(numbers: readonly number[]): Promise<Report[]> {
    const sums = await selectHours(this.#db, this.#project_id, numbers);
    return sums.map((hour) => reportOf(SOURCE, hour));
  }

  #take(target: string, reports: readonly Report[]): void {
    const has = this.has.get(target) ?? new Map<string, Report>();
    this.has.set(target, has);
    this.sends += 1;
    for (const report of reports) {
      // Again after another one of its hour: what counts is what came last.
      has.delete(report.id);
      has.set(report.id, report);
    }
  }
}
