/**
 * Faults put into the code on purpose, each with the test that must turn red: a promise that no test would miss is none.
 * The texts are the code's own, so a list that no longer fits it fails (contract/mutations.test.ts).
 */

export interface Mutation {
  name: string;
  /** What the code then does. */
  what: string;
  file: string;
  /** Once in the file. */
  from: string;
  to: string;
  killed_by: { project: "unit" | "worker"; file: string; title: string };
}

const ROOM = "test/worker/room.test.ts";
const ARCHIVE = "test/worker/archive.test.ts";
const PUBLISH = "worker/room/publish.test.ts";
const STREAM = "test/worker/stream.test.ts";

export const MUTATIONS: readonly Mutation[] = [
  {
    name: "skip-dedupe",
    what: "every id counts as new",
    file: "worker/room/commit.ts",
    from: "decide(requests, memory.ids.find(all.entries), memory.seq)",
    to: "allFresh(requests, all, memory.seq)",
    killed_by: { project: "worker", file: ROOM, title: "[L2] an id is one event" },
  },
  {
    name: "trust-front",
    what: "runs from before the room woke count as looked into",
    file: "worker/room/ids/ids.ts",
    from: "    covered: false,\n",
    to: "    covered: true,\n",
    killed_by: {
      project: "worker",
      file: "test/worker/ids.test.ts",
      title: "takes ids that are new and none that is known",
    },
  },
  {
    name: "publish-before-commit",
    what: "viewers are sent what is not stored yet",
    file: "worker/room/writer.ts",
    from: "committed = commit(storage, this.#digests, memory, requests, Date.now(), live.unfoldable);",
    to: `this.#host.publisher.committed(
        memory.seq + 1,
        requests.flatMap(({ texts }) => texts.map((text, i) => \`{"seq":\${memory.seq + 1 + i},\${text.slice(1)}\`)),
      );
      committed = commit(storage, this.#digests, memory, requests, Date.now(), live.unfoldable);`,
    killed_by: {
      project: "worker",
      file: "test/worker/fault.test.ts",
      title: "holds for the seeds 30000 to",
    },
  },
  {
    name: "keep-failed-memory",
    what: "after a commit that failed behind its fold, the room goes on with a memory that is ahead of the disk",
    file: "worker/room/writer.ts",
    from: `      console.error("a commit failed; nothing of it was stored", error);
      live.drop();`,
    to: `      console.error("a commit failed; nothing of it was stored", error);`,
    killed_by: {
      project: "worker",
      file: "test/worker/fault.test.ts",
      title: "holds for the seeds 30000 to",
    },
  },
  {
    name: "busy-as-success",
    what: "a commit that SQLite refused is answered as stored",
    file: "worker/room/writer.ts",
    from: "return requests.map(() => refusal);",
    to: `console.error(refusal);
      return requests.map(({ events: { length } }) => ({
        ...{ ok: true, accepted: length, duplicates: 0, first_seq: 1, last_seq: length, conflicts: [] },
      }));`,
    killed_by: {
      project: "worker",
      file: ROOM,
      title: "[L1] a failed write stores nothing, says unavailable",
    },
  },
  {
    name: "busy-as-broken",
    what: "a database that is locked or full is answered 500, as if sending again were useless",
    file: "worker/http/error.ts",
    from: "return STORAGE_AWAY.test(message) || RUNTIME_FAILED.test(message);",
    to: "return RUNTIME_FAILED.test(message);",
    killed_by: {
      project: "worker",
      file: "test/worker/http.test.ts",
      title: "answers 503 with Retry-After when the room is overloaded",
    },
  },
  {
    name: "full-as-passing",
    what: "a log at its size limit is answered as one that will be there in a moment",
    file: "worker/room/full.ts",
    from: "database_bytes >= FULL_DATABASE_BYTES",
    to: "database_bytes < 0 * FULL_DATABASE_BYTES",
    killed_by: {
      project: "worker",
      file: "test/worker/storage-full.test.ts",
      title: "[L1] a log that is as large as it may be is refused as full",
    },
  },
  {
    name: "drop-drain-cursor",
    what: "the drain throws the cursor away that the archive gave it, and copies the same events again",
    file: "worker/room/drain.ts",
    from: "cursor = await inTime(archive.write(cursor, batch), DRAIN_TIMEOUT_MS);",
    to: "await inTime(archive.write(cursor, batch), DRAIN_TIMEOUT_MS);",
    killed_by: { project: "worker", file: ARCHIVE, title: "a long backlog goes in whole steps" },
  },
  {
    name: "forget-archive-cursor",
    what: "the archive stores segments and not how far it is",
    file: "worker/archive/archive.ts",
    from: "ON CONFLICT (project_id) DO UPDATE SET seq = excluded.seq, time = excluded.time`",
    to: "ON CONFLICT (project_id) DO UPDATE SET time = excluded.time`",
    killed_by: { project: "worker", file: ARCHIVE, title: "a long backlog goes in whole steps" },
  },
  {
    name: "ignore-archive-generation",
    what: "a step from before a forgetting brings destroyed events back",
    file: "worker/archive/archive.ts",
    from: "AND ${GENERATION} = ?8 THEN",
    to: "AND ${GENERATION} >= 0 * ?8 THEN",
    killed_by: {
      project: "worker",
      file: ARCHIVE,
      title: "[P1] [B2] [B3] a step or an emptying from before a forgetting",
    },
  },
  {
    name: "keep-closed-viewer",
    what: "a viewer that closed keeps its place",
    file: "worker/room/roster.ts",
    from: "    this.#viewers.delete(socket);\n",
    to: "",
    killed_by: {
      project: "unit",
      file: PUBLISH,
      title: "a socket whose line is gone leaves at the next frame",
    },
  },
  {
    name: "keep-broken-viewer",
    what: "a send that throws keeps its viewer",
    file: "worker/room/publish.ts",
    from: `      console.warn("a viewer left in the middle of a frame", error);
      this.left(socket);`,
    to: `      console.warn("a viewer left in the middle of a frame", error);`,
    killed_by: {
      project: "unit",
      file: PUBLISH,
      title: "a socket whose line is gone leaves at the next frame",
    },
  },
  {
    name: "accept-before-room",
    what: "a socket is taken before there is room for what it is sent",
    file: "worker/room/publish.ts",
    from: `    if (length > 0 && !budget.allowsSnapshot(length)) return false;
    const socket = accept();`,
    to: `    const socket = accept();
    if (length > 0 && !budget.allowsSnapshot(length)) return false;`,
    killed_by: { project: "unit", file: PUBLISH, title: "who finds no room is never taken by the room" },
  },
  {
    name: "deaf-to-close",
    what: "a socket that closes is not noted",
    file: "worker/room/room.ts",
    from: `    this.#parts.publisher.left(socket);
    socket.close(`,
    to: "    socket.close(",
    killed_by: { project: "worker", file: STREAM, title: "a viewer gives its place back at once" },
  },
  {
    name: "endless-window",
    what: "what a viewer was sent does not count",
    file: "worker/room/viewer.ts",
    from: "  viewer.unacked_length += length;\n",
    to: "  viewer.unacked_length += 0 * length;\n",
    killed_by: { project: "unit", file: "worker/room/viewer.test.ts", title: "is full by length" },
  },
  {
    name: "hold-nobody",
    what: "who was told to wait and does not is heard by his room each time",
    file: "worker/http/app.ts",
    from: "if (refused !== null) holds.note(",
    to: "if (refused !== null && holds.size < 0) holds.note(",
    killed_by: {
      project: "worker",
      file: "test/worker/rate.test.ts",
      title: "a key that does not wait hears the refusal again before its body is read",
    },
  },
  {
    name: "turn-away-strangers",
    what: "one held key holds every other",
    file: "worker/http/turn-away.ts",
    from: "`${method} ${text}`",
    to: "`${method} ${text.slice(0, 4)}`",
    killed_by: {
      project: "unit",
      file: "worker/http/turn-away.test.ts",
      title: "asks the app for another key",
    },
  },
];
