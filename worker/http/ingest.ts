import type { HttpContext, ProjectAccess, Reply } from "./context.ts";
export async function postEvents(_c: HttpContext, _a: ProjectAccess): Promise<Reply> {
  return { code: "internal", message: "stub" };
}
