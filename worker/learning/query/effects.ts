/** What lessons do, for the routes. */
export { tellEffects } from "../effect/effects.ts";
export { drawnTasks } from "../effect/known.ts";
