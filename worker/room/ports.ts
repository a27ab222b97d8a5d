/** What a room knows of the world outside itself: each opened by project id, each one absent where there is none. */
import type { StartAudit } from "./audit.ts";
import type { OpenArchive } from "./drain.ts";
import type { OpenForward } from "./forward.ts";
import type { OpenLearn } from "./lessons.ts";
import type { OpenNotify } from "./notices.ts";
import type { StartReflection } from "./reflections.ts";
import type { OpenWatchers } from "./watch.ts";

export interface Ports {
  /** Without it, the log is copied nowhere. */
  openArchive?: OpenArchive | undefined;
  /** Without it, the chain is not audited. */
  startAudit?: StartAudit | undefined;
  /** Without it, nothing is forwarded, whatever the project's settings say. */
  openForward?: OpenForward | undefined;
  /** Without it, nobody looks at the project and says something about it. */
  openWatchers?: OpenWatchers | undefined;
  /** Without it, alerts are told nowhere else, whatever channels there are. */
  openNotify?: OpenNotify | undefined;
  /** Without it, no book of lessons hears of this project. */
  openLearn?: OpenLearn | undefined;
  /** Without it, nobody reflects on what ended. */
  startReflection?: StartReflection | undefined;
}
