import type { BaseTexts } from '../messages.ts';
import { common } from './common.ts';
import { errors } from './errors.ts';
import { shop } from './shop.ts';

/** The texts of the first load in Simplified Chinese. */
export const base: BaseTexts = { common, errors, shop };
