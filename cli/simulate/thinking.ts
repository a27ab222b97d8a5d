/** An agent at work: calls of its model and of its tools. */
import { MODEL_CALL, TOOL_CALL } from "./duration.ts";
import type { Process } from "./engine.ts";
import type { ThinkingAgent } from "./people.ts";
import { BURN_FROM_MS, HUNGRY_CODER } from "./plant.ts";
import type { Random } from "./random.ts";
import { drawTokens, reportedCost, TOKEN_MODELS } from "./token-model.ts";
import { drawMs, emit, work, type About, type World } from "./world.ts";

/** What the models here can hold, tokens; at nine tenths an agent compacts it. */
const CONTEXT_TOKENS = 200_000;
const COMPACT_AT = 0.9;
/** What stays after compacting, and what a new agent begins with: instructions and a summary. */
const CONTEXT_AT_START = 20_000;
/** Tool calls that fail: a path mistyped, a pattern not found. */
const TOOL_ERROR = 0.03;

/** Luck of a piece of work: times and tokens apart, so that planted tokens move no time. */
export interface Luck {
  time: Random;
  tokens: Random;
}

export function* callModel(world: World, agent: ThinkingAgent, about: About, luck: Luck): Process {
  const duration_ms = drawMs(luck.time, MODEL_CALL);
  yield* work(world, duration_ms);
  const tokens = drawTokens(TOKEN_MODELS[agent.role], factorOf(world, agent), luck.tokens);
  const { name: model, provider } = agent.model;
  const price = agent.reported_price;
  emit(
    world,
    "tokens_used",
    agent,
    about,
    { model, provider, operation: "chat", ...(price === null ? {} : { cost_source: "reported" }) },
    { ...tokens, ...(price === null ? {} : { cost_usd: reportedCost(tokens, price) }), duration_ms },
  );
  fillContext(world, agent, about, tokens.input_tokens + tokens.cache_write_tokens + tokens.output_tokens);
}

/** What planted truths multiply the tokens of a call by. */
function factorOf(world: World, agent: ThinkingAgent): number {
  const { coder_tokens_percent, burn_percent } = world.planted;
  const own = agent.id === HUNGRY_CODER ? 1 + coder_tokens_percent / 100 : 1;
  const burn = world.engine.now_ms >= BURN_FROM_MS ? 1 + burn_percent / 100 : 1;
  return own * burn;
}

function fillContext(world: World, agent: ThinkingAgent, about: About, more: number): void {
  const used_tokens = (world.context.get(agent.id) ?? CONTEXT_AT_START) + more;
  const full = used_tokens >= COMPACT_AT * CONTEXT_TOKENS;
  world.context.set(agent.id, full ? CONTEXT_AT_START : used_tokens);
  if (!full) return;
  emit(
    world,
    "context_window_filled",
    agent,
    about,
    { model: agent.model.name, action: "compacted" },
    {
      used_tokens,
      limit_tokens: CONTEXT_TOKENS,
      used_fraction: Math.min(1, Math.round((used_tokens / CONTEXT_TOKENS) * 1000) / 1000),
    },
  );
}

const READ_ONLY = ["read_file", "search"] as const;
const CHANGING = ["read_file", "search", "edit_file", "edit_file", "bash"] as const;
/** What everybody reads besides the files of a task. */
const LANDMARKS = [
  "server/bookings/booking.ts",
  "server/database.ts",
  "server/time.ts",
  "web/form/field.svelte",
  "web/api.ts",
  "test/e2e/bookings.test.ts",
] as const;
const COMMANDS = ["git diff --stat", "git status", "npm run check", "git log -3", "npm run build"] as const;

export function* useTool(
  world: World,
  agent: ThinkingAgent,
  about: About,
  luck: Luck,
  files: readonly string[],
): Process {
  const duration_ms = drawMs(luck.time, TOOL_CALL);
  yield* work(world, duration_ms);
  const tool = luck.time.pick(agent.role === "coder" ? CHANGING : READ_ONLY);
  const failed = luck.time.chance(TOOL_ERROR);
  emit(
    world,
    "tool_called",
    agent,
    about,
    {
      tool,
      success: !failed,
      ...(failed ? { error_type: "not_found" } : {}),
      ...argumentsOf(tool, files, luck),
    },
    { duration_ms },
  );
}

/** Honest work hardly ever makes the same call twice in a row: that is what tells it from a loop. */
function argumentsOf(
  tool: (typeof CHANGING)[number],
  files: readonly string[],
  { time }: Luck,
): { path?: string; command?: string } {
  if (tool === "bash") return { command: time.pick(COMMANDS) };
  const own = files[time.int(0, Math.max(0, files.length - 1))] ?? LANDMARKS[0];
  if (tool === "edit_file") {
    const line = time.int(1, 400);
    return { path: own, command: `lines ${line}-${line + time.int(0, 30)}` };
  }
  return { path: time.chance(0.5) ? own : time.pick(LANDMARKS) };
}

/** So many turns of model and tool. */
export function* think(
  world: World,
  agent: ThinkingAgent,
  about: About,
  luck: Luck,
  calls: number,
  files: readonly string[] = [],
): Process {
  for (let call = 0; call < calls; call++) {
    yield* callModel(world, agent, about, luck);
    yield* useTool(world, agent, about, luck, files);
  }
}
