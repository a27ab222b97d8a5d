/**
 * `clusterfork/langgraph`: what LangGraph.js and LangChain.js do, as events, and what is known of it beforehand. Nothing of LangChain is
 * needed at run time: it calls the handler, and the shapes it calls it with are read as data.
 */
export { captureEvent, type CaptureOptions, type Captured } from "./langgraph/capture-event.ts";
export { clusterforkHandler, type ClusterforkHandler } from "./langgraph/handler.ts";
export {
  contextMessages,
  withContext,
  type ContextMessage,
  type ContextSource,
  type WithContextOptions,
} from "./langgraph/with-context.ts";
export type { EventSink, HandlerOptions, NodeRef, RunRef } from "./langgraph/option.ts";
