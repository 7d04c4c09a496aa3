'use strict';

function leak({ data }) {
  if (data.fetch !== undefined) void fetch(data.fetch, { mode: 'no-cors' });
  if (data.socket !== undefined) new WebSocket(data.socket);
  if (data.script !== undefined) importScripts(data.script);
}

addEventListener('message', leak);
addEventListener('connect', ({ ports: [port] }) => {
  port.onmessage = leak;
});
