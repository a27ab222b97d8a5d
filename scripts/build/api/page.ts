/** The API's description as a page to read: no script, nothing from elsewhere, every text escaped. */
import type { JsonSchema, OpenApi, Operation } from "./openapi.ts";

const escape = (text: string): string => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
/** Text with `code`. */
const prose = (text: string): string => escape(text).replace(/`([^`]+)`/g, "<code>$1</code>");

const STYLE = `
:root { color-scheme: light dark; --line: color-mix(in srgb, currentColor 18%, transparent); }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
h2 { margin-top: 2.5rem; } code, pre { font: 13px/1.5 ui-monospace, monospace; }
pre { overflow: auto; max-height: 24rem; padding: .75rem; border: 1px solid var(--line); border-radius: 6px; }
article { border-top: 1px solid var(--line); padding: .75rem 0; } h3 { margin: 0; font: 600 15px/1.5 ui-monospace, monospace; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; } td { padding: .15rem .75rem .15rem 0; vertical-align: top; } p { margin: .25rem 0; }
summary { cursor: pointer; }`;

export function page(api: OpenApi): string {
  const operations = Object.entries(api.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  const section = (tag: string, title: string): string =>
    `<h2 id="${tag}">${title}</h2>${operations
      .filter(({ operation }) => operation.tags.includes(tag))
      .map(({ path, method, operation }) => article(method, path, operation))
      .join("")}`;
  const events = Object.entries(api.components.schemas).filter(([name]) => name.startsWith("event."));
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Clusterfork API</title><style>${STYLE}</style></head><body>
<h1>Clusterfork API</h1><p>${prose(api.info.description)} The same for machines: <a href="/v1/openapi.json">openapi.json</a> (OpenAPI ${api.openapi}).</p>
<p>Every error is <code>{ "error": { "code", "message", "request_id" } }</code>, and the message says what to do next.</p>
<nav><a href="#machines">Machine API</a> · <a href="#events">Events</a> · <a href="#dashboard">The dashboard's own</a> · <a href="#anyone">For anyone</a></nav>
${section("machines", "Machine API")}
<h2 id="events">Events</h2>${events.map(([name, schema]) => eventType(name, schema)).join("")}
${section("dashboard", "The dashboard's own")}${section("anyone", "For anyone")}
</body></html>
`;
}

function article(method: string, path: string, operation: Operation): string {
  const [security] = operation.security;
  const needs =
    security === undefined
      ? "no key"
      : "key" in security
        ? `a key with the scope ${security["key"]?.join(", ") ?? ""}`
        : "a session cookie";
  const rows = operation.parameters.map(
    ({ name, in: place, schema }) =>
      `<tr><td><code>${escape(name)}</code></td><td>${place}</td><td>${prose(describe(schema))}</td></tr>`,
  );
  const bodies = [
    ...Object.entries(operation.requestBody?.content ?? {}).map(([type, { schema }]) =>
      json(`Request, ${type}`, schema),
    ),
    ...Object.entries(operation.responses)
      .filter(([status]) => status !== "default")
      .flatMap(([status, { content = {} }]) =>
        Object.entries(content).map(([type, { schema }]) => json(`Reply ${status}, ${type}`, schema)),
      ),
  ];
  return `<article id="${escape(operation.operationId)}"><h3>${method.toUpperCase()} ${escape(path)}</h3>
<p>${prose(operation.summary)} Needs ${escape(needs)}.</p>${rows.length > 0 ? `<table>${rows.join("")}</table>` : ""}${bodies.join("")}</article>`;
}

function eventType(name: string, schema: JsonSchema): string {
  const about = typeof schema["description"] === "string" ? schema["description"] : "";
  const { metadata, metrics } = schema["properties"] as Record<string, JsonSchema>;
  return `<article id="${escape(name)}"><h3>${escape(name.replace(/^event\./, ""))}</h3><p>${prose(about)}</p>${json("Metadata and metrics", { metadata, metrics })}</article>`;
}

function describe({ type, description, minimum, maximum }: JsonSchema): string {
  const range =
    typeof minimum === "number" && typeof maximum === "number" && maximum < Number.MAX_SAFE_INTEGER
      ? `, ${minimum} to ${maximum}`
      : "";
  return `${typeof type === "string" ? type : "any"}${range}${typeof description === "string" ? `. ${description}` : ""}`;
}

const json = (title: string, schema: unknown): string =>
  `<details><summary>${escape(title)}</summary><pre>${escape(JSON.stringify(schema, null, 2))}</pre></details>`;
