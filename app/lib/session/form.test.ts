import { describe, expect, it } from "vitest";
import { collect, emailError, nameError, passwordError } from "./form.ts";

describe("form validation", () => {
  it("asks for a name that can become an address", () => {
    expect(nameError("  ", "team")).toMatch(/team a name/);
    expect(nameError("—!—", "team")).toMatch(/letter or digit/);
    expect(nameError("日本", "team")).toBeUndefined();
    expect(nameError("x".repeat(80), "team")).toBeUndefined();
    expect(nameError("x".repeat(81), "team")).toMatch(/80/);
  });

  it.each(["a@b.co", " a+tag@b.example ", "ü@bücher.example"])("lets %j pass", (email) => {
    expect(emailError(email)).toBeUndefined();
  });
  it.each(["", "a", "a@b", "a b@c.de", "@b.co", "a@@b.co"])("stops %j", (email) => {
    expect(emailError(email)).toBeDefined();
  });

  it("counts what is missing in a password", () => {
    expect(passwordError("")).toMatch(/Enter/);
    expect(passwordError("12345")).toMatch(/3 more/);
    expect(passwordError("12345678")).toBeUndefined();
    expect(passwordError("x".repeat(129))).toMatch(/128/);
  });

  it("keeps only complaints", () => {
    expect(collect({ a: undefined, b: undefined })).toBeNull();
    expect(collect({ a: undefined, b: "no" })).toEqual({ b: "no" });
  });
});
