/** `GET /healthz`: that the Worker answers, and which version it is. Wakes no room and reads no D1. */
import manifest from "../../package.json" with { type: "json" };

export async function getHealth(): Promise<Response> {
  return Response.json({ status: "ok", version: manifest.version });
}
