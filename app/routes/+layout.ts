/** Pages are drawn in the browser only: the Worker serves data and static files. */
export const ssr = false;
