/**
 * What all sessions of one import share: which lines, calls and tools were seen
 * (a resumed session repeats the lines of the one before), and the work that
 * the sessions belong to.
 */
import type { Json } from "../../../schema/event/event.ts";
import type { OutgoingEvent } from "../../../schema/event/outgoing.ts";
import { joinCall, type Call } from "./call.ts";
import { makeEvent, type Scene } from "./scene.ts";

/** A session, a call or a tool without an end counts as over after this long, ms: longer than a night's pause. */
export const QUIET_MS = 24 * 60 * 60 * 1000;
/** A call is never longer, ms: beyond it the clock of the line before belongs to another day. */
const MAX_CALL_MS = 60 * 60 * 1000;

interface CallSeen {
  call: Call;
  scene: Scene;
  /** Clock of the line before the call's first, ms. */
  asked_ms: number | null;
}

export interface Feature {
  id: string;
  title: string | null;
  kind: "branch" | "session";
  branch: string | null;
  scene: Scene;
  ended_ms: number | null;
}

function providerOf({ provider, model }: Call): { provider?: string } {
  if (provider !== null) return { provider: provider.slice(0, 200) };
  return /^claude|anthropic/.test(model ?? "") ? { provider: "anthropic" } : {};
}

export class Archive {
  /** Line → its clock and its session. */
  readonly lines = new Map<string, { ms: number; session: string }>();
  /** Line → the session that told it first, also in an earlier reading of a file that is followed. */
  readonly owners: Map<string, string>;
  readonly tools = new Set<string>();
  readonly features = new Map<string, Feature>();
  readonly events: OutgoingEvent[] = [];
  /** Last line of a summary's work → the summary. */
  readonly summaries = new Map<string, string>();
  readonly #calls = new Map<string, CallSeen>();
  readonly #requests = new Map<string, string>();

  constructor(owners = new Map<string, string>()) {
    this.owners = owners;
  }

  tell = (scene: Scene, event_type: string, saying: Parameters<typeof makeEvent>[2] = {}): void => {
    this.events.push(makeEvent(scene, event_type, saying));
  };

  /** Another line of a call that is known already; false for a new one. */
  join(line: Call): boolean {
    const seen = this.#calls.get(line.message_id);
    if (seen === undefined) return false;
    joinCall(seen.call, line);
    return true;
  }

  /** A line that is no copy: the call begins here, or goes on until here. */
  call(line: Call, scene: Scene, asked_ms: number | null): void {
    const seen = this.#calls.get(line.message_id);
    if (seen === undefined) this.#calls.set(line.message_id, { call: line, scene, asked_ms });
    else seen.scene = { ...seen.scene, ms: Math.max(seen.scene.ms, scene.ms) };
  }

  /** Leaves out a call that is still being written: a later import tells it whole. */
  holdBack(message_id: string): boolean {
    const seen = this.#calls.get(message_id);
    return seen !== undefined && !seen.call.complete && this.#calls.delete(message_id);
  }

  tellCalls(): void {
    for (const { call, scene, asked_ms } of this.#calls.values()) {
      const { cost_usd, ...tokens } = call.usage;
      const duration_ms = call.duration_ms ?? (asked_ms === null ? -1 : scene.ms - asked_ms);
      const metadata: Record<string, Json> = {
        operation: "chat",
        ...(call.model === null ? {} : { model: call.model.slice(0, 200) }),
        ...providerOf(call),
        ...(call.request_id === null ? {} : { request_id: call.request_id.slice(0, 200) }),
        ...(call.stop_reason === null ? {} : { finish_reason: call.stop_reason.slice(0, 100) }),
        ...(cost_usd === undefined ? {} : { cost_source: "reported" }),
      };
      const metrics = {
        ...tokens,
        ...(cost_usd === undefined ? {} : { cost_usd }),
        ...(duration_ms > 0 && duration_ms < MAX_CALL_MS ? { duration_ms } : {}),
      };
      this.tell(scene, "tokens_used", { id: this.#idOf(call), metadata, metrics });
    }
  }

  /** The provider's request id, so that another source of the same call is a duplicate. */
  #idOf(call: Call): string {
    const { request_id, message_id } = call;
    if (request_id === null) return message_id;
    const owner = this.#requests.get(request_id);
    if (owner !== undefined && owner !== message_id) return message_id;
    this.#requests.set(request_id, message_id);
    return request_id;
  }
}
