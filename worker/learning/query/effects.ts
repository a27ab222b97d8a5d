/** What lessons do, for the routes. */
export { tellEffects } from "../effect/effects.ts";
