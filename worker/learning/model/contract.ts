/**
 * What a language model does for the analyst: it words a lesson that was found without it. Whatever goes wrong is an
 * answer too, since the built-in text stands ready.
 */

export interface LanguageModel {
  /** As its provider calls it. */
  name: string;
  /** Who runs it, as the log says it (provider.ts). */
  provider: string;
  /** Never rejects. */
  ask(prompt: Prompt): Promise<Reply>;
}

export interface Prompt {
  system: string;
  user: string;
}

/** Null: the provider did not say. */
export interface Usage {
  input_tokens: number | null;
  output_tokens: number | null;
}

/** Why there is no text: one word each, so that a log can be counted by it. */
export type Trouble =
  | "unreachable"
  | "timeout"
  | "busy"
  | "failing"
  | "refused_request"
  | "redirect"
  | "content_type"
  | "too_large"
  | "unreadable"
  | "truncated"
  | "refusal";

export type Reply =
  | { ok: true; text: string; usage: Usage }
  | {
      ok: false;
      trouble: Trouble;
      /** Nothing was done, so asking again may help and costs nothing twice. */
      again: boolean;
      /** Null: it never said that it did any work, so nothing is counted. */
      usage: Usage | null;
    };

export function trouble(
  name: Trouble,
  { again = false, usage = null }: Partial<Extract<Reply, { ok: false }>> = {},
): Reply {
  return { ok: false, trouble: name, again, usage };
}
