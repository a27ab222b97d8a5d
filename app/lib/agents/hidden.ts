/** What a share link hides of the figures: left out by the server, so a dash would call it unknown. */
import type { Redaction } from "../../../schema/wire/share.ts";

export type Hides = (metric: { readonly is_cost?: true }) => boolean;

export const hidesOf =
  (shared: { readonly redactions: readonly Redaction[] } | undefined): Hides =>
  ({ is_cost }) =>
    is_cost === true && shared?.redactions.includes("cost") === true;
