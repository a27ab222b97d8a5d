/** The team: who there is, which model each runs on, who reports what it cost. */
import { USER } from "./corpus.ts";
import type { Model, ReportedPrice, ThinkingRole } from "./token-model.ts";

export interface Agent {
  id: string;
  role: ThinkingRole | "user" | "merge-queue";
  /** Null for those who call none. */
  model: Model | null;
  /** Present where the sender says what a call cost; else the server prices it. */
  reported_price: ReportedPrice | null;
}

export interface ThinkingAgent extends Agent {
  role: ThinkingRole;
  model: Model;
}

const OPUS: Model = { name: "claude-opus-4-5", provider: "anthropic" };
const SONNET: Model = { name: "claude-sonnet-4-5", provider: "anthropic" };
const HAIKU: Model = { name: "claude-haiku-4-5", provider: "anthropic" };
const GPT: Model = { name: "gpt-5.1", provider: "openai" };
/** In no price table: its cost stays unknown, as a model of one's own has it (M2). */
const LOCAL: Model = { name: "inhouse-coder-32b", provider: "inhouse" };

/** What the reviewers' gateway reports, US dollars per million tokens. */
const GPT_REPORTED: ReportedPrice = { input: 1.25, cache_read: 0.125, output: 10 };

export interface Team {
  user: Agent;
  scouts: ThinkingAgent[];
  architects: ThinkingAgent[];
  coders: ThinkingAgent[];
  reviewers: ThinkingAgent[];
  qa: ThinkingAgent[];
  merge_queue: Agent;
}

/** More would need a second letter, and no dashboard shows them. */
export const MAX_CODERS = 26;

export function createTeam(coders: number): Team {
  const thinking = (
    id: string,
    role: ThinkingRole,
    model: Model,
    reported_price: ReportedPrice | null = null,
  ): ThinkingAgent => ({ id, role, model, reported_price });
  // One of each for about four coders, and never fewer than two where agents are compared with each other.
  const staff = Math.max(2, Math.ceil(coders / 4));
  return {
    user: { id: USER, role: "user", model: null, reported_price: null },
    scouts: letters(Math.ceil(staff / 2)).map((letter) => thinking(`scout-${letter}`, "scout", HAIKU)),
    architects: letters(staff).map((letter) => thinking(`architect-${letter}`, "architect", OPUS)),
    coders: letters(coders).map((letter) => thinking(`coder-${letter}`, "coder", SONNET)),
    reviewers: letters(staff).map((letter) => thinking(`reviewer-${letter}`, "reviewer", GPT, GPT_REPORTED)),
    qa: letters(Math.ceil(staff / 2)).map((letter) => thinking(`qa-${letter}`, "qa", LOCAL)),
    merge_queue: { id: "merge-queue", role: "merge-queue", model: null, reported_price: null },
  };
}

function letters(count: number): string[] {
  return [..."abcdefghijklmnopqrstuvwxyz"].slice(0, count);
}
