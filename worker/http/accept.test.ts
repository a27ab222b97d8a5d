import { expect, it } from "vitest";
import { wantsMarkdown } from "./accept.ts";

it("gives Markdown where it is named first, and JSON otherwise", () => {
  for (const accept of ["text/markdown", "Text/Markdown, application/json", "text/html, text/markdown;q=0.9"])
    expect(wantsMarkdown(accept), accept).toBe(true);
  for (const accept of [undefined, "", "*/*", "application/json", "application/json, text/markdown"])
    expect(wantsMarkdown(accept), accept).toBe(false);
});
