/**
 * A process that reads requests and refuses each, and is nothing of the product: noise sent there takes from this
 * machine what sending takes, and nothing else. Prints its port.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";

const REFUSAL = "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 1\r\nContent-Length: 2\r\n\r\n{}";
const HEAD_END = "\r\n\r\n";

export interface Bare {
  url: string;
  end(): void;
}

export async function startBare(): Promise<Bare> {
  const child = spawn(process.execPath, [import.meta.filename], { stdio: ["ignore", "pipe", "inherit"] });
  const [port] = (await once(child.stdout, "data")) as [Buffer];
  return { url: `http://127.0.0.1:${port.toString().trim()}`, end: () => child.kill() };
}

/** One request after the other on each line, as `knock` sends them. */
function serve(): void {
  const server = createServer((socket) => {
    let text = "";
    socket.setNoDelay(true).on("error", () => socket.destroy());
    socket.on("data", (chunk: Buffer) => {
      text += chunk.toString("latin1");
      const end = text.indexOf(HEAD_END);
      const bytes = Number(/content-length: (\d+)/.exec(text)?.[1] ?? 0);
      if (end < 0 || text.length < end + HEAD_END.length + bytes) return;
      text = "";
      socket.write(REFUSAL);
    });
  });
  server.listen(0, "127.0.0.1", () => {
    const address = server.address();
    if (typeof address === "object") console.log(address?.port);
  });
}

if (process.argv[1] === import.meta.filename) serve();
