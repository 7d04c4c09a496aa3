/** Texts of the you page. */
export const you = {
  title: 'You',
} as const;
