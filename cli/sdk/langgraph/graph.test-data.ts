/** Graphs of the real LangGraph, watched by the handler. */
import { HumanMessage } from "@langchain/core/messages";
import { MessagesAnnotation, StateGraph } from "@langchain/langgraph";
import { vi } from "vitest";
import { clusterforkHandler } from "./handler.ts";
import type { HandlerOptions } from "./option.ts";
import type { TeamModel } from "./recorder.test-data.ts";
import { CANARY, Recorder } from "./recorder.test-data.ts";

export type State = typeof MessagesAnnotation.State;

export function watched(options: HandlerOptions = {}) {
  const recorder = new Recorder();
  const onError = vi.fn();
  const handler = clusterforkHandler(recorder, { onError, ...options });
  return { recorder, handler, onError, callbacks: [handler] };
}
export const ask = (model: TeamModel) => async (state: State) => ({
  messages: [await model.invoke(state.messages)],
});
export const graph = () => new StateGraph(MessagesAnnotation);
export const input = () => ({ messages: [new HumanMessage(`please, ${CANARY}`)] });

/** Calls, input with its cache, and output, as the fold counted them. */
export function counted(recorder: Recorder): { calls: number; input: number; output: number } {
  const { calls, input_tokens, cache_read_tokens, cache_write_tokens, output_tokens } =
    recorder.state().usage;
  return { calls, input: input_tokens + cache_read_tokens + cache_write_tokens, output: output_tokens };
}
