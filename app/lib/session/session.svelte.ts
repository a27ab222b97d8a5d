/**
 * Who is looking, and what is theirs. One instance, made by the root layout's
 * load and handed down by context; every page reads the same one.
 *
 *   GET /api/auth/get-session ─▶ null ─▶ signed_out
 *        └─▶ user ─▶ GET /api/teams ─▶ signed_in { user, teams } │ unreachable
 */
import type { Api, SignUp } from "#lib/api/api.ts";
import type { ApiFailure, Result } from "#lib/api/failure.ts";
import type { ProjectRef, SignupResponse, TeamRef, TeamsResponse } from "../../../schema/wire/http.ts";
import type { Role } from "../../../schema/wire/permission.ts";
import type { SampleResponse } from "../../../schema/wire/sample.ts";
import { noteSignedIn } from "./early.ts";
import { FreshKeys } from "./fresh-keys.ts";

export type Team = TeamsResponse["teams"][number];
export type Project = Team["projects"][number];

export type SessionState =
  | { kind: "signed_out" }
  /** The server gave no usable answer; nothing is known about the reader. */
  | { kind: "unreachable"; failure: ApiFailure }
  | { kind: "signed_in"; user: TeamsResponse["user"]; teams: Team[] };

export class Session {
  readonly fresh_keys = new FreshKeys();
  #api: Api;
  #state = $state.raw<SessionState>({ kind: "signed_out" });

  constructor(api: Api) {
    this.#api = api;
  }

  get state(): SessionState {
    return this.#state;
  }
  get teams(): Team[] {
    return this.#state.kind === "signed_in" ? this.#state.teams : [];
  }

  async refresh(): Promise<void> {
    // Asked first, because to a stranger /api/teams is an error, and every error stands in the console.
    const person = await this.#api.person();
    if (person.ok && person.value === null) return this.#become({ kind: "signed_out" });
    const result = person.ok ? await this.#api.teams() : person;
    if (result.ok) this.#become({ kind: "signed_in", ...result.value });
    else if (result.failure.kind === "refused" && result.failure.code === "unauthenticated")
      this.#become({ kind: "signed_out" });
    else this.#become({ kind: "unreachable", failure: result.failure });
  }

  #become(state: SessionState): void {
    this.#state = state;
    // What cannot be asked now is no news.
    if (state.kind !== "unreachable") noteSignedIn(state.kind === "signed_in");
  }

  async signUp(form: SignUp): Promise<Result<SignupResponse>> {
    const result = await this.#api.signUp(form);
    if (!result.ok) return result;
    this.fresh_keys.keep(result.value.project.id, result.value.keys, Date.now());
    await this.refresh();
    return result;
  }

  signIn(email: string, password: string): Promise<Result<unknown>> {
    return this.#refreshing(this.#api.signIn({ email, password }));
  }

  async signOut(): Promise<Result<unknown>> {
    const result = await this.#api.signOut();
    if (result.ok) {
      this.fresh_keys.forgetAll();
      this.#become({ kind: "signed_out" });
    }
    return result;
  }

  createTeam(name: string) {
    return this.#refreshing(this.#api.createTeam(name));
  }

  changeRole(team_id: string, user_id: string, role: Role) {
    return this.#refreshing(this.#api.changeRole(team_id, user_id, role));
  }

  leaveTeam(team_id: string) {
    return this.#refreshing(this.#api.leaveTeam(team_id));
  }

  transferTeam(team_id: string, user_id: string) {
    return this.#refreshing(this.#api.transferTeam(team_id, user_id));
  }

  acceptInvitation(token: string) {
    return this.#refreshing(this.#api.acceptInvitation(token));
  }

  signUpInvited(form: { token: string; email: string; password: string; name?: string }) {
    return this.#refreshing(this.#api.signUpInvited(form));
  }

  /** What changes who is signed in, the teams and projects, or what one may in them: all is looked at anew when it was done. */
  async #refreshing<T>(call: Promise<Result<T>>): Promise<Result<T>> {
    const result = await call;
    if (result.ok) await this.refresh();
    return result;
  }

  createProject(team: TeamRef, name: string): Promise<Result<{ project: ProjectRef }>> {
    return this.#refreshing(this.#api.createProject({ team: team.id, name }));
  }

  /** The team's sample project, made where there is none. */
  async createSample(team: TeamRef): Promise<Result<SampleResponse>> {
    const result = await this.#api.createSample(team.id);
    if (!result.ok) return result;
    const { project, key } = result.value;
    if (key !== null) this.fresh_keys.keep(project.id, { ingest: key }, Date.now());
    await this.refresh();
    return result;
  }

  renameProject(id: string, name: string): Promise<Result<{ project: ProjectRef }>> {
    return this.#refreshing(this.#api.renameProject(id, name));
  }

  /** By slugs, as they stand in the address. */
  find(team_slug: string, project_slug: string): { team: Team; project: Project } | undefined {
    const team = this.teams.find((each) => each.slug === team_slug);
    const project = team?.projects.find((each) => each.slug === project_slug);
    return team === undefined || project === undefined ? undefined : { team, project };
  }
}
