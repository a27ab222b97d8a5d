/** All that the settings show, asked for at once: shown when the last of it is there, the page stands still under its reader. */
import { Loaded } from "#lib/grant/loaded.svelte.ts";
import type { ProjectContext } from "#lib/project.ts";
import { may } from "../../../schema/wire/permission.ts";

/** Who waits for longer sees what is there: one answer that hangs must not hide the others. */
const PATIENCE_MS = 3_000;

type Reader = Pick<ProjectContext, "api" | "project" | "team">;

export class SettingLoads {
  readonly keys: ReturnType<typeof keysOf>;
  readonly hooks: ReturnType<typeof hooksOf>;
  readonly channels: ReturnType<typeof channelsOf>;
  readonly shares: ReturnType<typeof sharesOf>;
  readonly settings: ReturnType<typeof settingsOf>;
  readonly #awaited: Loaded<unknown>[];
  #impatient = $state(false);

  /** Made in a component. Asks for what this reader may see. */
  constructor(reader: Reader) {
    this.keys = keysOf(reader);
    this.hooks = hooksOf(reader);
    this.channels = channelsOf(reader);
    this.shares = sharesOf(reader);
    this.settings = settingsOf(reader);
    const role = reader.team.role;
    this.#awaited = [
      ...(may(role, "key.list") ? [this.keys, this.hooks] : []),
      ...(may(role, "share.list") ? [this.shares] : []),
      ...(may(role, "project.configure") ? [this.channels, this.settings] : []),
    ];
    $effect(() => {
      for (const loaded of this.#awaited) loaded.first();
      const timer = setTimeout(() => (this.#impatient = true), PATIENCE_MS);
      return () => clearTimeout(timer);
    });
  }

  get arrived(): boolean {
    return this.#impatient || this.#awaited.every(({ settled }) => settled);
  }
}

const keysOf = ({ api, project }: Reader) => new Loaded(() => api.keys(project.id));
const hooksOf = ({ api, project }: Reader) => new Loaded(() => api.hooks(project.id));
const channelsOf = ({ api, project }: Reader) => new Loaded(() => api.channels(project.id));
const sharesOf = ({ api, project }: Reader) => new Loaded(() => api.shares(project.id));
const settingsOf = ({ api, project }: Reader) => new Loaded(() => api.settings(project.id));
