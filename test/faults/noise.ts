/**
 * One sender as a process of its own, so that what it costs to send is not measured at its neighbour's.
 * Argument: a `Noise` as JSON; prints what it heard as JSON, when it is done.
 */
import { spawn } from "node:child_process";
import { knock, type Answers, type Knock } from "./knock.ts";

export interface Noise extends Omit<Knock, "body"> {
  /** Makes the ids of this sender unique. */
  name: string;
  /** Events of each request. */
  batch: number;
  duration_ms: number;
}

/** Each event under an id of its own. */
export function batchOf(name: string, events: number): (n: number) => string {
  const timestamp = new Date().toISOString();
  return (n) =>
    JSON.stringify(
      Array.from({ length: events }, (_, i) => ({
        id: `${name}-${n}-${i}`,
        timestamp,
        event_type: "task_progress",
        agent_id: "coder-a",
        task_id: "T-1",
        metadata: { progress: 0.5, message: "The form now trims the address before it is compared." },
      })),
    );
}

export async function makeNoise(noise: Noise): Promise<Answers> {
  const child = spawn(process.execPath, [import.meta.filename, JSON.stringify(noise)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let text = "";
  child.stdout.on("data", (chunk: Buffer) => (text += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  if (code !== 0) throw new Error(`the noisy sender ended with ${code}`);
  const { by_status, ...answers } = JSON.parse(text) as Told;
  return { ...answers, by_status: new Map(by_status) };
}

type Told = Omit<Answers, "by_status"> & { by_status: [number, number][] };

if (process.argv[1] === import.meta.filename) {
  const { name, batch, duration_ms, ...rest } = JSON.parse(process.argv[2] ?? "") as Noise;
  const { by_status, ...answers } = await knock({ ...rest, body: batchOf(name, batch) }, duration_ms);
  console.log(JSON.stringify({ ...answers, by_status: [...by_status] } satisfies Told));
}
