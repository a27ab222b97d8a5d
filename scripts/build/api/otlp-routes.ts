/** The routes of OTLP/HTTP: bodies and replies are OpenTelemetry's, so they are named here and not repeated. */
import * as z from "zod";
import type { Description } from "./routes.ts";

const REQUEST = z
  .looseObject({})
  .describe(
    "An OTLP Export…ServiceRequest, as JSON or as protobuf (`application/x-protobuf`), gzip allowed.",
  );

const REPLY = z
  .looseObject({
    partialSuccess: z
      .looseObject({ errorMessage: z.string() })
      .optional()
      .describe("Absent: all of it was taken. A count of 0 with a message is a warning."),
  })
  .describe("An OTLP Export…ServiceResponse, in the type of the request.");

const ABOUT: Record<string, string> = {
  traces:
    "OTLP spans: agents, tools, model calls and their tokens become events. Set `OTEL_EXPORTER_OTLP_ENDPOINT` to `…/v1/otlp`. Errors are a google.rpc.Status in the type of the request.",
  logs: "OTLP log records of Claude Code, Codex and Gemini CLI become events.",
  metrics:
    "OTLP metrics: taken, and not counted where logs and spans tell the same call by call. Lines, commits and pull requests become events.",
};

export const OTLP_ROUTES: Record<string, Description> = Object.fromEntries(
  Object.entries(ABOUT).map(([signal, summary]) => [
    `POST /v1/otlp/v1/${signal}`,
    { summary, request: REQUEST, reply: { status: 200, body: REPLY } },
  ]),
);
