import { Stop } from "../bootstrap/say.mjs";

export interface BehindProxy {
  bindings: { BASE_URL?: string; CLIENT_ADDRESS_HEADER?: string };
  /** Strangers may be let in: the Worker's requests go to public addresses alone (outward.ts). */
  hosted: boolean;
}

/** What the environment of `npm start` says of the proxy in front; what it means is in worker/env.ts. A typing error stops the start. */
export function behindProxy(environment: Record<string, string | undefined>): BehindProxy {
  const { BASE_URL: origin = "", CLIENT_ADDRESS_HEADER: header = "" } = environment;
  const bindings: BehindProxy["bindings"] = {};
  if (origin !== "") {
    const url = URL.parse(origin);
    if (url === null || !/^https?:$/.test(url.protocol) || url.href !== `${url.origin}/`)
      throw new Stop(
        `BASE_URL=${origin} is no origin: give scheme and host alone, such as https://clusterfork.example.`,
        2,
      );
    bindings.BASE_URL = url.origin;
  }
  if (header !== "") {
    if (!/^[A-Za-z0-9-]{1,64}$/.test(header))
      throw new Stop(`CLIENT_ADDRESS_HEADER=${header} is no name of a header, such as x-real-ip.`, 2);
    bindings.CLIENT_ADDRESS_HEADER = header.toLowerCase();
  }
  return { bindings, hosted: bindings.BASE_URL?.startsWith("https:") ?? false };
}
