import type { train as english } from '../en/train.ts';
import type { Translation } from '../messages.ts';

/** Texts of the train page, in Simplified Chinese. */
export const train = {
  title: '训练',
} satisfies Translation<typeof english>;
