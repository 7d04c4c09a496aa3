import { nextTask } from './next-task.ts';

/** How far outside the window something counts as near. */
const MARGIN = '160px';

const waiting = new WeakMap<Element, () => void>();
let observer: IntersectionObserver | null = null;

/**
 * Calls back once, when an element comes near the window. One observer serves all. Returns how to stop waiting.
 */
export function whenNear(element: Element, callback: () => void): () => void {
  observer ??= new IntersectionObserver(answer, { rootMargin: MARGIN });
  const shared = observer;
  waiting.set(element, callback);
  shared.observe(element);
  return () => {
    waiting.delete(element);
    shared.unobserve(element);
  };
}

function answer(entries: readonly IntersectionObserverEntry[], from: IntersectionObserver): void {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    from.unobserve(target);
    // Many elements come into view at once: each is shown in a task of its own, unless it has stopped waiting by then.
    void nextTask().then(() => {
      waiting.get(target)?.();
      waiting.delete(target);
    });
  }
}
