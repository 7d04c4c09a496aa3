import type { Endpoint } from '../../rpc/index.ts';
import { serveRecommender } from './recommender-runtime.ts';

serveRecommender(globalThis as unknown as Endpoint);
