/** What a channel's messages came to, in words. */
import type { ChannelInfo, ChannelKind, DeliveryInfo } from "../../../schema/wire/channel.ts";
import type { Severity } from "../../../schema/state/entity/alert.ts";

export const KIND_NAME: Readonly<Record<ChannelKind, string>> = {
  webhook: "Webhook",
  slack: "Slack",
  email: "E-mail",
};

export const SEVERITY_NAME: Readonly<Record<Severity, string>> = {
  critical: "Critical alone",
  warning: "Warnings and critical",
  info: "All, also what is only to be known",
};

export type Health = "untried" | "working" | "waiting" | "failing";

/** Newest first, as the server lists them; the newest of each outcome decides. */
export function healthOf({ deliveries }: Pick<ChannelInfo, "deliveries">): Health {
  const [newest] = deliveries;
  if (newest === undefined) return "untried";
  if (deliveries.some(({ outcome }) => outcome === "dead")) return "failing";
  return newest.outcome === "delivered" ? "working" : "waiting";
}

/** Given up, to be sent again on request. */
export function deadOf({ deliveries }: Pick<ChannelInfo, "deliveries">): DeliveryInfo[] {
  return deliveries.filter(({ outcome }) => outcome === "dead");
}

/** Of the newest message that is not there yet. */
export function lastError({ deliveries }: Pick<ChannelInfo, "deliveries">): DeliveryInfo | undefined {
  return deliveries.find(({ outcome, error }) => outcome !== "delivered" && error !== null);
}

/** "3 delivered, 1 waiting, 2 given up"; what there is none of is not said. */
export function countsOf({ deliveries }: Pick<ChannelInfo, "deliveries">): string {
  const count = (wanted: DeliveryInfo["outcome"]) =>
    deliveries.filter(({ outcome }) => outcome === wanted).length;
  return (
    [
      [count("delivered"), "delivered"],
      [count("waiting"), "waiting"],
      [count("dead"), "given up"],
    ] as const
  )
    .filter(([number]) => number > 0)
    .map(([number, word]) => `${String(number)} ${word}`)
    .join(", ");
}

export const TARGET_HINT: Readonly<Record<ChannelKind, { label: string; hint: string }>> = {
  webhook: {
    label: "Address",
    hint: "Such as https://pager.example/hook. Each message is signed (Standard Webhooks).",
  },
  slack: {
    label: "Incoming webhook",
    hint: "From Slack, Mattermost or what understands them: https://hooks.slack.com/services/…",
  },
  email: { label: "E-mail address", hint: "Cloudflare sends only to addresses that were verified there." },
};
