/** Looked up before anything is drawn: an invitation that is no longer good shows no form. */
import type { PageLoad } from "./$types";

export const load: PageLoad = async ({ parent, params }) => {
  const { api } = await parent();
  return { offer: await api.lookAtInvitation(params.token) };
};
