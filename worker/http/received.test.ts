import { expect, it } from "vitest";
import { bodyBytes } from "./received.ts";

it("[V2] makes no stream of a body whose length is said", () => {
  const request = {
    headers: new Headers({ "content-length": "12" }),
    get body(): never {
      throw new Error("a stream was made");
    },
  };
  expect(bodyBytes(request)).toBe(12);
});

it("knows that there is none, or that it may be of any length", () => {
  expect(bodyBytes(new Request("http://localhost/"))).toBe(0);
  const body = new Blob(["{}"]).stream();
  expect(bodyBytes({ headers: new Headers(), body })).toBe(Infinity);
  const headers = new Headers({ "content-length": "1e9" });
  expect(bodyBytes({ headers, body })).toBe(Infinity);
});
