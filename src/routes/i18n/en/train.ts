/** Texts of the train page. */
export const train = {
  title: 'Training',
} as const;
