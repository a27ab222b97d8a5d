import { cleanLines } from "../print/terminal.ts";

/** Something the person at the terminal can mend: printed as one line, never with a stack. It may quote names of files (P2). */
export class UserError extends Error {
  readonly exit_code: 1 | 2 | 3;
  constructor(message: string, exit_code: 1 | 2 | 3 = 1) {
    super(cleanLines(message));
    this.exit_code = exit_code;
  }
}
