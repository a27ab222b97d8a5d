/** The one reducer (STYLE 3), as the room uses it. */
export { apply, createState, decodeState, encodeState, stateText } from "../../schema/state/stand-in.ts";
