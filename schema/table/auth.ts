/**
 * Tables of better-auth and its organization plugin (organization = team).
 * Property names are better-auth's field names, by which its drizzle adapter
 * finds the columns; a test compares the two, so an upgrade that adds a field
 * fails there and not at somebody's sign-in.
 */
import { sql } from "drizzle-orm";
import { index, integer, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";

/** Milliseconds since the epoch, in both directions a `Date`. */
const instant = (column: string) => integer(column, { mode: "timestamp_ms" });
const NOW_MS = sql`(cast(unixepoch('subsec') * 1000 as integer))`;

export const user = sqliteTable("user", {
  id: text("id").primaryKey(),
  name: text("name").notNull(),
  /** Lower case, as better-auth looks it up. */
  email: text("email").notNull().unique(),
  emailVerified: integer("email_verified", { mode: "boolean" }).notNull().default(false),
  image: text("image"),
  createdAt: instant("created_at").notNull().default(NOW_MS),
  updatedAt: instant("updated_at").notNull().default(NOW_MS),
});

export const session = sqliteTable(
  "session",
  {
    id: text("id").primaryKey(),
    expiresAt: instant("expires_at").notNull(),
    token: text("token").notNull().unique(),
    createdAt: instant("created_at").notNull().default(NOW_MS),
    updatedAt: instant("updated_at").notNull().default(NOW_MS),
    ipAddress: text("ip_address"),
    userAgent: text("user_agent"),
    userId: text("user_id")
      .notNull()
      .references(() => user.id, { onDelete: "cascade" }),
    activeOrganizationId: text("active_organization_id"),
  },
  (table) => [index("session_user_id").on(table.userId)],
);

export const account = sqliteTable(
  "account",
  {
    id: text("id").primaryKey(),
    accountId: text("account_id").notNull(),
    providerId: text("provider_id").notNull(),
    userId: text("user_id")
      .notNull()
      .references(() => user.id, { onDelete: "cascade" }),
    accessToken: text("access_token"),
    refreshToken: text("refresh_token"),
    idToken: text("id_token"),
    accessTokenExpiresAt: instant("access_token_expires_at"),
    refreshTokenExpiresAt: instant("refresh_token_expires_at"),
    scope: text("scope"),
    /** scrypt, salted, as better-auth writes it. */
    password: text("password"),
    createdAt: instant("created_at").notNull().default(NOW_MS),
    updatedAt: instant("updated_at").notNull().default(NOW_MS),
  },
  (table) => [
    index("account_user_id").on(table.userId),
    // One password per person, also when two sign-ups repair the same half-made account at once.
    uniqueIndex("account_provider_user").on(table.providerId, table.userId),
  ],
);

export const verification = sqliteTable(
  "verification",
  {
    id: text("id").primaryKey(),
    identifier: text("identifier").notNull(),
    value: text("value").notNull(),
    expiresAt: instant("expires_at").notNull(),
    createdAt: instant("created_at").notNull().default(NOW_MS),
    updatedAt: instant("updated_at").notNull().default(NOW_MS),
  },
  (table) => [index("verification_identifier").on(table.identifier)],
);

/** A team. Its slug is the first part of every page address. */
export const organization = sqliteTable("organization", {
  id: text("id").primaryKey(),
  name: text("name").notNull(),
  slug: text("slug").notNull().unique(),
  logo: text("logo"),
  createdAt: instant("created_at").notNull().default(NOW_MS),
  metadata: text("metadata"),
});

export const member = sqliteTable(
  "member",
  {
    id: text("id").primaryKey(),
    organizationId: text("organization_id")
      .notNull()
      .references(() => organization.id, { onDelete: "cascade" }),
    userId: text("user_id")
      .notNull()
      .references(() => user.id, { onDelete: "cascade" }),
    /** `owner`, `admin`, `member` or `viewer` (schema/wire/permission.ts). */
    role: text("role").notNull().default("member"),
    createdAt: instant("created_at").notNull().default(NOW_MS),
  },
  (table) => [
    uniqueIndex("member_user_organization").on(table.userId, table.organizationId),
    index("member_organization_id").on(table.organizationId),
  ],
);

export const invitation = sqliteTable(
  "invitation",
  {
    id: text("id").primaryKey(),
    organizationId: text("organization_id")
      .notNull()
      .references(() => organization.id, { onDelete: "cascade" }),
    email: text("email").notNull(),
    role: text("role"),
    status: text("status").notNull().default("pending"),
    expiresAt: instant("expires_at").notNull(),
    createdAt: instant("created_at").notNull().default(NOW_MS),
    inviterId: text("inviter_id")
      .notNull()
      .references(() => user.id, { onDelete: "cascade" }),
  },
  (table) => [
    index("invitation_organization_id").on(table.organizationId),
    index("invitation_email").on(table.email),
  ],
);
