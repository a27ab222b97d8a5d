/** Who of all that speak in a log is of the team, and who speaks for nobody. */
import { speaksAsClusterfork } from "../event/own.ts";

const KEY_ID = /^key-[a-z0-9]{12}$/;

/** Of an event that a key sends in no agent's name. */
export const speakerOfKey = (key_id: string): string => `key-${key_id}`;

/** Neither Clusterfork's own voice nor a key: an agent that can be busy, and be looked for. */
export const isOfTeam = (agent_id: string): boolean =>
  !speaksAsClusterfork({ agent_id }) && !KEY_ID.test(agent_id);
