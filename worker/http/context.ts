/** What every route handler is given and what it gives back. */
import type { Context } from "hono";
import type { Failure } from "../../schema/wire/error.ts";
import type { Role } from "../../schema/wire/permission.ts";
import type { Auths, Person } from "../account/auth.ts";
import type { Env } from "../env.ts";
import type { Principal, RoomRpc } from "../room/contract.ts";
import type { Lens } from "../share/lens.ts";
import type { Holds, Refused } from "./hold.ts";
import type { Turns } from "./turn.ts";

export interface HttpEnv {
  Bindings: Env;
  Variables: {
    /** Minted here for each request; one from outside is not taken, so logs cannot be forged. */
    request_id: string;
    /** Set-Cookie values for the reply, whatever it will be. */
    cookies: string[];
    /** Of the person who asks, once that is known: by it a sign-out finds what it closes. */
    session_id: string | null;
    /** True for a page, which brings its own headers (build/_headers). */
    is_page: boolean;
    /** Of a request that changes something under /api: all of it, null when it is too large. */
    body: { text: string | null } | "broken";
    /** The limits of the key that asks, as `RateLimit-Policy`; null: no key asks. */
    rate_policy: string | null;
    /** Keys that were told to wait. */
    holds: Holds;
    /** What the room of a key refused, to be held with the reply to it. */
    refused: Refused | null;
    /** Who signs people in, by origin. */
    auths: Auths;
    /** Questions on the log that run or wait. */
    turns: Turns;
  };
}
export type HttpContext = Context<HttpEnv>;

/** A handler returns an expected failure as a value; `error.ts` alone makes a reply of it. */
export type Reply = Response | Failure;

/** A project somebody was let into, by a key, by membership or by a share link. Its room still checks a key's secret and scope. */
export interface ProjectAccess {
  project_id: string;
  principal: Principal;
  /** Of a share link: whatever the Worker itself reads of the project passes it. The room's replies have. */
  lens?: Lens;
  room: RoomRpc & { fetch(request: Request): Promise<Response> };
}

/** A team somebody is in, and what he is there. */
export interface TeamAccess {
  team_id: string;
  role: Role;
  person: Person;
}

export type OpenHandler = (c: HttpContext) => Promise<Reply>;
export type PersonHandler = (c: HttpContext, person: Person) => Promise<Reply>;
export type TeamHandler = (c: HttpContext, access: TeamAccess) => Promise<Reply>;
export type ProjectHandler = (c: HttpContext, access: ProjectAccess) => Promise<Reply>;
