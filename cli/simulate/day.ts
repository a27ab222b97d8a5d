/** The team's mornings and nights. */
import type { Process } from "./engine.ts";
import type { Agent, Team } from "./people.ts";
import { emit, type World } from "./world.ts";

/** Between the starts of two agents: a machine that starts one after the other. */
const STAGGER_MS = 700;

export function agentsOf(team: Team): Agent[] {
  return [
    ...team.scouts,
    ...team.architects,
    ...team.coders,
    ...team.reviewers,
    ...team.qa,
    team.merge_queue,
  ];
}

export function* startAgents(world: World): Process {
  for (const agent of agentsOf(world.team)) {
    emit(
      world,
      "agent_initialized",
      agent,
      {},
      {
        role: agent.role,
        runtime: "clusterfork-simulate",
        ...(agent.model === null ? {} : { model: agent.model.name, provider: agent.model.provider }),
      },
    );
    yield STAGGER_MS;
  }
}

/** Every night, until the run is over. */
export function* keepNights(world: World, isOver: () => boolean): Process {
  for (;;) {
    const night = world.calendar.nextNight(world.engine.now_ms);
    if (night === null) return;
    yield night.from_ms - world.engine.now_ms;
    if (isOver()) return;
    for (const agent of agentsOf(world.team)) emit(world, "agent_idle", agent, {}, { reason: "night" });
    yield night.to_ms - world.engine.now_ms;
    if (isOver()) return;
    yield* startAgents(world);
  }
}
