/** What a user of the package writes: compiled by sdk.test.ts against the built declarations. */
import { RunnableLambda } from "@langchain/core/runnables";
import { MessagesAnnotation, START, StateGraph } from "@langchain/langgraph";
import { Clusterfork, type Trouble } from "clusterfork";
import { captureEvent, clusterforkHandler } from "clusterfork/langgraph";

const sender = new Clusterfork({
  key: "cfk_…",
  defaults: { agent_id: "coder-a" },
  onError: ({ kind, message, dropped }: Trouble) => console.error(kind, message, dropped),
});
sender.send({ event_type: "task_progress", task_id: "T", metadata: { progress: 0.4 } });
sender.send({ event_type: "deploy.started", metadata: { anything: [1] }, metrics: { seconds: 3 } });
sender.with({ task_id: "T" }).send({ event_type: "task_started" });
// @ts-expect-error a known type's metadata is checked
sender.send({ event_type: "task_progress", metadata: { progress: "half" } });

const bare = new Clusterfork();
bare.send({ event_type: "task_started", agent_id: "coder-a" });
// @ts-expect-error without a default, an event says who did it
bare.send({ event_type: "task_started" });
// @ts-expect-error senders may not speak for governance
bare.send<"task_started">({ event_type: "budget_set", agent_id: "coder-a" });

const handler = clusterforkHandler(sender, { feature_id: ({ thread_id }) => thread_id ?? "none" });
const graph = new StateGraph(MessagesAnnotation)
  .addNode(
    "capture_event",
    captureEvent(bare.with({ feature_id: "F" }), ({ messages }: typeof MessagesAnnotation.State) => ({
      event_type: "node_executed",
      metrics: { messages: messages.length },
    })),
  )
  .addEdge(START, "capture_event")
  .compile();
await graph.invoke({ messages: [] }, { callbacks: [handler] });
await new RunnableLambda({ func: (n: number) => n }).invoke(1, { callbacks: [clusterforkHandler(bare)] });
