/** Agents: that they live, what they do, whom they hand work to. */
import {
  anyNumber,
  count,
  cost,
  duration_ms,
  eventType,
  flag,
  label,
  labels,
  name,
  prose,
  required,
  structure,
  text,
  tokens,
} from "../field.ts";

const reason = text(prose);

export const agent = {
  agent_initialized: eventType("An agent is ready.", {
    model: structure(label),
    provider: structure(label),
    role: structure(label),
    version: structure(label),
    /** The program that runs it: `claude-code`, `codex`, `langgraph`, … */
    runtime: structure(label),
    parent_agent: name(label),
    tools: structure(labels),
  }),
  agent_heartbeat: eventType("An agent lives.", { message: text(prose), model: structure(label) }),
  agent_reasoning_started: eventType("An agent began to think about something.", {
    about: text(prose),
    model: structure(label),
  }),
  agent_submitted: eventType(
    "An agent handed in its work.",
    {
      summary: text(prose),
      to: name(label),
      branch: name(label),
      commit: structure(label),
      files: name(labels),
    },
    {
      files_changed: structure(count),
      insertions: structure(count),
      deletions: structure(count),
      duration_ms,
      tool_calls: structure(count),
    },
  ),
  agent_escalated: eventType("An agent asked another agent for help.", { reason, to: name(label) }),
  agent_idle: eventType("An agent has nothing to do.", { reason }),
  agent_stopped: eventType("An agent ended as intended.", { reason }),
  agent_crashed: eventType("An agent ended unintended.", {
    reason,
    error: text(prose),
    error_type: structure(label),
    exit_code: structure(anyNumber),
  }),
  agent_recovered: eventType(
    "An agent is back after a crash.",
    { reason, state_restored: structure(flag) },
    { duration_ms },
  ),
  clarification_requested: eventType("An agent could not go on without an answer.", {
    question: text(prose),
    /** The agent or person asked. */
    to: name(label),
    /** The role whose work was unclear. */
    about_role: structure(label),
  }),
  tool_called: eventType(
    "An agent used a tool.",
    {
      tool: structure(label),
      tool_call_id: structure(label),
      success: structure(flag),
      error_type: structure(label),
      command: text(prose),
      path: name(label),
      server: structure(label),
    },
    { duration_ms, result_tokens: cost(tokens) },
  ),
  handoff: eventType("An agent passed its work on.", {
    from_agent: name(label),
    to_agent: required(name(label)),
    reason,
    summary: text(prose),
  }),
};
