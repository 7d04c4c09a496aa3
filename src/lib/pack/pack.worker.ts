import { serve, type Endpoint } from '../rpc/index.ts';
import { createPackService } from './pack-service.ts';
import { LANGUAGES } from '../types.ts';
import type { PackService } from './protocol.ts';

serve<PackService>(self as unknown as Endpoint, createPackService(self.location.origin));

// A process's first number format loads the tables of all: 60 ms on a phone. The page will show prices when the
// catalogue is there, so they are loaded here and not on its thread, while the first request waits for the network.
setTimeout(() => LANGUAGES.forEach((language) => new Intl.NumberFormat(language).format(0)));
