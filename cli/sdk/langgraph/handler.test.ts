/** The real LangGraph and LangChain, calling the handler. */
import { InMemoryCache } from "@langchain/core/caches";
import { dispatchCustomEvent } from "@langchain/core/callbacks/dispatch";
import { HumanMessage, AIMessage } from "@langchain/core/messages";
import { RunnableLambda } from "@langchain/core/runnables";
import { tool } from "@langchain/core/tools";
import {
  Command,
  END,
  interrupt,
  MemorySaver,
  MessagesAnnotation,
  Send,
  START,
  StateGraph,
} from "@langchain/langgraph";
import { createReactAgent, ToolNode } from "@langchain/langgraph/prebuilt";
import { afterEach, describe, expect, it, vi } from "vitest";
import * as z from "zod";
import { captureEvent } from "./capture-event.ts";
import { clusterforkHandler } from "./handler.ts";
import type { HandlerOptions } from "./option.ts";
import { CANARY, Recorder, TeamModel } from "./recorder.test-data.ts";

type State = typeof MessagesAnnotation.State;

function watched(options: HandlerOptions = {}) {
  const recorder = new Recorder();
  const onError = vi.fn();
  const handler = clusterforkHandler(recorder, { onError, ...options });
  return { recorder, handler, onError, callbacks: [handler] };
}
const ask = (model: TeamModel) => async (state: State) => ({
  messages: [await model.invoke(state.messages)],
});
const graph = () => new StateGraph(MessagesAnnotation);
const input = () => ({ messages: [new HumanMessage(`please, ${CANARY}`)] });

/** Calls, input with its cache, and output, as the fold counted them. */
function counted(recorder: Recorder): { calls: number; input: number; output: number } {
  const { calls, input_tokens, cache_read_tokens, cache_write_tokens, output_tokens } =
    recorder.state().usage;
  return { calls, input: input_tokens + cache_read_tokens + cache_write_tokens, output: output_tokens };
}

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

describe("model calls", () => {
  const usage = {
    input_tokens: 1000,
    output_tokens: 50,
    total_tokens: 1050,
    input_token_details: { cache_read: 700, cache_creation: 100 },
    output_token_details: { reasoning: 30 },
  };
  const metrics = {
    input_tokens: 200,
    cache_read_tokens: 700,
    cache_write_tokens: 100,
    output_tokens: 50,
    reasoning_tokens: 30,
  };
  const one = (model: TeamModel) => graph().addNode("a", ask(model)).addEdge(START, "a").compile();

  it("[M1] says the uncached input apart, under the provider's id", async () => {
    const { recorder, callbacks } = watched();
    await one(new TeamModel(usage, { id: "msg_0123456789abcdef" })).invoke(input(), { callbacks });
    expect(recorder.of("tokens_used")).toMatchObject([
      {
        id: "msg_0123456789abcdef-1",
        agent_id: "a",
        metrics,
        metadata: { model: "team-1", operation: "chat", finish_reason: "stop", output_chars: CANARY.length },
      },
    ]);
    expect(JSON.stringify(recorder.sent)).not.toContain(CANARY);
  });

  it("[M1] counts each call of a local server, whose ids come again", async () => {
    const { recorder, callbacks } = watched();
    for (const _ of [1, 2])
      await one(new TeamModel(usage, { id: "chatcmpl" })).invoke(input(), { callbacks });
    const ids = recorder.of("tokens_used").map(({ id }) => id);
    expect(new Set(ids).size).toBe(2);
    expect(ids).not.toContain("chatcmpl-1");
  });

  it("[M1] counts a stream, an answer of several choices and a batch as often as there were requests", async () => {
    const { recorder, callbacks } = watched();
    const model = new TeamModel(usage, { count: 3 });
    for await (const _ of await one(model).stream(input(), {
      callbacks,
      streamMode: ["messages", "updates"],
    }));
    await one(model).invoke(input(), { callbacks });
    await one(model).batch([input(), input()], { callbacks });
    await model.batch([[new HumanMessage("x")], [new HumanMessage("y")]], { callbacks });
    for await (const _ of await model.stream([new HumanMessage("z")], { callbacks }));
    expect(model.reported.calls).toBe(7);
    expect(counted(recorder)).toEqual(model.reported);
    expect(new Set(recorder.of("tokens_used").map(({ id }) => id)).size).toBe(7);
    for (const call of recorder.of("tokens_used")) expect(call.metrics).toMatchObject(metrics);
  });

  it("[M1] counts a call once when the handler is given twice, and a fallback by what it reports", async () => {
    const { recorder, handler, callbacks } = watched();
    const model = new TeamModel(usage, {}, { callbacks: [handler] });
    await one(model).invoke(input(), { callbacks: [handler, handler] });
    expect(counted(recorder)).toEqual(model.reported);
    const failing = new TeamModel({}, {}, { maxRetries: 0 });
    failing.fails = 1;
    await failing.withFallbacks([model]).invoke([new HumanMessage("x")], { callbacks });
    expect([failing.reported.calls, model.reported.calls]).toEqual([0, 2]);
    expect(counted(recorder)).toEqual(model.reported);
  });

  it("[M1] an answer out of the cache cost nothing", async () => {
    const { recorder, callbacks } = watched();
    const model = new TeamModel(usage, {}, { cache: new InMemoryCache() });
    for (let time = 0; time < 3; time += 1) await model.invoke([new HumanMessage("x")], { callbacks });
    expect(model.reported.calls).toBe(1);
    expect(counted(recorder)).toEqual(model.reported);
  });

  it("a provider that counts the cache apart, and one that says nothing", async () => {
    const { recorder, callbacks } = watched();
    const apart = {
      input_tokens: 5,
      output_tokens: 1,
      total_tokens: 6,
      input_token_details: { cache_read: 90 },
    };
    await new TeamModel(apart).invoke("x", { callbacks });
    const none = new TeamModel({ input_tokens: 0, output_tokens: 0, total_tokens: 0 });
    await none.invoke("x", { callbacks });
    expect(recorder.of("tokens_used").map((call) => call.metrics)).toMatchObject([
      { input_tokens: 5, cache_read_tokens: 90 },
      {},
    ]);
  });
});

describe("chains, tools and events without a graph, or in its nodes", () => {
  it("a chain is a graph of one node; a model by itself has no feature", async () => {
    const { recorder, callbacks } = watched();
    const model = new TeamModel();
    const chain = RunnableLambda.from((text: string) => [new HumanMessage(text)])
      .pipe(model)
      .withConfig({ runName: "summary" });
    await chain.invoke("x", { callbacks });
    await model.invoke("x", { callbacks });
    const state = recorder.state();
    expect(state.agents.get("summary")).toMatchObject({
      role: "summary",
      status: "idle",
      tasks_completed: 1,
      usage: { calls: 1 },
    });
    expect([...state.closed_features.values()]).toMatchObject([{ title: "summary", usage: { calls: 1 } }]);
    expect(state.agents.get("TeamModel")).toMatchObject({ usage: { calls: 1 } });
    expect(counted(recorder)).toEqual(model.reported);
  });

  it("tells of tools, their failures, and which agent called them", async () => {
    const { recorder, callbacks } = watched();
    const call = (name: string) => ({
      name,
      args: { path: CANARY },
      id: `call-${name}`,
      type: "tool_call" as const,
    });
    const schema = z.object({ path: z.string() });
    const read = tool(() => CANARY, { name: "read", schema });
    const burn = tool(
      () => {
        throw new TypeError(CANARY);
      },
      { name: "burn", schema },
    );
    const flow = graph()
      .addNode("coder", () => ({
        messages: [new AIMessage({ content: "", tool_calls: [call("read"), call("burn")] })],
      }))
      .addNode("tools", new ToolNode([read, burn]))
      .addEdge(START, "coder")
      .addEdge("coder", "tools")
      .compile();
    await flow.invoke(input(), { callbacks });
    const tools = recorder.of("tool_called").map(({ agent_id, metadata }) => ({ agent_id, ...metadata }));
    expect(tools).toHaveLength(2);
    expect(tools).toEqual(
      expect.arrayContaining([
        {
          agent_id: "tools",
          tool: "burn",
          success: false,
          error_type: "TypeError",
          tool_call_id: "call-burn",
        },
        { agent_id: "tools", tool: "read", success: true, tool_call_id: "call-read" },
      ]),
    );
    expect(JSON.stringify(recorder.sent)).not.toContain(CANARY);
  });

  it("a prebuilt agent, whose inner runnables name no parent, is whole", async () => {
    const { recorder, handler, callbacks } = watched();
    const model = new TeamModel();
    const agent = createReactAgent({ llm: model, tools: [], name: "researcher" });
    await agent.invoke(input(), { callbacks });
    const state = recorder.state();
    expect([...state.closed_features.values()]).toMatchObject([{ title: "researcher" }]);
    expect(state.agents.get("agent")?.usage.calls).toBe(1);
    expect([...state.agents.keys()]).toEqual(["researcher", "agent"]);
    expect(handler.open).toBe(0);
  });

  it("a node says how far it is", async () => {
    const { recorder, callbacks } = watched();
    const flow = graph()
      .addNode("slow", async (_state: State, config) => {
        await dispatchCustomEvent("task_progress", { progress: 0.4 }, config);
        await dispatchCustomEvent("something_else", { text: CANARY }, config);
        return {};
      })
      .addEdge(START, "slow")
      .compile();
    await flow.invoke(input(), { callbacks });
    expect(recorder.of("task_progress")).toMatchObject([{ agent_id: "slow", metadata: { progress: 0.4 } }]);
  });

  it("`captureEvent` is a node that sends, is no agent to the handler, and never fails", async () => {
    const { recorder, callbacks } = watched();
    const onError = vi.fn();
    const flow = graph()
      .addNode("work", () => ({}))
      .addNode(
        "capture_event",
        captureEvent(recorder, (state: State) => ({
          event_type: "node_executed",
          metadata: { node_name: "work", messages: state.messages.length },
        })),
      )
      .addNode(
        "broken",
        captureEvent(
          recorder,
          () => {
            throw new Error("no event");
          },
          { onError },
        ),
      )
      .addEdge(START, "work")
      .addEdge("work", "capture_event")
      .addEdge("capture_event", "broken")
      .compile({ checkpointer: new MemorySaver() });
    const ended = await flow.invoke(input(), { callbacks, configurable: { thread_id: "t" } });
    expect(ended.messages).toHaveLength(1);
    expect(recorder.of("node_executed")).toMatchObject([
      {
        id: expect.stringMatching(/^capture_event:[\da-f-]{36}:node_executed$/),
        agent_id: "capture_event",
        feature_id: "t",
        metadata: { node_name: "work", messages: 1 },
      },
    ]);
    expect([...recorder.state().closed_tasks.values()].map(({ assignee }) => assignee)).toEqual([
      "work",
      "broken",
    ]);
    expect(onError).toHaveBeenCalledOnce();
  });
});
