import type { CDPSession, Page } from '@playwright/test';

/** What the browser itself reports of a page, its workers and its service worker. */
export interface Watched {
  /** Every request as the network stack saw it, with the kind of target that made it. */
  readonly requests: readonly { readonly target: string; readonly method: string; readonly url: string }[];
  /** Violations of the content security policy, in the browser's words. */
  readonly violations: readonly { readonly target: string; readonly text: string }[];
  /** Kinds of targets that were watched: `page`, `worker`, `service_worker`. */
  readonly targets: ReadonlySet<string>;
}

interface ProtocolMessage {
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
  let next = 1;
  session.on('Target.attachedToTarget', ({ sessionId, targetInfo }) => {
    targets.add(targetInfo.type);
    kinds.set(sessionId, targetInfo.type);
    for (const method of ['Network.enable', 'Log.enable', 'Runtime.runIfWaitingForDebugger']) {
      const message = JSON.stringify({ id: next++, method });
      // A worker that ended meanwhile has nothing left to say.
      session.send('Target.sendMessageToTarget', { sessionId, message }).catch(() => undefined);
    }
  });
  session.on('Target.receivedMessageFromTarget', ({ sessionId, message }) => {
    hear(kinds.get(sessionId) ?? 'unknown', JSON.parse(message) as ProtocolMessage);
  });
  await session.send('Target.setAutoAttach', {
    autoAttach: true,
    waitForDebuggerOnStart: true,
    // Playwright's sessions cannot address nested ones: their messages travel inside this one.
    flatten: false,
  });
}
