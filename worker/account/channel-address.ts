/** Where a project's alerts may be posted: an address that this installation may call, and not its own language model. */
import { modelAddress } from "../../schema/wire/outward.ts";
import type { Env } from "../env.ts";
import { failed, type Outcome } from "./outcome.ts";
import { readAddress } from "./receiver.ts";

/** The way out (scripts/serve/outward.ts) leads to the model even where it is inside, so nobody else may name it. */
export function readChannelAddress(
  text: string,
  hosted: boolean,
  { MODEL_URL }: Pick<Env, "MODEL_URL">,
): Outcome<URL> {
  const address = readAddress(text, hosted, "target");
  if (!address.ok || MODEL_URL === undefined || !URL.canParse(MODEL_URL)) return address;
  const { origin, pathname } = address.value;
  if (`${origin}${pathname}` !== modelAddress(new URL(MODEL_URL))) return address;
  const message = "Enter another address: this is the language model of this installation.";
  return failed("invalid", message, { details: [{ field: "target", message }] });
}
