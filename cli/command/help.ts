/** What the command says of itself. */
export const VERSION = "0.1.0";

const CONNECTION = `Connection (every command):
  --url URL    address of Clusterfork   (else CLUSTERFORK_URL, else what login stored, else http://localhost:8787)
  --key KEY    API key                  (else CLUSTERFORK_KEY, else what login stored)`;

export const HELP: Record<string, string> & { all: string } = {
  all: `clusterfork ${VERSION}: the log, the mirror and the memory for teams of software agents

  clusterfork login                     check an address and a key, and remember them
  clusterfork logout                    forget them
  clusterfork connect [NAME]            settings for claude-code, codex or gemini, so that they tell what they do
  clusterfork send TYPE --agent ID …    send one event; or JSON / NDJSON with \`send -\`
  clusterfork import --discover         find what agents have recorded on this computer, and bring it in
  clusterfork import FORMAT PATHS…      recorded work of one tool: claude-code, codex, gemini, beads, …
  clusterfork import FORMAT --watch     follow sessions while they go on
  clusterfork simulate                  a made-up team at work, to look at and to test against
  clusterfork tail                      follow the project live
  clusterfork query [--where …]         questions on the log: filter, group, percentiles, heatmaps
  clusterfork metrics                   how the work goes: each figure with its sample, target and change
  clusterfork agents                    how each agent works, with a verdict in words
  clusterfork alerts                    what somebody should look at; acknowledge, snooze, assign
  clusterfork lessons                   what the team learned; search, add, rate, approve, why, effects
  clusterfork budget                    what may be spent, what was, and when it will be used up
  clusterfork eta [FEATURE]             when features will be done, half and four of five times likely
  clusterfork report FEATURE            how a feature went: grade, time, cost, tasks, what to do next time
  clusterfork sprint start|end          what is to be done until when, and each feature's risk to be late
  clusterfork run -- COMMAND            run a command with the address and the key in its environment
  clusterfork build "REQUEST" -- COMMAND  the same for a feature, following its progress until it is merged
  clusterfork export [--out FILE]       the whole log with its hash chain, as NDJSON
  clusterfork sync FOLDER               the same into a git repository, new events as they come, with signed heads
  clusterfork verify FILE|FOLDER|URL    recompute a chain; names the first bad event

GitHub connects without this command: in the project's settings choose Connect a repository. They show what to
enter at GitHub under Settings, Webhooks: the payload URL, the secret, content type application/json, and the
events Pull requests, Pull request reviews, Check runs, Workflow runs, Pushes and Issues.

${CONNECTION}

\`clusterfork COMMAND --help\` tells more.`,
  login: `clusterfork login [--url URL] [--key KEY]

Checks that the address answers and knows the key, then stores both in
$XDG_CONFIG_HOME/clusterfork/credentials.json (readable by you alone).
Without --key it asks; what you type is not shown.`,
  logout: `clusterfork logout

Removes the stored address and key. The key itself stays valid until it is
revoked in the dashboard's settings.`,
  connect: `clusterfork connect                 what can be connected, and what is
clusterfork connect NAME [options]

NAME: claude-code (hooks and telemetry), codex, gemini (telemetry). Shows the settings ready
to paste, or with --write puts them among what the file says. Hooks carry prompts and results
to the server, which keeps their lengths and hashes, unless the project's settings say otherwise;
telemetry carries none. A server that is slow or down costs a session 2 seconds per hook, no more.

  --write          write them; a second time changes nothing, or puts in a new address or key
  --undo           take out what was written, and only that
  --project        claude-code: .claude/settings.local.json of this folder (default)
  --user           claude-code: ~/.claude/settings.json (or CLAUDE_CONFIG_DIR), for all projects
  --hooks-only     claude-code: without telemetry, where that goes elsewhere. No tokens, no cost

The file as it was is kept beside it as FILE.before-clusterfork. A file with comments, broken
ones, and settings that send elsewhere are left alone, and what to paste is shown. The key
stands in the file, which only you can read then: give one that may send events and no more.

${CONNECTION}`,
  send: `clusterfork send TYPE --agent ID [options]
clusterfork send -            events from standard input: JSON or NDJSON
clusterfork send '{"event_type": …}'     it happens now where it has no timestamp

  --agent ID       who did it (required)
  --role ROLE      coder, reviewer, …
  --task ID        the task it is about
  --feature ID     the feature it is about
  --session ID     the run it belongs to
  --meta K=V       metadata; may be given again. V is JSON where it reads as JSON, else text
  --metric K=N     a number; may be given again
  --id ID          idempotency key: sending the same id twice stores it once
  --timestamp T    RFC 3339; now when absent

${CONNECTION}

Example:
  clusterfork send task_created --agent planner --task TASK-1 --meta title="Add sign-in"`,
  import: `clusterfork import --discover [FORMAT] [options]
clusterfork import FORMAT [PATHS…] [options]
clusterfork import [FORMAT] PATHS… --watch

Formats:
  claude-code   transcripts of Claude Code: sessions become tasks, their branches features,
                with model calls, tools, task lists, subagents and test runs
  codex         rollouts of Codex        (~/.codex/sessions, CODEX_HOME)
  copilot       sessions of Copilot CLI  (~/.copilot/session-state, COPILOT_HOME)
  gemini        chats of Gemini CLI      (~/.gemini/tmp, GEMINI_CLI_HOME)
  opencode      its storage, or what \`opencode export\` prints (~/.local/share/opencode/storage)
  openhands     conversations            (~/.openhands, OPENHANDS_PERSISTENCE_DIR)
  pi            sessions of pi           (~/.pi/agent/sessions, PI_CODING_AGENT_DIR)
  swe-agent     *.traj, also of mini-swe-agent   (./trajectories)
  gastown       Gas Town's ledger (.beads/backup) and feed (.events.jsonl)
  beads         issues.jsonl of Beads: issues become tasks and features with their history
  ndjson        Clusterfork's own events, one per line, such as an export

PATHS are files or folders (for transcripts with all folders below, and without
any PATHS the tool's own folders); gzip is recognised by its content; \`-\` reads standard input.
Of transcripts, texts of prompts, answers and files stay where they are; titles cut
short, names of tools, paths, branches, tokens and times are sent. --dry-run shows all of it.
Events go in timestamp order. An import that was cut off continues where it stopped,
and importing the same data again adds nothing.

  --discover       show what all tools (or FORMAT) keep on this computer, and ask before it is sent
  --yes            do not ask
  --watch          follow transcripts: what is new is sent within seconds, until Ctrl-C.
                   A call is sent when it is complete; what it grows by later is an event of its own
  --dry-run        print the events as NDJSON and the summary; send nothing
  --batch N        events per request, 1–1000 (default 500)
  --quiet          no progress bar

${CONNECTION}
An ingest key is enough.

Examples:
  clusterfork import --discover
  clusterfork import claude-code --watch`,
  simulate: `clusterfork simulate [options]

A made-up team of agents at work: a user's requests, scout, architects, coders,
reviewers, QA, a merge queue, and what goes wrong. It sends what any sender
may. The same options give the same events, byte for byte, and sending them
again adds nothing.

  --seed N         which run (default 1)
  --features N     requests of the user, or \`endless\` (default 20)
  --coders N       1–26 (default 4)
  --start T        RFC 3339, now, now-2h (default 2026-01-05T09:00:00Z). The team's own
                   clock shows 09:00 then: another start shifts every event alike
  --until T        stop there: RFC 3339, now, or +8h from the start
  --no-nights      work around the clock; else idle from 22:00 to 07:00
  --plant NAME[=VALUE]   plant a truth to be found; may be given again
  --plants         list them
  --truths FILE    write where each planted truth took effect, as NDJSON

  --speed S        max (default); live: each event when its time has come, the past at
                   once; or how many times as fast as real time: 1, 60
  --rate N         at most N events per second
  --batch N        events per request, 1–1000 (default 500)
  --dry-run        print the events as NDJSON; send nothing (the same as --out -)
  --out FILE       write them to a file instead
  --quiet          no progress line

Ctrl-C ends it; what is in hand is still sent.

${CONNECTION}
An ingest key is enough. Use a project made for it: the events are not real work.

Examples:
  clusterfork simulate --start now-3h --speed live --features endless
  clusterfork simulate --seed 7 --features 20 --plant coder-tokens=15 --dry-run`,
  export: `clusterfork export [--since SEQ] [--out FILE]

Writes the log as NDJSON: every event byte for byte as it is stored, with the
salts, leaves and heads of its hash chain. The chain is checked on the way, and
FILE appears only when it is whole. Needs a key with the read scope.

  --since SEQ      begin after this sequence number (at the commit that holds the next one)
  --out FILE       a file instead of standard output

The last line printed names the head, SEQ:HASH, and the public key under which the
server signed it. Keep either somewhere else (in git, say): \`clusterfork verify\`
with --head or --public-key then also finds a log that was rewritten as a whole.

${CONNECTION}`,
  sync: `clusterfork sync FOLDER [options]

Appends the events that FOLDER does not have yet as JSONL, with their hash chain and
the server's signature under its head (Ed25519), and commits them to the git repository
that FOLDER lies in. It only ever adds lines, touches and commits no other paths, and
may be cut off and run again at any time. Needs git and a key with the read scope.

  events/PROJECT/DAY.WRITER.jsonl     commits with their events, by day of arrival
  events/PROJECT/heads.WRITER.jsonl   the signed head of each sync
  events/PROJECT/clusterfork.json     the server's public key, pinned on first use

WRITER is this clone: several clones may sync the same project and merge without a
conflict. A server that lost events, shows another log or signs with another key is
refused, and nothing is written. Events that are forgotten on the server later stay
in the copy and in git's history.

  --push             \`git push\` afterwards
  --no-commit        write the files only; the next sync commits them
  --trust-key HEX    trust this public key as well: the one you expect on first use,
                     or the new one after the server's KEY_SECRET was changed

${CONNECTION}

Example, every hour from cron:
  0 * * * * cd ~/chain && clusterfork sync . --push`,
  verify: `clusterfork verify FILE [options]
clusterfork verify FOLDER [options]
clusterfork verify URL [--key KEY] [options]

Recomputes a hash chain: of an export in FILE, of all that \`sync\` keeps in FOLDER,
or of the log of the server at URL. An edit, a deletion, a reorder or a cut tail is
reported with the first sequence number that is not proven to be as it was stored.
Events that were forgotten on purpose verify by their leaf, and a later event
names them; any other blank is a break.

A FOLDER is checked by its lines and its signed heads, and then compared with the server
where a key for its project is at hand (--key, CLUSTERFORK_KEY or login).

  --head SEQ:HASH    a head noted earlier, which the chain must pass through
  --public-key HEX   the key that must have signed, instead of the one pinned in FOLDER;
                     may be given again
  --offline          of a FOLDER: do not ask the server

Exit codes: 0 whole; 1 broken, or not to be read; 2 the command line is wrong;
3 the FOLDER is whole in itself, but the server could not be asked.

${CONNECTION}`,
  metrics: `clusterfork metrics [options]

Every metric of the project: value, how many things it rests on (n), target, status, change against
the time before, and how many were left out, with the reason. What nobody knows is "unknown", never 0.
Needs a key with the read scope.

  --window W       1h, 24h (default), 7d, 30d or all
  --from T, --to T instead: a duration before now (36h, 7d), RFC 3339, or ms since 1970
  --by WHAT        a row for each feature, role, agent, model, kind or complexity
  --feature ID, --role ROLE, --agent ID, --model NAME, --kind KIND, --complexity C     only of these
  --metric NAME    only this one; may be given again. A beginning that one alone has will do: efficiency
  --source S       live (default), or history: the archive, where the live state is too short
  --no-sparkline   without the last 24 hours as a line, which is shown on a terminal only
  --json           the answer as the server gives it

\`--metric cost\` alone prints the money, in total and by role (or --by), of all time unless a time is given.
An amount alone was reported by the senders; what was priced here is said, and so are calls without a price.
Of a feature it is what calls of it cost, and a part of its agents' calls that name no feature, by the tasks
that they held then; how much of it is shared is said.

Examples:
  clusterfork metrics --window 7d --by agent --metric throughput
  clusterfork metrics --feature add-auth --metric cost

${CONNECTION}`,
  agents: `clusterfork agents [options]

Each agent that did something: tasks closed, metrics with what they rest on, and a verdict in words
beside the other agents shown. Whoever failed three tasks in a row, or missed a target in three windows
on end with enough behind each, is named with "Performance Improvement Plan required" and why.
Needs a key with the read scope.

  --role ROLE      only agents of this role; they are then compared with each other
  --metric NAME    this one instead of throughput, reviewer pass rate and tokens per task; may be
                   given again. A beginning that one alone has will do: efficiency
  --window W       1h, 24h (default), 7d, 30d or all (without windows before it to look at)
  --json           what it rests on: rows, the windows before, tasks

Example:
  clusterfork agents --role coder --metric efficiency

${CONNECTION}`,
  alerts: `clusterfork alerts [--status STATUS] [--json]
clusterfork alerts ack ID
clusterfork alerts snooze ID [--minutes N]
clusterfork alerts assign ID [NAME]

Shows what is open: what happened, since when, and what to do next. Acting on an alert needs a key of
scope admin. Alerts are cleared by themselves when what they are about is over.

  --status STATUS   open, acknowledged, snoozed, cleared, or several joined by commas
                    (default: all but cleared)
  --minutes N       how long nobody is told of it (default 60, at most 30 days; 0 ends the silence)
  --json            the server's answer as it is

Without a NAME an alert is nobody's again.

${CONNECTION}`,
  lessons: `clusterfork lessons [--status S] [--category C] [--tags T,T] [--json]
clusterfork lessons search WORDS [--k N] [--task ID]
clusterfork lessons context TASK           what to know before it, ready to paste
clusterfork lessons why ID                 who said it, on what evidence, and what it did
clusterfork lessons effects                what each one did, with bounds, by the tasks without it
clusterfork lessons add HEADLINE [--explanation TEXT] [--context TEXT] [--category C] [--tags T,T]
                    [--importance 1-10] [--scope project|team] [--task ID] [--agent ID]
clusterfork lessons rate ID helpful|harmful [--comment TEXT] [--task ID] [--agent ID]
clusterfork lessons approve ID [--scope team] [--reason TEXT]
clusterfork lessons quarantine|retire ID [--reason TEXT]
clusterfork lessons quarantine-key KEY-ID [--reason TEXT]    all that a key taught
clusterfork lessons purge KEY-ID [--reason TEXT]             the same, for good
clusterfork lessons reindex                                  makes the vectors that are missing

Reading needs a key of scope read, adding and rating one of scope ingest, the rest one of scope admin.
A lesson is known a moment after it was said. One whose text looks like a prompt injection is given to
nobody until somebody approves it. For context some lessons are held back by chance, to measure what they do.

  --status S     proposed, active, quarantined, retired, or several joined by commas
  --category C   architecture, pattern, pitfall or optimization
  --json         the server's answer as it is

${CONNECTION}`,
  budget: `clusterfork budget [--json]
clusterfork budget set [options]
clusterfork budget set --id ID [options]
clusterfork budget remove ID

Shows the project's budgets: used, reserved, limit, and about when each will be used up, from the
rates of the last seven days and of today. Setting and removing needs a key of scope admin.

  --usd N, --tokens N        the limit, in US dollars or in tokens
  --feature ID, --agent ID, --role ROLE   whose budget it is; else the whole project's
  --lifetime                 for good; else for each month of UTC
  --hard, --soft             refuse reservations when it is used up, or only tell (default)
  --title TEXT               what people call it
  --id ID                    change a budget: limit, title, --hard or --soft
  --json                     what the server answers

Half, 80 % and all of a budget are told of by events; at the end the Board is asked. Agents ask
before a call by POST /v1/budgets/reserve or the SDK's budget.reserve().

${CONNECTION}

Example:
  clusterfork budget set --feature add-auth --usd 5 --hard`,
  run: `clusterfork run [options] -- COMMAND [ARGUMENTS…]

Runs COMMAND with CLUSTERFORK_URL and CLUSTERFORK_KEY in its environment, passes
signals on to it, and ends with its exit code (128 + n after signal n).

${CONNECTION}`,
  build: `clusterfork build "REQUEST" [options] [-- COMMAND [ARGUMENTS…]]

Sends feature_requested, runs COMMAND with CLUSTERFORK_URL, CLUSTERFORK_KEY,
CLUSTERFORK_FEATURE (the feature's id) and CLUSTERFORK_REQUEST in its environment,
and prints what happens to the feature until it is merged, completed or abandoned,
or until COMMAND ends. Ends with COMMAND's exit code, or 1 where the feature was
abandoned. The key needs the scopes ingest and, to show progress, read.

Without \`-- COMMAND\` the command comes from CLUSTERFORK_BUILD_COMMAND, else from
"build" in ./clusterfork.json: ["program", "argument", …], or a line for the shell.

  --feature ID     instead of an id made of the request
  --as NAME        who asks (default: the user's name)

${CONNECTION}`,
  eta: `clusterfork eta [FEATURE] [--json]

Shows when the open features will be done: by the first moment with even odds, by the second in four
of five cases, drawn from what finished tasks took, with the agents that are at work now. With FEATURE
also its critical path and cost. A key with scope \`read\` will do. Times are UTC.

While a sprint is going on (\`clusterfork sprint\`) it comes first: all of it, and each of its features
with the risk to be late, the share of imagined futures that end after the sprint's end: below 10%
negligible, from there low, from 20% medium, from 50% high.

${CONNECTION}`,
  report: `clusterfork report FEATURE [--json | --markdown]

Shows how a feature went: its grade with the sum behind it, duration, cost and tokens against what was
foretold or is usual, its tasks with where their time went, quality, insights, what to do next time, and
what was learned. Unknown is called so. A key with scope \`read\` will do.

  --markdown       the report as Markdown
  --json           the report as the server gives it

${CONNECTION}`,
  sprint: `clusterfork sprint start [TITLE] [options]
clusterfork sprint end [--id ID]

Starts a sprint, or changes it: the same TITLE or ID is the same sprint, and what is named anew counts.
Each feature of it then has a risk, P(finish after the sprint's end), in \`clusterfork eta\`, in the
dashboard and in GET /v1/forecast. It goes on until it is ended or another one starts. A key with scope
\`ingest\` will do.

  --until T        when it is to end: RFC 3339, or from now: 36h, 5d
  --feature ID     what is to be done in it; may be given again. Without any: all open features
  --goal TEXT      what it is for, in a sentence
  --id ID          instead of one made of the title
  --as NAME        who says so (default: the user's name)

${CONNECTION}

Example:
  clusterfork sprint start "Sprint 7" --until 5d --feature add-auth --feature csv-export`,
  query: `clusterfork query [options]

A question on the log, answered as a table. Needs a key with the read scope.

  --where FILTER    field=value; also != < <= > >= ~ (contains) ^= (begins with), "field in a,b",
                    field (has it), !field (lacks it); may be given again. Quote what holds < or >
  --group-by FIELD  event_type, agent_id, task_id, metadata.model, …; up to three
  --calc CALC       count, or sum: avg: min: max: p50: p95: p99: with a field; may be given again
  --from T, --to T  a duration before now (24h, 7d), RFC 3339, or ms since 1970
  --order CALC      or key; -CALC for the largest first (write --order=-CALC)
  --limit N         groups shown (default 50)
  --step DURATION   a series per group, in steps such as 5m or 1h
  --heatmap FIELD   its numbers over time (--scale linear instead of log)
  --select FILTER   instead of a table: what these events have in common that the others do not
  --fields          which fields there are
  --json            the answer as the server gives it

Examples:
  clusterfork query --where event_type=tokens_used --group-by metadata.model --calc p95:metrics.duration_ms --from 24h
  clusterfork query --where event_type=tokens_used --select "metrics.duration_ms>60000"

${CONNECTION}`,
  tail: `clusterfork tail [options]

Prints the project's events as they happen. Needs a key with the read scope.

  --lines N        begin with the last N events (default 20)
  --since SEQ      begin after this sequence number instead
  --feature ID, --agent ID, --task ID, --type TYPE     only these
  --json           one stored event as JSON per line
  --no-follow      stop at the end of the log

${CONNECTION}`,
};
