/** Resolves in a task of its own: input, scrolling and painting come in between. */
export function nextTask(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}

/** A page that is not painted (a tab in the background) goes on after this long. */
const UNPAINTED_MS = 100;

/**
 * Resolves in a task of its own after the page was painted once more: what each step adds is laid out and painted by
 * itself, not all of it in one long frame.
 */
export function nextFrame(): Promise<void> {
  return new Promise((resolve) => {
    const unpainted = setTimeout(resolve, UNPAINTED_MS);
    requestAnimationFrame(() => {
      clearTimeout(unpainted);
      setTimeout(resolve);
    });
  });
}
