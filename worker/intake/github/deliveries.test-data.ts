/** Deliveries in the shapes that GitHub documents, cut to what says something, of a repository that does not exist. */
import type { GitHubDelivery } from "./github.ts";

type Fields = Record<string, unknown>;

/** Stands in every text that must not be stored: bodies, comments, messages of commits. */
export const BODY_CANARY = "BODYCANARY";

const REPOSITORY = {
  id: 186853002,
  name: "hello-world",
  full_name: "octo-org/hello-world",
  private: false,
  owner: { login: "octo-org", id: 1, type: "Organization" },
  default_branch: "main",
};
const user = (login: string, id: number) => ({ login, id, type: "User", site_admin: false });
export const ALICE = user("alice", 11);
export const BOB = user("bob", 12);
const FORK_REPO = 999;

/** Minute of one day. */
export const at = (minute: number) =>
  new Date(Date.UTC(2026, 10, 20, 9, minute)).toISOString().replace(".000", "");
const sha = (n: number) => n.toString(16).padStart(40, "a");

interface PullOptions {
  number?: number;
  branch?: string;
  base?: string;
  body?: string;
  title?: string;
  draft?: boolean;
  fork?: boolean;
  association?: string;
  updated?: number;
  closed?: number;
  merged?: number;
}

export function pull(options: PullOptions = {}): Fields {
  const { number = 12, updated = 0, closed, merged } = options;
  const repo = { id: options.fork === true ? FORK_REPO : REPOSITORY.id, name: "hello-world" };
  return {
    id: 279147437,
    number,
    state: closed === undefined ? "open" : "closed",
    title: options.title ?? "Add a greeting",
    user: ALICE,
    body: `${BODY_CANARY}\r\n${options.body ?? ""}`,
    created_at: at(0),
    updated_at: at(updated),
    closed_at: closed === undefined ? null : at(closed),
    merged_at: merged === undefined ? null : at(merged),
    merge_commit_sha: sha(4),
    draft: options.draft ?? false,
    html_url: `https://github.com/octo-org/hello-world/pull/${number}`,
    author_association: options.association ?? (options.fork === true ? "NONE" : "MEMBER"),
    head: { ref: options.branch ?? "add-greeting/2026/x", sha: sha(1), repo },
    base: { ref: options.base ?? "main", sha: sha(0), repo: { id: REPOSITORY.id, name: "hello-world" } },
  };
}

const wrap = (event: string, action: string, sender: Fields, rest: Fields): GitHubDelivery => ({
  event,
  payload: { action, ...rest, repository: REPOSITORY, sender },
});

export function pullRequest(action: string, options: PullOptions = {}, rest: Fields = {}): GitHubDelivery {
  const details = {
    merged: options.merged !== undefined,
    merged_by: options.merged === undefined ? null : BOB,
  };
  const sizes = { commits: 2, additions: 30, deletions: 4, changed_files: 3 };
  const { number = 12 } = options;
  return wrap("pull_request", action, rest["sender"] === undefined ? ALICE : (rest["sender"] as Fields), {
    number,
    pull_request: { ...pull(options), ...details, ...sizes },
    ...rest,
  });
}

export function review(state: string, id: number, minute: number, options: PullOptions = {}): GitHubDelivery {
  return wrap("pull_request_review", "submitted", BOB, {
    review: {
      id,
      user: BOB,
      body: `${BODY_CANARY} please`,
      commit_id: sha(1),
      submitted_at: at(minute),
      state,
      author_association: "MEMBER",
    },
    pull_request: pull({ ...options, updated: minute }),
  });
}

export function checkRun(
  id: number,
  conclusion: string | null,
  minute: number,
  rest: Fields = {},
): GitHubDelivery {
  const branch = (rest["branch"] as string | undefined) ?? "add-greeting/2026/x";
  const app = { id: 29310, slug: (rest["app"] as string | undefined) ?? "github-actions", name: "CI" };
  const number = rest["number"] === undefined ? 12 : (rest["number"] as number | null);
  const pull_requests =
    number === null
      ? []
      : [
          {
            id: 1,
            number,
            head: { ref: branch, sha: sha(1), repo: { id: REPOSITORY.id } },
            base: { ref: "main" },
          },
        ];
  return wrap("check_run", conclusion === null ? "created" : "completed", ALICE, {
    check_run: {
      id,
      head_sha: sha(1),
      status: conclusion === null ? "queued" : "completed",
      conclusion,
      started_at: at(minute - 2),
      completed_at: conclusion === null ? null : at(minute),
      name: "unit tests",
      output: { title: null, summary: BODY_CANARY, text: BODY_CANARY },
      html_url: `https://github.com/octo-org/hello-world/runs/${id}`,
      check_suite: { id: 5, head_branch: branch, head_sha: sha(1), pull_requests, app },
      app,
      pull_requests,
    },
  });
}

export function workflowRun(
  id: number,
  conclusion: string,
  minute: number,
  rest: Fields = {},
): GitHubDelivery {
  return wrap("workflow_run", "completed", BOB, {
    workflow: { id: 7, name: "CI" },
    workflow_run: {
      id,
      name: "CI",
      head_branch: "main",
      head_sha: sha(4),
      event: "push",
      status: "completed",
      conclusion,
      run_attempt: 1,
      run_started_at: at(minute - 3),
      created_at: at(minute - 3),
      updated_at: at(minute),
      pull_requests: [],
      head_commit: {
        id: sha(4),
        message: `${BODY_CANARY}\n\nClusterfork-Task: TASK-9\n`,
        timestamp: at(minute - 4),
      },
      head_repository: { id: REPOSITORY.id },
      html_url: `https://github.com/octo-org/hello-world/actions/runs/${id}`,
      ...rest,
    },
  });
}

export function push(message: string, rest: Fields = {}): GitHubDelivery {
  const commit = {
    id: sha(7),
    distinct: true,
    message,
    timestamp: "2026-11-20T10:10:00+01:00",
    author: { name: "Alice", email: "alice@example.com", username: "alice" },
  };
  return {
    event: "push",
    payload: {
      ref: "refs/heads/main",
      before: sha(0),
      after: sha(7),
      commits: [commit],
      head_commit: commit,
      pusher: { name: "alice", email: "alice@example.com" },
      repository: REPOSITORY,
      sender: ALICE,
      ...rest,
    },
  };
}

export function issue(action: string, fields: Fields = {}, rest: Fields = {}): GitHubDelivery {
  return wrap("issues", action, BOB, {
    issue: {
      id: 444,
      number: 31,
      title: "The greeting is wrong",
      user: ALICE,
      labels: [],
      state: "open",
      state_reason: null,
      created_at: at(1),
      updated_at: at(1),
      closed_at: null,
      author_association: "CONTRIBUTOR",
      body: `${BODY_CANARY}\nClusterfork-Feature: of-an-outsider`,
      html_url: "https://github.com/octo-org/hello-world/issues/31",
      ...fields,
    },
    ...rest,
  });
}

/** A pull request of its own from the first push to the tests after its merge, an issue, and another one given up. */
export function recordedDeliveries(): GitHubDelivery[] {
  const bug = [{ name: "Bug" }];
  const titled = "Add a warm greeting";
  const given_up = { number: 13, branch: "dependabot/npm/lodash-4.17.21" };
  return [
    pullRequest("opened", { draft: true }),
    pullRequest("ready_for_review", { updated: 2 }),
    pullRequest("review_requested", { updated: 3 }, { requested_reviewer: BOB }),
    checkRun(501, "failure", 5),
    review("changes_requested", 601, 6),
    pullRequest("edited", { updated: 7, title: titled }, { changes: { title: { from: "Add a greeting" } } }),
    pullRequest("synchronize", { updated: 8, title: titled }, { before: sha(1), after: sha(2) }),
    checkRun(502, "success", 10),
    review("approved", 602, 11, { title: titled }),
    pullRequest("closed", { updated: 12, title: titled, closed: 12, merged: 12 }, { sender: BOB }),
    workflowRun(701, "success", 16),
    issue("opened"),
    issue("labeled", { labels: bug, updated_at: at(4) }),
    issue("closed", {
      labels: bug,
      state: "closed",
      state_reason: "completed",
      closed_at: at(13),
      updated_at: at(13),
    }),
    pullRequest("opened", given_up),
    pullRequest("closed", { ...given_up, updated: 20, closed: 20 }),
    push("Fix the docs\n\nClusterfork-Task: TASK-9"),
  ];
}

/** The same, linked to work that somebody else names. */
export function linkedDeliveries(): GitHubDelivery[] {
  const linked = { branch: "add-greeting/TASK-7" };
  return [
    pullRequest("opened", linked),
    checkRun(501, "failure", 5, linked),
    review("changes_requested", 601, 6, linked),
    pullRequest("synchronize", { ...linked, updated: 8 }, { before: sha(1), after: sha(2) }),
    checkRun(502, "success", 10, linked),
    review("approved", 602, 11, linked),
    pullRequest("closed", { ...linked, updated: 12, closed: 12, merged: 12 }, { sender: BOB }),
    review("changes_requested", 603, 14, { ...linked, closed: 12, merged: 12 }),
  ];
}
