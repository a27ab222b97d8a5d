/** An expected failure: `message` says what is wrong and what to do next; no stack is shown. */
export class Stop extends Error {
  /** @param {string} message @param {number} [code] exit code */
  constructor(message, code = 1) {
    super(message);
    this.code = code;
  }
}

/** Runs a script's body; expected failures become their message and exit code. */
export async function run(/** @type {() => Promise<number | void>} */ body) {
  try {
    process.exitCode = (await body()) ?? 0;
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    console.error(`\n${error.message}\n`);
    process.exitCode = error.code;
  }
}
