import { basket } from './basket.ts';
import { common } from './common.ts';
import { errors } from './errors.ts';
import { product } from './product.ts';
import { shop } from './shop.ts';
import { train } from './train.ts';
import { why } from './why.ts';
import { you } from './you.ts';

/** Every English text, by namespace. This is the type that other languages must match. */
export const dictionary = { basket, common, errors, product, shop, train, why, you } as const;
export type Dictionary = typeof dictionary;
