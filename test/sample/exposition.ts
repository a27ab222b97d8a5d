/**
 * A strict reader of Prometheus's text format 0.0.4, by its grammar and rules: help and type once and before the
 * samples, one group per family, no sample twice, names and escapes as allowed, a newline at the end.
 */
export interface ReadFamily {
  help: string;
  type: string;
  samples: { name: string; labels: Record<string, string>; value: number }[];
}

const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const LABEL = /^[a-zA-Z_][a-zA-Z0-9_]*$/;
const NUMBER = /^(?:[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|NaN|[+-]Inf)$/;
const SUFFIXES = ["", "_bucket", "_sum", "_count"];

export function parseExposition(text: string): Map<string, ReadFamily> {
  const families = new Map<string, ReadFamily>();
  const seen = new Set<string>();
  if (text === "") return families;
  if (!text.endsWith("\n")) throw new Error("the last line has no newline");
  let open = "";
  let family: ReadFamily | null = null;
  for (const line of text.slice(0, -1).split("\n")) {
    const comment = /^# (HELP|TYPE) (\S+) (.*)$/s.exec(line);
    if (comment?.[1] === "HELP") {
      open = named(comment[2] ?? "");
      if (families.has(open)) throw new Error(`${open} comes twice`);
      family = { help: unescape(comment[3] ?? "", "\\n"), type: "", samples: [] };
      families.set(open, family);
      continue;
    }
    if (family === null) throw new Error(`a line before any family: ${line}`);
    if (comment?.[1] === "TYPE") {
      if (comment[2] !== open || family.type !== "" || family.samples.length > 0)
        throw new Error(`a stray type: ${line}`);
      if (!["counter", "gauge", "histogram"].includes(comment[3] ?? "")) throw new Error(`no type: ${line}`);
      family.type = comment[3] ?? "";
      continue;
    }
    const sample = sampleIn(line);
    const suffixes = family.type === "histogram" ? SUFFIXES.slice(1) : SUFFIXES.slice(0, 1);
    if (!suffixes.some((suffix) => sample.name === open + suffix)) throw new Error(`a stray sample: ${line}`);
    const identity = JSON.stringify([sample.name, Object.entries(sample.labels).sort()]);
    if (seen.has(identity)) throw new Error(`a sample comes twice: ${line}`);
    seen.add(identity);
    family.samples.push(sample);
  }
  for (const [name, { type }] of families) if (type === "") throw new Error(`${name} has no type`);
  return families;
}

function sampleIn(line: string): ReadFamily["samples"][number] {
  let at = /^[^{ ]*/.exec(line)?.[0].length ?? 0;
  const name = named(line.slice(0, at));
  const labels: Record<string, string> = {};
  if (line[at] === "{") {
    at += 1;
    while (line[at] !== "}") {
      const pair = /^([^=]*)="((?:[^"\\]|\\.)*)"(,|(?=\}))/s.exec(line.slice(at));
      if (pair === null) throw new Error(`an unreadable label: ${line}`);
      const [whole, label = "", value = ""] = pair;
      if (!LABEL.test(label) || Object.hasOwn(labels, label)) throw new Error(`a bad label ${label}`);
      Object.defineProperty(labels, label, { value: unescape(value, '\\n"'), enumerable: true });
      at += whole.length;
    }
    at += 1;
  }
  const number = line.slice(at);
  if (!number.startsWith(" ") || !NUMBER.test(number.slice(1))) throw new Error(`no number: ${line}`);
  return { name, labels, value: Number(number.slice(1).replace("Inf", "Infinity")) };
}

function named(name: string): string {
  if (!NAME.test(name)) throw new Error(`a bad name ${name}`);
  return name;
}

/** Only what the format escapes may stand behind a backslash. */
function unescape(text: string, allowed: string): string {
  return text.replaceAll(/\\(.?)/gs, (_, sign: string) => {
    if (sign === "" || !allowed.includes(sign)) throw new Error(`a bad escape \\${sign}`);
    return sign === "n" ? "\n" : sign;
  });
}
