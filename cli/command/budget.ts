/** `clusterfork budget`: what may be spent, what was, and setting it. */
import { budgetTable } from "../print/budget-table.ts";
import type { BudgetResponse, BudgetsResponse } from "../../schema/wire/budget.ts";
import { answerOf } from "./answer.ts";
import { CONNECTION_OPTIONS, readFlags } from "./flags.ts";
import { UserError } from "./user-error.ts";

const TEXT = { type: "string" } as const;
const FLAG = { type: "boolean", default: false } as const;

export async function budget(args: string[]): Promise<number> {
  const { values, positionals } = readFlags("budget", args, {
    ...CONNECTION_OPTIONS,
    ...{ id: TEXT, usd: TEXT, tokens: TEXT, feature: TEXT, agent: TEXT, role: TEXT, title: TEXT },
    ...{ lifetime: FLAG, hard: FLAG, soft: FLAG, json: FLAG },
  });
  const [action, id, ...rest] = positionals;
  const { url, key, json, ...asked } = values;
  const ask = (method: string, path: string, body?: object): Promise<string> => {
    const headers = { "content-type": "application/json" };
    const sent = body === undefined ? {} : { body: JSON.stringify(body), headers };
    return answerOf({ url, key }, path, { method, ...sent });
  };
  const shown = (budgets: BudgetsResponse["budgets"], text: string) => (json ? text : budgetTable(budgets));
  if (rest.length > 0 || (action !== "remove" && id !== undefined))
    throw new UserError(`budget: "${rest[0] ?? id}" is too much. See \`clusterfork budget --help\`.`, 2);
  switch (action) {
    case undefined: {
      const text = await ask("GET", "/v1/budgets");
      console.log(shown((JSON.parse(text) as BudgetsResponse).budgets, text));
      return 0;
    }
    case "set": {
      const { method, path, body } = settingOf(asked);
      const text = await ask(method, path, body);
      console.log(shown([(JSON.parse(text) as BudgetResponse).budget], text));
      return 0;
    }
    case "remove": {
      if (id === undefined)
        throw new UserError("budget remove takes the id of a budget, which `clusterfork budget` shows.", 2);
      await ask("DELETE", `/v1/budgets/${encodeURIComponent(id)}`);
      console.log(`${id} is removed.`);
      return 0;
    }
    default:
      throw new UserError(
        `budget takes set or remove, not "${action}". See \`clusterfork budget --help\`.`,
        2,
      );
  }
}

export interface Asked {
  id?: string | undefined;
  usd?: string | undefined;
  tokens?: string | undefined;
  feature?: string | undefined;
  agent?: string | undefined;
  role?: string | undefined;
  title?: string | undefined;
  lifetime: boolean;
  hard: boolean;
  soft: boolean;
}

/** The request that the options mean. What they say wrong together the server knows, in better words. */
export function settingOf(asked: Asked): { method: string; path: string; body: object } {
  const { id, feature, agent, role, title, lifetime, hard, soft } = asked;
  if (hard && soft) throw new UserError("give --hard or --soft, not both.", 2);
  if (asked.usd !== undefined && asked.tokens !== undefined)
    throw new UserError("give --usd or --tokens, not both: make a second budget for the other.", 2);
  if (id === undefined && asked.usd === undefined && asked.tokens === undefined)
    throw new UserError("budget set takes how much: --usd 50, or --tokens 1000000.", 2);
  const terms = {
    ...(title === undefined ? {} : { title }),
    ...(asked.usd === undefined ? {} : { limit_usd: amount("usd", asked.usd) }),
    ...(asked.tokens === undefined ? {} : { limit_tokens: amount("tokens", asked.tokens) }),
    ...(hard || soft ? { hard } : {}),
  };
  const whose = {
    ...(feature === undefined ? {} : { feature_id: feature }),
    ...(agent === undefined ? {} : { agent_id: agent }),
    ...(role === undefined ? {} : { role }),
  };
  const named = Object.keys(whose).length;
  if (named > 1)
    throw new UserError("a budget is of one feature, one agent or one role: give one of them.", 2);
  if (id !== undefined) {
    if (named > 0 || lifetime)
      throw new UserError("whose a budget is and its period stay. Leave them out, or set another budget.", 2);
    return { method: "PUT", path: `/v1/budgets/${encodeURIComponent(id)}`, body: terms };
  }
  const scope =
    feature !== undefined
      ? "feature"
      : agent !== undefined
        ? "agent"
        : role !== undefined
          ? "role"
          : "project";
  const period = lifetime ? "lifetime" : "month";
  return { method: "POST", path: "/v1/budgets", body: { scope, ...whose, period, ...terms } };
}

function amount(name: string, text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value) || value < 0)
    throw new UserError(`--${name} takes a number from 0, not "${text}".`, 2);
  return value;
}
