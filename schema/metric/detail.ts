/**
 * How much a cell tells apart. There are only so many cells: the oldest are put together, and keep their sums while
 * they lose whose they were. Whoever asks by what was lost must be told.
 */
import { NOBODY, type Detail, type Subjects } from "./cell.ts";

const KEPT: Readonly<Record<Detail, readonly (keyof Subjects)[]>> = {
  0: [],
  1: ["role", "agent", "model"],
  2: ["feature", "role", "agent", "model", "kind", "complexity"],
};

/** The subjects that are left. */
export function reduced(of: Subjects, detail: Detail): Subjects {
  return { ...NOBODY, ...Object.fromEntries(KEPT[detail].map((name) => [name, of[name]])) };
}

/** Whether it still tells apart all of these. */
export function tells(detail: Detail, names: readonly (keyof Subjects)[]): boolean {
  return names.every((name) => KEPT[detail].includes(name));
}
