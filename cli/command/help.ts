/** What the command says of itself. */
export const VERSION = "0.1.0";

const CONNECTION = `Connection (every command):
  --url URL    address of Clusterfork   (else CLUSTERFORK_URL, else what login stored, else http://localhost:8787)
  --key KEY    API key                  (else CLUSTERFORK_KEY, else what login stored)`;

export const HELP: Record<string, string> & { all: string } = {
  all: `clusterfork ${VERSION}: the log, the mirror and the memory for teams of software agents

  clusterfork login                     check an address and a key, and remember them
  clusterfork logout                    forget them
  clusterfork send TYPE --agent ID …    send one event; or JSON / NDJSON with \`send -\`
  clusterfork import FORMAT PATHS…      bring recorded work in: claude-code, gastown, beads, ndjson
  clusterfork tail                      follow the project live

${CONNECTION}

\`clusterfork COMMAND --help\` tells more.`,
  login: `clusterfork login [--url URL] [--key KEY]

Checks that the address answers and knows the key, then stores both in
$XDG_CONFIG_HOME/clusterfork/credentials.json (readable by you alone).
Without --key it asks; what you type is not shown.`,
  logout: `clusterfork logout

Removes the stored address and key. The key itself stays valid until it is
revoked in the dashboard's settings.`,
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
  import: `clusterfork import FORMAT PATHS… [options]

Formats:
  claude-code   transcripts of Claude Code: sessions become tasks, their branches features,
                with model calls, tools, task lists, subagents and test runs
  gastown       Gas Town's ledger (.beads/backup) and feed (.events.jsonl)
  beads         issues.jsonl of Beads: issues become tasks and features with their history
  ndjson        Clusterfork's own events, one per line, such as an export

PATHS are files or folders (for claude-code with all folders below, such as
~/.claude/projects); gzip is recognised by its content; \`-\` reads standard input.
Of transcripts, texts of prompts, answers and files stay where they are; titles cut
short, names of tools, paths, branches, tokens and times are sent. --dry-run shows all of it.
Events go in timestamp order. An import that was cut off continues where it stopped,
and importing the same data again adds nothing.

  --dry-run        print the events as NDJSON and the summary; send nothing
  --batch N        events per request, 1–1000 (default 500)
  --quiet          no progress bar

${CONNECTION}
An ingest key is enough.

Example:
  clusterfork import claude-code ~/.claude/projects`,
  tail: `clusterfork tail [options]

Prints the project's events as they happen. Needs a key with the read scope.

  --lines N        begin with the last N events (default 20)
  --since SEQ      begin after this sequence number instead
  --feature ID, --agent ID, --task ID, --type TYPE     only these
  --json           one stored event as JSON per line
  --no-follow      stop at the end of the log

${CONNECTION}`,
};
