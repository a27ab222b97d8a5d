/** Addresses that carry a secret: users and passwords, webhook paths, signatures. */
import { ALNUM, AT, BASE64, classOf, DASH, DOT, PERCENT, TOKEN, USER_INFO } from "../character.ts";
import type { Reader } from "../reader.ts";
import { prefixed, type Rule, type Span } from "../rule.ts";
import { isPlaceholder } from "../secret-value.ts";

const DATABASE_SCHEME =
  /(?:^|[^a-z])(?:postgres(?:ql)?|mysqlx?|mariadb|mongodb(?:\+srv)?|rediss?|valkey|amqps?|mssql|sqlserver|oracle|cockroachdb|clickhouse|neo4j(?:\+s)?|bolt|cassandra|libsql|ldaps?|nats|kafka|jdbc:\w+)$/i;
/** Longest scheme with what stands before it. */
const MAX_SCHEME_CHARS = 20;
/** A user alone is a secret when it looks like a token: `https://<token>@github.com`. */
const MIN_USER_TOKEN_CHARS = 20;

/** `user:password` or `token` between `://` and `@`. */
function userInfo(reader: Reader, at: number, after: number): Span | undefined {
  const { text } = reader;
  const userEnd = reader.runEnd(USER_INFO, after);
  if (text[userEnd] === "@") {
    const token = userEnd - after >= MIN_USER_TOKEN_CHARS && reader.isMixed(after, userEnd);
    return token ? { start: after, end: userEnd } : undefined;
  }
  if (text[userEnd] !== ":") return undefined;
  // A password may hold colons, and in a sloppy address anything but a slash or a blank.
  let end = userEnd + 1;
  for (;;) {
    end = reader.runEnd(USER_INFO, end);
    if (text[end] !== ":" && text[end] !== "#" && text[end] !== "?" && text[end] !== "&") break;
    end++;
  }
  if (text[end] !== "@" || end === userEnd + 1) return undefined;
  const host = classOf(text.charCodeAt(end + 1));
  if ((host & ALNUM) === 0 && text[end + 1] !== "[") return undefined;
  return isPlaceholder(text.slice(userEnd + 1, Math.min(end, userEnd + 65)))
    ? undefined
    : { start: after, end };
}

function isDatabase(reader: Reader, at: number): boolean {
  reader.steps += MAX_SCHEME_CHARS;
  return DATABASE_SCHEME.test(reader.text.slice(Math.max(0, at - MAX_SCHEME_CHARS), at));
}

const WEBHOOK_PATH = TOKEN | BASE64 | DOT | AT;
const MIN_WEBHOOK_CHARS = 20;

function webhookPath(reader: Reader, _at: number, after: number): Span | undefined {
  const end = reader.runEnd(WEBHOOK_PATH, after);
  return end - after >= MIN_WEBHOOK_CHARS && reader.isMixed(after, end) ? { start: after, end } : undefined;
}

export const ADDRESS_RULES: readonly Rule[] = [
  {
    name: "database-url",
    finds: "users and passwords in connection strings of databases and brokers",
    anchors: ["://"],
    match: (reader, at, after) => (isDatabase(reader, at) ? userInfo(reader, at, after) : undefined),
  },
  {
    name: "basic-auth",
    finds: "users and passwords, or a token, in any other address",
    anchors: ["://"],
    match: (reader, at, after) => (isDatabase(reader, at) ? undefined : userInfo(reader, at, after)),
  },
  {
    name: "basic-auth",
    finds: "the same in an URL-encoded address",
    anchors: ["%3a%2f%2f"],
    caseless: true,
    match(reader, at, after) {
      const user = reader.runEnd(USER_INFO & ~PERCENT, after);
      if (reader.text.slice(user, user + 3).toLowerCase() !== "%3a") return undefined;
      const end = reader.runEnd(USER_INFO & ~PERCENT, user + 3);
      const closed = reader.text.slice(end, end + 3) === "%40" && end > user + 3;
      return closed ? { start: after, end } : undefined;
    },
  },
  {
    name: "slack-webhook",
    finds: "Slack incoming webhooks, workflow and trigger addresses",
    anchors: ["hooks.slack.com/", "hooks.slack-gov.com/"],
    match: webhookPath,
  },
  {
    name: "discord-webhook",
    finds: "Discord webhooks",
    anchors: ["discord.com/api/webhooks/", "discordapp.com/api/webhooks/"],
    match: webhookPath,
  },
  {
    name: "teams-webhook",
    finds: "Microsoft Teams webhooks",
    anchors: ["webhook.office.com/webhookb2/"],
    match: webhookPath,
  },
  {
    name: "zapier-webhook",
    finds: "Zapier hooks",
    anchors: ["hooks.zapier.com/hooks/catch/"],
    match: webhookPath,
  },
  prefixed({
    name: "signed-url",
    finds: "signatures of presigned AWS and Google addresses",
    prefixes: ["X-Amz-Signature=", "X-Goog-Signature=", "X-Amz-Security-Token="],
    body: BASE64 | PERCENT | DASH,
    min: 32,
  }),
  {
    name: "signed-url",
    finds: "signatures of Azure shared-access addresses",
    anchors: ["?sig=", "&sig=", ";sig="],
    match(reader, _at, after) {
      const end = reader.runEnd(BASE64 | PERCENT | DASH, after);
      return end - after >= 40 ? { start: after, end } : undefined;
    },
  },
];
