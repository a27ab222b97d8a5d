/** When to tell the room how far this viewer got; schema/wire/socket.ts promises both limits. */

export const ACK_EVERY_EVENTS = 500;
export const ACK_EVERY_MS = 1_000;

export class AckPolicy {
  #acked_seq = 0;
  #acked_at = -Infinity;

  /** A new connection: the room counts from the `since` it was asked for. */
  reset(seq: number, now: number): void {
    this.#acked_seq = seq;
    this.#acked_at = now;
  }

  /** True when `seq` should be acknowledged now; the caller sends it and this remembers. */
  due(seq: number, now: number): boolean {
    const unacked = seq - this.#acked_seq;
    if (unacked <= 0) return false;
    if (unacked < ACK_EVERY_EVENTS && now - this.#acked_at < ACK_EVERY_MS) return false;
    this.#acked_seq = seq;
    this.#acked_at = now;
    return true;
  }
}
