import { afterEach, expect, it, vi } from "vitest";
import { CLOSE } from "../../schema/wire/socket.ts";
import { MAX_VIEWERS } from "./limits.ts";
import { openStream, type Handshake } from "./stream.ts";

const HANDSHAKE: Handshake = {
  principal: { kind: "session", user_id: "u" },
  since: null,
  offers_protocol: false,
};

/** Node has no WebSocketPair, and its Response knows no status 101. */
function fakeRuntime() {
  const server = { accept: vi.fn<() => void>(), close: vi.fn<(code: number, reason: string) => void>() };
  vi.stubGlobal(
    "WebSocketPair",
    class {
      readonly 0 = {};
      readonly 1 = server;
    },
  );
  vi.stubGlobal("Response", class {});
  return server;
}
afterEach(() => vi.unstubAllGlobals());

it.each([
  ["all places are taken", MAX_VIEWERS],
  ["there is no room for its snapshot", 0],
])("[V2] where %s, the room takes no socket, and a close code says why", (_, size) => {
  const server = fakeRuntime();
  const acceptWebSocket = vi.fn<() => void>();
  openStream({ acceptWebSocket }, { size, shared_size: 0, join: () => false }, HANDSHAKE);
  expect(acceptWebSocket).not.toHaveBeenCalled();
  expect(server.accept).toHaveBeenCalledOnce();
  expect(server.close).toHaveBeenCalledExactlyOnceWith(
    CLOSE.full,
    expect.stringContaining("try again later"),
  );
});

it("[V2] who finds room is taken by the room alone", () => {
  const server = fakeRuntime();
  const acceptWebSocket = vi.fn<() => void>();
  const join = (accept: () => WebSocket) => accept() !== undefined;
  openStream({ acceptWebSocket }, { size: 0, shared_size: 0, join }, HANDSHAKE);
  expect(acceptWebSocket).toHaveBeenCalledOnce();
  expect(server.accept).not.toHaveBeenCalled();
  expect(server.close).not.toHaveBeenCalled();
});
