/** `/api/teams` and `/api/projects`: what a person can open, and the making and naming of teams and projects. */
import { z } from "zod";
import type { Person } from "../account/auth.ts";
import { openDatabase } from "../account/database.ts";
import { MAX_TEAMS_PER_WINDOW } from "../account/attempts.ts";
import {
  createProject,
  describeTeams,
  hasRoomForProject,
  MAX_PROJECTS_PER_TEAM,
  renameProject,
} from "../account/projects.ts";
import { createTeam, renameTeam } from "../account/teams.ts";
import { accessToTeam, isFailure } from "./access.ts";
import { readJson } from "./body.ts";
import type { HttpContext, ProjectAccess, Reply, TeamAccess } from "./context.ts";
import { nameField } from "./field.ts";
import { refuseAttempt } from "./rate.ts";

export async function getTeams(c: HttpContext, person: Person): Promise<Reply> {
  return Response.json(await describeTeams(openDatabase(c.env.DB), person));
}

/** The same projects as in `/api/teams`, flat, each with its team's id. */
export async function getProjects(c: HttpContext, person: Person): Promise<Reply> {
  const { teams } = await describeTeams(openDatabase(c.env.DB), person);
  const projects = teams.flatMap((team) => team.projects.map((project) => ({ ...project, team: team.id })));
  return Response.json({ projects });
}

const NEW_TEAM = z.strictObject({
  name: nameField("The team's name"),
  project: nameField("The project's name").default("main"),
});

export async function postTeam(c: HttpContext, person: Person): Promise<Reply> {
  const refused = await refuseAttempt(c, "team", MAX_TEAMS_PER_WINDOW, person.id);
  if (refused !== null) return refused;
  const input = await readJson(c, NEW_TEAM);
  if (!input.ok) return input.failure;
  const { name, project } = input.value;
  const made = await createTeam(openDatabase(c.env.DB), person.id, { team: name, project }, new Date());
  return made.ok ? Response.json(made.value, { status: 201 }) : made.failure;
}

const TEAM_RENAMING = z.strictObject({ name: nameField("The team's name") });

export async function patchTeam(c: HttpContext, { team_id }: TeamAccess): Promise<Reply> {
  const input = await readJson(c, TEAM_RENAMING);
  if (!input.ok) return input.failure;
  return Response.json({ team: await renameTeam(openDatabase(c.env.DB), team_id, input.value.name) });
}

const NEW_PROJECT = z.strictObject({
  team: z.string({ error: "The team's id is needed; GET /api/teams lists them." }),
  name: nameField("The project's name"),
});

export async function postProject(c: HttpContext, person: Person): Promise<Reply> {
  const input = await readJson(c, NEW_PROJECT);
  if (!input.ok) return input.failure;
  const { team, name } = input.value;
  const access = await accessToTeam(c, person, team, "project.create");
  if (isFailure(access)) return access;
  const database = openDatabase(c.env.DB);
  if (!(await hasRoomForProject(database, team))) {
    return {
      code: "conflict",
      message: `The team has ${MAX_PROJECTS_PER_TEAM} projects, the most there can be. Make another team for more.`,
    };
  }
  const project = await createProject(database, team, name, new Date());
  return Response.json({ project }, { status: 201 });
}

const RENAMING = z.strictObject({ name: nameField("The project's name") });

export async function patchProject(c: HttpContext, access: ProjectAccess): Promise<Reply> {
  const input = await readJson(c, RENAMING);
  if (!input.ok) return input.failure;
  const project = await renameProject(openDatabase(c.env.DB), access.project_id, input.value.name);
  return Response.json({ project });
}
