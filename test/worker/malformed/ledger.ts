/** What was answered, against which the log is held in the end. */
import type { StoredEvent } from "../../../schema/event/event.ts";
import { appendResponse, errorBody } from "../../../schema/wire/body.ts";
import type { Asked, Fate } from "./body.ts";

function must(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(what);
}

/** A message is for people: a sentence or a few, whatever was sent. */
const MAX_MESSAGE_CHARS = 1_500;
/** As Clusterfork mints them, RFC 9562. */
const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** One that is no 2xx; gives its message. */
export function refusalOf(status: number, text: string): string {
  must(status < 500, `answered ${status}`);
  const { error } = errorBody.parse(JSON.parse(text));
  must(error.message.length > 0, "no message");
  must(error.message.length <= MAX_MESSAGE_CHARS, `a message of ${error.message.length} characters`);
  return `${error.message} ${JSON.stringify(error.details ?? "")}`;
}

export class Ledger {
  /** Of all events that were answered as accepted. */
  accepted = 0;
  readonly #ids = new Set<string>();
  readonly #seqs = new Set<number>();

  note(asked: Asked, status: number, text: string): void {
    if (status !== 200) refusalOf(status, text);
    const { expected } = asked;
    if (expected === null) {
      must(status >= 400, `answered ${status}, and nothing of it may be taken`);
      return;
    }
    if (status !== 200 && status !== 409 && status !== 422) {
      must("either" in expected, `answered ${status}: ${text.slice(0, 300)}`);
      return;
    }
    const reply = appendResponse.parse(JSON.parse(text));
    this.add(reply);
    const results = new Map((reply.results ?? []).map((result) => [result.index, result]));
    if ("either" in expected) {
      for (const [index, id] of expected.either.entries())
        if (id !== null && !results.has(index) && reply.accepted > 0) this.#ids.add(id);
      return;
    }
    const fates = expected.events.map(({ fate }) => fate);
    const count = (is: Fate["is"]) => fates.filter((fate) => fate.is === is).length;
    must(
      status === statusOf(fates),
      `answered ${status} instead of ${statusOf(fates)}: ${text.slice(0, 500)}`,
    );
    for (const [index, { id, fate }] of expected.events.entries()) {
      const result = results.get(index);
      const said = result === undefined ? "taken" : `${result.status}: ${result.message}`;
      if (fate.is === "refused") {
        must(result?.status === "rejected", `event ${index} should be refused and was ${said}`);
        const message = result.message.toLowerCase();
        for (const name of fate.names)
          must(
            message.includes(name.toLowerCase().trim()),
            `the refusal of ${index} does not name ${name}: ${result.message}`,
          );
        must(result.message.length <= MAX_MESSAGE_CHARS, `a message of ${result.message.length} characters`);
      } else if (fate.is === "conflict")
        must(result?.status === "conflict", `event ${index} conflicts and was ${said}`);
      else {
        must(result === undefined, `event ${index} is good and was ${said}`);
        if (id !== null) this.#ids.add(id);
      }
    }
    must(results.size === count("refused") + count("conflict"), "an event has no status, or one too many");
    must(reply.accepted === count("stored"), `${reply.accepted} accepted instead of ${count("stored")}`);
    must(reply.duplicates === count("known"), `${reply.duplicates} duplicates instead of ${count("known")}`);
  }

  add({
    accepted,
    first_seq,
    last_seq,
  }: {
    accepted: number;
    first_seq: number | null;
    last_seq: number | null;
  }): void {
    this.accepted += accepted;
    for (let seq = first_seq ?? 1; seq <= (last_seq ?? 0); seq++) {
      must(!this.#seqs.has(seq), `seq ${seq} was given out twice`);
      this.#seqs.add(seq);
    }
  }

  /** `before`: the last seq that the log had before the first request. */
  check(texts: readonly string[], before: number): void {
    must(
      texts.length === before + this.accepted,
      `${this.accepted} were accepted, ${texts.length - before} are stored`,
    );
    const stored = new Set<string>();
    for (const [index, text] of texts.entries()) {
      const { seq, id } = JSON.parse(text) as StoredEvent;
      must(seq === index + 1, `seq ${seq} stands at ${index + 1}`);
      if (seq <= before) continue;
      must(this.#seqs.has(seq), `seq ${seq} was given to nobody`);
      must(!stored.has(id), `${id} is stored twice`);
      must(this.#ids.has(id) || UUID_V7.test(id), `${id} is stored, and was not accepted`);
      stored.add(id);
    }
    for (const id of this.#ids) must(stored.has(id), `${id} was accepted and is not stored`);
  }
}

function statusOf(fates: readonly Fate[]): number {
  const all = (is: Fate["is"]) => fates.every((fate) => fate.is === is);
  return all("refused") ? 422 : all("conflict") ? 409 : 200;
}
