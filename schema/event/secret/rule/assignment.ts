/**
 * A name that says that a secret follows, a connector, the secret:
 *
 *   DB_PASSWORD=…   "apiKey": "…"   \"client_secret\":\"…\"   --token …   password%3D…
 *
 * The anchors are the words that such names hold; the whole name is then read
 * around the anchor and judged by `field-name.ts`, the value by
 * `secret-value.ts`, so that text and fields follow one rule.
 */
import {
  BACKSLASH,
  BARE_VALUE,
  BASE64,
  BASE64_MARK,
  BLANK,
  classOf,
  COLON,
  DASH,
  DIGIT,
  DOT,
  ENCODED_VALUE,
  HEADER_VALUE,
  PERCENT,
  QUOTE,
  QUOTED_VALUE,
  TOKEN,
} from "../character.ts";
import { isAwsAccountName, MAX_NAME_CHARS, secrecyOf } from "../field-name.ts";
import type { Reader } from "../reader.ts";
import type { Rule, Span } from "../rule.ts";
import { isPath, isPlausibleSecret, isRandomLooking, VALUE_HEAD_CHARS } from "../secret-value.ts";

const NAME = TOKEN | DOT;
const LEADS_TO_VALUE = QUOTE | COLON | BASE64_MARK | PERCENT | BACKSLASH;
/** Quote, blanks, connector, blanks, quote, each with the escapes of nested JSON. */
const MAX_CONNECTOR_CHARS = 48;
const CONNECTOR =
  /^(\\{0,8}["'`]|%22|%27|\])?(?:[ \t]|%20){0,8}(:=|=>|==?|:|%3d|%3a)(?:[ \t]|%20){0,8}(?:\\r)?(?:\\n)?(\\{0,8}["'`]|%22|%27)?/i;
const FLAG_CONNECTOR = /^[ \t]{1,4}(\\{0,8}["'`])?/;
const SCHEME = /^(?:basic|bearer|token|digest|apikey|api-key|negotiate|bot|key)(?:[ \t]|%20|\+)+/i;
const MAX_SCHEME_CHARS = 16;
/** Longest flag of a command that is looked for before a blank. */
const MAX_FLAG_CHARS = 24;
const MIN_BARE_CHARS = 6;
const REPLACED = "[redacted:";

interface Assignment {
  name: string;
  from: number;
  /** Whether both name and value stand in quotes: then the value may hold blanks. */
  quoted: boolean;
  nameQuoted: boolean;
  encoded: boolean;
  /** `=` without blanks, as in a shell or a query. */
  tight: boolean;
}

/** Most of the words stand in prose: the name must end soon, in something that can lead to a value. */
function near(text: string, _at: number, after: number): boolean {
  let end = after;
  while ((classOf(text.charCodeAt(end)) & NAME) !== 0 && end - after < MAX_NAME_CHARS) end++;
  const kind = classOf(text.charCodeAt(end));
  if ((kind & BLANK) === 0) return (kind & LEADS_TO_VALUE) !== 0 || text[end] === "]";
  // After a blank only a connector or, for a flag, its value follows.
  const beyond = text[end + 1];
  return (
    beyond === "=" ||
    beyond === ":" ||
    beyond === " " ||
    beyond === "\t" ||
    text.slice(Math.max(0, after - MAX_FLAG_CHARS), after).includes("--")
  );
}

function read(reader: Reader, at: number, after: number): Assignment | undefined {
  const { text } = reader;
  const nameEnd = reader.runEnd(NAME, after);
  if (nameEnd - at > MAX_NAME_CHARS) return undefined;
  reader.steps += MAX_CONNECTOR_CHARS;
  const ahead = text.slice(nameEnd, nameEnd + MAX_CONNECTOR_CHARS);
  const connector = CONNECTOR.exec(ahead);
  const start = reader.runStart(NAME, at, MAX_NAME_CHARS);
  // The name of a rule in a replacement is not the name of a value.
  if (text.startsWith(REPLACED, start - REPLACED.length)) return undefined;
  const name = text.slice(start, nameEnd);
  if (connector !== null) {
    return {
      name,
      from: nameEnd + connector[0].length,
      quoted: connector[3] !== undefined,
      nameQuoted: connector[1] !== undefined,
      encoded: /%/.test(connector[0]),
      tight: /^(?:=|%3d)/i.test(connector[0]) && !/[ \t]|%20/.test(connector[0]),
    };
  }
  const flag = name.startsWith("--") ? FLAG_CONNECTOR.exec(ahead) : null;
  if (flag === null) return undefined;
  return {
    name,
    from: nameEnd + flag[0].length,
    quoted: flag[1] !== undefined,
    nameQuoted: false,
    encoded: false,
    tight: true,
  };
}

/** Cuts what closes a value but is not of it: escapes before the quote, a full stop. */
function trimmed(reader: Reader, from: number, end: number): Span {
  while (end > from && (reader.text[end - 1] === "\\" || reader.text[end - 1] === ".")) end--;
  return { start: from, end };
}

function bareMask(assignment: Assignment): number {
  return assignment.encoded ? ENCODED_VALUE : BARE_VALUE;
}

function authorization(reader: Reader, assignment: Assignment): Span | undefined {
  reader.steps += MAX_SCHEME_CHARS;
  const { text } = reader;
  const scheme = SCHEME.exec(text.slice(assignment.from, assignment.from + MAX_SCHEME_CHARS));
  const from = assignment.from + (scheme === null ? 0 : scheme[0].length);
  const end = reader.runEnd(bareMask(assignment), from);
  const value = text.slice(from, Math.min(end, from + VALUE_HEAD_CHARS));
  const found = scheme === null ? isRandomLooking(value) : isPlausibleSecret(value) && value.length >= 6;
  return found ? trimmed(reader, from, end) : undefined;
}

function cookie(reader: Reader, assignment: Assignment): Span | undefined {
  const { from } = assignment;
  const end = reader.runEnd(HEADER_VALUE, from);
  const head = reader.text.slice(from, Math.min(end, from + VALUE_HEAD_CHARS));
  return /^[\w.$-]{1,64}=[^\s;,()]{6,}/.test(head) ? { start: from, end } : undefined;
}

/** A bare value is code as often as a secret: `password = form.password`, `token: string`. */
function isBareSecret(value: string, assignment: Assignment, next: string): boolean {
  if (
    value.length < MIN_BARE_CHARS ||
    next === "(" ||
    next === "[" ||
    next === "<" ||
    !isPlausibleSecret(value)
  )
    return false;
  if (/^[A-Za-z_$][\w$]*(?:(?:\.|::|->|\?\.)[A-Za-z_$][\w$]*)+$/.test(value)) return false;
  const random = /\d/.test(value) && /[A-Za-z]/.test(value);
  if (random) return true;
  const marked = /[^\w.-]/.test(value) && /[A-Za-z]/.test(value);
  const [first = ""] = value;
  if (marked && !/^[/~.]/.test(first)) return assignment.tight || /[!@#$^*+~]/.test(value);
  // `password=letmein`: a word, but in a shell or query it is the password; a variable named alike is not.
  const plain = value.toLowerCase().replaceAll(/[^a-z]/g, "");
  return assignment.tight && !/(?:passw|secret|token|key|pwd|credential|value|param|args)/.test(plain);
}

function match(reader: Reader, at: number, after: number): Span | undefined {
  const assignment = read(reader, at, after);
  if (assignment === undefined) return undefined;
  const { text } = reader;
  const { name, from, quoted, nameQuoted } = assignment;
  // As a flag of a command, `--token` is followed by one.
  const secrecy = name === "--token" ? "always" : secrecyOf(name);
  if (secrecy === "no" || from >= text.length) return undefined;
  if (text.startsWith(REPLACED, from)) return undefined;
  const lower = name.toLowerCase();
  if (lower.endsWith("authorization")) return authorization(reader, assignment);
  if (lower.endsWith("cookie")) return cookie(reader, assignment);

  const spaced = quoted && nameQuoted && !assignment.encoded;
  const bareEnd = reader.runEnd(bareMask(assignment), from);
  const end = quoted && !assignment.encoded ? reader.runEnd(QUOTED_VALUE, from) : bareEnd;
  const span = trimmed(reader, from, end);
  // Judged untrimmed: three dots at the end say that this is an example.
  const value = text.slice(from, Math.min(end, from + VALUE_HEAD_CHARS)).replace(/\\+$/, "");
  if (lower.endsWith("pwd") && isPath(value)) return undefined;
  if (secrecy === "likely") return isRandomLooking(value) ? span : undefined;
  if (/\s/.test(value) && !spaced) return undefined;
  if (quoted) return isPlausibleSecret(value) ? span : undefined;
  return isBareSecret(value, assignment, text.charAt(bareEnd)) ? span : undefined;
}

export const ASSIGNMENT_RULES: readonly Rule[] = [
  {
    name: "assigned-secret",
    finds:
      "values assigned to names such as password, api_key, client_secret, Authorization, Cookie, GITHUB_TOKEN",
    anchors: [
      "passw",
      "passphrase",
      "passcode",
      "pwd",
      "secret",
      "token",
      "key",
      "credential",
      "cookie",
      "auth",
      "jwt",
      "connection_string",
      "connectionstring",
    ],
    caseless: true,
    near,
    match,
  },
  {
    name: "bearer-token",
    finds: "`Bearer` and a token, wherever it stands",
    anchors: ["bearer ", "bearer%20", "bearer+"],
    caseless: true,
    match(reader, at, after) {
      const end = reader.runEnd(TOKEN | BASE64 | DOT, after);
      const found = end - after >= 16 && reader.startsToken(at) && reader.isMixed(after, end);
      return found ? trimmed(reader, after, end) : undefined;
    },
  },
  {
    name: "aws-account-id",
    finds: "AWS account numbers beside their name",
    anchors: ["account"],
    caseless: true,
    near,
    match(reader, at, after) {
      const assignment = read(reader, at, after);
      if (assignment === undefined || !isAwsAccountName(assignment.name)) return undefined;
      const { from } = assignment;
      const end = reader.runEnd(DIGIT | DASH, from);
      reader.steps += 16;
      const account = end - from <= 14 && /^\d{4}-?\d{4}-?\d{4}$/.test(reader.text.slice(from, end));
      return account ? { start: from, end } : undefined;
    },
  },
  {
    name: "curl-user",
    finds: "the user and password of a curl command",
    anchors: [" -u ", " --user "],
    match(reader, at, after) {
      if (!/\bcurl\b/.test(reader.text.slice(Math.max(0, at - 200), at))) return undefined;
      reader.steps += 200;
      const from = reader.is(BLANK, after) ? after + 1 : after;
      const open = /^\\{0,4}["']?/.exec(reader.text.slice(from, from + 5));
      const start = from + (open === null ? 0 : open[0].length);
      const end = reader.runEnd(BARE_VALUE, start);
      const value = reader.text.slice(start, Math.min(end, start + VALUE_HEAD_CHARS));
      const colon = value.indexOf(":");
      return colon > 0 && isPlausibleSecret(value.slice(colon + 1)) && !value.includes(REPLACED)
        ? { start, end }
        : undefined;
    },
  },
];
