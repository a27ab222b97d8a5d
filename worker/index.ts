import { Hono } from "hono";
import type { Env } from "./env.ts";

export { ProjectRoom } from "./room/room.ts";

const app = new Hono<{ Bindings: Env }>();
app.get("/healthz", (c) => c.json({ status: "ok", version: "0.1.0" }));

export default app;
