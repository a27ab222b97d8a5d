/** What a user of the package writes: compiled by sdk.test.ts against the built declarations. */
import { Clusterfork, type Trouble } from "clusterfork";

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
