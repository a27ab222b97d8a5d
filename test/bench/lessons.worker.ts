/** A book of lessons in a Durable Object: filled, embedded and searched as the service does it. */
import { DurableObject } from "cloudflare:workers";
import { StaticEmbedder } from "../../worker/learning/embed/static.ts";
import type { IndexedLesson, LessonIndex } from "../../worker/learning/index/contract.ts";
import { openEmbeddedIndex } from "../../worker/learning/index/embedded.ts";

/** The server of all benchmarks wants one. */
export class ProjectRoom extends DurableObject {
  #embedder: StaticEmbedder | null = null;
  #index: LessonIndex | null = null;

  async words(file: ArrayBuffer): Promise<string> {
    this.#embedder = StaticEmbedder.of(file);
    this.#index = openEmbeddedIndex(this.ctx.storage.sql, this.#embedder);
    return this.#embedder.version;
  }

  /** @param texts one a line. Answers how many have a vector. */
  async embed(texts: string): Promise<string> {
    const made = (await this.#embedder?.embed(texts.split("\n"))) ?? [];
    return String(made.filter((vector) => vector !== null).length);
  }

  async fill(lines: string): Promise<string> {
    const lessons = JSON.parse(lines) as IndexedLesson[];
    await this.#index?.upsert(lessons);
    return String(lessons.length);
  }

  async search(text: string): Promise<string> {
    return JSON.stringify(
      await this.#index?.search({ text, k: 10, filter: { project: "p1", status: ["active"] } }),
    );
  }
}

export default {
  async fetch(request: Request, env: { ROOM: DurableObjectNamespace<ProjectRoom> }): Promise<Response> {
    const book = env.ROOM.get(env.ROOM.idFromName("book"));
    const { pathname } = new URL(request.url);
    if (pathname === "/words") return new Response(await book.words(await request.arrayBuffer()));
    const body = await request.text();
    if (pathname === "/embed") return new Response(await book.embed(body));
    if (pathname === "/fill") return new Response(await book.fill(body));
    return new Response(await book.search(body));
  },
};
