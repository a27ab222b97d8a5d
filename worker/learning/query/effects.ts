/** What became of tasks that lessons were drawn for, for the routes. */
export { drawnTasks, endsOf } from "../effect/known.ts";
