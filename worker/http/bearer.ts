/** The key or link that a request brings. */
import { BEARER_PROTOCOL_PREFIX } from "../../schema/wire/socket.ts";

/**
 * `Bearer cfk_…`. Exporters are configured by `OTEL_EXPORTER_OTLP_HEADERS=authorization=Bearer%20cfk_…`, and some
 * send what stands there as it is; others leave the scheme out, or have only `x-api-key`. Links (`cfs_…`) and their
 * passes (`cfp_…`) come the same way; what only begins like one is answered as an unknown one (T1).
 */
const BEARER = /^(?:bearer(?: +|%20|\+))?(cf[kps]_\S*) *$/i;

/** The bearer of a request: the header's, or the one a browser's socket offers as a subprotocol. */
export function bearerOf(headers: Headers): string | null {
  const header = headers.get("authorization") ?? headers.get("x-api-key");
  if (header !== null) return BEARER.exec(header)?.[1] ?? "";
  const offered = headers.get("sec-websocket-protocol")?.split(",") ?? [];
  const bearer = offered.map((name) => name.trim()).find((name) => name.startsWith(BEARER_PROTOCOL_PREFIX));
  return bearer?.slice(BEARER_PROTOCOL_PREFIX.length) ?? null;
}
