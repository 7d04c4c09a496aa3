/**
 * A page in Firefox or WebKitGTK, by the commands of W3C WebDriver: over HTTP to WebKitWebDriver, over Marionette, which
 * Firefox itself speaks, to Firefox. Debian has no geckodriver, and each client library wants one.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

const SCRIPT_TIMEOUT_MS = 300_000;
const START_TIMEOUT_MS = 60_000;

const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Repeats until something other than null comes. */
async function until(what, attempt) {
  const end = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < end) {
    const result = await attempt().catch(() => null);
    if (result !== null) return result;
    await sleep(100);
  }
  throw new Error(`${what} did not start within ${START_TIMEOUT_MS / 1000} s.`);
}

async function stop(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await Promise.race([ended, sleep(5_000).then(() => child.kill('SIGKILL'))]);
}

/**
 * @typedef {object} Session
 * @property {string} version of the browser
 * @property {(url: string) => Promise<void>} goto
 * @property {() => Promise<void>} reload
 * @property {(source: string, ...args: unknown[]) => Promise<unknown>} evaluate body of an async function in the page
 * @property {() => Promise<string>} screenshot PNG in base64
 * @property {() => Promise<void>} close
 */

/** An async function's body as the source of WebDriver's "execute async script". */
const asyncScript = (source) => `const args = [...arguments]; const done = args.pop();
(async (...args) => { ${source} })(...args).then((value) => done({ value }), (error) => done({ error: String(error) }));`;

function pageOf(send, version, close) {
  return {
    version,
    goto: (url) => send('Navigate', { url }),
    reload: () => send('Refresh', {}),
    screenshot: () => send('TakeScreenshot', {}),
    async evaluate(source, ...args) {
      const outcome = await send('ExecuteAsyncScript', { script: asyncScript(source), args });
      if (outcome.error !== undefined) throw new Error(outcome.error);
      return outcome.value;
    },
    close,
  };
}

/** @returns {Promise<Session>} */
export async function openFirefox({ firefox }) {
  const profile = await mkdtemp(join(tmpdir(), 'fairshelf-firefox-'));
  await writeFile(
    join(profile, 'user.js'),
    Object.entries({
      'marionette.port': 0,
      'datareporting.policy.dataSubmissionEnabled': false,
      'app.update.enabled': false,
      'browser.shell.checkDefaultBrowser': false,
      'network.captive-portal-service.enabled': false,
      'network.connectivity-service.enabled': false,
      'intl.accept_languages': 'en',
    })
      .map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`)
      .join(''),
  );
  const child = spawn(firefox, ['--headless', '--marionette', '--no-remote', '--profile', profile], {
    stdio: 'ignore',
    env: { ...process.env, HOME: profile, MOZ_HEADLESS_WIDTH: '1280', MOZ_HEADLESS_HEIGHT: '900' },
  });
  const port = await until('Firefox', async () =>
    Number(await readFile(join(profile, 'MarionetteActivePort'), 'utf8')),
  );
  const socket = await until('Marionette', async () => {
    const made = connect(port, '127.0.0.1');
    await once(made, 'connect');
    return made;
  });

  // Each message is its length in bytes, a colon, and JSON: [0, id, command, parameters] or [1, id, error, result].
  const answers = new Map();
  let received = Buffer.alloc(0);
  socket.on('data', (chunk) => {
    received = Buffer.concat([received, chunk]);
    for (;;) {
      const colon = received.indexOf(':');
      if (colon < 0) return;
      const end = colon + 1 + Number(received.subarray(0, colon).toString());
      if (received.length < end) return;
      const message = JSON.parse(received.subarray(colon + 1, end).toString());
      received = received.subarray(end);
      if (!Array.isArray(message)) continue; // the greeting
      const [, id, error, result] = message;
      answers.get(id)?.(error, result);
      answers.delete(id);
    }
  });
  socket.on('close', () => {
    for (const answer of answers.values()) answer({ error: 'closed', message: 'Firefox is gone.' });
  });
  let next = 1;
  const send = (command, parameters) =>
    new Promise((resolve, reject) => {
      const id = next++;
      answers.set(id, (error, result) => {
        if (error) reject(new Error(`${command}: ${error.error}: ${error.message}`));
        else resolve(result !== null && Object.hasOwn(result, 'value') ? result.value : result);
      });
      const text = JSON.stringify([0, id, `WebDriver:${command}`, parameters]);
      socket.write(`${Buffer.byteLength(text)}:${text}`);
    });
  const { capabilities } = await send('NewSession', { capabilities: { alwaysMatch: {} } });
  await send('SetTimeouts', { script: SCRIPT_TIMEOUT_MS });
  return pageOf(send, `Firefox ${capabilities.browserVersion}`, async () => {
    socket.destroy();
    await stop(child);
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  });
}

const HTTP = {
  Navigate: ['POST', '/url'],
  Refresh: ['POST', '/refresh'],
  TakeScreenshot: ['GET', '/screenshot'],
  ExecuteAsyncScript: ['POST', '/execute/async'],
  SetTimeouts: ['POST', '/timeouts'],
};

/** @returns {Promise<Session>} */
export async function openWebKit({ driver, display }) {
  const home = await mkdtemp(join(tmpdir(), 'fairshelf-webkit-'));
  const screen = spawn(display, ['-displayfd', '3', '-screen', '0', '1280x900x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const [number] = await once(screen.stdio[3], 'data');
  const port = await freePort();
  const child = spawn(driver, [`--port=${port}`], {
    stdio: 'ignore',
    detached: true,
    env: {
      ...process.env,
      DISPLAY: `:${String(number).trim()}`,
      HOME: home,
      XDG_DATA_HOME: home,
      XDG_CACHE_HOME: home,
      LANG: 'en_GB.UTF-8',
      // Xvfb has none, and without it WebKit paints no frame: nothing that waits for one goes on.
      WEBKIT_DISABLE_DMABUF_RENDERER: '1',
      // bubblewrap needs rights that a container's root has not.
      WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1',
    },
  });
  const ask = async (method, path, body) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      ...(method === 'POST' ? { body: JSON.stringify(body) } : {}),
    });
    const { value } = await response.json();
    if (!response.ok) throw new Error(`${path}: ${value.error}: ${value.message}`);
    return value;
  };
  const { sessionId, capabilities } = await until('WebKitWebDriver', () =>
    ask('POST', '/session', { capabilities: { alwaysMatch: {} } }),
  );
  const send = (command, parameters) => {
    const [method, path] = HTTP[command];
    return ask(method, `/session/${sessionId}${path}`, parameters);
  };
  await send('SetTimeouts', { script: SCRIPT_TIMEOUT_MS });
  return pageOf(send, `WebKitGTK ${capabilities.browserVersion}`, async () => {
    await ask('DELETE', `/session/${sessionId}`).catch(() => undefined);
    await stop(child);
    await stop(screen);
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
  });
}

async function freePort() {
  const { createServer } = await import('node:net');
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}
