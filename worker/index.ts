import { DurableObject } from "cloudflare:workers";
import { Hono } from "hono";
import type { Env } from "./env.ts";

/** Placeholder of the room; worker/room replaces it. */
export class ProjectRoom extends DurableObject<Env> {}

const app = new Hono<{ Bindings: Env }>();
app.get("/healthz", (c) => c.json({ status: "ok", version: "0.1.0" }));

export default app;
