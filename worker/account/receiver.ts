/** The installation that a project's sums are forwarded to: what address and key may be entered. */
import { done, failed, type Outcome } from "./outcome.ts";

/** As key-text.ts writes it. The tag is the receiver's to check: we do not know its secret. */
const KEY = /^cfk_(p[a-z0-9]{15})_[a-z0-9]{12}_[A-Za-z0-9]{32}_[0-9a-f]{24}$/;
/**
 * Names that never lead out of a network (RFC 6761, RFC 6762, RFC 8375, ICANN's .internal; those of Linux, Kubernetes
 * and Consul), and public ones that spell an address of it. A name of somebody's own may lead there all the same.
 */
const INNER =
  /(^|\.)(localhost|localdomain|local|internal|intranet|private|corp|home|lan|svc|consul|arpa|test|invalid|onion|nip\.io|sslip\.io|xip\.io|localtest\.me|lvh\.me)$/;
const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/**
 * An address that this installation calls. A hosted one calls it from inside its own network, so there it has to be
 * a public name: an IP address, or a name without a dot, may be a machine of ours (SSRF). `field`: as the body has it.
 */
export function readAddress(text: string, hosted: boolean, field: string): Outcome<URL> {
  const refuse = (message: string) => failed("invalid", message, { details: [{ field, message }] });
  let url: URL;
  try {
    url = new URL(text.trim());
  } catch {
    return refuse("Enter the whole address, such as https://clusterfork.example.");
  }
  const { hostname } = url;
  const loopback = LOOPBACK.test(hostname);
  if (url.protocol !== "https:" && !(url.protocol === "http:" && loopback))
    return refuse(
      "The address has to begin with https://. Plain http is for this machine alone (localhost).",
    );
  if (url.username !== "" || url.password !== "")
    return refuse("Leave name and password out of the address.");
  // The parser has made dotted decimals of every other way to write an IPv4 address.
  const is_address = /^\[|^\d+(\.\d+){3}$/.test(hostname);
  const name = hostname.replace(/\.+$/, "");
  if (hosted && (loopback || is_address || !name.includes(".") || INNER.test(name)))
    return refuse("Enter a public name: this installation sends to no address inside a network.");
  return done(url);
}

/** The origin of a receiver's address. */
export function readOrigin(text: string, hosted: boolean): Outcome<string> {
  const read = readAddress(text, hosted, "forward.url");
  if (!read.ok) return read;
  const { pathname, search, hash, origin } = read.value;
  return pathname === "/" && search === "" && hash === ""
    ? done(origin)
    : refuse("url", `Enter the address alone, without a path: ${origin}.`);
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
