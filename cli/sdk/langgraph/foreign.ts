/**
 * Reads what LangChain hands over. Its classes change between versions and are not ours to import, so
 * each look takes `unknown` and answers nothing where the shape is another one.
 */

export type Fields = Readonly<Record<string, unknown>>;

const NONE: Fields = {};

export function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null ? (value as Fields) : NONE;
}

export function textOf(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

/** A count of tokens; absent, negative and endless ones are nothing. */
export function countOf(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) && value >= 0 ? Math.round(value) : null;
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}

/** `Serialized` of a runnable: its own name, else the last part of its class's path. */
export function nameOf(serialized: unknown): string | null {
  const { name, id } = fieldsOf(serialized);
  return textOf(name) ?? textOf(listOf(id).at(-1));
}

/** A compiled graph, as told by its metadata, or by its class where they say nothing yet. */
export function isGraph(serialized: unknown, metadata: Fields): boolean {
  return metadata["ls_integration"] === "langgraph" || listOf(fieldsOf(serialized)["id"])[0] === "langgraph";
}

/** The run of a node itself: LangGraph tags it with its step, and everything below inherits the metadata alone. */
export function isNode(tags: unknown): boolean {
  return listOf(tags).some((tag) => typeof tag === "string" && tag.startsWith("graph:step:"));
}

export function isHidden(tags: unknown): boolean {
  return listOf(tags).includes("langsmith:hidden");
}

/** How a run left: LangGraph throws to interrupt, and to hand over to a node of the graph around. */
export type Leaving =
  | { kind: "interrupt" }
  | { kind: "command"; goto: readonly string[] }
  | { kind: "error"; error_type: string; message: string };

export function leavingOf(error: unknown): Leaving {
  const { name, command, message } = fieldsOf(error);
  if (name === "GraphInterrupt" || name === "NodeInterrupt") return { kind: "interrupt" };
  if (name === "ParentCommand") return { kind: "command", goto: targetsOf(command) };
  return {
    kind: "error",
    error_type: textOf(name) ?? typeof error,
    message: textOf(message) ?? String(error),
  };
}

/** Nodes that a `Command`, or a list with some, goes to. */
export function targetsOf(output: unknown): string[] {
  const commands = Array.isArray(output) ? listOf(output) : [output];
  const found = new Set<string>();
  for (const command of commands) {
    const { lg_name, goto } = fieldsOf(command);
    if (lg_name !== "Command") continue;
    for (const target of Array.isArray(goto) ? listOf(goto) : [goto]) {
      const name = textOf(target) ?? textOf(fieldsOf(target)["node"]);
      if (name !== null && name !== "__end__") found.add(name);
    }
  }
  return [...found];
}

/** A run that goes on where another stopped: `Command({ resume })`, or no input at all. */
export function resumption(inputs: unknown): "answered" | "continued" | null {
  const { lg_name, resume, input } = fieldsOf(inputs);
  if (lg_name === "Command") return resume === undefined ? null : "answered";
  const bare = inputs === null || (Object.keys(fieldsOf(inputs)).join() === "input" && input === null);
  return bare ? "continued" : null;
}
