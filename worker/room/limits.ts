/** Every limit of the room: name, unit, reason. */
/** One log row. SQLite in a Durable Object refuses values over 2 MB; half of it leaves room for salts and leaves. */
export const MAX_ROW_BYTES = 1_000_000;
/** One part of a stored snapshot, for the same reason. */
export const MAX_SNAPSHOT_PART_BYTES = 1_000_000;
/** Events between two snapshots: the longest tail that a wake-up folds (about 50 ms). */
export const SNAPSHOT_EVERY_EVENTS = 5_000;
/** Pause before failed background work is tried again: a full disk is not hammered, and the tail stays short. */
export const RETRY_MS = 10_000;

/**
 * Events between two checkpoints. `state?at=` folds at most twice as many, in
 * the Worker that asks: some 200 ms. Compressing a large state costs the room
 * some 50 ms, so it is not done with every snapshot.
 */
export const CHECKPOINT_EVERY_EVENTS = 10_000;
/**
 * Checkpoints kept. Beyond it the two closest gaps are joined, so that no gap
 * is over 2 · seq / MAX_CHECKPOINTS events: none is joined before 2.5 M events.
 */
export const MAX_CHECKPOINTS = 256;
/** Compressed bytes of all checkpoints: 1 % of what a Durable Object may store. Beyond it gaps are joined too. */
export const MAX_CHECKPOINTS_BYTES = 100 * 1024 * 1024;
/** Compressed bytes of one checkpoint: an RPC reply may be 32 MiB. A larger state has none and is folded from before. */
export const MAX_CHECKPOINT_BYTES = 24 * 1024 * 1024;

/** Events of one row of the timeline: at most 9 bytes each, far below SQLite's 2 MB per value. */
export const MAX_BLOCK_EVENTS = 5_000;
/** Buckets of one timeline: no slider has more pixels. */
export const MAX_TIMELINE_BUCKETS = 1_000;

/** Bytes of columns in one page: some milliseconds to read and to send, so that appends go on between pages. */
export const MAX_COLUMNS_PAGE_BYTES = 512 * 1024;
/** Segments of one page: 32 of one column are as many lookups as a page of the log has rows. */
export const MAX_COLUMNS_PAGE_SEGMENTS = 32;
/** Fields of one reading: a question asks for a few, a comparison for what is worth comparing. */
export const MAX_COLUMNS_PAGE_FIELDS = 96;
/** Names of fields that are listed: each is one step in an index, some 10 µs. */
export const MAX_FIELD_NAMES = 2_000;

/** How long an alarm waits for a background job before it lets it go on by itself: the alarm also serves viewers. */
export const JOB_PATIENCE_MS = 1_000;

/** How long an event may wait for its copy in the archive: each copy costs some rows, however little is in it. */
export const DRAIN_DELAY_MS = 60_000;
/** Events that are copied at once, without waiting. */
export const DRAIN_EVENTS = 4_000;
/** Bytes of one copy: gzip adds next to nothing to what it cannot compress, and D1 takes values of 2 MB. */
export const DRAIN_BYTES = 1_900_000;
/** How long one copy may take before it counts as failed. It may still arrive: doing it twice does no harm. */
export const DRAIN_TIMEOUT_MS = 30_000;
/** Copies of one run: each is some eight calls to D1, and one alarm may make 1,000. */
export const MAX_DRAIN_STEPS = 100;
/** The longest pause after repeated failures: an archive that is back is noticed within it. */
export const MAX_DRAIN_PAUSE_MS = 300_000;

/** How often the archive is looked at for hours to forward: they settle by the hour. */
export const FORWARD_EVERY_MS = 3_600_000;
/** Reports of one request: at most 4 KiB each, and a receiver takes 1 MiB. */
export const FORWARD_HOURS = 200;
/** How long one step of forwarding may take before it counts as failed: longer than the receiver is waited for. */
export const FORWARD_TIMEOUT_MS = 30_000;
/** The longest pause after repeated failures: a receiver may be away for days, and then nobody hammers it. */
export const MAX_FORWARD_PAUSE_MS = 3_600_000;

/** How long the telling of a budget's threshold may take before it counts as failed: one append. */
export const BUDGET_TIMEOUT_MS = 10_000;
/** The longest pause after repeated failures: whoever waits to hear of a budget should within minutes. */
export const MAX_BUDGET_PAUSE_MS = 300_000;

/**
 * Events of one slice of a walk over the chain, at least one log row: some 10 ms, the longest that
 * appends wait for it.
 */
export const AUDIT_SLICE_EVENTS = 1_000;
/** Bytes of one slice, for the same reason, when events are large. */
export const AUDIT_SLICE_BYTES = 1_000_000;
/** Commits, or runs of ids, of one slice: their ids are only counted, under 10 ms. */
export const AUDIT_SLICE_COMMITS = 500;
/** Events a night whose ids are hashed anew and looked up, at some 25 µs: a million are gone through in a month and a half. */
export const AUDIT_IDS = 20_000;
/** Of one slice: some 10 ms, as of the walk itself. */
export const AUDIT_IDS_SLICE = 400;
/** Pause between two slices: whoever waits for the room comes first, and the walk has all night. */
export const AUDIT_PAUSE_MS = 10;
/** Slices of one call of the walk: some seconds, so that a call that a restart cuts off loses little. */
export const AUDIT_PART_SLICES = 200;
/** Over how much of the night the rooms spread their audits, ms: they share D1. */
export const AUDIT_SPREAD_MS = 6 * 3_600_000;
/** How long the starting of an audit may take before it counts as failed. Twice started is started once. */
export const AUDIT_START_TIMEOUT_MS = 10_000;
/** The longest pause after repeated failures to start one: the night has room for many tries. */
export const MAX_AUDIT_PAUSE_MS = 300_000;
/** An audit without a verdict for this long is stuck: retries included, a million events are done in a tenth of it. */
export const AUDIT_STUCK_MS = 30 * 60_000;
/** The longest wait before a further attempt, which doubles with each: what never ends must not fill the night. */
export const MAX_AUDIT_STUCK_MS = 4 * 3_600_000;

/** Watchers look so long after the first event of many: soon enough for an alarm, and one row each time. */
export const WATCH_EVERY_MS = 5_000;
/** A look that takes longer is stuck: it computes for milliseconds and appends once. */
export const WATCH_TIMEOUT_MS = 30_000;
/** Events that wait for a look; more are noted at once, so that an import does not hold them all in memory. */
export const MAX_WATCH_PENDING = 10_000;
/** Events of the log's end that watchers are told anew after their memory was lost: some 25 ms to parse. */
export const WATCH_TAIL_EVENTS = 5_000;

/**
 * How long the first request of a group waits for others to share its commit:
 * nobody notices 4 ms, and at 50 in flight a commit then carries some ten.
 */
export const GATHER_MS = 4;
/**
 * The same while the project sends more than its limits grant: whoever does not wait when told pays with time of his
 * own. Each commit holds up the rooms that share a thread or a disk with this one, and twenty a second leave them theirs.
 */
export const PRESSED_GATHER_MS = 50;
/** How long after a refusal by a limit a project counts as one that sends more: such a sender tries again sooner. */
export const PRESSED_FOR_MS = 1_000;
/** Events that are enough for a commit: beyond it the transaction would hold everybody else up for over 50 ms. */
export const ENOUGH_EVENTS = 2_000;

/** Events of one page of the log (DESIGN §6). */
export const MAX_PAGE_EVENTS = 1_000;
/** UTF-16 units of one page: an RPC reply may be 32 MiB, and the caller holds the page as well. */
export const MAX_PAGE_LENGTH = 4 * 1024 * 1024;
/** Events looked at per page, so that a rare filter cannot hold the room for more than some 20 ms. */
export const MAX_SCAN_EVENTS = 20_000;
/** Bytes looked at per page, for the same reason, when events are large. */
export const MAX_SCAN_BYTES = 16 * 1024 * 1024;

/** Frames are at least this far apart: 20 a second is faster than anybody reads. */
export const FRAME_INTERVAL_MS = 50;
/** Waves of a project with batched delivery are this far apart: "each minute" is what the setting says. */
export const BATCH_INTERVAL_MS = 60_000;
/** Events of one frame: the client acknowledges at least this often. */
export const MAX_FRAME_EVENTS = 500;
/** UTF-16 units of the log's end that are kept for frames while somebody watches: some seconds of a busy project, at most 8 MB. */
export const MAX_RECENT_LENGTH = 4 * 1024 * 1024;
/** UTF-16 units of one frame: several must fit into a viewer's window. */
export const MAX_FRAME_LENGTH = 256 * 1024;
/** Events that a viewer may leave unacknowledged: four frames, so that a slow line stays busy. */
export const MAX_UNACKED_EVENTS = 2_000;
/**
 * UTF-16 units that a viewer may leave unacknowledged. `send` has no
 * backpressure: what a dead viewer was sent stays in the room's 128 MB.
 */
export const MAX_UNACKED_LENGTH = 1024 * 1024;
/**
 * UTF-16 units that all viewers of a room together may leave unacknowledged: a
 * quarter of its 128 MB; the state and its text need more than half.
 */
export const MAX_ROOM_UNACKED_LENGTH = 32 * 1024 * 1024;
/** Who was heard within it acknowledges: clients do so at least once a second, and lines have their delays. */
export const LISTENING_MS = 3_000;
/** A full window without an acknowledgement for this long: a fresh snapshot replaces what was missed. */
export const BEHIND_AFTER_MS = 10_000;
/** A fresh snapshot without an acknowledgement for this long: the socket is closed as slow. */
export const CLOSE_AFTER_MS = 20_000;
/**
 * Sockets per project: DESIGN §8 promises 2,000; the rest is reserve for reconnects that overlap. Not 10,000, for one
 * event is a send and an acknowledgement for each, some 60 µs of the one thread that appends too: measured with 9,800
 * in one room, at one event a second, half of the appends waited over a second. Also MAX_ROOM_UNACKED_LENGTH would
 * leave each but three usual events. Ten thousand over four projects: `npm run faults -- many-sockets`.
 */
export const MAX_VIEWERS = 2_500;
/** Sockets of share links together: a link that goes round must not take the team's own places. */
export const MAX_SHARE_VIEWERS = 1_000;
/** UTF-16 units that the viewers of all links together may leave unacknowledged, beside the team's own. */
export const MAX_SHARED_UNACKED_LENGTH = 8 * 1024 * 1024;
/**
 * Events, and entries of a state, that a room redacts for its links in a second, all links together: at some
 * 4 to 10 µs each (`npm run bench -- share`) at most a tenth of its time. Who watches a link of a busier project sees it in steps.
 */
export const MAX_REDACTED_PER_SECOND = 10_000;
/** A viewer of a link that is further behind gets a fresh state instead of the events. */
export const MAX_SHARED_LAG_EVENTS = 10_000;
/** How long a redacted state serves new viewers of a link: the events since then follow, and are cheaper. */
export const SHARED_SNAPSHOT_MS = 2_000;
/** Links whose redacted state is kept in memory: each may be some MB, and is made anew when it is needed. */
export const MAX_SHARED_STATES = 4;
/** Requests per second of one link's visitors together: a page makes a few when it opens. */
export const MAX_REQUESTS_PER_SECOND_PER_SHARE = 100;

/** Length of a viewer's message: an acknowledgement is under 50. */
export const MAX_CLIENT_MESSAGE_LENGTH = 1_024;

/** Advice after a failed write: by then a restarted room serves again. */
export const UNAVAILABLE_RETRY_S = 2;
/**
 * From so many bytes on a database that takes nothing more is at its own limit: Cloudflare gives an object 10 GB. Below
 * it, it is the disk that is full.
 */
export const FULL_DATABASE_BYTES = 9_500_000_000;
/** Advice to who sends to a full log. Waiting does not empty it: an hour is so that nobody hammers it meanwhile. */
export const FULL_RETRY_S = 3_600;

/** Events after which the log is looked through for alerts though none was seen: what waking up scans, some ms. */
export const NOTICE_SCAN_EVENTS = 5_000;
/** Messages that are under way at once: of a burst the rest follows. */
export const NOTICES_AT_ONCE = 10;
/** How long one message may take before it counts as failed. It may still arrive. */
export const NOTICE_TIMEOUT_MS = 20_000;
/** Tries of one message: with their pauses about three hours, longer than a receiver is restarted for. */
export const MAX_NOTICE_ATTEMPTS = 12;
/** The longest pause between two of them. */
export const MAX_NOTICE_PAUSE_MS = 3_600_000;
/** Deliveries that are kept to be looked at; those that wait are kept beside them. */
export const MAX_DELIVERIES = 200;

/** Events that a room which wakes looks through at once, a ms or two: it need not wake itself anew for nothing. */
export const WAKING_LOOK_EVENTS = 2_000;
/** Events after which the log is looked through for lessons though none was seen: what waking up scans, some ms. */
export const LESSON_SCAN_EVENTS = 5_000;
/** Events looked through in one go: some 10 ms, in which no append is served. */
export const MAX_LESSON_SCAN = 10_000;
/** Events about lessons that the book is told at once: each may have to be compared with others, some ms. */
export const MAX_LESSON_EVENTS = 200;
/** Rows of the log that are read in one go for what lessons rest on, each some ms; the rest is told in the next. */
export const MAX_LESSON_ROWS = 20;
/** How long the book may take for them before it counts as failed. It may still have taken them. */
export const LESSON_TIMEOUT_MS = 60_000;
/** The longest pause between two tries. */
export const MAX_LESSON_PAUSE_MS = 600_000;

/** Events that one look for endings reads, and one page of a feature's part of the log: some ms each. */
export const REFLECT_SCAN_EVENTS = 10_000;
/** Of one page of a feature's events: far below what a call between objects may carry. */
export const REFLECT_PAGE_CHARS = 4_000_000;
/** After an ending, before it is reflected on, ms: what is told of its end comes in several requests. */
export const REFLECT_SETTLE_MS = 5_000;
/** Endings longer ago than this are history that is being imported: it is reflected on when all of it is here. */
export const REFLECT_MAX_AGE_MS = 90 * 86_400_000;
/** How long it then waits, ms: an import of some ten thousand events. */
export const REFLECT_HISTORY_MS = 60_000;
/** Features that wait to be reflected on: of a history of thousands the newest, some minutes of work in the background. */
export const MAX_REFLECTIONS_WAITING = 200;
/** Tasks of no feature that ended, fewer than LOOSE_TASKS of them, wait so long for more, ms. */
export const LOOSE_WAIT_MS = 86_400_000;
/** A feature that nobody ends, a coding agent's session or branch, rests when nothing came of it for so long, ms: a night's sleep is no end of work. */
export const REST_MS = 86_400_000;
/** Where the last that came of it is that an agent stopped, ms: who begins a session anew, or the next one, does it by then. */
export const REST_ENDED_MS = 600_000;
/** Such features that wait for their rest, the newest: more sessions than a large team begins in a day. */
export const MAX_RESTING = 500;
/** Of lines that are held on the way through the log, the last of each such feature: a look that met many long ones would hold hundreds of MB. */
export const MAX_MET_CHARS = 2_000_000;
/** A reflection takes seconds; one that said nothing for so long was killed. It doubles with each attempt, ms. */
export const REFLECT_STUCK_MS = 60_000;
/** Attempts after which one is given up: what failed so often fails by what it reads. */
export const MAX_REFLECT_ATTEMPTS = 5;
/** How long a start may take before it counts as failed, ms. It may still have happened. */
export const REFLECT_START_TIMEOUT_MS = 10_000;
/** The longest pause between two tries, ms. */
export const MAX_REFLECT_PAUSE_MS = 600_000;
/** Reflections that are started in one go: an import that ends a hundred features must not start a hundred jobs at once. */
export const MAX_REFLECTIONS_AT_ONCE = 4;
