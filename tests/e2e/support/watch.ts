import type { CDPSession, Page } from '@playwright/test';

/** What the browser itself reports of a page, its workers and its service worker. */
export interface Watched {
  /** Every request, once as the target that made it tells it, once as the context does. */
  readonly requests: readonly { readonly target: string; readonly method: string; readonly url: string }[];
  /** Violations of the content security policy, in the browser's words. */
  readonly violations: readonly { readonly target: string; readonly text: string }[];
  /** Kinds of targets that were watched: `page`, `worker`, `service_worker`. */
  readonly targets: ReadonlySet<string>;
}

interface ProtocolMessage {
  /** Of the request it answers; absent in events. */
  readonly id?: number;
  readonly method?: string;
  readonly params?: {
    readonly request?: { readonly method: string; readonly url: string };
    readonly entry?: { readonly source: string; readonly level: string; readonly text: string };
  };
}

/** Watches a page from here on, over reloads, with the workers that it starts. Open it on about:blank first. */
export async function watch(page: Page): Promise<Watched> {
  const requests: Watched['requests'][number][] = [];
  const violations: Watched['violations'][number][] = [];
  const targets = new Set(['page']);
  const session = await page.context().newCDPSession(page);

  const hear = (target: string, { method, params }: ProtocolMessage): void => {
    if (method === 'Network.requestWillBeSent' && params?.request !== undefined) {
      requests.push({ target, method: params.request.method, url: params.request.url });
    }
    const entry = method === 'Log.entryAdded' ? params?.entry : undefined;
    if (entry?.source === 'security' && entry.level === 'error')
      violations.push({ target, text: entry.text });
  };

  for (const method of ['Network.requestWillBeSent', 'Log.entryAdded'] as const) {
    session.on(method, (params) => hear('page', { method, params }));
  }
  // A worker's first requests can be faster than a second session: Playwright's own holds it back.
  page.context().on('request', (request) => {
    requests.push({ target: 'context', method: request.method(), url: request.url() });
  });
  await session.send('Network.enable');
  await session.send('Log.enable');
  await watchWorkers(session, targets, hear);
  return { requests, violations, targets };
}

/** Attaches to every worker before its first line runs. */
async function watchWorkers(
  session: CDPSession,
  targets: Set<string>,
  hear: (target: string, message: ProtocolMessage) => void,
): Promise<void> {
  const kinds = new Map<string, string>();
  const answers = new Map<number, () => void>();
  let next = 1;
  const ask = (sessionId: string, method: string): Promise<void> =>
    new Promise((resolve) => {
      const id = next++;
      answers.set(id, resolve);
      const message = JSON.stringify({ id, method });
      // A worker that ended meanwhile has nothing left to say.
      session.send('Target.sendMessageToTarget', { sessionId, message }).catch(() => resolve());
    });
  const begin = async (sessionId: string): Promise<void> => {
    await Promise.all([ask(sessionId, 'Network.enable'), ask(sessionId, 'Log.enable')]);
    await ask(sessionId, 'Runtime.runIfWaitingForDebugger');
  };
  session.on('Target.attachedToTarget', ({ sessionId, targetInfo }) => {
    targets.add(targetInfo.type);
    kinds.set(sessionId, targetInfo.type);
    void begin(sessionId);
  });
  session.on('Target.receivedMessageFromTarget', ({ sessionId, message: text }) => {
    const message = JSON.parse(text) as ProtocolMessage;
    if (message.id === undefined) hear(kinds.get(sessionId) ?? 'unknown', message);
    else answers.get(message.id)?.();
  });
  await session.send('Target.setAutoAttach', {
    autoAttach: true,
    waitForDebuggerOnStart: true,
    // Playwright's sessions cannot address nested ones: their messages travel inside this one.
    flatten: false,
  });
}
