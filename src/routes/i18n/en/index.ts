import { common } from './common.ts';
import { errors } from './errors.ts';
import { shop } from './shop.ts';

/** The English texts of the first load, by namespace. These are the type that other languages must match. */
export const base = { common, errors, shop } as const;
