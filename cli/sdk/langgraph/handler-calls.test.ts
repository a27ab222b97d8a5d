/** The real LangGraph and LangChain, calling the handler: model calls counted once (M1), chains, tools and events of one's own. */
import { InMemoryCache } from "@langchain/core/caches";
import { dispatchCustomEvent } from "@langchain/core/callbacks/dispatch";
import { HumanMessage, AIMessage } from "@langchain/core/messages";
import { RunnableLambda } from "@langchain/core/runnables";
import { tool } from "@langchain/core/tools";
import { MemorySaver, START } from "@langchain/langgraph";
import { createReactAgent, ToolNode } from "@langchain/langgraph/prebuilt";
import { afterEach, describe, expect, it, vi } from "vitest";
import * as z from "zod";
import { captureEvent } from "./capture-event.ts";
import { CANARY, TeamModel } from "./recorder.test-data.ts";
import { type State, watched, ask, graph, input, counted } from "./graph.test-data.ts";

afterEach(() => vi.restoreAllMocks());

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
