import type { you as english } from '../en/you.ts';
import type { Translation } from '../messages.ts';

/** Texts of the you page, in Simplified Chinese. */
export const you = {
  title: '我的',
} satisfies Translation<typeof english>;
