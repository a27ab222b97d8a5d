/**
 * `POST /api/samples`: the sample project, and whoever feeds it.
 *
 *   ensure project ─▶ SAMPLE bound? ─no─▶ a key for `clusterfork simulate`, once
 *                        └─▶ ask its state ─unknown─▶ key ─▶ hand it over ─▶ it runs
 *
 * Each step looks first, so a request that was cut off completes when it is repeated.
 */
import { z } from "zod";
import type { Failure } from "../../schema/wire/error.ts";
import type { Feeding, SampleResponse } from "../../schema/wire/sample.ts";
import type { Person } from "../account/auth.ts";
import { createKeys, revokeKey, type KeyStore } from "../account/keys.ts";
import { ensureSample } from "../account/sample.ts";
import { accessToTeam, isFailure, openKeyStore } from "./access.ts";
import { readJson } from "./body.ts";
import type { HttpContext, Reply } from "./context.ts";
import { nameField } from "./field.ts";

const NEW_SAMPLE = z.strictObject({
  team: z.string({ error: "The team's id is needed; GET /api/teams lists them." }),
  name: nameField("The sample's name").default("Sample team"),
});
const KEY_NAME = "Simulated team";

export async function postSample(c: HttpContext, person: Person): Promise<Reply> {
  const input = await readJson(c, NEW_SAMPLE);
  if (!input.ok) return input.failure;
  const access = await accessToTeam(c, person, input.value.team, "project.create");
  if (isFailure(access)) return access;
  const store = openKeyStore(c);

  const { project, made } = await ensureSample(
    store.database,
    input.value.team,
    input.value.name,
    new Date(),
  );
  const { id, name, slug, sample } = project;
  const newKey = () => createKey(store, id, person.id);
  const fed = await feed(c, store, id, newKey);
  if (isFailure(fed)) return fed;
  const key = fed.feeding === "none" && made ? (await newKey()).secret : null;
  const body: SampleResponse = { project: { id, name, slug, sample }, feeding: fed.feeding, key };
  return Response.json(body, { status: made ? 201 : 200 });
}

async function createKey(store: KeyStore, project_id: string, person_id: string) {
  const wanted = [{ name: KEY_NAME, scopes: ["ingest" as const] }];
  const [made] = await createKeys(store, project_id, wanted, person_id, new Date());
  if (!made) throw new Error("createKeys must return a key for each wanted one");
  return { key_id: made.key.id, secret: made.secret };
}

/** What the feeder of a local server says; it is ours, so its shape is not checked twice. */
interface Fed {
  state: Feeding | "unknown" | "full";
  /** False where somebody else's key is in use already. */
  taken?: boolean;
}

async function feed(
  c: HttpContext,
  store: KeyStore,
  project_id: string,
  newKey: () => Promise<{ key_id: string; secret: string }>,
): Promise<{ feeding: Feeding } | Failure> {
  const feeder = c.env.SAMPLE;
  if (feeder === undefined) return { feeding: "none" };
  const address = `http://sample/${project_id}`;
  let fed = await (await feeder.fetch(address)).json<Fed>();
  if (fed.state === "unknown") {
    const { key_id, secret } = await newKey();
    const body = JSON.stringify({ key: secret });
    fed = await (await feeder.fetch(address, { method: "POST", body })).json<Fed>();
    if (fed.taken !== true) await revokeKey(store, project_id, key_id, new Date());
  }
  if (fed.state === "full") {
    return {
      code: "conflict",
      message:
        "This server feeds as many sample teams as it may. Each ends by itself half a day after it began; until then run `clusterfork simulate` with a key of a project made for it.",
    };
  }
  return { feeding: fed.state === "unknown" ? "none" : fed.state };
}
