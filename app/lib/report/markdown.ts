/** The report as Markdown, from the same route as its data. */
import { projectApi } from "../api/api.ts";
import type { ProjectContext } from "../project.ts";

const TIMEOUT_MS = 20_000;
/** By then a browser has read the file. */
const SAVED_MS = 60_000;
/** Characters of a file's name. */
const MAX_NAME_CHARS = 60;

/** Null where nobody answers, or not with a report. */
export async function readMarkdown(
  { project, shared }: Pick<ProjectContext, "project" | "shared">,
  feature: string,
): Promise<string | null> {
  const base = shared === undefined ? projectApi(project.id) : "/v1";
  const headers = new Headers({ accept: "text/markdown" });
  if (shared !== undefined) headers.set("authorization", `Bearer ${shared.bearer}`);
  try {
    const response = await fetch(`${base}/features/${encodeURIComponent(feature)}/report`, {
      headers,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    return response.ok ? await response.text() : null;
  } catch {
    // Offline, cut off or too slow: the page says that it did not come.
    return null;
  }
}

/** A name that every file system takes. */
export function fileName(feature: string): string {
  const safe = feature
    .replace(/[^A-Za-z0-9._-]+/g, "-")
    .replace(/^[-.]+|[-.]+$/g, "")
    .slice(0, MAX_NAME_CHARS);
  return `report-${safe === "" ? "feature" : safe}.md`;
}

export function saveText(text: string, name: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "text/markdown" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // Some browsers read it only after the press is over.
  setTimeout(() => URL.revokeObjectURL(url), SAVED_MS);
}
