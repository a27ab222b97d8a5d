import type { ShareInfo } from "../../../schema/wire/share.ts";

/** Neither revoked nor past its end. */
export const isOpen = (share: Pick<ShareInfo, "revoked_at" | "expires_at">, now_ms: number): boolean =>
  share.revoked_at === null && (share.expires_at === null || Date.parse(share.expires_at) > now_ms);
