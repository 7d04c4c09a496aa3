import { MediaQuery } from 'svelte/reactivity';

/**
 * Whether the window is as narrow as a phone's, where the navigation stands at its foot. Only the navigation that
 * shows is made. The style sheets of the shell name the same width.
 */
export function narrowWindow(): MediaQuery {
  return new MediaQuery('(max-width: 56rem)');
}
