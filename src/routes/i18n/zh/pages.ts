import type { PagesTexts } from '../messages.ts';
import { backup } from './backup.ts';
import { basket } from './basket.ts';
import { bench } from './bench.ts';
import { imports } from './imports.ts';
import { models } from './models.ts';
import { monitor } from './monitor.ts';
import { past } from './past.ts';
import { product } from './product.ts';
import { taste } from './taste.ts';
import { train } from './train.ts';
import { why } from './why.ts';
import { you } from './you.ts';

/** The texts of the pages that come when they are needed, in Simplified Chinese. */
export const pages: PagesTexts = {
  backup,
  basket,
  bench,
  imports,
  models,
  monitor,
  past,
  product,
  taste,
  train,
  why,
  you,
};
