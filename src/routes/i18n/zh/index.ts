import type { AnyDictionary } from '../i18n.svelte.ts';
import { basket } from './basket.ts';
import { common } from './common.ts';
import { errors } from './errors.ts';
import { product } from './product.ts';
import { shop } from './shop.ts';
import { train } from './train.ts';
import { why } from './why.ts';
import { you } from './you.ts';

/** Every text in Simplified Chinese. */
export const dictionary: AnyDictionary = { basket, common, errors, product, shop, train, why, you };
