/** Lines of transcripts for tests, authored after the shape of Claude Code's own. */

export const SESSION = "11111111-1111-4111-8111-111111111111";
export const OTHER_SESSION = "22222222-2222-4222-8222-222222222222";
/** When every session of the tests is long over, ms. */
export const LONG_AFTER = Date.UTC(2026, 5, 1);

let seconds = 0;
let serial = 0;

/** The clock of the newest line, ms. */
export function clock(): number {
  return Date.UTC(2026, 0, 1) + seconds * 1000;
}

interface Line {
  uuid: string;
  type: string;
  [field: string]: unknown;
}

/** Each line is a second after the one before, and its child. */
function next(type: string, branch: string, more: object): Line {
  seconds += 1;
  serial += 1;
  return {
    type,
    uuid: `uuid-${serial}`,
    parentUuid: `uuid-${serial - 1}`,
    isSidechain: false,
    sessionId: SESSION,
    cwd: "/home/me/shop",
    gitBranch: branch,
    version: "2.1.40",
    timestamp: new Date(clock()).toISOString(),
    ...more,
  };
}

export function prompt(text: string, branch = "main"): Line {
  return next("user", branch, { message: { role: "user", content: text } });
}

export function answer(
  id: string,
  usage: Record<string, number>,
  content: object[] = [{ type: "text", text: "words of the model" }],
  model = "claude-sonnet-5",
  branch = "main",
): Line {
  const message = { id, type: "message", role: "assistant", model, content, stop_reason: null, usage };
  return next("assistant", branch, { requestId: `req_${id}`, message });
}

/** A call and its result. */
export function tool(
  id: string,
  name: string,
  input: object,
  output: string,
  result = {},
  details?: object,
): Line[] {
  return [
    next("assistant", "main", {
      message: { role: "assistant", content: [{ type: "tool_use", id, name, input }] },
    }),
    next("user", "main", {
      message: {
        role: "user",
        content: [{ type: "tool_result", tool_use_id: id, content: output, ...result }],
      },
      toolUseResult: details,
    }),
  ];
}

export function pullRequest(number: number): Line {
  return next("pr-link", "main", {
    prNumber: number,
    prUrl: `https://example.invalid/${number}`,
    prRepository: "me/shop",
  });
}
