/** What is told of an alert, in the form of each kind of channel. Titles and words are of events: text, never markup. */
import { createHmac } from "node:crypto";
import type { Json, StoredEvent } from "../../schema/event/event.ts";
import { MAX_TITLE_CHARACTERS, MAX_WORDS_CHARACTERS } from "./limits.ts";

export interface Message {
  /** The same however often it is sent. */
  id: string;
  event: StoredEvent;
  /** Of the alert, as far as the project still knows it. */
  title: string | null;
  project: { id: string; name: string };
}

const KIND: Partial<Record<string, string>> = {
  alert_raised: "alert.raised",
  alert_cleared: "alert.cleared",
};
const TEST_KIND = "alert.test";
const kindOf = ({ event }: Message): string => KIND[event.event_type] ?? TEST_KIND;

/** JSON, for programs. */
export function webhookBody(message: Message): string {
  const { id, event, project } = message;
  const { metadata = {}, metrics = {}, task_id = null, feature_id = null } = event;
  const of = (key: string): Json => metadata[key] ?? null;
  return JSON.stringify({
    id,
    type: kindOf(message),
    timestamp: event.timestamp,
    project,
    seq: event.seq,
    alert: {
      id: of("alert_id"),
      rule: of("rule"),
      severity: of("severity"),
      title: message.title,
      message: of("message"),
      metric: of("metric"),
      agent_id: of("agent"),
      path: of("path"),
      task_id,
      feature_id,
      value: metrics["value"] ?? null,
      target: metrics["target"] ?? null,
      samples: metrics["samples"] ?? null,
    },
  });
}

/**
 * Headers of Standard Webhooks 1.0.0 (standardwebhooks.com): HMAC-SHA256 over `<id>.<timestamp>.<body>`.
 * `secret`: base64; `now_ms`: when it is sent, which a receiver compares with its own clock.
 */
export function signatureHeaders(
  id: string,
  body: string,
  secret: string,
  now_ms: number,
): Record<string, string> {
  const timestamp = String(Math.floor(now_ms / 1000));
  const key = Uint8Array.from(atob(secret), (character) => character.charCodeAt(0));
  const digest = createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest();
  const signature = btoa(String.fromCharCode(...digest));
  return { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": `v1,${signature}` };
}

/** For Slack's incoming webhooks, and what understands them: nobody is called (`@here`, `<!channel>`), nothing is a link. */
export function slackBody(message: Message): string {
  const { title, words } = wordsOf(message);
  return JSON.stringify({
    text: escapeSlack(words === "" ? title : `${title}\n${words}`),
    mrkdwn: false,
    parse: "none",
    link_names: false,
    unfurl_links: false,
    unfurl_media: false,
  });
}

export function emailText(message: Message): { subject: string; text: string } {
  const { title, words } = wordsOf(message);
  return { subject: title, text: `${title}\n\n${words}\n` };
}

/** Control, direction and line characters, which would end a header or disguise a name. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]+/gu;

function lineOf(text: string, limit: number): string {
  const points = [...text.replace(UNSAFE, " ").trim()];
  return points.length <= limit ? points.join("") : `${points.slice(0, limit - 1).join("")}…`;
}

function wordsOf(message: Message): { title: string; words: string } {
  const { event, project } = message;
  const { metadata = {}, event_type } = event;
  const text = (key: string): string => (typeof metadata[key] === "string" ? metadata[key] : "");
  const what = message.title ?? (text("title") || text("rule"));
  const how = event_type === "alert_cleared" ? "over" : text("severity");
  return {
    title: lineOf(`[${how}] ${what} (${project.name})`, MAX_TITLE_CHARACTERS),
    words: lineOf(
      [text("message"), text("path") && `File: ${text("path")}`].filter((part) => part !== "").join(" "),
      MAX_WORDS_CHARACTERS,
    ),
  };
}

/** The three characters that Slack asks to be escaped; without `<` nothing calls anybody. An `@` is parted from its name. */
function escapeSlack(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replace(/@(?=\w)/g, "@\u200b");
}
