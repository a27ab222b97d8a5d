/**
 * Continuous integration.
 *
 * | delivery                                             | event                                   |
 * |------------------------------------------------------|-----------------------------------------|
 * | check_run completed, on a branch of the work         | test_passed, test_failed                |
 * | workflow_run completed, on the default branch        | integration_passed, integration_failed  |
 * | check_run completed, on the default branch, of an app that is not GitHub Actions | the same        |
 *
 * A workflow's jobs are check runs too, so each run is told by one of the two,
 * never by both. What was cancelled, skipped or is neutral says nothing.
 */
import { lineOf, numberIn, objectIn, objectsIn, textIn, timeIn, type Payload } from "../payload.ts";
import { eventOf, ownId, type Delivery, type Link, type Reading } from "./delivery.ts";
import { isLinked, linkOfBranch, trailersIn } from "./link.ts";

const VERDICTS: ReadonlyMap<string, "passed" | "failed"> = new Map([
  ["success", "passed"],
  ["failure", "failed"],
  ["timed_out", "failed"],
  ["startup_failure", "failed"],
]);
/** The app whose check runs are the jobs of workflows. */
const ACTIONS = "github-actions";
const MAX_NAME_CHARS = 300;
const MAX_SHA_CHARS = 64;
const MAX_URL_CHARS = 1_000;

export function readCheckRun(delivery: Delivery): Reading {
  const { body, repository } = delivery;
  const run = objectIn(body, "check_run");
  const id = numberIn(run, "id");
  const ended_ms = timeIn(run, "completed_at");
  if (delivery.action !== "completed") return { ignored: `check_run ${delivery.action ?? ""}`.trim() };
  if (id === null || ended_ms === null) return { refused: "The check run lacks its id or its time." };
  const conclusion = textIn(run, "conclusion", 40) ?? "";
  const verdict = VERDICTS.get(conclusion);
  if (verdict === undefined) return { ignored: `check_run ${conclusion}`.trim() };
  const suite = objectIn(run, "check_suite");
  const branch = textIn(suite, "head_branch", MAX_NAME_CHARS);
  const app = textIn(objectIn(run, "app"), "slug", 100) ?? "ci";
  const in_main = isMain(delivery, branch) && pullsOf(run).length === 0;
  if (in_main && app === ACTIONS) return { ignored: "check_run of a workflow on the default branch" };
  const event = eventOf(delivery, {
    key: `check${id}-${conclusion}`,
    time_ms: ended_ms,
    event_type: `${in_main ? "integration" : "test"}_${verdict}`,
    agent_id: `github:${app}`,
    agent_role: "ci",
    link: in_main ? {} : linkOfRun(delivery, run, branch),
    metadata: {
      name: lineOf(textIn(run, "name"), MAX_NAME_CHARS),
      tool: app,
      evidence: "report",
      commit: textIn(run, "head_sha", MAX_SHA_CHARS),
      branch,
      url: textIn(run, "html_url", MAX_URL_CHARS),
      pull_request: pullsOf(run).map((number) => `${repository.full_name}#${number}`)[0],
    },
    metrics: { duration_ms: between(timeIn(run, "started_at"), ended_ms) },
  });
  return { events: [event] };
}

export function readWorkflowRun(delivery: Delivery): Reading {
  const run = objectIn(delivery.body, "workflow_run");
  const id = numberIn(run, "id");
  const ended_ms = timeIn(run, "updated_at");
  if (delivery.action !== "completed") return { ignored: `workflow_run ${delivery.action ?? ""}`.trim() };
  if (id === null || ended_ms === null) return { refused: "The workflow run lacks its id or its time." };
  const branch = textIn(run, "head_branch", MAX_NAME_CHARS);
  // A fork has a main branch too, which is not ours.
  const source = numberIn(objectIn(run, "head_repository"), "id") ?? delivery.repository.id;
  if (!isMain(delivery, branch) || source !== delivery.repository.id)
    return { ignored: "workflow_run on a branch of the work: its check runs are told" };
  const conclusion = textIn(run, "conclusion", 40) ?? "";
  const verdict = VERDICTS.get(conclusion);
  if (verdict === undefined) return { ignored: `workflow_run ${conclusion}`.trim() };
  const event = eventOf(delivery, {
    key: `run${id}-${numberIn(run, "run_attempt") ?? 1}-${conclusion}`,
    time_ms: ended_ms,
    event_type: `integration_${verdict}`,
    agent_id: `github:${ACTIONS}`,
    agent_role: "ci",
    link: trailersIn(textIn(objectIn(run, "head_commit"), "message")),
    metadata: {
      name: lineOf(textIn(run, "name"), MAX_NAME_CHARS),
      tool: ACTIONS,
      evidence: "report",
      commit: textIn(run, "head_sha", MAX_SHA_CHARS),
      branch,
      url: textIn(run, "html_url", MAX_URL_CHARS),
    },
    metrics: { duration_ms: between(timeIn(run, "run_started_at"), ended_ms) },
  });
  return { events: [event] };
}

function isMain({ repository }: Delivery, branch: string | null): boolean {
  return branch !== null && branch === repository.default_branch;
}

/** Numbers of the pull requests that a run is for; GitHub leaves those of forks out. */
function pullsOf(run: Payload): number[] {
  return objectsIn(run, "pull_requests").flatMap((pull) => {
    const number = numberIn(pull, "number");
    return number !== null && Number.isSafeInteger(number) ? [number] : [];
  });
}

/** By its branch, else by its pull request, which is then a feature of its own. */
function linkOfRun({ context, repository }: Delivery, run: Payload, branch: string | null): Link {
  const pull = objectsIn(run, "pull_requests")[0];
  const head = pull === undefined ? branch : (textIn(objectIn(pull, "head"), "ref") ?? branch);
  const link = linkOfBranch(context.settings, head);
  const number = pullsOf(run)[0];
  if (isLinked(link) || number === undefined) return link;
  return { feature_id: ownId(repository, number) };
}

function between(from_ms: number | null, to_ms: number): number | null {
  return from_ms === null || from_ms > to_ms ? null : to_ms - from_ms;
}
