import { defineConfig } from "drizzle-kit";

export default defineConfig({
  dialect: "sqlite",
  schema: "./schema/table/tables.ts",
  out: "./schema/table/migrations",
});
