export { createRpcClient, type CallOptions, type RpcClient } from './client.ts';
export type { Endpoint, ServiceShape } from './protocol.ts';
export { serve, Transferred, type CallContext, type Handlers } from './service.ts';
export { spawnWorker, trustedScriptUrl, type SpawnedWorker } from './worker.ts';
