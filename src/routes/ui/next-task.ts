/** Resolves in a task of its own: input, scrolling and painting come in between. */
export function nextTask(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}
