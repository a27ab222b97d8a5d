/** The room's own reducer, so that the browser's state is the room's (S2). */
import { apply, createState } from "../../../schema/state/apply.ts";
import { decodeState } from "../../../schema/state/encode.ts";
import type { Fold } from "./fold.ts";

export const projectFold: Fold = { empty: createState, apply, decode: decodeState };
