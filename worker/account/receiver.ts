/** The installation that a project's sums are forwarded to: what address and key may be entered. */
import { done, failed, type Outcome } from "./outcome.ts";

/** As key-text.ts writes it. The tag is the receiver's to check: we do not know its secret. */
const KEY = /^cfk_(p[a-z0-9]{15})_[a-z0-9]{12}_[A-Za-z0-9]{32}_[0-9a-f]{24}$/;
/** Names that never lead out of a network (RFC 6761, RFC 6762, RFC 8375, ICANN's .internal). */
const INNER = /(^|\.)(localhost|local|internal|intranet|private|corp|home|lan|arpa|test|invalid|onion)$/;
const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/**
 * The origin of an address. A hosted installation calls it from inside its own network, so there it has to be
 * a public name: an IP address, or a name without a dot, may be a machine of ours (SSRF).
 */
export function readOrigin(text: string, hosted: boolean): Outcome<string> {
  let url: URL;
  try {
    url = new URL(text.trim());
  } catch {
    return refuse("url", "Enter the whole address, such as https://clusterfork.example.");
  }
  const { hostname } = url;
  const loopback = LOOPBACK.test(hostname);
  if (url.protocol !== "https:" && !(url.protocol === "http:" && loopback))
    return refuse(
      "url",
      "The address has to begin with https://. Plain http is for this machine alone (localhost).",
    );
  if (url.username !== "" || url.password !== "")
    return refuse("url", "Leave name and password out of the address: the key says who sends.");
  if (url.pathname !== "/" || url.search !== "" || url.hash !== "")
    return refuse("url", `Enter the address alone, without a path: ${url.origin}.`);
  // The parser has made dotted decimals of every other way to write an IPv4 address.
  const is_address = /^\[|^\d+(\.\d+){3}$/.test(hostname);
  const name = hostname.replace(/\.+$/, "");
  if (hosted && (loopback || is_address || !name.includes(".") || INNER.test(name)))
    return refuse("url", "Enter a public name: this installation sends to no address inside a network.");
  return done(url.origin);
}

/** The receiver's project, which its key names. */
export function readReceiverKey(text: string, own_project_id: string): Outcome<string> {
  const project_id = KEY.exec(text.trim())?.[1];
  if (project_id === undefined)
    return refuse(
      "key",
      "This is no key. Make one with the scope ingest at the receiver, and copy the whole of it.",
    );
  // Its own reports would be news to report, hour after hour.
  if (project_id === own_project_id)
    return refuse(
      "key",
      "This key is of this very project. Use a key of the project that is to receive the sums.",
    );
  return done(project_id);
}

function refuse(
  field: "url" | "key",
  message: string,
): { ok: false; failure: ReturnType<typeof failed>["failure"] } {
  return failed("invalid", message, { details: [{ field: `forward.${field}`, message }] });
}
