import type { PagesTexts } from '../messages.ts';
import { basket } from './basket.ts';
import { bench } from './bench.ts';
import { imports } from './imports.ts';
import { models } from './models.ts';
import { monitor } from './monitor.ts';
import { product } from './product.ts';
import { train } from './train.ts';
import { why } from './why.ts';
import { you } from './you.ts';

/** The texts of the pages that come when they are needed, in Simplified Chinese. */
export const pages: PagesTexts = { basket, bench, imports, models, monitor, product, train, why, you };
