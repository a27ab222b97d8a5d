/** Bindings of the Worker, as wrangler.toml and the local server declare them. */
import type { AuditParams } from "./archive/start-audit.ts";
import type { ReflectionParams } from "./learning/reflect/start.ts";
import type { BookRpc } from "./learning/query/book.ts";
import type { RateSettings } from "../schema/wire/rate.ts";
import type { RoomRpc } from "./room/contract.ts";

export interface Env extends RateSettings {
  DB: D1Database;
  /** One ProjectRoom per project, addressed by `idFromName(project id)`. */
  ROOM: DurableObjectNamespace<Rpc.DurableObjectBranded & RoomRpc>;
  /** One LessonBook per team, addressed by `idFromName(team id)`. */
  LESSON_BOOK: DurableObjectNamespace<Rpc.DurableObjectBranded & BookRpc>;
  ASSETS: Fetcher;
  /** The nightly audit of each chain; absent: none is made. */
  CHAIN_AUDIT?: Workflow<AuditParams>;
  /** Looks back on features that ended; absent: nobody does. */
  REFLECTION?: Workflow<ReflectionParams>;
  /** Signs sessions (better-auth). At least 32 characters. */
  AUTH_SECRET: string;
  /** Keys the HMAC tag of API keys and the pseudonyms of redacted ids, and is the root of the key that signs heads. At least 32 characters. */
  KEY_SECRET: string;
  /** Embed lessons and hold their vectors, in production alone; without either, what comes along does. */
  AI?: Ai;
  LESSON_INDEX?: Vectorize;
  /**
   * A language model that words lessons, where a project wants it: the base of an OpenAI-compatible API up to before
   * `/chat/completions`; absent: Workers AI, where AI is bound and MODEL_NAME begins with `@cf/`.
   */
  MODEL_URL?: string;
  MODEL_NAME?: string;
  /** Its key, a secret; absent: none is sent. */
  MODEL_KEY?: string;
  /** Times a project may ask it in a day (UTC). */
  MODEL_CALLS_PER_DAY?: string;
  /** Times all projects of a team may. */
  MODEL_CALLS_PER_DAY_TEAM?: string;
  /** Times all projects together may. */
  MODEL_CALLS_PER_DAY_TOTAL?: string;
  /** Sends e-mail about alerts (Cloudflare's send_email); absent: that channel says so. */
  ALERT_EMAIL?: SendEmail;
  /** The address it comes from, of a domain of this account. */
  ALERT_EMAIL_FROM?: string;
  /** Public origin, `https://host`; absent: taken from the request. */
  BASE_URL?: string;
  /** The header in which a trusted proxy says the client's address; absent: no header is believed. */
  CLIENT_ADDRESS_HEADER?: string;
  /** Who feeds sample projects: the local server alone (scripts/serve/sample.ts); absent: nobody does. */
  SAMPLE?: Fetcher;
  /** Cloudflare's counters, in production alone: by key id, and by `<action> <address>`. */
  KEY_RATE_LIMIT?: RateLimit;
  ATTEMPT_RATE_LIMIT?: RateLimit;
}
