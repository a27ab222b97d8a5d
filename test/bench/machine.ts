/** What a figure needs beside it to be worth anything: how busy the machine was. */
import { loadavg } from "node:os";

/** Load average of 1, 5 and 15 minutes. Above the number of cores, a figure says little. */
export function load(): string {
  return loadavg()
    .map((value) => value.toFixed(2))
    .join(" ");
}

export function median(numbers: readonly number[]): number {
  return quantile(numbers, 0.5);
}

export function quantile(numbers: readonly number[], part: number): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
}
