/** Which of two forms of an answer is wanted. */

/** Where both are taken alike JSON comes first. */
export function wantsMarkdown(accept: string | undefined): boolean {
  const named = (type: string): number => {
    const at = accept?.toLowerCase().indexOf(type) ?? -1;
    return at < 0 ? Infinity : at;
  };
  return named("text/markdown") < named("application/json");
}
