/** The export and its verification: a whole one passes, and every way of tampering is named with its first bad seq. */
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { createHash } from "node:crypto";
import { checkSignature } from "../../cli/chain/signature.ts";
import { ChainVerifier, type Verdict } from "../../cli/chain/verify.ts";
import { rawLines } from "../../cli/chain/raw-lines.ts";
import type { SignedHead } from "../../schema/wire/signed-head.ts";
import type { RoomStub } from "./prepared.ts";
import { asKey, asPerson, event, json, migrate, signUp, type Account } from "./server.ts";

let team: Account;
let lines: string[];
let head: { seq: number; hash: string };

async function exported(since = 0): Promise<string[]> {
  const reply = await asKey(team.keys.read, `/v1/export?since=${since}`);
  expect(reply.headers.get("content-type")).toContain("application/x-ndjson");
  return (await reply.text()).trimEnd().split("\n");
}

async function verdictOf(
  texts: string[],
  wanted?: { seq: number; hash: string },
  keys: string[] | null = null,
): Promise<Verdict> {
  const verifier = new ChainVerifier({ head: wanted ?? null, keys });
  const bytes = new TextEncoder().encode(`${texts.join("\n")}\n`);
  // In odd pieces, as a file or a socket hands them over.
  const pieces = async function* () {
    for (let at = 0; at < bytes.length; at += 777) yield bytes.subarray(at, at + 777);
  };
  for await (const line of rawLines(pieces())) verifier.line(line);
  return verifier.verdict();
}

const at = (seq: number) => lines.findIndex((line) => line.startsWith(`{"seq":${seq},`));
const changed = (change: (copy: string[]) => void): string[] => {
  const copy = [...lines];
  change(copy);
  return copy;
};

beforeAll(async () => {
  await migrate();
  team = await signUp("Export");
  // Three commits: 1–3, 4–6, 7–9. Text beyond ASCII, because the chain is over bytes.
  for (const commit of [1, 2, 3]) {
    const events = [1, 2, 3].map((n) => event({ metadata: { note: `ünïcode ✓ ${commit}-${n}` } }));
    await asKey(team.keys.ingest, "/v1/events", json("POST", events));
  }
  lines = await exported();
  const verdict = await verdictOf(lines);
  if (!verdict.ok) throw new Error(verdict.reason);
  head = verdict.head;
});

describe("GET /v1/export", () => {
  it("[L5] is the whole log with its chain, as the events route has it", async () => {
    const page = await (
      await asKey(team.keys.read, "/v1/events?limit=1000")
    ).json<{ events: unknown[]; head: unknown }>();
    expect(await verdictOf(lines, head)).toMatchObject({ ok: true, from: 1, head, events: 9, forgotten: 0 });
    expect(page.head).toEqual(head);
    expect(lines.filter((line) => line.startsWith('{"seq"')).map((line) => JSON.parse(line))).toEqual(
      page.events,
    );
  });

  it("begins at a commit after `since`, and where there is nothing says so", async () => {
    expect(await verdictOf(await exported(5), head)).toMatchObject({
      ok: true,
      from: 4,
      head,
      events: 6,
      forgotten: 0,
    });
    expect(await verdictOf(await exported(9))).toMatchObject({ ok: true, events: 0, head });
    const empty = await signUp("Export nothing");
    const reply = await asKey(empty.keys.read, "/v1/export");
    expect(await verdictOf((await reply.text()).trimEnd().split("\n"))).toMatchObject({
      ok: true,
      events: 0,
    });
  });

  it("needs the read scope, or membership", async () => {
    expect((await asKey(team.keys.ingest, "/v1/export")).status).toBe(403);
    const path = `/api/projects/${team.project.id}/export`;
    expect((await asPerson(team.cookie, path)).status).toBe(200);
    const other = await signUp("Export stranger");
    expect((await asPerson(other.cookie, path)).status).toBe(404);
    expect((await asKey(team.keys.read, "/v1/export?from=1")).status).toBe(400);
  });
});

describe("[L5] the signed head", () => {
  const chain = async (account: Account) => (await asKey(account.keys.read, "/v1/chain")).json<SignedHead>();

  it("is the log's head, under one key for all projects of an installation", async () => {
    const signed = await chain(team);
    expect(signed).toMatchObject({ project: team.project.id, ...head });
    expect(checkSignature(signed, [signed.public_key])).toBeNull();
    const empty = await chain(await signUp("Nothing to sign"));
    expect(empty).toMatchObject({ seq: 0, hash: "0".repeat(64), public_key: signed.public_key });
    expect(checkSignature(empty, null)).toBeNull();
    // Derived from KEY_SECRET of the tests: another value would make copies ask about a changed key.
    expect(signed.public_key).toBe("dfca21b96c37173b7a74aacd115c3a9300d94bfbaa24e8067382645cef03dff1");
  });

  it("says one thing: another project, seq, hash, time, key or signature is not signed", async () => {
    const signed = await chain(team);
    const flipped = (hex: string) => (hex.startsWith("0") ? "1" : "0") + hex.slice(1);
    const forgeries: Partial<SignedHead>[] = [
      { project: "p000000000000000" },
      { seq: signed.seq + 1 },
      { hash: flipped(signed.hash) },
      { signed_at: signed.signed_at + 1 },
      { public_key: flipped(signed.public_key) },
      { signature: flipped(signed.signature) },
    ];
    for (const forgery of forgeries) expect(checkSignature({ ...signed, ...forgery }, null)).not.toBeNull();
    expect(checkSignature(signed, [flipped(signed.public_key)])).toMatch(/unknown key/);
  });

  it("ends every export, so that an end made up by somebody else shows", async () => {
    const { public_key } = await chain(team);
    const verdict = await verdictOf(lines, undefined, [public_key]);
    expect(verdict).toMatchObject({ ok: true, signed: { project: team.project.id, ...head, public_key } });
    const end = JSON.parse(lines.at(-1)!);
    const commit = JSON.parse(lines[at(4) - 1]!);
    const shorter = { clusterfork: "end", seq: 6, hash: commit.head };
    const cut = (last: object) => [...lines.slice(0, at(7) - 1), JSON.stringify(last)];
    expect(await verdictOf(cut(shorter))).toMatchObject({ ok: true, signed: null });
    expect(await verdictOf(cut(shorter), undefined, [public_key])).toMatchObject({ ok: false, seq: 7 });
    expect(await verdictOf(cut({ ...shorter, signed: end.signed }))).toMatchObject({ ok: false, seq: 7 });
    const forged = { ...end.signed, seq: 6, hash: commit.head };
    expect(await verdictOf(cut({ ...shorter, signed: forged }))).toMatchObject({ ok: false, seq: 7 });
    expect(await verdictOf(lines, undefined, ["0".repeat(64)])).toMatchObject({ ok: false });
  });

  it("needs the read scope, or membership", async () => {
    expect((await asKey(team.keys.ingest, "/v1/chain")).status).toBe(403);
    expect((await asPerson(team.cookie, `/api/projects/${team.project.id}/chain`)).status).toBe(200);
  });
});

describe("[L5] verify names the first bad seq of", () => {
  const sha256 = (...parts: Uint8Array[]) =>
    parts.reduce((hash, part) => hash.update(part), createHash("sha256")).digest("hex");

  const cases: [string, number, () => string[]][] = [
    ["an edit", 5, () => changed((copy) => (copy[at(5)] = copy[at(5)]!.replace("2-2", "2-9")))],
    ["a space at a line's end", 5, () => changed((copy) => (copy[at(5)] += " "))],
    ["a deletion", 5, () => changed((copy) => copy.splice(at(5), 1))],
    ["a deletion at a commit's end", 6, () => changed((copy) => copy.splice(at(6), 1))],
    ["a deleted commit", 4, () => changed((copy) => copy.splice(at(4) - 1, 4))],
    ["an insertion", 6, () => changed((copy) => copy.splice(at(6), 0, copy[at(5)]!))],
    [
      "a reorder within a commit",
      4,
      () => changed((copy) => ([copy[at(4)], copy[at(5)]] = [lines[at(5)]!, lines[at(4)]!])),
    ],
    [
      "a reorder of commits",
      4,
      () =>
        changed((copy) =>
          copy.splice(
            at(4) - 1,
            8,
            ...lines.slice(at(7) - 1, at(9) + 1),
            ...lines.slice(at(4) - 1, at(6) + 1),
          ),
        ),
    ],
    ["a tail that is cut", 9, () => lines.slice(0, at(9))],
    ["a tail that is cut between commits", 7, () => lines.slice(0, at(7) - 1)],
    ["a tail that is cut, with the end put back", 7, () => [...lines.slice(0, at(7) - 1), lines.at(-1)!]],
    ["something after the end", 10, () => [...lines, lines[at(1)]!]],
    ["a missing beginning", 1, () => lines.slice(1)],
    [
      "an event passed off as forgotten",
      5,
      () => changed((copy) => (copy[at(5)] = '{"clusterfork":"forgotten","seq":5}')),
    ],
    [
      "a space in a commit's line",
      4,
      () => changed((copy) => (copy[at(4) - 1] = copy[at(4) - 1]!.replace(",", ", "))),
    ],
    [
      "an event passed off as forgotten elsewhere",
      5,
      () => changed((copy) => (copy[at(5)] = '{"clusterfork":"forgotten","seq":4}')),
    ],
    [
      "an edit with its leaf made to fit",
      4,
      () =>
        changed((copy) => {
          copy[at(5)] = copy[at(5)]!.replace("2-2", "2-9");
          const commit = JSON.parse(copy[at(4) - 1]!);
          const salt = Buffer.from(commit.salts.slice(32, 64), "hex");
          const leaf = sha256(salt, Buffer.from(copy[at(5)]!));
          commit.leaves = commit.leaves.slice(0, 64) + leaf + commit.leaves.slice(128);
          copy[at(4) - 1] = JSON.stringify(commit);
        }),
    ],
  ];
  it.each(cases)("%s: %i", async (_what, seq, tampered) => {
    expect(await verdictOf(tampered())).toMatchObject({ ok: false, seq });
  });

  it("a log that was rewritten as a whole shows against a head noted before", async () => {
    const other = await signUp("Export forged");
    await asKey(
      other.keys.ingest,
      "/v1/events",
      json(
        "POST",
        [1, 2, 3].map(() => event({})),
      ),
    );
    const forged = (await (await asKey(other.keys.read, "/v1/export")).text()).trimEnd().split("\n");
    expect(await verdictOf(forged)).toMatchObject({ ok: true });
    const noted = JSON.parse(lines[1]!) as { last_seq: number; head: string };
    expect(await verdictOf(lines, { seq: 3, hash: noted.head })).toMatchObject({ ok: true });
    expect(await verdictOf(forged, { seq: 3, hash: noted.head })).toMatchObject({ ok: false });
    expect(await verdictOf(forged, head)).toMatchObject({ ok: false, seq: 4 });
  });

  it("nothing, where an event was forgotten on purpose: its leaf stands for it", async () => {
    const room = env.ROOM.get(env.ROOM.idFromName(team.project.id)) as unknown as RoomStub;
    const before = lines[at(5)]!;
    await room.forget([5]);
    const after = await exported();
    expect(after.join("\n")).not.toContain(JSON.parse(before).metadata.note);
    expect(await verdictOf(after, head)).toMatchObject({
      ...{ ok: true, from: 1, head: { seq: head.seq + 1 } },
      // Instead of it the log has what says so.
      ...{ events: 9, forgotten: 1, unwitnessed: 0 },
    });
  });
});
