/** `clusterfork lessons`: what the team learned; teaching, judging and deciding about it; what a task should know. */
import { effectTable } from "../print/effect-table.ts";
import {
  acceptedText,
  lessonTable,
  lessonWhy,
  quarantinedText,
  reindexedText,
  searchTable,
} from "../print/lesson-table.ts";
import type { LessonEffectsResponse } from "../../schema/wire/lesson-effect.ts";
import type {
  LessonAcceptedResponse,
  LessonResponse,
  LessonSearchResponse,
  LessonsQuarantinedResponse,
  LessonsReindexedResponse,
  LessonsResponse,
} from "../../schema/wire/lesson.ts";
import { answerOf } from "./answer.ts";
import { CONNECTION_OPTIONS, readFlags } from "./flags.ts";
import { UserError } from "./user-error.ts";

const TEXT = { type: "string" } as const;

export async function lessons(args: string[]): Promise<number> {
  const { values, positionals } = readFlags("lessons", args, {
    ...CONNECTION_OPTIONS,
    ...{ status: TEXT, category: TEXT, tags: TEXT, k: TEXT, task: TEXT, agent: TEXT, importance: TEXT },
    ...{ explanation: TEXT, context: TEXT, scope: TEXT, reason: TEXT, comment: TEXT },
    json: { type: "boolean", default: false },
  });
  const { url, key, json, ...flags } = values;
  const asked = askedOf(positionals, flags);
  const text = await answerOf({ url, key }, asked.path, asked.init);
  console.log(json ? text : answerText(positionals[0], text));
  return 0;
}

function answerText(action: string | undefined, text: string): string {
  switch (action) {
    case undefined:
      return lessonTable(JSON.parse(text) as LessonsResponse);
    case "search":
      return searchTable(JSON.parse(text) as LessonSearchResponse);
    case "effects":
      return effectTable(JSON.parse(text) as LessonEffectsResponse);
    case "why":
      return lessonWhy((JSON.parse(text) as LessonResponse).lesson);
    // Quoted and cleaned by the server.
    case "context":
      return text === "" ? "Nothing is known that would help." : text;
    case "quarantine-key":
      return quarantinedText(JSON.parse(text) as LessonsQuarantinedResponse);
    case "reindex":
      return reindexedText(JSON.parse(text) as LessonsReindexedResponse);
    case "purge":
      return "It is in the log: what the key taught is gone in a moment.";
    default:
      return acceptedText(JSON.parse(text) as LessonAcceptedResponse);
  }
}

type Flags = { [name: string]: string | undefined };

interface Asked {
  path: string;
  init: { method: string; body?: string; headers?: Record<string, string> };
}

/** What is asked of the server. */
export function askedOf([action, ...words]: readonly string[], flags: Flags): Asked {
  const { status, category, tags, k, task, agent, importance, explanation, context, scope, reason, comment } =
    flags;
  const rest = words.join(" ");
  const about = { task_id: task, agent_id: agent };
  switch (action) {
    case undefined:
      return get("/v1/lessons", { status, category, tags });
    case "search":
      return get("/v1/lessons/search", { q: needed(rest, "search WORDS"), k, task, status, category, tags });
    case "why":
      return get(`/v1/lessons/${path(rest, "why ID")}`, {});
    case "effects":
      return get("/v1/lessons/effects", {});
    case "context": {
      const asked = get("/v1/context", { task: rest === "" ? task : rest, k });
      return { ...asked, init: { ...asked.init, headers: { accept: "text/markdown" } } };
    }
    case "add":
      return post("/v1/lessons", {
        ...{ headline: needed(rest, "add HEADLINE"), explanation, context, category, scope, ...about },
        ...{ tags: tags?.split(",").map((tag) => tag.trim()), importance: numberOf(importance) },
      });
    case "rate": {
      const [id = "", judgement = ""] = words;
      if (judgement !== "helpful" && judgement !== "harmful")
        throw new UserError("lessons rate takes ID and helpful or harmful.", 2);
      const body = { helpful: judgement === "helpful", comment, importance: numberOf(importance), ...about };
      return post(`/v1/lessons/${path(id, "rate ID helpful|harmful")}/rating`, body);
    }
    case "approve":
      return post(`/v1/lessons/${path(rest, "approve ID")}/approve`, { scope, reason });
    case "quarantine-key":
      return post("/v1/lessons/quarantine", { key: needed(rest, "quarantine-key KEY-ID"), reason });
    case "reindex":
      return post("/v1/lessons/reindex", {});
    case "quarantine":
    case "retire":
      return post(`/v1/lessons/${path(rest, `${action} ID`)}/${action}`, { reason });
    case "purge":
      return post("/v1/lessons/purge", { key: needed(rest, "purge KEY-ID"), reason });
    default:
      throw new UserError(
        `lessons takes search, why, context, effects, add, rate, approve, quarantine, retire, quarantine-key, purge or reindex, not "${action}". See \`clusterfork lessons --help\`.`,
        2,
      );
  }
}

function get(path: string, parameters: Flags): Asked {
  const given = Object.entries(parameters).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  const query = new URLSearchParams(given).toString();
  return { path: query === "" ? path : `${path}?${query}`, init: { method: "GET" } };
}

function post(path: string, body: object): Asked {
  const headers = { "content-type": "application/json" };
  return { path, init: { method: "POST", body: JSON.stringify(body), headers } };
}

function needed(text: string, form: string): string {
  if (text.trim() === "") throw new UserError(`lessons ${form}: something is missing.`, 2);
  return text;
}

const path = (id: string, form: string): string => encodeURIComponent(needed(id, form));

function numberOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!(value >= 1 && value <= 10)) throw new UserError("--importance is a number from 1 to 10.", 2);
  return value;
}
