import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** The bodies of the inline scripts of a page. */
const inlineScripts = (html: string) =>
  [...html.matchAll(/<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/g)].map((found) => found[1] ?? "");

/**
 * Content-Security-Policy of the dashboard: own files only. SvelteKit starts its page with an
 * inline script, allowed by its hash; style attributes (bar widths, `display: contents`) are
 * allowed, style elements of foreign origin are not.
 */
function contentSecurityPolicy(html: string): string {
  const hashes = inlineScripts(html).map(
    (script) => `'sha256-${createHash("sha256").update(script).digest("base64")}'`,
  );
  return [
    "default-src 'none'",
    `script-src 'self' ${hashes.join(" ")}`.trimEnd(),
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "worker-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");
}

/** Writes `_headers`, which the asset router (locally and at Cloudflare) adds to every static file. */
export function writeHeaders(build: string): void {
  const policy = contentSecurityPolicy(readFileSync(join(build, "index.html"), "utf8"));
  writeFileSync(
    join(build, "_headers"),
    `/*
  Content-Security-Policy: ${policy}
  X-Content-Type-Options: nosniff
  Referrer-Policy: same-origin
  Cross-Origin-Opener-Policy: same-origin
  Permissions-Policy: camera=(), geolocation=(), microphone=()

/_app/immutable/*
  Cache-Control: public, max-age=31536000, immutable
`,
  );
}
