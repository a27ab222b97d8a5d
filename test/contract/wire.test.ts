/**
 * What crosses a wire or is stored is pinned here, declaration by declaration,
 * without comments: a test that turns red asks for a decision.
 *
 * - Only added something optional, which older readers pass over? Pin the new shape.
 * - Anything else breaks a reader that is out there: a dashboard left open over a deploy, a published
 *   command, a stored log. Raise the version that covers it (`STREAM_PROTOCOL`, the `/v1` of the routes,
 *   `EVENT_VERSION`) and keep reading the old one.
 */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { EVENT_VERSION } from "../../schema/event/event.ts";
import { definitionOf, metadataSchema, metricsSchema } from "../../schema/event/taxonomy.ts";
import { CATEGORIES, categoryOf, KNOWN_TYPES } from "../../schema/event/type.ts";
import { EXPORT_VERSION } from "../../schema/wire/export.ts";
import { statementOf } from "../../schema/wire/signed-head.ts";
import { STREAM_PROTOCOL } from "../../schema/wire/socket.ts";

const ROOT = join(import.meta.dirname, "../..");
const short = (text: string) => createHash("sha256").update(text).digest("hex").slice(0, 12);

/** Each exported declaration of a file as a hash of its text, in the order of their names. */
function shapesOf(path: string): Record<string, string> {
  const source = ts.createSourceFile(path, readFileSync(join(ROOT, path), "utf8"), ts.ScriptTarget.Latest);
  const printer = ts.createPrinter({ removeComments: true });
  const shapes = source.statements.flatMap((statement): [string, string][] => {
    const exported =
      ts.canHaveModifiers(statement) &&
      ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) === true;
    if (!exported || ts.isFunctionDeclaration(statement)) return [];
    const name = ts.isVariableStatement(statement)
      ? statement.declarationList.declarations.map((each) => each.name.getText(source)).join()
      : ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement)
        ? statement.name.text
        : null;
    if (name === null) throw new Error(`${path} exports something that this test cannot pin`);
    return [[name, short(printer.printNode(ts.EmitHint.Unspecified, statement, source))]];
  });
  return Object.fromEntries(shapes.sort(([a], [b]) => (a < b ? -1 : 1)));
}

describe("the shapes of", () => {
  it("lessons, what is handed over, and what projects set about them", () =>
    expect({
      ...shapesOf("schema/wire/lesson.ts"),
      ...shapesOf("schema/wire/task-context.ts"),
      ...shapesOf("schema/wire/learning.ts"),
    }).toMatchInlineSnapshot(`
      {
        "ContextDecision": "e3a62162d509",
        "ContextResponse": "31ed235408fa",
        "ContextSop": "cecb825eddb3",
        "DEFAULT_LEARNING": "27ab12d7364b",
        "LESSON_CATEGORIES": "45ff175c8fe0",
        "LESSON_SCOPES": "bb102443c571",
        "LESSON_SOURCES": "c1df0da86247",
        "LESSON_STATUSES": "d9356c0b2927",
        "LOOSE_TASKS": "8e56077a177e",
        "LearningSettings": "ec30e4ae0ef4",
        "Lesson": "f95992433801",
        "LessonAcceptedResponse": "72115b40df8b",
        "LessonCategory": "89fc2bc6b689",
        "LessonHit": "f40e74f49a94",
        "LessonProvenance": "08de3f12c550",
        "LessonResponse": "9f463ce7351e",
        "LessonScope": "2d13a0e004b6",
        "LessonScore": "e15f953a2ba2",
        "LessonSearchResponse": "2795e8fe6d96",
        "LessonSource": "258650f3f037",
        "LessonStatus": "6560c9469e8d",
        "LessonWeights": "a6012f82e556",
        "LessonsPurgedResponse": "c8c1852b6683",
        "LessonsQuarantinedResponse": "d0761f088b4d",
        "LessonsReindexedResponse": "5b320f444142",
        "LessonsResponse": "844b452c038d",
        "ModelInfo": "c096e264c219",
        "StoredLearning": "315804568db4",
        "learningSettings": "c92f216bbfdb",
        "storedLearning": "55d2c42e979b",
      }
    `));

  it("teams, members and invitations", () =>
    expect(shapesOf("schema/wire/team.ts")).toMatchInlineSnapshot(`
      {
        "DEFAULT_INVITATION_DAYS": "e752e23c138d",
        "INVITATION_STATUSES": "70a5aa379677",
        "InvitationCreatedResponse": "b1dc85e7cdf1",
        "InvitationInfo": "afd88a6f69e4",
        "InvitationOffer": "b7efb04432b6",
        "InvitationStatus": "5c484d44fcdc",
        "InvitationsResponse": "1584e6bf4451",
        "JoinedResponse": "34ea8ef6daa0",
        "MAX_INVITATION_DAYS": "6a7f4a982f0a",
        "Member": "21b86a35269c",
        "MemberResponse": "bbc822217672",
        "MembersResponse": "f7ef9ae837af",
        "TeamCreatedResponse": "5cc62a0cc99a",
      }
    `));
  it("alerts and channels", () =>
    expect({
      ...shapesOf("schema/wire/alert.ts"),
      ...shapesOf("schema/wire/channel.ts"),
    }).toMatchInlineSnapshot(`
      {
        "ALERT_STATUSES": "63ce9e403fa2",
        "AlertInfo": "191e20062cd0",
        "AlertResponse": "52746cf3c516",
        "AlertStatus": "5368805dc940",
        "AlertsResponse": "35f9b681ae80",
        "CHANNEL_KINDS": "0f1e1a5786f9",
        "ChannelCreatedResponse": "0f4e0442207a",
        "ChannelInfo": "b295f7ad01b5",
        "ChannelKind": "b43aa1b40797",
        "ChannelTestedResponse": "677dec807e61",
        "ChannelsResponse": "97b925ec2b75",
        "DELIVERY_OUTCOMES": "5f0a9673b21b",
        "DeliveryInfo": "a4be7ff0e6f1",
        "DeliveryOutcome": "02823d423f5f",
        "NewChannel": "31bb9964165b",
      }
    `));
  it("hooks", () =>
    expect(shapesOf("schema/wire/hook.ts")).toMatchInlineSnapshot(`
    {
      "DeliveredResponse": "7cee61ae4b05",
      "GITHUB_EVENTS": "74061a31d2c0",
      "HookCreatedResponse": "d5642498242d",
      "HookInfo": "d076bdcf88c5",
      "HooksResponse": "c5437215d56a",
    }
  `));
  it("the fields of rate limits", () =>
    expect(shapesOf("schema/wire/rate.ts")).toMatchInlineSnapshot(`
      {
        "BURST_S": "7a229a0febf7",
        "EVENTS_POLICY": "84bd341dabe8",
        "REQUESTS_POLICY": "bfe630d9ae8c",
        "RateLimits": "1d7363441c17",
        "RateSettings": "fda4c087692d",
        "RatesLeft": "c99add50e7f2",
      }
    `));
  it("roles and permissions", () =>
    expect(shapesOf("schema/wire/permission.ts")).toMatchInlineSnapshot(`
      {
        "PERMISSIONS": "6605eda1d462",
        "Permission": "fcb59168720f",
        "ROLES": "5172318bf0ca",
        "ROLE_MEANINGS": "b6ee23ba7d7c",
        "Role": "489e2b166077",
      }
    `));
  it("HTTP bodies", () =>
    expect(shapesOf("schema/wire/http.ts")).toMatchInlineSnapshot(`
      {
        "AgentResponse": "1c110905237a",
        "AgentsResponse": "bbf63ffd7a8f",
        "AppendResponse": "9fdb39afbec4",
        "EventResult": "412dca407adf",
        "EventsPage": "64560a4c91ad",
        "FeatureResponse": "bd5581cc2a4e",
        "FeaturesResponse": "7f573c52e64c",
        "Head": "e92b1d343771",
        "HistoryAgentsResponse": "2b30dfb1fa39",
        "HistoryFeaturesResponse": "0a518a3d4232",
        "HistoryHour": "3c05ebed5320",
        "HistoryHoursResponse": "a604983b04d5",
        "HistoryTasksResponse": "7eb6c99771ef",
        "KeyCreatedResponse": "dd9e1b420ad0",
        "KeyInfo": "463549823be5",
        "KeysResponse": "f9ca9ee5af0e",
        "ProjectRef": "797d55bafd04",
        "SCOPES": "7745eb38041e",
        "Scope": "9fbf012ba521",
        "SignupResponse": "8595aaed642c",
        "StateResponse": "8cc64c7877b8",
        "TaskResponse": "10f2ad10f2c4",
        "TasksResponse": "80ba7d7245a3",
        "TeamRef": "3d2ea439a915",
        "TeamsResponse": "090284ee5f56",
        "TimelineMark": "2a80760998bb",
        "TimelineResponse": "8cfbbcca5cd5",
      }
    `));
  it("metrics", () =>
    expect(shapesOf("schema/wire/metrics.ts")).toMatchInlineSnapshot(`
    {
      "MetricsResponse": "72dda8dbd262",
    }
  `));
  it("forecasts", () =>
    expect(shapesOf("schema/wire/forecast.ts")).toMatchInlineSnapshot(`
      {
        "Calibration": "f4914b23b365",
        "CalibrationBin": "cce790f89a5f",
        "CalibrationKind": "8cb7aab2c7f1",
        "CalibrationResponse": "0e77b1ac092d",
        "FORETOLD_KINDS": "d84f7db299ae",
        "FeatureFinishInfo": "c2a161ebbedf",
        "FeatureForecast": "4dd60300a8f4",
        "ForecastOverview": "290ff03e12d5",
        "ForetoldKind": "79f64ad0a604",
        "LATE_WORDS": "de97d8095560",
        "LateWord": "8af2a57a4237",
        "Lateness": "0739524aa8ab",
        "MeasureForecast": "92069f03c44e",
        "ScoredForecast": "02b15d7ceb1c",
        "SprintFeature": "77c6b34e5fb0",
        "SprintForecast": "35e7bec97b25",
        "TaskForecast": "1629f69ab033",
      }
    `));
  it("reports", () =>
    expect(shapesOf("schema/wire/report.ts")).toMatchInlineSnapshot(`
      {
        "FeatureReport": "1150b01bfd09",
        "REPORT_PHASES": "ce4743d04ce5",
        "ReportBugs": "50fb83717458",
        "ReportCost": "0ace00085d32",
        "ReportFigure": "b566ca35b1e4",
        "ReportInsight": "f04111487b99",
        "ReportLesson": "4bfd24b0c405",
        "ReportPhase": "da8f09509c44",
        "ReportQuality": "3480ce8e2787",
        "ReportRecommendation": "d7573ef625e6",
        "ReportReference": "04334e37598c",
        "ReportTask": "05e3bd644d93",
        "ReportTokens": "1c8dd656d7b2",
        "ReportTotals": "ab06000cbf69",
      }
    `));
  it("sample projects", () =>
    expect(shapesOf("schema/wire/sample.ts")).toMatchInlineSnapshot(`
    {
      "FEEDINGS": "019dcbc4d00f",
      "Feeding": "9135445defaa",
      "SampleResponse": "d3829aea5acc",
    }
  `));
  it("the audit", () =>
    expect(shapesOf("schema/wire/audit.ts")).toMatchInlineSnapshot(`
      {
        "AuditReport": "f6cce447c2a2",
        "AuditResponse": "f64e092b4b89",
        "auditResponse": "299f4b634b9b",
      }
    `));
  it("settings", () =>
    expect(shapesOf("schema/wire/setting.ts")).toMatchInlineSnapshot(`
      {
        "ForwardInfo": "7bf123a641d5",
        "SettingsChange": "83103a141128",
        "SettingsResponse": "e9a22b14ab2f",
        "settingsChange": "a841ea03269c",
        "settingsResponse": "0c65759b7357",
      }
    `));
  it("what metrics are held against", () =>
    expect(shapesOf("schema/wire/measuring.ts")).toMatchInlineSnapshot(`
      {
        "ComplexitySetting": "aee6b8074030",
        "DEFAULT_MEASURING": "e6caec05d832",
        "MAX_CAP_USD_PER_HOUR": "2c511c3c757b",
        "MeasuringSettings": "832bbdc6abd3",
        "capSetting": "cae84e084940",
        "complexitySetting": "73dcc6aaf9ee",
      }
    `));
  it("the export and signed heads", () => {
    expect(EXPORT_VERSION).toBe(1);
    expect({
      ...shapesOf("schema/wire/export.ts"),
      ...shapesOf("schema/wire/signed-head.ts"),
    }).toMatchInlineSnapshot(`
      {
        "EXPORT_VERSION": "54c12ffd0911",
        "ExportCommit": "bf6b392a9ffa",
        "ExportEnd": "92acef1aa0eb",
        "ExportForgotten": "edd81fe76d3c",
        "ExportStart": "73352961e9f5",
        "LEAF_BYTES": "9eea40b93b90",
        "SALT_BYTES": "9960c3ccefb2",
        "SignedHead": "0e9d98374b37",
        "exportCommit": "4dd4068c2ca6",
        "exportEnd": "23a0b48af0af",
        "exportForgotten": "b0003e7f3ed5",
        "exportStart": "c5653d9d0f36",
        "signedHead": "4f2bcea14b43",
      }
    `);
    // What is signed, to the byte: a changed statement makes every signature out there void.
    const statement = {
      project: "p0123456789abcde",
      seq: 7,
      hash: "ab".repeat(32),
      signed_at: 1_800_000_000_000,
    };
    expect(statementOf(statement)).toBe(
      `clusterfork chain head v1\np0123456789abcde\n7\n${"ab".repeat(32)}\n1800000000000\n`,
    );
  });
  it("errors", () =>
    expect(shapesOf("schema/wire/error.ts")).toMatchInlineSnapshot(`
      {
        "ERROR_STATUS": "2ea3eed85612",
        "ErrorBody": "58ab520dd9d6",
        "ErrorCode": "4d54c839f0e5",
        "Failure": "e31e22350892",
      }
    `));
  it("the stream's messages", () => {
    expect(STREAM_PROTOCOL).toBe("clusterfork.v1");
    expect(shapesOf("schema/wire/socket.ts")).toMatchInlineSnapshot(`
      {
        "BEARER_PROTOCOL_PREFIX": "182353782f2e",
        "CLOSE": "7b3adabb083c",
        "ClientMessage": "94ebba61efdf",
        "DELIVERY_MODES": "7d667ec9974f",
        "Delivery": "469eb3716387",
        "DeliveryMode": "ce9129042202",
        "STREAM_PROTOCOL": "85faee437eff",
        "ServerMessage": "58cc2cf8568a",
      }
    `);
  });
  it("the stored event", () => {
    expect(EVENT_VERSION).toBe(2);
    expect(shapesOf("schema/event/event.ts")).toMatchInlineSnapshot(`
      {
        "EVENT_VERSION": "8c277d81fe66",
        "EventVersion": "43c4299c6455",
        "Json": "668c3cee1d24",
        "NewEvent": "643300a754ee",
        "StoredEvent": "82f57151e414",
      }
    `);
  });
  it("the state", () =>
    expect(
      Object.assign(
        shapesOf("schema/state/state.ts"),
        ...readdirSync(join(ROOT, "schema/state/entity")).map((file) =>
          shapesOf(`schema/state/entity/${file}`),
        ),
      ),
    ).toMatchInlineSnapshot(`
      {
        "AGENT_STATUSES": "2b8d9ed19c26",
        "Agent": "1c22cde8b0f1",
        "AgentPip": "7890dd2794d2",
        "AgentStatus": "506d7f3ddb76",
        "Alert": "44ab7921e9ff",
        "AlertFigures": "01100891d18a",
        "BUDGET_PERIODS": "0ee70e2f6b8b",
        "BUDGET_SCOPES": "cd376086363f",
        "BUDGET_UNITS": "2dffda933e08",
        "Budget": "3e0b9a7ecade",
        "BudgetAccount": "5146c54f96cb",
        "BudgetDay": "28d6191675c1",
        "BudgetPeriod": "e4c5dfc410ed",
        "BudgetScope": "68bf94ff0571",
        "BudgetUnit": "fa8858444f07",
        "CheckResult": "23c8da018dd0",
        "Counters": "6a29337a8d6c",
        "Course": "bdf56c7f5d9c",
        "Decision": "5962280841d4",
        "Escalation": "9c014eadc826",
        "FEATURE_STATUSES": "fe71041ca55d",
        "Feature": "b245b734583a",
        "FeaturePast": "6b1748c5cd34",
        "FeatureStatus": "7ba75b336d7b",
        "FileLock": "33cc49e7530f",
        "Foretold": "977938043d0c",
        "LearnedTarget": "0d7984dc0702",
        "LockConflict": "4d8943188125",
        "Observer": "8c71df7295e9",
        "ProjectState": "4811946a896f",
        "Reservation": "1cd77bcd8d59",
        "SEVERITIES": "39d197c2a79f",
        "Seen": "afbb57932bdc",
        "Severity": "d062fae4d8b3",
        "Sop": "ada56a77860b",
        "Spending": "f3f84e35b952",
        "Sprint": "8d654d8b1fbd",
        "TASK_STATUSES": "941195cd481f",
        "Task": "dccc8974c893",
        "TaskPast": "94f9fe2fc65a",
        "TaskStatus": "43ed55ec933e",
        "Totals": "2de570f0665e",
        "Unassigned": "37083a73ac6f",
        "Usage": "8e3e06bded68",
        "WireSpending": "3d6e108fa160",
        "WireState": "26ef07831724",
      }
    `));
  it("share links", () => {
    expect(shapesOf("schema/wire/share.ts")).toMatchInlineSnapshot(`
      {
        "DEFAULT_REDACTIONS": "1235b0165c72",
        "REDACTIONS": "787020d689c1",
        "Redaction": "5b47a7b1c246",
        "ShareCreatedResponse": "06f51f574898",
        "ShareInfo": "a7af95fa8502",
        "ShareOpenedResponse": "aed87500f5fd",
        "SharesResponse": "66b61ecfe0f0",
      }
    `);
  });
  it("why an event is refused", () =>
    expect(shapesOf("schema/event/rejection.ts")).toMatchInlineSnapshot(`
      {
        "Rejection": "9bc4ace30a73",
        "RejectionCode": "8eab14a71c05",
      }
    `));
});

it("the fields of the known types, with their schemas and sensitivities", () => {
  const fieldsOf = (event_type: (typeof KNOWN_TYPES)[number]) => {
    const { metadata = {}, metrics = {} } = definitionOf(event_type) ?? {};
    return {
      event_type,
      metadata: z.toJSONSchema(metadataSchema(event_type)),
      metrics: z.toJSONSchema(metricsSchema(event_type)),
      sensitivity: Object.entries({ ...metadata, ...metrics }).map(([name, field]) => [
        name,
        field.sensitivity,
      ]),
    };
  };
  const pinned = CATEGORIES.map((category) => {
    const types = KNOWN_TYPES.filter((event_type) => categoryOf(event_type) === category);
    return [category, short(JSON.stringify(types.map(fieldsOf)))];
  });
  expect(Object.fromEntries(pinned)).toMatchInlineSnapshot(`
    {
      "agent": "10b592671fad",
      "escalation": "59d8309cc116",
      "feedback": "c561f63d4031",
      "governance": "7d9deb239700",
      "learning": "a86883f1e8e4",
      "lifecycle": "be412c48a4b8",
      "quality": "12564218b13e",
      "resource": "f52cba3f1c96",
    }
  `);
});
