import { createHash } from "node:crypto";
import { globSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** The bodies of the inline scripts of a page. */
const inlineScripts = (html: string) =>
  [...html.matchAll(/<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/g)].map((found) => found[1] ?? "");

/** The fixed style attributes in the markup of a page or of a component's template. */
const styleAttributes = (text: string) =>
  [...text.matchAll(/<\w[^<>]*\sstyle="([^"<>]+)"/g)].map((found) => found[1] ?? "");

const hashOf = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

/**
 * Content-Security-Policy of the dashboard: own files only. What SvelteKit brings inline, the
 * script that starts its page and the style of its route announcer, is allowed by its hash. Styles
 * that components compute (`style:width`) are set through the CSSOM, which needs no permission.
 */
export function contentSecurityPolicy(html: string, scripts: readonly string[]): string {
  const styles = new Set([html, ...scripts].flatMap(styleAttributes));
  return [
    "default-src 'none'",
    ["script-src 'self'", ...inlineScripts(html).map(hashOf)].join(" "),
    "style-src 'self'",
    `style-src-attr ${styles.size === 0 ? "'none'" : ["'unsafe-hashes'", ...[...styles].map(hashOf)].join(" ")}`,
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
  const read = (file: string) => readFileSync(join(build, file), "utf8");
  const policy = contentSecurityPolicy(
    read("index.html"),
    globSync("_app/**/*.js", { cwd: build }).map(read),
  );
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
