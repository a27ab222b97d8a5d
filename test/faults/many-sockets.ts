/**
 * Ten thousand viewers at once, over as many projects as that takes; then all leave, half of them without a word.
 * Twice: what the first time costs an allocator keeps, and only a second time tells that from a leak.
 */
import { openFilesLimit, quantile } from "../bench/machine.ts";
import { post, signUp, type Account } from "../e2e/account.ts";
import type { KeyCreatedResponse } from "../../schema/wire/http.ts";
import { CLOSE } from "../../schema/wire/socket.ts";
import type { ShareCreatedResponse } from "../../schema/wire/share.ts";
import { MAX_VIEWERS } from "../../worker/room/limits.ts";
import { Crowd, openFiles, residentMb, until } from "./crowd.ts";
import type { Line } from "./line.ts";
import { serve } from "./served.ts";
import type { Context, Scenario } from "./scenario.ts";

const SOCKETS = 10_000;
const QUICK_SOCKETS = 200;
/** workerd holds two descriptors for each socket; these are for everything else that it holds. */
const FILES_PER_SOCKET = 2;
const OTHER_FILES = 200;
/** Through a share link, of each project's viewers. */
const VISITORS = 5;
const EVENTS = 10;
/** A second wave finds the memory of the first one free again; a leak would double it. */
const MAX_REGROWTH = 1.15;

export const manySockets: Scenario = {
  name: "many-sockets",
  proves:
    "ten thousand viewers, some through a link, see every seq once; when they leave or vanish, nothing of them stays",
  invariants: ["V1", "V2"],
  run,
};

interface Room extends Account {
  admin_key: string;
  link: string;
  viewers: number;
  seq: number;
}

async function run({ quick, report }: Context): Promise<void> {
  const most = Math.floor((openFilesLimit() - OTHER_FILES) / FILES_PER_SOCKET);
  const sockets = Math.min(quick ? QUICK_SOCKETS : SOCKETS, most);
  const server = await serve();
  const crowd = new Crowd();
  try {
    const rooms: Room[] = [];
    for (let left = sockets; left > 0; left -= MAX_VIEWERS)
      rooms.push(await openRoom(server.url, Math.min(left, MAX_VIEWERS)));
    const [pid = 0] = server.workerd();
    const before = { mb: residentMb(pid), files: openFiles(pid) };
    report("sockets at once", sockets < SOCKETS && !quick ? `${sockets} (limit of open files)` : sockets);
    const peaks_mb: number[] = [];
    for (let wave = 1; wave <= (quick ? 1 : 2); wave += 1) {
      const began_ms = performance.now();
      const lines = await fill(server.url, rooms, crowd);
      const opened_s = (performance.now() - began_ms) / 1_000;
      for (const { project, seq } of rooms) await crowd.seen(project.id, seq);
      // What an earlier wave was told and this one caught up with is no latency.
      crowd.latencies_ms.length = 0;
      await speak(server.url, rooms, crowd);
      peaks_mb.push(residentMb(pid));
      if (crowd.faults.length > 0 || crowd.closed.size > 0)
        throw new Error(`${[...crowd.closed].join("; ")}; ${crowd.faults.slice(0, 5).join("; ")}`);
      const latencies_ms = crowd.latencies_ms.splice(0);
      const [p50, p99] = [0.5, 0.99].map((part) => quantile(latencies_ms, part).toFixed(0));
      report(`wave ${wave}`, `opened in ${opened_s.toFixed(1)} s; event to socket p50 ${p50}, p99 ${p99} ms`);
      await expectFull(server.url, rooms);
      for (const [n, line] of lines.entries()) {
        if (n % 2 === 0) line.close();
        else line.cut();
      }
      await until(
        () => crowd.size === 0 && openFiles(pid) <= before.files + OTHER_FILES / 4,
        "all sockets are gone",
      );
      for (const room of rooms) await expectEmpty(server.url, room);
      crowd.closed.clear();
    }
    const kib = ((peaks_mb[0] ?? 0) - before.mb) * (1_024 / sockets);
    report(
      "memory",
      `${before.mb.toFixed(0)} MB, then ${peaks_mb.map((mb) => mb.toFixed(0)).join(" and ")} MB`,
    );
    report("memory per socket", `${kib.toFixed(0)} KiB of the whole server`);
    const [first = 0, second = 0] = peaks_mb;
    if (second > first * MAX_REGROWTH) throw new Error("a second wave needs more memory than the first left");
  } finally {
    crowd.end();
    await server.end();
  }
}

async function openRoom(url: string, viewers: number): Promise<Room> {
  const account = await signUp(url, "Many");
  const project = account.project.id;
  const make = async <T>(path: string, body: object): Promise<T> => {
    const reply = await fetch(`${url}${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", cookie: account.cookie, origin: url },
      body: JSON.stringify({ project, name: "faults", ...body }),
    });
    if (reply.status !== 201) throw new Error(`${path} answered ${reply.status}: ${await reply.text()}`);
    return (await reply.json()) as T;
  };
  const { secret } = await make<KeyCreatedResponse>("/api/keys", { scopes: ["admin"] });
  // With its history: only such a link begins at a seq.
  const views = ["flow", "events", "history"];
  const { token } = await make<ShareCreatedResponse>("/api/shares", { views, redactions: ["name"] });
  return { ...account, admin_key: secret, link: token, viewers, seq: 0 };
}

async function fill(url: string, rooms: readonly Room[], crowd: Crowd): Promise<Line[]> {
  const lines: Line[] = [];
  for (const { project, keys, link, viewers } of rooms) {
    const team = await crowd.join({ url, bearer: keys.read, project: project.id }, viewers - VISITORS);
    lines.push(...team, ...(await crowd.join({ url, bearer: link, project: project.id }, VISITORS)));
  }
  return lines;
}

async function speak(url: string, rooms: readonly Room[], crowd: Crowd): Promise<void> {
  for (let n = 0; n < EVENTS; n += 1) {
    for (const room of rooms) {
      room.seq += 1;
      crowd.sending(room.project.id, room.seq);
      const event = { id: `e${room.seq}`, timestamp: Date.now(), event_type: "task_started", agent_id: "a" };
      const reply = await post(url, room.keys.ingest, JSON.stringify({ ...event, task_id: "T-1" }));
      if (reply.status !== 200) throw new Error(`an event was answered ${reply.status}`);
      await reply.arrayBuffer();
    }
  }
  for (const { project, seq } of rooms) await crowd.seen(project.id, seq);
}

/** Where a project has all the viewers that it may have, one more is told so. */
async function expectFull(url: string, rooms: readonly Room[]): Promise<void> {
  const full = rooms.find(({ viewers }) => viewers === MAX_VIEWERS);
  if (full === undefined) return;
  const one = new Crowd();
  try {
    await one.join({ url, bearer: full.keys.read, project: full.project.id }, 1);
    await until(() => one.size === 0, "one viewer too many is closed");
    if (!one.closed.has(CLOSE.full)) throw new Error(`it was closed with ${[...one.closed.keys()].join()}`);
  } finally {
    one.end();
  }
}

/** By the room's own gauge: a socket that is closed on one side alone would stay in it. */
async function expectEmpty(url: string, { admin_key, project }: Room): Promise<void> {
  const reply = await fetch(`${url}/v1/metrics`, {
    headers: { authorization: `Bearer ${admin_key}`, accept: "text/plain" },
  });
  const found = /^\w*room_sockets(?:\{[^}]*\})? (\d+)$/m.exec(await reply.text())?.[1];
  if (found !== "0") throw new Error(`${project.id} still has ${found} sockets`);
}
