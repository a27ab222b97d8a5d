import { createServer } from "node:net";
import { Stop } from "../bootstrap/say.mjs";

/** A port that can be listened on now: `port` itself, or a free one for 0. */
export async function freePort(port: number, host: string): Promise<number> {
  const probe = createServer();
  try {
    return await new Promise<number>((resolve, reject) => {
      probe.once("error", reject);
      probe.listen({ port, host, exclusive: true }, () => {
        const address = probe.address();
        resolve(typeof address === "object" && address !== null ? address.port : port);
      });
    });
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "EADDRINUSE")
      throw new Stop(
        `Port ${port} on ${host} is in use. Stop the program that uses it, or choose another: npm start -- --port ${port + 1}`,
      );
    if (code === "EACCES")
      throw new Stop(
        `Port ${port} is reserved for the administrator. Choose one above 1023: npm start -- --port 8787`,
      );
    if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND")
      throw new Stop(`${host} is not an address of this machine. Try --host 127.0.0.1 or --host 0.0.0.0.`);
    throw error;
  } finally {
    await new Promise((done) => probe.close(done));
  }
}
