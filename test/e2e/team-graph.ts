/**
 * A team as a user of LangGraph would build it, with everything that the handler must understand: a
 * loop, a tool, nodes side by side, a node that fails once, a graph in a node, a question to a person.
 */
import { AIMessage, HumanMessage } from "@langchain/core/messages";
import { tool } from "@langchain/core/tools";
import { END, interrupt, MemorySaver, MessagesAnnotation, START, StateGraph } from "@langchain/langgraph";
import { ToolNode } from "@langchain/langgraph/prebuilt";
import * as z from "zod";
import { CANARY, TeamModel } from "../../cli/sdk/langgraph/recorder.test-data.ts";

type State = typeof MessagesAnnotation.State;

export const model = new TeamModel({ input_tokens: 90, input_token_details: { cache_read: 40 } });
export const input = { messages: [new HumanMessage(`${CANARY}: add sign-in`)] };

const answer = async (state: State) => ({ messages: [await model.invoke(state.messages)] });
const lint = tool(() => CANARY, { name: "lint", schema: z.object({}) });
const research = new StateGraph(MessagesAnnotation).addNode("read", answer).addEdge(START, "read").compile();
let rounds = 0;
let tries = 0;

export const builder = new StateGraph(MessagesAnnotation)
  .addNode("research", research)
  .addNode("coder", answer)
  .addNode("call", () => ({
    messages: [
      new AIMessage({ content: "", tool_calls: [{ id: `call-${rounds}`, name: "lint", args: {} }] }),
    ],
  }))
  .addNode("lint", new ToolNode([lint]))
  .addNode(
    "flaky",
    () => {
      if ((tries += 1) === 1) throw new TypeError(CANARY);
      return {};
    },
    {
      retryPolicy: {
        maxAttempts: 2,
        initialInterval: 1,
        jitter: false,
        logWarning: false,
        retryOn: () => true,
      },
    },
  )
  .addNode("reviewer", answer)
  .addNode("approve", () => ({ messages: [new AIMessage(String(interrupt("ship it?")))] }))
  .addEdge(START, "research")
  .addEdge("research", "coder")
  .addEdge("coder", "call")
  .addEdge("coder", "flaky")
  .addEdge("call", "lint")
  .addEdge(["lint", "flaky"], "reviewer")
  .addConditionalEdges("reviewer", () => ((rounds += 1) < 2 ? "coder" : "approve"))
  .addEdge("approve", END);

export const graph = builder.compile({ checkpointer: new MemorySaver(), name: "Team" });
