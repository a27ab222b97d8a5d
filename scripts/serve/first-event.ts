/** The first event as lines for any POSIX shell: after the key, pasting is enough. */
export function firstEvent(url: string): string {
  return `  CLUSTERFORK_KEY='put the ingest key here'
  curl '${url}/v1/events' -H "Authorization: Bearer $CLUSTERFORK_KEY" \\
    -H 'Content-Type: application/json' --data-binary @- <<EVENT
{"timestamp":"$(date -u +%Y-%m-%dT%H:%M:%SZ)","event_type":"task_created","agent_id":"me",
 "task_id":"T-1","metadata":{"title":"Say hello"}}
EVENT`;
}
