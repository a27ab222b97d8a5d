import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Request } from "miniflare";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as wire from "../../schema/wire/outward.ts";
import { behindProxy } from "./behind-proxy.ts";
import { NOT_SENT_HEADER, NOT_SENT_INSIDE, outward, type Resolving } from "./outward.ts";
import { isPublicAddress } from "./public-address.ts";

describe("[P3] an address is public", () => {
  it.each(["1.1.1.1", "93.184.216.34", "172.15.0.1", "172.32.0.1", "2606:4700:4700::1111"])(
    "as %s",
    (one) => {
      expect(isPublicAddress(one)).toBe(true);
    },
  );
  it.each([
    ...["127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0"],
    ...["224.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1", "::", "::1", "fe80::1", "fe80::1%eth0"],
    ...["fd00::1", "ff02::1", "::ffff:10.0.0.1", "::ffff:1.1.1.1", "64:ff9b::a00:1", "2002:a00:1::"],
    ...["2001:0:1::", "2001:db8::1", "", "example.org", "[::1]", "127.1"],
  ])("not as %s", (one) => {
    expect(isPublicAddress(one)).toBe(false);
  });
});

describe("[P3] the way out of a hosted installation", () => {
  const heard: { method?: string; host?: string; id?: string; body: string }[] = [];
  let server: Server;
  let port = 0;
  beforeAll(async () => {
    server = createServer((request, reply) => {
      let body = "";
      request.on("data", (part) => (body += String(part)));
      request.on("end", () => {
        const { method, headers } = request;
        heard.push({ method, host: headers.host, id: String(headers["webhook-id"]), body });
        if (request.url === "/moved") reply.writeHead(302, { location: "http://127.0.0.1/" });
        else if (request.url === "/forged") reply.writeHead(200, { [NOT_SENT_HEADER]: "inside" });
        else if (request.url === "/none") reply.writeHead(204);
        else if (request.url === "/long") reply.write("x".repeat(1_000_000));
        reply.end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    port = (server.address() as AddressInfo).port;
  });
  afterAll(() => void server.close());

  const send = (url: string, resolving?: Resolving) =>
    outward(resolving)(
      new Request(url, {
        method: "POST",
        body: "{}",
        headers: { "webhook-id": "m-1", "content-type": "application/json" },
      }),
    );
  it("leads to what whoever runs it chose, though that is inside", async () => {
    const own = `http://127.0.0.1:${port}`;
    const ask = (url: string, addresses: string[], method = "POST") =>
      outward(undefined, addresses)(new Request(url, { method }));
    const long = `${own}/long`;
    expect((await ask(long, [])).headers.get(NOT_SENT_HEADER)).toBe(NOT_SENT_INSIDE);
    expect(await (await ask(long, [long])).text()).toHaveLength(1_000_000);
    expect((await ask(`${own}/moved`, [`${own}/moved`])).status).toBe(302);
    // Nothing beside it.
    const none = [ask(`${own}/none`, [own, long]), ask(long, [own]), ask(`${long}?x`, [long])];
    for (const reply of [...none, ask(long, [long], "GET")])
      expect((await reply).headers.get(NOT_SENT_HEADER)).toBe(NOT_SENT_INSIDE);
  });

  const saying = (...addresses: string[]): Resolving["lookup"] => {
    return (_name, tell) =>
      tell(
        null,
        addresses.map((address) => ({ address, family: 4 })),
      );
  };
  /** Here the loopback plays the internet, and 127.0.0.9 what is inside. */
  const isAllowed = (address: string) => address === "127.0.0.1";

  it.each(["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]"])("sends nothing to %s", async (host) => {
    const before = heard.length;
    const reply = await send(`http://${host}:${port}/`);
    expect([reply.status, reply.headers.get(NOT_SENT_HEADER)]).toEqual([403, "inside"]);
    expect(heard.length).toBe(before);
  });

  it("sends nothing to a name that leads inside, and to none but what was looked up", async () => {
    let asked = 0;
    const rebinding: Resolving["lookup"] = (name, tell) =>
      saying(asked++ === 0 ? "127.0.0.9" : "127.0.0.1")(name, tell);
    const refused = await send(`http://receiver.example:${port}/`, { lookup: rebinding, isAllowed });
    expect([refused.headers.get(NOT_SENT_HEADER), asked]).toEqual(["inside", 1]);

    const taken = await send(`http://receiver.example:${port}/`, {
      lookup: saying("127.0.0.9", "127.0.0.1"),
      isAllowed,
    });
    expect(taken.status).toBe(200);
    expect(heard.at(-1)).toEqual({ method: "POST", host: `receiver.example:${port}`, id: "m-1", body: "{}" });
  });

  it.each([
    ["moved", 302],
    ["none", 204],
    ["long", 200],
    ["forged", 200],
  ])("answers what the receiver answered: %s", async (path, status) => {
    const reply = await send(`http://receiver.example:${port}/${path}`, {
      lookup: saying("127.0.0.1"),
      isAllowed,
    });
    expect(reply.status).toBe(status);
    expect(reply.headers.get(NOT_SENT_HEADER)).toBeNull();
  });

  it("says so as the Worker reads it", () => {
    expect([NOT_SENT_HEADER, NOT_SENT_INSIDE]).toEqual([wire.NOT_SENT_HEADER, wire.NOT_SENT_INSIDE]);
    const reply = new Response(null, { headers: { [NOT_SENT_HEADER]: NOT_SENT_INSIDE } });
    expect(wire.notSent("https://a.example", reply)).toContain("https://a.example leads into a network");
    expect(wire.notSent("https://a.example", new Response(null))).toBeNull();
  });

  it("answers 502 where nobody does", async () => {
    const lookup: Resolving["lookup"] = (_name, tell) => tell(new Error("no such name"), []);
    expect((await send("http://receiver.example/", { lookup, isAllowed })).status).toBe(502);
  });
});

describe("what the environment says of a proxy in front", () => {
  it("is taken as it is meant", () => {
    expect(behindProxy({})).toEqual({ bindings: {}, hosted: false });
    expect(behindProxy({ BASE_URL: "http://10.0.0.5:8787" }).hosted).toBe(false);
    expect(behindProxy({ BASE_URL: "https://Fork.example/", CLIENT_ADDRESS_HEADER: "X-Real-IP" })).toEqual({
      bindings: { BASE_URL: "https://fork.example", CLIENT_ADDRESS_HEADER: "x-real-ip" },
      hosted: true,
    });
  });
  it.each([
    { BASE_URL: "fork.example" },
    { BASE_URL: "https://fork.example/path" },
    { BASE_URL: "ftp://fork.example" },
    { CLIENT_ADDRESS_HEADER: "x real ip" },
  ])("stops the start where it is mistyped: %o", (environment) => {
    expect(() => behindProxy(environment)).toThrow();
  });
});
