/** What the tests of the handler stand on: a sender that the server's own parser and fold judge, and a model. */
import type { CallbackManagerForLLMRun } from "@langchain/core/callbacks/manager";
import { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { AIMessage, AIMessageChunk, type UsageMetadata } from "@langchain/core/messages";
import { ChatGenerationChunk, type ChatResult } from "@langchain/core/outputs";
import { parseEvent } from "../../../schema/event/parse.ts";
import { apply, createState } from "../../../schema/state/apply.ts";
import type { ProjectState } from "../../../schema/state/state.ts";
import type { SenderEvent } from "../event.ts";
import type { EventSink } from "./option.ts";

export class Recorder implements EventSink {
  readonly sent: SenderEvent[] = [];

  send(event: SenderEvent): void {
    const stamped = { timestamp: Date.now(), ...event };
    const parsed = parseEvent(structuredClone(stamped));
    if (!parsed.ok) throw new Error(`${event.event_type}: ${parsed.message}`);
    this.sent.push(stamped);
  }

  of(event_type: string): SenderEvent[] {
    return this.sent.filter((event) => event.event_type === event_type);
  }

  types(task?: string): string[] {
    return this.sent
      .filter(({ task_id }) => task === undefined || task_id?.startsWith(task))
      .map(({ event_type }) => event_type);
  }

  /** The project as the server would show it: the first event of an id counts. */
  state(): ProjectState {
    const state = createState();
    const seen = new Set<string>();
    for (const raw of this.sent) {
      const parsed = parseEvent(raw);
      const id = raw.id ?? "";
      if (!parsed.ok || seen.has(id)) continue;
      seen.add(id);
      const seq = seen.size;
      const stored = { ...parsed.event, id, seq, source: "sdk", key_id: "k", v: 1 as const };
      apply(state, { ...stored, received_at: stored.timestamp });
    }
    return state;
  }
}

export const CANARY = "CANARY-TEXT";

/** Answers with a text that must never be sent, and reports what it is told to have used. */
export class TeamModel extends BaseChatModel {
  readonly usage: UsageMetadata;
  readonly answers: { id?: string; count?: number };
  /** Tokens that it has reported so far: what must be counted. */
  reported = { calls: 0, input: 0, output: 0 };
  fails = 0;

  constructor(usage: Partial<UsageMetadata> = {}, answers: { id?: string; count?: number } = {}, more = {}) {
    super(more);
    this.usage = { input_tokens: 100, output_tokens: 20, total_tokens: 120, ...usage };
    this.answers = answers;
  }

  _llmType(): string {
    return "team";
  }

  override bindTools(): this {
    return this;
  }

  #report(): { id?: string } {
    if (this.fails > 0) {
      this.fails -= 1;
      throw new Error(`the model is overloaded: ${CANARY}`);
    }
    this.reported.calls += 1;
    this.reported.input += this.usage.input_tokens;
    this.reported.output += this.usage.output_tokens;
    const { id } = this.answers;
    return id === undefined ? {} : { id: `${id}-${this.reported.calls}` };
  }

  async _generate(): Promise<ChatResult> {
    const id = this.#report();
    const response_metadata = { model_name: "team-1", finish_reason: "stop" };
    const generations = Array.from({ length: this.answers.count ?? 1 }, () => ({
      text: CANARY,
      message: new AIMessage({ ...id, content: CANARY, response_metadata, usage_metadata: this.usage }),
    }));
    return { generations };
  }

  override async *_streamResponseChunks(
    _messages: unknown,
    _options: unknown,
    runManager?: CallbackManagerForLLMRun,
  ): AsyncGenerator<ChatGenerationChunk> {
    const id = this.#report();
    for (const text of [CANARY, " and", " more"]) {
      yield new ChatGenerationChunk({ text, message: new AIMessageChunk({ ...id, content: text }) });
      await runManager?.handleLLMNewToken(text);
    }
    const response_metadata = { model_name: "team-1" };
    const message = { ...id, content: "", response_metadata, usage_metadata: this.usage };
    yield new ChatGenerationChunk({ text: "", message: new AIMessageChunk(message) });
  }
}
