/** What people see of share links and invitations; like keys, a secret itself is never here. */
import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { organization, user } from "./auth.ts";
import { project } from "./project.ts";

const instant = (column: string) => integer(column, { mode: "timestamp_ms" });

/**
 * A read-only link. The room holds the hash of its secret, the scope, the expiry and the
 * revocation, and decides by them; this row is for the list in the settings. As with keys,
 * `ready_at` is null until the room knows the link, and such a row was never shown to anyone.
 */
export const share_link = sqliteTable(
  "share_link",
  {
    /** 12 characters [a-z0-9]. */
    id: text("id").primaryKey(),
    project_id: text("project_id")
      .notNull()
      .references(() => project.id, { onDelete: "cascade" }),
    name: text("name").notNull(),
    /** Names of the views it shows. */
    views: text("views", { mode: "json" }).$type<string[]>().notNull(),
    /** The sensitivities it takes away: `cost`, `name`, `title`, `text`. */
    redactions: text("redactions", { mode: "json" }).$type<string[]>().notNull(),
    /** Salted and stretched; null: no passphrase is asked. */
    passphrase_hash: text("passphrase_hash"),
    expires_at: instant("expires_at"),
    created_at: instant("created_at").notNull(),
    created_by: text("created_by").references(() => user.id, { onDelete: "set null" }),
    ready_at: instant("ready_at"),
    revoked_at: instant("revoked_at"),
    last_opened_at: instant("last_opened_at"),
    opened_count: integer("opened_count").notNull().default(0),
  },
  (table) => [index("share_link_project_id").on(table.project_id)],
);

/** A link that makes whoever opens it first a member. It names no address: a team hands it over as it likes. */
export const team_invitation = sqliteTable(
  "team_invitation",
  {
    /** 12 characters [a-z0-9]. */
    id: text("id").primaryKey(),
    team_id: text("team_id")
      .notNull()
      .references(() => organization.id, { onDelete: "cascade" }),
    role: text("role").notNull(),
    /** What the inviter calls it, such as the person it is for. */
    note: text("note").notNull().default(""),
    /** Hex SHA-256 of the link's secret. */
    secret_sha256: text("secret_sha256").notNull(),
    created_at: instant("created_at").notNull(),
    created_by: text("created_by").references(() => user.id, { onDelete: "set null" }),
    expires_at: instant("expires_at").notNull(),
    accepted_at: instant("accepted_at"),
    accepted_by: text("accepted_by").references(() => user.id, { onDelete: "set null" }),
    revoked_at: instant("revoked_at"),
  },
  (table) => [index("team_invitation_team_id").on(table.team_id)],
);
