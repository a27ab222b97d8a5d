/**
 * Keys that the server just made and will never show again. They live in this
 * tab's memory only, and only until the page that shows them is left: a copy
 * in sessionStorage would outlive the reader's attention and be readable by
 * any script that ever runs here.
 */
export interface FreshKeySet {
  ingest: string;
  read?: string;
  /** Browser clock, ms. */
  made_at: number;
}

export class FreshKeys {
  #by_project = new Map<string, FreshKeySet>();

  keep(project_id: string, keys: { ingest: string; read?: string }, made_at: number): void {
    this.#by_project.set(project_id, { ...keys, made_at });
  }
  of(project_id: string): FreshKeySet | undefined {
    return this.#by_project.get(project_id);
  }
  forget(project_id: string): void {
    this.#by_project.delete(project_id);
  }
  forgetAll(): void {
    this.#by_project.clear();
  }
}
