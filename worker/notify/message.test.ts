import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { StoredEvent } from "../../schema/event/event.ts";
import { emailText, signatureHeaders, slackBody, webhookBody, type Message } from "./message.ts";

const event = (metadata: Record<string, string>, event_type = "alert_raised"): StoredEvent => ({
  ...{ id: "e", seq: 7, timestamp: "2026-11-23T12:00:00.000Z", received_at: "2026-11-23T12:00:00.000Z" },
  ...{ event_type, agent_id: "clusterfork:alerts", task_id: "T", source: "clusterfork", key_id: "k", v: 1 },
  metadata: { alert_id: "a-1", rule: "task_blocked", severity: "critical", ...metadata },
  metrics: { value: 3 },
});
const message = (metadata: Record<string, string>, event_type?: string): Message => ({
  id: "ch-7",
  event: event(metadata, event_type),
  title: metadata["title"] ?? null,
  project: { id: "p1", name: "Zebra <b>" },
});
const HOSTILE = "<!channel> <@U123> @here &amp; <https://evil.example|pay>\r\nBcc: x@y.z\u202e";

describe("what is told of an alert", () => {
  it("to a program: JSON with what happened and what it is about", () => {
    expect(JSON.parse(webhookBody(message({ title: HOSTILE, message: "m" })))).toMatchObject({
      id: "ch-7",
      type: "alert.raised",
      seq: 7,
      project: { id: "p1" },
      alert: {
        id: "a-1",
        rule: "task_blocked",
        title: HOSTILE,
        task_id: "T",
        value: 3,
        target: null,
        agent_id: null,
      },
    });
    expect(JSON.parse(webhookBody(message({}, "alert_cleared")))).toMatchObject({ type: "alert.cleared" });
    expect(JSON.parse(webhookBody(message({}, "alert_test")))).toMatchObject({ type: "alert.test" });
  });

  it("is signed as Standard Webhooks verifies it", () => {
    // Of the specification's own libraries: the secret's bytes, over id, seconds and body.
    const secret = btoa("0123456789abcdef0123456789abcdef");
    const headers = signatureHeaders("ch-7", "{}", secret, 1_700_000_000_999);
    const expected = createHmac("sha256", "0123456789abcdef0123456789abcdef")
      .update("ch-7.1700000000.{}")
      .digest("hex");
    const signature = headers["webhook-signature"] ?? "";
    const hex = [...atob(signature.slice(3))]
      .map((character) => character.charCodeAt(0).toString(16).padStart(2, "0"))
      .join("");
    expect(signature.slice(0, 3)).toBe("v1,");
    expect(hex).toBe(expected);
    expect(headers).toMatchObject({ "webhook-id": "ch-7", "webhook-timestamp": "1700000000" });
  });

  it("[P2] to Slack: calls nobody, links nothing, whatever a title says", () => {
    const body = JSON.parse(slackBody(message({ title: HOSTILE, message: HOSTILE }))) as {
      text: string;
      parse: string;
      mrkdwn: boolean;
    };
    expect(body).toMatchObject({ parse: "none", mrkdwn: false, link_names: false });
    expect(body.text).not.toMatch(/[<>\r\u202e]|@\w/);
    expect(body.text).toContain("[critical] &lt;!channel&gt; &lt;@\u200bU123&gt;");
    expect(body.text).toContain("(Zebra &lt;b&gt;)");
  });

  it("[P2] by e-mail: a subject is one line, so no header comes from a title", () => {
    const { subject, text } = emailText(message({ title: HOSTILE, message: HOSTILE }));
    expect(subject).not.toMatch(/[\r\n\u202e]/);
    expect(text.split("\n")).toHaveLength(4);
  });

  it("bounds what anybody writes", () => {
    const long = "x".repeat(100_000);
    expect(emailText(message({ title: long })).subject.length).toBeLessThanOrEqual(200);
    expect(slackBody(message({ title: long, message: long })).length).toBeLessThan(3_000);
  });

  it("says that it is over by the title it was raised with, else by its rule", () => {
    expect(emailText({ ...message({}, "alert_cleared"), title: "T is blocked" }).subject).toBe(
      "[over] T is blocked (Zebra <b>)",
    );
    expect(emailText(message({}, "alert_cleared")).subject).toBe("[over] task_blocked (Zebra <b>)");
  });
});
