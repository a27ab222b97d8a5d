import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { afterAll, beforeAll, expect, it } from "vitest";
import { outward } from "./outward.ts";

const heard: string[] = [];
const servers: Server[] = [];
async function serve(answer: Parameters<typeof createServer>[1]): Promise<string> {
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
}
let inner = "";
let model = "";
beforeAll(async () => {
  inner = await serve((_, reply) => {
    heard.push("inner");
    reply.end("inside");
  });
  model = await serve(({ url }, reply) => {
    heard.push(`model ${String(url)}`);
    if (url === "/moved") reply.writeHead(303, { location: `${inner}/metadata` });
    reply.end();
  });
});
afterAll(() => servers.forEach((server) => server.close()));

it("[P3] follows no redirect of the model's server, as Miniflare hands the request over", async () => {
  heard.length = 0;
  const script = `export default { async fetch() {
    const reply = await fetch("${model}/moved", { method: "POST", body: "{}", redirect: "manual" });
    return new Response(String(reply.status)); } }`;
  const options = { modules: true, script, outboundService: outward(undefined, [`${model}/moved`]) };
  const server = new Miniflare(convertV4MiniflareOptions(options));
  try {
    const reply = await server.dispatchFetch("http://worker/");
    expect([await reply.text(), heard]).toEqual(["303", ["model /moved"]]);
  } finally {
    await server.dispose();
  }
});
