/** The real LangGraph, calling the handler: what a graph, its nodes, their failures and people's answers become. */
import { AIMessage } from "@langchain/core/messages";
import { RunnableLambda } from "@langchain/core/runnables";
import { Command, END, interrupt, MemorySaver, Send, START } from "@langchain/langgraph";
import { afterEach, describe, expect, it, vi } from "vitest";
import { clusterforkHandler } from "./handler.ts";
import type { HandlerOptions } from "./option.ts";
import { CANARY, Recorder, TeamModel } from "./recorder.test-data.ts";
import { type State, watched, ask, graph, input, counted } from "./graph.test-data.ts";

afterEach(() => vi.restoreAllMocks());

describe("a graph", () => {
  it("is a feature; its nodes are agents, and each of their runs is a task", async () => {
    const { recorder, handler, callbacks, onError } = watched();
    const model = new TeamModel();
    let rounds = 0;
    const team = graph()
      .addNode("coder", ask(model))
      .addNode("reviewer", ask(model))
      .addEdge(START, "coder")
      .addEdge("coder", "reviewer")
      .addConditionalEdges("reviewer", () => ((rounds += 1) < 2 ? "coder" : END))
      .compile({ name: "Team" });
    await team.invoke(input(), { callbacks });

    const state = recorder.state();
    expect([...state.closed_features.values()]).toMatchObject([{ title: "Team", status: "done" }]);
    const tasks = [...state.closed_tasks.values()];
    expect(tasks.map(({ title, status, assignee }) => [title, status, assignee])).toEqual([
      ["coder, step 1", "done", "coder"],
      ["reviewer, step 2", "done", "reviewer"],
      ["coder, step 3", "done", "coder"],
      ["reviewer, step 4", "done", "reviewer"],
    ]);
    expect(tasks.map(({ dependencies }) => dependencies)).toEqual([
      [],
      [tasks[0]?.id],
      [tasks[1]?.id],
      [tasks[2]?.id],
    ]);
    expect(state.agents.get("coder")).toMatchObject({ role: "coder", status: "idle", tasks_completed: 2 });
    expect(state.agents.get("Team")).toMatchObject({ role: "graph", status: "idle" });
    expect(state.agents.get("reviewer")?.usage).toMatchObject({ calls: 2, input_tokens: 200 });
    expect(tasks[2]?.usage).toMatchObject({ calls: 1, output_tokens: 20 });
    expect([handler.open, onError.mock.calls]).toEqual([0, []]);
  });

  it("names features by the user's word, else by the thread, else by the run", async () => {
    const bare = graph()
      .addNode("a", () => ({}))
      .addEdge(START, "a")
      .compile();
    const features = async (options: HandlerOptions, configurable = {}) => {
      const { recorder, callbacks } = watched(options);
      await bare.invoke(input(), { callbacks, configurable });
      return [...recorder.state().closed_features.values()].map(({ id, title }) => [id, title]);
    };
    expect(await features({ feature_id: "sign-in", title: "Add sign-in" })).toEqual([
      ["sign-in", "Add sign-in"],
    ]);
    expect(await features({}, { thread_id: "t-1" })).toEqual([["t-1", "LangGraph"]]);
    expect(
      await features({ feature_id: ({ thread_id }) => `chat-${thread_id}` }, { thread_id: "7" }),
    ).toEqual([["chat-7", "LangGraph"]]);
    expect(await features({})).toEqual([[expect.stringMatching(/^[\da-f-]{36}$/), "LangGraph"]]);
    expect(await features({ completes: false })).toEqual([]);
  });

  it("goes on in its thread: a second turn opens the feature again", async () => {
    const { recorder, callbacks } = watched();
    const chat = graph()
      .addNode("a", () => ({}))
      .addEdge(START, "a")
      .compile({ checkpointer: new MemorySaver() });
    const config = { callbacks, configurable: { thread_id: "chat" } };
    await chat.invoke(input(), config);
    expect(recorder.of("feature_reopened")).toHaveLength(0);
    await chat.invoke(input(), config);
    expect(recorder.of("feature_reopened")).toHaveLength(1);
    expect(recorder.state().closed_features.get("chat")).toMatchObject({ status: "done" });
    expect(recorder.state().closed_tasks.size).toBe(2);
  });

  it("runs nodes side by side, and sends of one node: a task each, done by one agent", async () => {
    const { recorder, callbacks } = watched();
    const model = new TeamModel();
    const fan = graph()
      .addNode("plan", () => ({}))
      .addNode("worker", ask(model))
      .addNode("join", () => ({}))
      .addEdge(START, "plan")
      .addConditionalEdges("plan", () => [1, 2, 3].map(() => new Send("worker", input())))
      .addEdge("worker", "join")
      .compile();
    await fan.invoke(input(), { callbacks });
    const state = recorder.state();
    const tasks = [...state.closed_tasks.values()];
    expect(tasks.filter(({ assignee }) => assignee === "worker")).toHaveLength(3);
    expect(tasks.find(({ assignee }) => assignee === "join")?.dependencies).toHaveLength(3);
    expect(state.agents.get("worker")).toMatchObject({ status: "idle", tasks_completed: 3 });
    expect(recorder.of("agent_idle").filter(({ agent_id }) => agent_id === "worker")).toHaveLength(1);
    expect(counted(recorder)).toEqual(model.reported);
  });

  it("[M1] holds graphs: tokens count once, for the innermost node", async () => {
    const { recorder, callbacks } = watched();
    const model = new TeamModel();
    const inner = graph().addNode("agent", ask(model)).addEdge(START, "agent").compile();
    const outer = graph()
      .addNode("research", inner)
      .addNode("write", async (state: State) => ({ messages: (await inner.invoke(state)).messages }))
      .addEdge(START, "research")
      .addEdge("research", "write")
      .compile({ checkpointer: new MemorySaver() });
    await outer.invoke(input(), { callbacks, configurable: { thread_id: "t" } });
    const state = recorder.state();
    expect([...state.agents.keys()]).toEqual([
      "LangGraph",
      "research",
      "research/agent",
      "write",
      "write/agent",
    ]);
    expect(state.agents.get("research/agent")).toMatchObject({ role: "agent", usage: { calls: 1 } });
    expect(state.agents.get("research")?.usage.calls).toBe(0);
    const [research] = recorder.of("task_created");
    expect(recorder.of("task_created")[1]?.metadata).toMatchObject({ parent_id: research?.task_id });
    expect(recorder.of("task_progress").map(({ task_id }) => task_id?.split(":")[0])).toEqual([
      "research",
      "research",
      "write",
      "write",
    ]);
    expect(counted(recorder)).toEqual(model.reported);
  });

  it("hands over by `Command`, in its graph and to the one around", async () => {
    const { recorder, callbacks } = watched();
    const alice = graph()
      .addNode("talk", () => new Command({ goto: "bob", graph: Command.PARENT }))
      .addEdge(START, "talk")
      .compile();
    const swarm = graph()
      .addNode("first", () => new Command({ goto: "alice" }), { ends: ["alice"] })
      .addNode("alice", alice, { ends: ["bob"] })
      .addNode("bob", () => new Command({ goto: END }), { ends: [END] })
      .addEdge(START, "first")
      .compile();
    await swarm.invoke(input(), { callbacks });
    expect(recorder.of("handoff").map(({ metadata }) => metadata)).toEqual([
      { from_agent: "first", to_agent: "alice" },
      { from_agent: "alice", to_agent: "bob" },
    ]);
    const tasks = [...recorder.state().closed_tasks.values()];
    expect(tasks.map(({ status }) => status)).toEqual(["done", "done", "done", "done"]);
    expect(tasks.map(({ assignee }) => assignee).sort()).toEqual(["alice", "alice/talk", "bob", "first"]);
  });
});

describe("what goes wrong", () => {
  it("tries a node again as the same task, and crashes nobody when that helps", async () => {
    const { recorder, callbacks } = watched();
    vi.spyOn(console, "log").mockImplementation(() => undefined);
    let tries = 0;
    const flaky = graph()
      .addNode(
        "flaky",
        () => {
          if ((tries += 1) < 2) throw new TypeError(`bad ${CANARY}`);
          return {};
        },
        { retryPolicy: { maxAttempts: 2, initialInterval: 1, jitter: false, retryOn: () => true } },
      )
      .addEdge(START, "flaky")
      .compile();
    await flaky.invoke(input(), { callbacks });
    expect(recorder.types("flaky:").filter((type) => type.startsWith("task_"))).toEqual([
      "task_created",
      "task_claimed",
      "task_started",
      "task_failed",
      "task_created",
      "task_claimed",
      "task_started",
      "task_completed",
    ]);
    expect(recorder.of("task_started").map(({ metadata }) => metadata?.["attempt"])).toEqual([1, 2]);
    expect(recorder.of("task_failed")[0]?.metadata).toMatchObject({ error_type: "TypeError", attempt: 1 });
    expect([...recorder.state().closed_tasks.values()]).toMatchObject([{ status: "done" }]);
    expect(recorder.of("agent_crashed")).toEqual([]);
    expect(JSON.stringify(recorder.sent)).not.toContain(CANARY);
  });

  it("[L3] fails the task, crashes the agent of the innermost node, and lets the error through", async () => {
    const { recorder, handler, callbacks } = watched({ error_messages: true });
    const inner = graph()
      .addNode("deep", () => {
        throw new RangeError("too far");
      })
      .addEdge(START, "deep")
      .compile();
    const outer = graph().addNode("sub", inner).addEdge(START, "sub").compile();
    await expect(outer.invoke(input(), { callbacks })).rejects.toThrow("too far");
    const state = recorder.state();
    expect([...state.closed_tasks.values()].map(({ status }) => status)).toEqual(["failed", "failed"]);
    expect(recorder.of("agent_crashed")).toMatchObject([
      { agent_id: "sub/deep", metadata: { error_type: "RangeError", error: "too far" } },
    ]);
    expect(state.agents.get("sub/deep")?.status).toBe("crashed");
    expect(state.open_features.size).toBe(1);
    expect(handler.open).toBe(0);
  });

  it("blames the graph where no node failed: its recursion limit", async () => {
    const { recorder, callbacks } = watched();
    const loop = graph()
      .addNode("a", () => ({}))
      .addEdge(START, "a")
      .addEdge("a", "a")
      .compile({ name: "Loop" });
    await expect(loop.invoke(input(), { callbacks, recursionLimit: 3 })).rejects.toThrow();
    expect(recorder.of("agent_crashed")).toMatchObject([
      { agent_id: "Loop", metadata: { error_type: "GraphRecursionError" } },
    ]);
    expect(recorder.state().agents.get("Loop")?.status).toBe("crashed");
    const fails = RunnableLambda.from(() => {
      throw new TypeError("no");
    }).withConfig({ runName: "chain" });
    await expect(fails.invoke("x", { callbacks })).rejects.toThrow("no");
    expect(recorder.state().agents.get("chain")).toMatchObject({ status: "crashed", tasks_failed: 1 });
  });

  it("never throws into the graph, whatever its sender or the user's functions do", async () => {
    const fault = new Error("the sender is broken");
    const onError = vi.fn(() => {
      throw fault;
    });
    const broken = clusterforkHandler(
      {
        send() {
          throw fault;
        },
      },
      { onError },
    );
    const named = clusterforkHandler(new Recorder(), {
      agent() {
        throw fault;
      },
      onError,
    });
    const model = new TeamModel();
    const one = graph().addNode("a", ask(model)).addEdge(START, "a").compile();
    for (const handler of [broken, named]) await one.invoke(input(), { callbacks: [handler] });
    expect(onError.mock.calls.length).toBeGreaterThan(2);
    const odd = clusterforkHandler(new Recorder(), { onError });
    odd.handleLLMEnd(null, "never begun");
    odd.handleChainEnd(undefined, "never begun");
    odd.handleChainStart(null, null, "1", undefined, undefined, undefined);
    odd.handleChainError("a text", "1");
    odd.handleToolStart(null, "", "2", "gone");
    odd.handleToolError(undefined, "2");
    expect(odd.open).toBe(0);
  });
});

describe("a person's answer", () => {
  it("escalates, blocks the task, and goes on with it, also in a graph inside", async () => {
    const { recorder, callbacks } = watched();
    const inner = graph()
      .addNode("check", () => ({ messages: [new AIMessage(String(interrupt(`is ${CANARY} right?`)))] }))
      .addEdge(START, "check")
      .compile();
    const flow = graph()
      .addNode("approve", inner)
      .addNode("ship", () => ({}))
      .addEdge(START, "approve")
      .addEdge("approve", "ship")
      .compile({ checkpointer: new MemorySaver() });
    const config = { callbacks, configurable: { thread_id: "t" } };
    await flow.invoke(input(), config);
    const waiting = recorder.state();
    expect(waiting.escalations).toMatchObject([{ agent_id: "approve/check", resolved_at: null }]);
    expect([...waiting.open_tasks.values()].map(({ assignee, status }) => [assignee, status])).toEqual([
      ["approve", "in_progress"],
      ["approve/check", "blocked"],
    ]);
    expect(waiting.open_features.get("t")?.status).toBe("in_progress");

    // Another process answers: nothing of the first is remembered.
    const second = clusterforkHandler(recorder);
    await flow.invoke(new Command({ resume: "yes" }), { ...config, callbacks: [second] });
    const state = recorder.state();
    expect(state.escalations).toMatchObject([{ resolved_at: expect.any(Number) }]);
    expect(recorder.of("human_intervened").map(({ agent_id }) => agent_id)).toEqual(["approve/check"]);
    expect([...state.closed_tasks.values()].map(({ assignee, status }) => [assignee, status])).toEqual([
      ["approve/check", "done"],
      ["approve", "done"],
      ["ship", "done"],
    ]);
    expect(state.closed_features.get("t")?.status).toBe("done");
    expect(JSON.stringify(recorder.sent)).not.toContain(CANARY);
  });

  it("a breakpoint is no question: the feature goes on where it stopped", async () => {
    const { recorder, callbacks } = watched();
    const flow = graph()
      .addNode("a", () => ({}))
      .addNode("b", () => ({}))
      .addEdge(START, "a")
      .addEdge("a", "b")
      .compile({ checkpointer: new MemorySaver(), interruptBefore: ["b"] });
    const config = { callbacks, configurable: { thread_id: "t" } };
    await flow.invoke(input(), config);
    await flow.invoke(null, config);
    expect(recorder.of("escalated_to_user")).toEqual([]);
    expect(recorder.of("feature_reopened")).toHaveLength(1);
    expect(recorder.state().closed_features.get("t")?.status).toBe("done");
    expect(recorder.state().closed_tasks.size).toBe(2);
  });
});
