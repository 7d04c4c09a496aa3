import { itemStatistics } from '../model/matrix/item-statistics.ts';
import { serve, type Endpoint } from '../rpc/index.ts';
import { createImportService } from './import-service.ts';
import type { ImportService } from './protocol.ts';

serve<ImportService>(self as unknown as Endpoint, createImportService(itemStatistics));
