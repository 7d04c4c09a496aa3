import { serve, type Endpoint } from '../rpc/index.ts';
import { createPackService } from './pack-service.ts';
import type { PackService } from './protocol.ts';

serve<PackService>(self as unknown as Endpoint, createPackService(self.location.origin));
