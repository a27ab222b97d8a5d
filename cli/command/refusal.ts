/** The server's refusals in the words of somebody at a terminal. */
import type { RequestError } from "../client/transport.ts";
import { clean } from "../print/terminal.ts";

export function explainRequest(error: RequestError): string {
  const said = clean(error.message, 500);
  switch (error.status) {
    case 0:
      return `${said.replace(/\.?$/, ".")} Is Clusterfork running there? Start it with \`npm start\`, or give another --url.`;
    case 401:
      return `the key was not accepted: ${said} Check --key or CLUSTERFORK_KEY, or run \`clusterfork login\`.`;
    case 403:
      return `the key may not do this: ${said}`;
    default:
      return `${said}${error.status === 0 ? "" : ` (${error.status} ${clean(error.code, 60)})`}`;
  }
}
