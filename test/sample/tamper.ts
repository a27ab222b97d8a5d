/** One random change of a text of lines, and where it begins: what a tamperer could do to a file, by seed. */

/** mulberry32 (T. Ettinger, public domain): small, and the same on every machine. */
export function randomOf(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

export const CHANGES = ["edit", "insert", "remove", "delete", "reorder", "truncate"] as const;

export interface Tampered {
  bytes: Buffer;
  what: (typeof CHANGES)[number];
  /** The first line that is not what it was, from 0. */
  line: number;
  /** The change left that line's text and took its end alone, so that the next one is missing too. */
  end_only: boolean;
}

const NEWLINE = 10;
/** What keeps a line well-formed, other than most bytes. */
const PLAUSIBLE = " 0123456789abcdef";

/** `bytes`: whole lines, each with its end. */
export function tamper(bytes: Buffer, random: (below: number) => number): Tampered {
  const lines = bytes.toString("latin1").split("\n").slice(0, -1);
  const what = CHANGES[random(CHANGES.length)] ?? "edit";
  // The ends carry what stands for the whole: they are met more often than by chance.
  const line = random(10) === 0 ? random(2) * (lines.length - 1) : random(lines.length);
  const text = lines[line] ?? "";
  const at = random(Math.max(1, text.length));
  const joined = (changed: string[]) => Buffer.from(changed.map((each) => `${each}\n`).join(""), "latin1");
  const replaced = (by: string) => joined(lines.with(line, by));
  const byte =
    random(2) === 0 ? PLAUSIBLE.charAt(random(PLAUSIBLE.length)) : String.fromCharCode(random(256));
  switch (what) {
    case "edit": {
      const other = byte === text[at] ? "#" : byte;
      return { bytes: replaced(text.slice(0, at) + other + text.slice(at + 1)), what, line, end_only: false };
    }
    case "insert":
      return { bytes: replaced(text.slice(0, at) + byte + text.slice(at)), what, line, end_only: false };
    case "remove":
      return { bytes: replaced(text.slice(0, at) + text.slice(at + 1)), what, line, end_only: false };
    case "delete": {
      const count = 1 + random(3);
      return { bytes: joined(lines.toSpliced(line, count)), what, line, end_only: false };
    }
    case "reorder": {
      if (lines.length === 1) return { bytes: joined([]), what: "delete", line, end_only: false };
      const other = (line + 1 + random(lines.length - 1)) % lines.length;
      const swapped = lines.with(line, lines[other] ?? "").with(other, text);
      return { bytes: joined(swapped), what, line: Math.min(line, other), end_only: false };
    }
    case "truncate": {
      // Half of them at a line's end, where nothing half-written shows.
      const before = lines.slice(0, line).reduce((sum, each) => sum + each.length + 1, 0);
      const length = random(2) === 0 ? random(bytes.length) : before;
      const left = bytes.subarray(0, length);
      const whole = left.reduce((count, each) => count + (each === NEWLINE ? 1 : 0), 0);
      return { bytes: left, what, line: whole, end_only: bytes[length] === NEWLINE };
    }
  }
}
