/** The one reducer of the log, as the room uses it. */
export { apply, createState } from "../../schema/state/apply.ts";
export { decodeState, stateText } from "../../schema/state/encode.ts";
