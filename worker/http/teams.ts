/** `/api/teams` and `/api/projects`: what a person can open, and the making and naming of projects. */
import { z } from "zod";
import type { Person } from "../account/auth.ts";
import { openDatabase } from "../account/database.ts";
import { findTeamRole } from "../account/membership.ts";
import { createProject, describeTeams, renameProject } from "../account/projects.ts";
import { refuseRole } from "./access.ts";
import { readJson } from "./body.ts";
import type { HttpContext, ProjectAccess, Reply } from "./context.ts";
import { nameField } from "./field.ts";

export async function getTeams(c: HttpContext, person: Person): Promise<Reply> {
  return Response.json(await describeTeams(openDatabase(c.env.DB), person));
}

/** The same projects as in `/api/teams`, flat, each with its team's id. */
export async function getProjects(c: HttpContext, person: Person): Promise<Reply> {
  const { teams } = await describeTeams(openDatabase(c.env.DB), person);
  const projects = teams.flatMap((team) => team.projects.map((project) => ({ ...project, team: team.id })));
  return Response.json({ projects });
}

const NEW_PROJECT = z.strictObject({
  team: z.string({ error: "The team's id is needed; GET /api/teams lists them." }),
  name: nameField("The project's name"),
});

export async function postProject(c: HttpContext, person: Person): Promise<Reply> {
  const input = await readJson(c, NEW_PROJECT);
  if (!input.ok) return input.failure;
  const { team, name } = input.value;
  const database = openDatabase(c.env.DB);
  const role = await findTeamRole(database, person.id, team);
  if (role === null) {
    return { code: "not_found", message: "You are in no such team. GET /api/teams lists yours." };
  }
  const refused = refuseRole(role, "project.create");
  if (refused !== null) return refused;
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
