/** What `clusterfork simulate` is told, read from text, with messages that say what to write. */
import { readMoment, readSpan } from "../simulate/moment.ts";
import type { Speed } from "../simulate/pace.ts";
import { NOTHING_PLANTED, PLANTS, type Planted } from "../simulate/plant.ts";
import { UserError } from "./user-error.ts";

/** A Monday. Fixed, so that a seed alone names a run. */
export const DEFAULT_START = "2026-01-05T09:00:00Z";

export function readSpeed(text: string): Speed {
  if (text === "max" || text === "live") return text;
  const speed = Number(text);
  if (text.trim() === "" || !Number.isFinite(speed) || speed <= 0)
    throw new UserError(
      `--speed takes max, live, or how many times as fast as real time (1, 60), not "${text}".`,
      2,
    );
  return speed;
}

export function readTime(name: string, text: string): number {
  const at_ms = readMoment(text, Date.now());
  if (at_ms === null)
    throw new UserError(`--${name} takes a time such as ${DEFAULT_START}, now or now-2h, not "${text}".`, 2);
  return at_ms;
}

export function readUntil(text: string, start_ms: number): number {
  const span_ms = text.startsWith("+") ? readSpan(text.slice(1)) : null;
  return span_ms === null ? readTime("until", text) : start_ms + span_ms;
}

export function readPlants(texts: readonly string[]): Planted {
  let planted = NOTHING_PLANTED;
  for (const text of texts) {
    const [name = "", value] = text.split(/=(.*)/s);
    const plant = Object.hasOwn(PLANTS, name) ? PLANTS[name] : undefined;
    if (plant === undefined)
      throw new UserError(
        `nothing to plant is called "${name}". There are: ${Object.keys(PLANTS).join(", ")}.`,
        2,
      );
    const next = plant.read(value ?? plant.byDefault, planted);
    if (next === null)
      throw new UserError(
        `--plant ${name} takes ${plant.value} (default ${plant.byDefault}), not "${value ?? ""}".`,
        2,
      );
    planted = next;
  }
  return planted;
}

export function listPlants(): string {
  return Object.entries(PLANTS)
    .map(
      ([name, { value, byDefault, about }]) =>
        `${`${name}=${byDefault}`.padEnd(20)} ${about}\n${" ".repeat(21)}(${value})`,
    )
    .join("\n");
}
