/**
 * Puts text on the clipboard. `navigator.clipboard` exists only on https and
 * localhost; a self-hosted Clusterfork on plain http in an office network has
 * to do with the old way, through a selected text area.
 */
export async function copyText(text: string): Promise<boolean> {
  if (navigator.clipboard !== undefined) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      // Permission refused, or the page is not focused: the old way may still be allowed.
    }
  }
  return copyBySelection(text);
}

function copyBySelection(text: string): boolean {
  const focused = document.activeElement;
  const area = document.createElement("textarea");
  area.value = text;
  area.readOnly = true;
  area.className = "vh";
  // Inside an open dialog only its own descendants can be focused.
  (document.querySelector("dialog[open]") ?? document.body).append(area);
  area.select();
  let copied = false;
  try {
    copied = document.execCommand("copy");
  } catch {
    // Some browsers throw where others answer false; both mean that nothing was copied.
  }
  area.remove();
  if (focused instanceof HTMLElement) focused.focus();
  return copied;
}
