'use strict';

addEventListener('message', ({ data }) => {
  void fetch(data.fetch, { mode: 'no-cors' });
});
