import { describe, expect, it } from "vitest";
import { readOrigin, readReceiverKey } from "./receiver.ts";

const origin = (text: string, hosted: boolean) => {
  const read = readOrigin(text, hosted);
  return read.ok ? read.value : null;
};

describe("the receiver's address", () => {
  it("is an origin by https, or by http on this machine", () => {
    expect(origin(" https://clusterfork.example/ ", false)).toBe("https://clusterfork.example");
    expect(origin("https://clusterfork.example:8443", true)).toBe("https://clusterfork.example:8443");
    expect(origin("http://localhost:8787", false)).toBe("http://localhost:8787");
    expect(origin("http://[::1]:8787", false)).toBe("http://[::1]:8787");
    expect(origin("https://10.0.0.8", false)).toBe("https://10.0.0.8");
    for (const text of [
      "clusterfork.example",
      "http://clusterfork.example",
      "ftp://localhost",
      "javascript:1",
    ])
      expect(origin(text, false), text).toBeNull();
    for (const text of [
      "https://a:b@x.example",
      "https://x.example/v1",
      "https://x.example/?a",
      "https://x.example/#a",
    ])
      expect(origin(text, false), text).toBeNull();
  });

  it("leads a hosted installation nowhere but to a public name", () => {
    for (const host of [
      "localhost",
      "127.0.0.1",
      "127.1",
      "0x7f000001",
      "2130706433",
      "0177.0.0.1",
      "10.1.2.3",
      "172.16.0.1",
      "192.168.0.1",
      "169.254.169.254",
      "8.8.8.8",
      "0.0.0.0",
      "[::1]",
      "[::ffff:10.0.0.1]",
      "[fd00::1]",
      "[fe80::1]",
      "router",
      "metadata.google.internal",
      "metadata.google.internal..",
      "localhost..",
      "printer.local",
      "a.localhost",
      "localhost.",
      "printer.local.",
      "１２７.0.0.1",
      "LOCALHOST",
      "localhost.localdomain",
      "kubernetes.default.svc",
      "vault.service.consul",
      "10.0.0.1.nip.io",
      "10-0-0-1.sslip.io",
      "localtest.me",
    ]) {
      expect(origin(`https://${host}`, true), host).toBeNull();
    }
    expect(origin("http://localhost", true)).toBeNull();
    for (const public_ of ["https://clusterfork.example.com", "https://consul.example.com", "https://svc.io"])
      expect(origin(public_, true)).toBe(public_);
  });

  it("says what to enter instead", () => {
    expect(readOrigin("http://x.example", false)).toMatchObject({
      failure: {
        code: "invalid",
        details: [{ field: "forward.url", message: expect.stringContaining("https://") }],
      },
    });
  });
});

it("the receiver's key is one, and of another project", () => {
  const key = (project: string) => `cfk_${project}_${"k".repeat(12)}_${"S".repeat(32)}_${"0".repeat(24)}`;
  const other = `p${"b".repeat(15)}`;
  expect(readReceiverKey(` ${key(other)}\n`, `p${"a".repeat(15)}`)).toEqual({ ok: true, value: other });
  expect(readReceiverKey(key(other), other)).toMatchObject({ ok: false });
  for (const text of ["", "cfk_", key(other).slice(0, -1), `x${key(other)}`])
    expect(readReceiverKey(text, "p")).toMatchObject({
      ok: false,
      failure: { details: [{ field: "forward.key" }] },
    });
});
