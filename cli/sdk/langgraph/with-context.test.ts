/** The real LangGraph, running nodes that are told what the team knows. */
import { AIMessage, HumanMessage, SystemMessage, type BaseMessage } from "@langchain/core/messages";
import { Command, interrupt, MemorySaver, MessagesAnnotation, START, StateGraph } from "@langchain/langgraph";
import { describe, expect, it, vi } from "vitest";
import type { ContextOptions, TaskContext } from "../context.ts";
import { clusterforkHandler } from "./handler.ts";
import { Recorder } from "./recorder.test-data.ts";
import { contextMessages, withContext, type ContextSource } from "./with-context.ts";

type State = typeof MessagesAnnotation.State;
const KNOWN: TaskContext = { text: "# From Clusterfork\n", lessons: [{ id: "l", headline: "h" }] };

/** Knows the tasks that were sent by the time it is asked, as the server would. */
class Server extends Recorder implements ContextSource {
  readonly asked: { task: string | null; options: ContextOptions | undefined; is_known: boolean }[] = [];
  known = new Set<string>();
  answer: () => Promise<TaskContext> = () => Promise.resolve(KNOWN);

  flush(): Promise<unknown> {
    for (const { task_id } of this.of("task_created")) this.known.add(task_id ?? "");
    return Promise.resolve();
  }
  context(task: string | null, options?: ContextOptions): Promise<TaskContext> {
    this.asked.push({ task, options, is_known: task !== null && this.known.has(task) });
    return this.answer();
  }
}

const graph = () => new StateGraph(MessagesAnnotation);
const input = { messages: [new HumanMessage("add rooms")] };
const lastOf = ({ messages }: State): string => messages.at(-1)?.text ?? "";

describe("a node with context", () => {
  it("is told what is known of its own task, which the server knows by then", async () => {
    const server = new Server();
    const told: TaskContext[] = [];
    const node = withContext(
      server,
      (_: State, __: unknown, context) => {
        told.push(context);
        return { messages: [new AIMessage("done")] };
      },
      { query: lastOf, k: 2, tokens: 300 },
    );
    const callbacks = [clusterforkHandler(server)];
    await graph().addNode("coder", node).addEdge(START, "coder").compile().invoke(input, { callbacks });
    const [task] = server.of("task_created");
    expect(server.asked).toEqual([
      {
        task: task?.task_id,
        options: { timeout_ms: 1_500, query: "add rooms", k: 2, tokens: 300 },
        is_known: true,
      },
    ]);
    expect(told).toEqual([KNOWN]);
  });

  it("is the same task again where it is resumed, and another in a graph within", async () => {
    const server = new Server();
    const node = withContext(server, () => ({ messages: [new AIMessage(String(interrupt("sure?")))] }));
    const inner = graph().addNode("coder", node).addEdge(START, "coder").compile();
    const outer = graph()
      .addNode("team", inner)
      .addEdge(START, "team")
      .compile({ checkpointer: new MemorySaver() });
    const config = { callbacks: [clusterforkHandler(server)], configurable: { thread_id: "t" } };
    await outer.invoke(input, config);
    await outer.invoke(new Command({ resume: "yes" }), config);
    expect(server.asked).toHaveLength(2);
    const [first, again] = server.asked;
    expect(first?.task).toMatch(/^coder:/);
    expect(again).toEqual(first);
    expect(first?.is_known).toBe(true);
  });

  it("asks by words alone where it is told so, and nothing where there is nothing to ask with", async () => {
    const server = new Server();
    const flush = vi.spyOn(server, "flush");
    const run = (options: Parameters<typeof withContext<State, object>>[2]) =>
      withContext<State, object>(server, () => ({}), options)(input, {});
    await run({ task: () => null, query: lastOf });
    await run({ task: () => null });
    await run({ query: () => null });
    await run({ task: () => "TASK-7", timeout_ms: 400 });
    expect(server.asked.map(({ task, options }) => [task, options])).toEqual([
      [null, { timeout_ms: 1_500, query: "add rooms" }],
      ["TASK-7", { timeout_ms: 200 }],
    ]);
    expect(flush.mock.calls).toEqual([[200]]);
  });

  it("begins without where anything fails, and its own failure stays its own", async () => {
    const server = new Server();
    server.answer = () => Promise.reject(new Error("away"));
    const onError = vi.fn(() => {
      throw new Error("the callback fails, too");
    });
    const texts: string[] = [];
    const node = withContext(
      server,
      (_: State, __: unknown, { text }) => {
        texts.push(text);
        throw new Error("the node's own");
      },
      { query: lastOf, onError },
    );
    await expect(node(input, {})).rejects.toThrow("the node's own");
    expect([texts, onError.mock.calls.length]).toEqual([[""], 1]);
    const fails = withContext(server, (_: State, __: unknown, { text }) => text, {
      onError,
      query: () => {
        throw new Error("no such field");
      },
    });
    expect(await fails(input, {})).toBe("");
  });
});

it("puts what is known behind the system's messages, in no system's voice", () => {
  const block = { role: "user", content: KNOWN.text };
  const [system, human] = [new SystemMessage("You are a coder."), new HumanMessage("add rooms")];
  expect(contextMessages<BaseMessage>(KNOWN, [system, human])).toEqual([system, block, human]);
  expect(contextMessages(KNOWN, [human])).toEqual([block, human]);
  expect(
    contextMessages(KNOWN, [
      ["system", "s"],
      ["human", "h"],
    ]),
  ).toEqual([["system", "s"], block, ["human", "h"]]);
  expect(contextMessages(KNOWN, [{ role: "system", content: "s" }])).toEqual([
    { role: "system", content: "s" },
    block,
  ]);
  expect(contextMessages(KNOWN, [])).toEqual([block]);
  expect(contextMessages({ text: "" }, [system, human])).toEqual([system, human]);
});
