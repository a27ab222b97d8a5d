/** Model calls. Lines of one call carry what was known by then: only the maximum is what it used. */

export interface Call {
  message_id: string;
  /** The provider's, where it is recorded: the event's id. */
  request_id: string | null;
  model: string | null;
  /** OpenTelemetry's `gen_ai.provider.name`, where the sender says it. */
  provider: string | null;
  stop_reason: string | null;
  /** False while it may still grow. */
  complete: boolean;
  /** Names as in the event's metrics. */
  usage: Record<string, number>;
  /** Where it was measured, ms. */
  duration_ms?: number;
}

/** Takes another line of the same call into it. */
export function joinCall(call: Call, line: Call): void {
  call.request_id ??= line.request_id;
  call.model ??= line.model;
  call.provider ??= line.provider;
  call.stop_reason = line.stop_reason ?? call.stop_reason;
  call.complete ||= line.complete;
  for (const [name, value] of Object.entries(line.usage))
    call.usage[name] = Math.max(call.usage[name] ?? 0, value);
}
