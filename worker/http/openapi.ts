/** The API's description: made at build (scripts/build/api), served as it lies there. */
import type { HttpContext, Reply } from "./context.ts";

/** A page without scripts and without anything from elsewhere. */
const PAGE_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

export const getOpenApi = (c: HttpContext): Promise<Reply> =>
  serve(c, "/v1/openapi.json", "application/json");
export const getDocs = (c: HttpContext): Promise<Reply> => serve(c, "/v1/docs", "text/html");

async function serve(c: HttpContext, path: string, type: string): Promise<Reply> {
  const file = await c.env.ASSETS.fetch(new URL(path, c.req.url));
  const body = await file.text();
  // Where the file was not built, the asset router answers with the dashboard's page instead.
  const is_ours =
    type === "text/html" ? body.includes("<title>Clusterfork API</title>") : body.startsWith('{"openapi"');
  if (!file.ok || !is_ours) {
    return { code: "not_found", message: "The description of the API was not built. Run `npm run build`." };
  }
  return new Response(body, {
    headers: {
      "Content-Type": `${type}; charset=utf-8`,
      ...(type === "text/html"
        ? {
            "Content-Security-Policy": PAGE_POLICY,
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
          }
        : {}),
    },
  });
}
