import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import { contentSecurityPolicy } from "./headers.ts";

const hashOf = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
const directive = (policy: string, name: string) =>
  policy.split("; ").find((part) => part.startsWith(`${name} `));

it("allows inline exactly what the build holds: each script and each fixed style, by its hash", () => {
  const html = `<script src="/theme.js"></script><script>start()</script><i style="top:0"></i>`;
  const template = 'const t = from_html(`<div id="announcer" style="position: absolute"></div>`)';
  const policy = contentSecurityPolicy(html, [template, template]);
  expect(directive(policy, "script-src")).toBe(`script-src 'self' ${hashOf("start()")}`);
  expect(directive(policy, "style-src")).toBe("style-src 'self'");
  expect(directive(policy, "style-src-attr")).toBe(
    `style-src-attr 'unsafe-hashes' ${hashOf("top:0")} ${hashOf("position: absolute")}`,
  );
  expect(policy).not.toContain("unsafe-inline");
});

it("allows no style attribute where none is fixed", () => {
  const policy = contentSecurityPolicy("<p>style=</p>", ["a.style='x'"]);
  expect(directive(policy, "style-src-attr")).toBe("style-src-attr 'none'");
});
