/** The routes of alerts that change something, described (see routes.ts). */
import * as alert from "../../../schema/wire/alert-body.ts";
import * as channel from "../../../schema/wire/channel-body.ts";
import type { Description } from "./routes.ts";

const reply: Description["reply"] = { status: 200, body: alert.alertResponse };

const ACTING: Record<string, Description> = {
  acknowledge: {
    summary: "Somebody has seen it. The first who says so stays.",
    request: alert.acknowledgeRequest,
    reply,
  },
  snooze: { summary: "Nobody is told of it for so long.", request: alert.snoozeRequest, reply },
  assign: { summary: "Whose it is; null: nobody's.", request: alert.assignRequest, reply },
};

const CHANNELS: Record<string, Description> = {
  "GET /channels": {
    summary: "Where alerts are told, and what became of the newest messages.",
    reply: { status: 200, body: channel.channelsResponse },
  },
  "POST /channels": {
    summary:
      "A new channel: a webhook signed after Standard Webhooks, a Slack-compatible one, or an e-mail address. The secret is shown in this reply and never again.",
    request: channel.newChannelRequest,
    reply: { status: 201, body: channel.channelCreatedResponse },
  },
  "DELETE /channels/:channel": { summary: "Takes a channel away.", reply: { status: 204, body: null } },
  "POST /channels/:channel/test": {
    summary: "Sends a message at once, and says what became of it.",
    reply: { status: 200, body: channel.channelTestedResponse },
  },
  "POST /deliveries/:delivery/resend": {
    summary: "Sends a message once more, a dead one too, under the id that it has.",
    reply: { status: 204, body: null },
  },
};

const mounted = (description: Description, route: string, mounts: readonly string[]) =>
  mounts.map((mount): [string, Description] => [route.replace(" ", ` ${mount}`), description]);

export const ALERT_ROUTES: Record<string, Description> = Object.fromEntries([
  ...Object.entries(ACTING).flatMap(([deed, description]) =>
    mounted(description, `POST /alerts/:alert/${deed}`, ["/v1", "/api/projects/:project"]),
  ),
  ...Object.entries(CHANNELS).flatMap(([route, description]) =>
    mounted(description, route, ["/api/projects/:project"]),
  ),
]);
