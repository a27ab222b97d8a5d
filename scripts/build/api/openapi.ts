/**
 * The API's description, OpenAPI 3.1, made of the route table and the zod
 * schemas:
 *
 *   worker/http/routes.ts ─┐
 *   schema/wire, event ────┼─▶ openapi() ─▶ build/v1/openapi.json, build/v1/docs.html
 *   routes.ts beside this ─┘
 *
 * It is made at build: a Worker that starts should not make documents.
 */
import * as z from "zod";
import { definitionOf, metadataSchema, metricsSchema } from "../../../schema/event/taxonomy.ts";
import { isReservedType, KNOWN_TYPES } from "../../../schema/event/type.ts";
import { errorBody } from "../../../schema/wire/body.ts";
import { ERROR_STATUS } from "../../../schema/wire/error.ts";
import { describeRoute, type Description } from "./routes.ts";

/** What the description needs of the route table (worker/http/routes.ts). */
export const routeTable = z.array(
  z.object({
    method: z.enum(["GET", "POST", "PUT", "PATCH", "DELETE"]),
    path: z.string(),
    by: z.enum(["anyone", "key", "session", "team", "member"]),
    scope: z.string().optional(),
    share: z.array(z.string()).optional(),
  }),
);
type Route = z.infer<typeof routeTable>[number];

export type JsonSchema = Record<string, unknown>;
export interface Operation {
  operationId: string;
  summary: string;
  tags: string[];
  security: Record<string, string[]>[];
  parameters: { name: string; in: "path" | "query"; required: boolean; schema: JsonSchema }[];
  requestBody?: { required: true; content: Record<string, { schema: JsonSchema }> };
  responses: Record<string, { description: string; content?: Record<string, { schema: JsonSchema }> }>;
}
export interface OpenApi {
  openapi: "3.1.0";
  info: {
    title: string;
    version: string;
    description: string;
    license: { name: string; identifier: string };
  };
  servers: { url: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, JsonSchema>; securitySchemes: Record<string, JsonSchema> };
}

export const schemaOf = (schema: z.ZodType, io: "input" | "output"): JsonSchema => {
  // OpenAPI 3.1 is of draft 2020-12; the document says so once. A reply may gain fields, so readers must bear more.
  const { $schema: _draft, ...json } = z.toJSONSchema(schema, {
    io,
    unrepresentable: "any",
    override: ({ jsonSchema }) => {
      if (io === "output" && jsonSchema.type === "object" && jsonSchema.additionalProperties === false)
        delete jsonSchema.additionalProperties;
    },
  });
  return json;
};

const ref = (name: string): JsonSchema => ({ $ref: `#/components/schemas/${name}` });
/** `:id` of the route table as OpenAPI writes it. */
export const templateOf = (path: string): string => path.replace(/:(\w+)/g, "{$1}");

export function openapi(routes: readonly Route[], version: string): OpenApi {
  const paths: OpenApi["paths"] = {};
  for (const route of routes) {
    const description = describeRoute(route.method, route.path);
    if (description === undefined)
      throw new Error(`${route.method} ${route.path} has no description in scripts/build/api/routes.ts`);
    (paths[templateOf(route.path)] ??= {})[route.method.toLowerCase()] = operation(route, description);
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Clusterfork",
      version,
      description:
        "The log, the mirror and the memory for teams of software agents. Send a key as `Authorization: Bearer cfk_…`; keys are made in a project's settings.",
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: "/" }],
    paths,
    components: {
      schemas: { Error: schemaOf(errorBody, "output"), ...eventSchemas() },
      securitySchemes: {
        key: {
          type: "http",
          scheme: "bearer",
          description: "An API key, `cfk_…`, which also names the project.",
        },
        share: {
          type: "http",
          scheme: "bearer",
          description:
            "A share link's token, `cfs_…`, or the pass that its passphrase opens. The views named are those that open the route; the reply shows what the link does not redact.",
        },
        session: { type: "apiKey", in: "cookie", name: "better-auth.session_token" },
      },
    },
  };
}

function operation(route: Route, { summary, query = {}, request, reply }: Description): Operation {
  const in_path = [...route.path.matchAll(/:(\w+)/g)].map(([, name = ""]) => ({
    name,
    in: "path" as const,
    required: true,
    schema: { type: "string" },
  }));
  const in_query = Object.entries(query).map(([name, schema]) => ({
    name,
    in: "query" as const,
    required: false,
    schema: schemaOf(schema, "input"),
  }));
  const content = Object.fromEntries([
    ...(reply.body === null ? [] : [["application/json", { schema: schemaOf(reply.body, "output") }]]),
    ...Object.entries(reply.also ?? {}).map(([type, said]) => [
      type,
      { schema: { type: "string", description: said } },
    ]),
  ]) as Record<string, { schema: JsonSchema }>;
  return {
    operationId: `${route.method.toLowerCase()}${route.path.replace(/[^A-Za-z0-9]+(\w)/g, (_all, next: string) => next.toUpperCase())}`,
    summary,
    tags: [route.path.startsWith("/v1") ? "machines" : route.by === "anyone" ? "anyone" : "dashboard"],
    security: securityOf(route),
    parameters: [...in_path, ...in_query],
    ...(request === undefined ? {} : { requestBody: { required: true, content: requestContent(request) } }),
    responses: {
      [reply.status]: {
        description: "Done.",
        ...(Object.keys(content).length === 0 ? {} : { content }),
      },
      default: {
        description: `An error: ${Object.entries(ERROR_STATUS)
          .map(([code, status]) => `${status} ${code}`)
          .join(", ")}. 429 and 503 carry Retry-After, and nothing was stored.`,
        content: { "application/json": { schema: ref("Error") } },
      },
    },
  };
}

function securityOf({ by, scope = "", share }: Route): Operation["security"] {
  if (by === "anyone") return [];
  if (by !== "key") return [{ session: [] }];
  return [{ key: [scope] }, ...(share === undefined ? [] : [{ share }])];
}

function requestContent(request: z.ZodType | "SenderEvents"): Record<string, { schema: JsonSchema }> {
  if (request !== "SenderEvents") return { "application/json": { schema: schemaOf(request, "input") } };
  return {
    "application/json": { schema: ref("SenderEvents") },
    "application/x-ndjson": { schema: { type: "string", description: "One event per line." } },
  };
}

/** What may be sent: a schema per known type, and one for a sender's own types. */
function eventSchemas(): Record<string, JsonSchema> {
  const id = {
    type: "string",
    minLength: 1,
    maxLength: 128,
    description: "Idempotency key; minted when absent.",
  };
  const short = (most: number): JsonSchema => ({ type: ["string", "null"], maxLength: most });
  const envelope: Record<string, JsonSchema> = {
    id,
    timestamp: {
      description: "RFC 3339 with an offset, or ms since the epoch.",
      anyOf: [{ type: "string" }, { type: "integer" }],
    },
    agent_id: { type: "string", minLength: 1, maxLength: 256 },
    agent_role: short(64),
    task_id: short(256),
    feature_id: short(256),
    session_id: short(256),
  };
  const required = ["timestamp", "event_type", "agent_id"];
  const known = KNOWN_TYPES.filter((type) => !isReservedType(type)).map((type): [string, JsonSchema] => {
    const metadata = schemaOf(metadataSchema(type), "input");
    const needs = Array.isArray(metadata["required"]) && metadata["required"].length > 0;
    return [
      `event.${type}`,
      {
        type: "object",
        description: definitionOf(type)?.about,
        properties: {
          event_type: { const: type },
          ...envelope,
          metadata,
          metrics: schemaOf(metricsSchema(type), "input"),
        },
        required: needs ? [...required, "metadata"] : required,
        additionalProperties: false,
      },
    ];
  });
  const custom: JsonSchema = {
    type: "object",
    description: "A type of one's own, lower_snake or dotted: stored, counted and shown.",
    properties: {
      event_type: {
        type: "string",
        maxLength: 64,
        pattern: "^[a-z][a-z0-9_]*(\\.[a-z0-9_]+)*$",
        not: { enum: known.map(([name]) => name.slice("event.".length)) },
      },
      ...envelope,
      metadata: { type: "object" },
      metrics: { type: "object", additionalProperties: { type: "number" } },
    },
    required,
    additionalProperties: false,
  };
  const events: JsonSchema = { type: "array", items: ref("SenderEvent"), maxItems: 1000 };
  return {
    ...Object.fromEntries(known),
    "event.custom": custom,
    SenderEvent: { anyOf: [...known.map(([name]) => ref(name)), ref("event.custom")] },
    SenderEvents: {
      anyOf: [
        ref("SenderEvent"),
        events,
        { type: "object", properties: { events }, required: ["events"], additionalProperties: false },
      ],
    },
  };
}
