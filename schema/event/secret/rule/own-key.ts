/** The service's own keys and share tokens. */
import { TOKEN } from "../character.ts";
import { prefixed, type Rule } from "../rule.ts";

export const OWN_KEY_RULES: readonly Rule[] = [
  prefixed({
    name: "clusterfork",
    finds:
      "Clusterfork keys, share tokens and hook addresses (and Cloudflare's global keys, which share a prefix)",
    prefixes: ["cfk_", "cfs_", "cfh_"],
    body: TOKEN,
    min: 20,
    whole: true,
  }),
];
