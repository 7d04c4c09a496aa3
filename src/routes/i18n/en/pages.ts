import { basket } from './basket.ts';
import { bench } from './bench.ts';
import { imports } from './imports.ts';
import { models } from './models.ts';
import { monitor } from './monitor.ts';
import { product } from './product.ts';
import { train } from './train.ts';
import { why } from './why.ts';
import { you } from './you.ts';

/** The English texts of the pages that come when they are needed, by namespace. */
export const pages = { basket, bench, imports, models, monitor, product, train, why, you } as const;
