/**
 * Forty lessons, and for each a question as somebody would put it who does not know the lesson's words: most share no
 * stem with it. Authored, and fixed before any embedder was measured on them: they are changed for no embedder's sake.
 */
import type { Task } from "./task.ts";

const PAIRS: [lesson: string, question: string][] = [
  [
    "Retry network calls with exponential backoff and jitter. Immediate retries from all workers hammered the service just as it recovered.",
    "the server is overwhelmed because every client reconnects at the same instant",
  ],
  [
    "Run database migrations inside a transaction. A half applied migration left the orders table without its index and needed manual repair.",
    "schema change failed midway and the tables are in an inconsistent state",
  ],
  [
    "Mock the clock in tests that check expiry. Sleeping for real made the suite flaky on busy runners.",
    "unit spec passes locally but sometimes breaks in CI because of timing",
  ],
  [
    "Rebase before opening a pull request when several agents touch the same file; late merges produced conflicts in the router every time.",
    "two developers edited one module at once and git could not combine the changes",
  ],
  [
    "Store secrets in the vault and never in environment files. A token committed to the repository had to be rotated across all clusters.",
    "credentials leaked into source control",
  ],
  [
    "Add an index on foreign key columns that are filtered often. The dashboard query scanned two million rows.",
    "page loads slowly because the SQL lookup reads the whole table",
  ],
  [
    "Close file handles in a finally block. The importer ran out of descriptors after a thousand uploads.",
    "too many open files error in a long running process",
  ],
  [
    "Validate user input at the boundary with a schema. A missing field reached the billing code and crashed it.",
    "malformed request body causes an exception deep inside the application",
  ],
  [
    "Use cursor based pagination for lists that change. Offsets skipped records while items were being inserted.",
    "next page omits or repeats entries when new data arrives",
  ],
  [
    "Debounce the search box by 300 ms. Each keystroke fired a request and the answers came back out of order.",
    "typing quickly shows stale results in the autocomplete dropdown",
  ],
  [
    "Pin dependency versions in the lockfile. A minor release of the parser broke the nightly build without any commit of ours.",
    "package upgrade suddenly made compilation fail though nobody touched the code",
  ],
  [
    "Invalidate the cache when the profile is written, not by timeout alone. People saw their old avatar for an hour.",
    "outdated picture displayed after a user updates account settings",
  ],
  [
    "Wrap long running jobs in a heartbeat so that the scheduler can tell a slow worker from a dead one.",
    "how to detect that a background process has hung or died",
  ],
  [
    "Stream large exports instead of building them in memory. The CSV of one customer exhausted the heap.",
    "process killed with out of memory when downloading a huge report",
  ],
  [
    "Give every button an accessible label. Icon only controls were silent to screen readers.",
    "blind users cannot tell what a clickable image does",
  ],
  [
    "Normalise line endings with gitattributes. Windows checkouts rewrote every file and hid the real change in the review.",
    "diff displays whole files modified due to carriage returns",
  ],
  [
    "Make webhook handlers idempotent by remembering the delivery id. The payment provider sends the same notification twice.",
    "duplicate callbacks charge the customer again",
  ],
  [
    "Compute money in integer cents. Floating point sums were off by a penny on invoices with many lines.",
    "rounding mistakes in currency totals",
  ],
  [
    "Convert timestamps to UTC at the edge and format them only for display. Daylight saving shifted the booking calendar.",
    "appointment appears one hour wrong for people in another time zone",
  ],
  [
    "Split the monolithic test file; the runner parallelises by file and one took nine minutes alone.",
    "speed up continuous integration by spreading specs over several cores",
  ],
  [
    "Prefer feature flags over long lived branches. The redesign drifted three months from main and was painful to integrate.",
    "roll out unfinished functionality gradually without diverging from trunk",
  ],
  [
    "Escape template variables before rendering. A comment with a script element ran in the admin console.",
    "prevent cross site scripting from text typed by visitors",
  ],
  [
    "Take row locks in a fixed order. Two transfers in opposite directions waited for each other until the database killed one.",
    "transactions deadlock when they update accounts simultaneously",
  ],
  [
    "Limit the context handed to an agent to the files it needs. Long prompts filled the window and the answer forgot the instructions.",
    "language model ignores directions because there is too much input",
  ],
  [
    "Ask for clarification before coding when acceptance criteria are missing. Guessing cost three review rounds.",
    "requirements are ambiguous and the implementer assumed the wrong behaviour",
  ],
  [
    "Log a correlation id with each message so that one request can be followed across services.",
    "trace a single call through a distributed system",
  ],
  [
    "Set a timeout on every outbound HTTP call. A hanging partner API blocked all threads of the pool.",
    "remote endpoint never responds and our app freezes",
  ],
  [
    "Keep docker layers small by copying the manifest before the sources. Every code change reinstalled all packages.",
    "container image builds are slow since nothing is reused from the previous run",
  ],
  [
    "Use optimistic concurrency with a version column. The second save silently overwrote the first editor's work.",
    "changes lost when two people modify the same document",
  ],
  [
    "Let reviewers see small diffs under 300 lines. Big ones were approved unread and bugs slipped through.",
    "large merge requests hide defects from whoever inspects them",
  ],
  [
    "Sanitise file names on upload. A name with dots and slashes wrote outside the storage folder.",
    "path traversal vulnerability when saving attachments",
  ],
  [
    "Load images lazily below the fold. The landing page fetched eight megabytes before the first paint.",
    "website takes forever to render on mobile because of heavy media",
  ],
  [
    "Use a read replica for analytics. Monthly aggregates starved the checkout of connections.",
    "reporting workload degrades the performance of production traffic",
  ],
  [
    "Remove listeners when a component unmounts. Old subscriptions kept views alive and memory grew with each navigation.",
    "browser tab leaks RAM over time in a single page application",
  ],
  [
    "Write the failing test first for every bug. Two fixes regressed within a week because nothing guarded them.",
    "the same defect came back after being repaired",
  ],
  [
    "Back up before destructive commands and try the restore. The dump had been empty for a month.",
    "verify that disaster recovery copies can actually be used",
  ],
  [
    "Batch inserts in chunks of one thousand rows. Row by row writing took forty minutes.",
    "bulk import of records into storage is too slow",
  ],
  [
    "Hash passwords with argon2 and a salt. The old MD5 digests were cracked within minutes after the breach.",
    "safe way to keep login credentials so attackers cannot reverse them",
  ],
  [
    "Drain in flight requests on SIGTERM before exit. Each deploy dropped a handful of orders.",
    "graceful shutdown so that users see no errors during a release",
  ],
  [
    "Document the public API with examples that are executed. The README snippet called a method renamed a year ago.",
    "sample code in the manual is outdated and does not work any more",
  ],
];

export const PARAPHRASES: Task = {
  name: "paraphrases",
  documents: PAIRS.map(([text], n) => ({ id: `lesson-${n}`, text })),
  questions: PAIRS.map(([, text], n) => ({ id: `question-${n}`, text, relevant: [`lesson-${n}`] })),
};

/** The same questions, with the lessons among other texts. */
export function among(others: Task, many: number): Task {
  const documents = [...PARAPHRASES.documents, ...others.documents].slice(0, many);
  return { ...PARAPHRASES, name: `paraphrases among ${documents.length}`, documents };
}
