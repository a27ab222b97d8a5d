import { describe, expect, it } from "vitest";
import { normalise } from "../../schema/event/normalise.ts";
import { attributesIn, isCloudEvents, readCloudEvent } from "./cloudevents.ts";
import { sha256Hex } from "./hash.ts";

const NOW_MS = Date.UTC(2026, 10, 22, 12);
const read = (value: unknown) => readCloudEvent(value, { now_ms: NOW_MS, sha256: sha256Hex });
const envelope = {
  specversion: "1.0",
  id: "A234-1234-1234",
  source: "https://ci.example/builds",
  type: "dev.clusterfork.task_created",
  time: "2026-11-22T10:00:00Z",
};
function event(value: unknown) {
  const raw = read(value);
  if (!raw.ok) throw new Error(raw.message);
  const options = { source: "cloudevents", key_id: "k", mintId: () => "m", sha256Hex, pseudonym: () => "p" };
  const result = normalise(raw.value, options);
  if (!result.ok) throw new Error(result.message);
  return result.event;
}

describe("a CloudEvent", () => {
  it("with one of our events as data", () => {
    const data = {
      agent_id: "coder-a",
      task_id: "T-1",
      metadata: { title: "Add" },
      metrics: { estimated_tokens: 5 },
    };
    expect(event({ ...envelope, datacontenttype: "application/json", data })).toMatchObject({
      id: expect.stringMatching(/^ce-[0-9a-f]{32}$/),
      timestamp: "2026-11-22T10:00:00.000Z",
      event_type: "task_created",
      agent_id: "coder-a",
      task_id: "T-1",
      metadata: {
        title: "Add",
        cloudevents_id: "A234-1234-1234",
        cloudevents_source: "https://ci.example/builds",
      },
      metrics: { estimated_tokens: 5 },
    });
  });

  it("with metadata as data, and the rest in its attributes", () => {
    const said = {
      agentid: "coder-a",
      agentrole: "coder",
      sessionid: "s-1",
      subject: "feature/add,task/T-7",
    };
    expect(event({ ...envelope, type: "task_started", ...said, data: { branch: "add/T-7" } })).toMatchObject({
      event_type: "task_started",
      agent_id: "coder-a",
      agent_role: "coder",
      feature_id: "add",
      task_id: "T-7",
      session_id: "s-1",
      metadata: { branch: "add/T-7" },
    });
  });

  it("of somebody else is stored under its own type, by its source", () => {
    const foreign = { ...envelope, type: "com.example.build.finished", subject: "builds/5", time: undefined };
    expect(event(foreign)).toMatchObject({
      event_type: "com.example.build.finished",
      agent_id: "https://ci.example/builds",
      timestamp: new Date(NOW_MS).toISOString(),
      metadata: { subject: "builds/5" },
    });
  });

  it("[L2] is the same again by source and id together", () => {
    expect(event({ ...envelope, time: undefined }).id).toBe(event(envelope).id);
    expect(event({ ...envelope, source: "elsewhere" }).id).not.toBe(event(envelope).id);
    expect(event({ ...envelope, id: "other" }).id).not.toBe(event(envelope).id);
  });

  it.each([
    [null, "not_an_object"],
    [[], "not_an_object"],
    [{ ...envelope, specversion: "0.3" }, "invalid_field"],
    [{ ...envelope, id: "" }, "missing_field"],
    [{ ...envelope, source: undefined }, "missing_field"],
    [{ ...envelope, type: 5 }, "missing_field"],
    [{ ...envelope, data_base64: "AAAA" }, "invalid_field"],
    [{ ...envelope, data: "text" }, "invalid_field"],
  ])("[L3] %j is refused: %s", (value, code) => expect(read(value)).toMatchObject({ ok: false, code }));

  it("[T5] cannot speak as Clusterfork", () => {
    expect(() => event({ ...envelope, source: "clusterfork:board" })).toThrow("Clusterfork itself");
    expect(() => event({ ...envelope, type: "dev.clusterfork.alert_raised" })).toThrow(
      "decided by Clusterfork",
    );
  });

  it("with metadata that is no object is refused by name", () => {
    expect(() => event({ ...envelope, data: { metadata: 5 } })).toThrow("metadata");
  });
});

it("is known by the type of its body, or by its headers", () => {
  expect(isCloudEvents("application/cloudevents+json; charset=utf-8")).toBe(true);
  expect(isCloudEvents("application/cloudevents-batch+json")).toBe(true);
  expect(isCloudEvents("application/json")).toBe(false);
  expect(attributesIn(new Headers({ "content-type": "application/json" }))).toBeNull();
  const headers = {
    "ce-specversion": "1.0",
    "ce-id": "1",
    "ce-source": "/a%20b",
    "ce-type": "x",
    "ce-agentid": "100%",
  };
  expect(attributesIn(new Headers(headers))).toEqual({
    specversion: "1.0",
    id: "1",
    source: "/a b",
    type: "x",
    agentid: "100%",
  });
});
