/** Texts of the you page. */
export const you = {
  heading: 'What this shop knows about you',
  intro: 'All of it is on this device, and only here. Look at it, change it, take it with you, or erase it.',
  summaryEvents: { one: '{count} event', other: '{count} events' },
  summaryProducts: { one: 'about {count} product', other: 'about {count} products' },
  summaryOrders: { one: '{count} order', other: '{count} orders' },
  summarySent: 'nothing sent',
  nothing: 'Nothing yet',
  nothingText:
    'Look around the shop: what you look at, like, rate or buy shows up here at once, and you can take any of it back.',
  nothingLink: 'Go to the shop',
  memory: 'Kept in memory only: everything here is gone when you close the page. {reason}',

  // Taste
  taste: 'Your taste, in plain words',
  tasteLikes: 'You lean towards {categories}.',
  tasteDislikes: 'You turn away from {categories}.',
  tasteNone: 'What you did so far says no more yes than no, so the shop assumes nothing.',
  tasteStrongest: 'What speaks loudest',
  tasteBelief: 'What the recommender makes of it',
  tasteBeliefFactors: 'Its next {count} picks for you come from:',
  tasteBeliefText:
    'No model is trained yet. From the texts of what you liked, its next {count} picks come from:',
  tasteBeliefPopularity: 'It knows too little about you and shows what is popular.',
  tasteModel: 'It works with the model trained on {date} and folds you in after every event.',

  // History
  history: 'Everything you did',
  historyNote: 'Grouped by product, newest first. Deleting an event changes your shelves at once.',
  historyAll: 'All',
  historyFilter: 'Show',
  historyGone: 'No longer in this shop',
  historyGoneNote: 'Product {id} is not in the catalogue now. Its events are kept but count for nothing.',
  historyMore: { one: 'Show {count} more product', other: 'Show {count} more products' },
  strengthPlus: 'speaks for it: {strength}',
  strengthMinus: 'speaks against it: {strength}',
  strengthZero: 'says nothing',
  strengthCapped: 'beyond the limit of {limit}, adds nothing',
  deleteEvent: 'Delete: {event}, {product}',
  forgetProduct: 'Forget this product',
  forgetProductLabel: 'Forget everything about {product}',
  deleted: { one: 'Event deleted', other: '{count} events deleted' },
  edit: 'Edit',
  editLabel: 'Edit: {event}, {product}',
  save: 'Save',
  discard: 'Discard',
  saved: 'Saved',
  stars: 'Stars',
  reviewText: 'Your review',
  reviewEmpty: 'A review needs words. To take it back, delete it.',

  eventView: 'Looked at it',
  eventClick: 'Chose it from a list',
  eventDwell: { one: 'Stayed {count} second', other: 'Stayed {count} seconds' },
  eventLike: 'Liked it',
  eventRate: { one: 'Rated it {count} star', other: 'Rated it {count} stars' },
  eventBasket: { one: 'Put {count} in the basket', other: 'Put {count} in the basket' },
  eventOrder: { one: 'Ordered {count}', other: 'Ordered {count}' },
  eventHide: 'Not interested',
  eventReview: { one: 'Reviewed it with {count} star', other: 'Reviewed it with {count} stars' },
  kindView: 'Looks',
  kindClick: 'Choices',
  kindDwell: 'Time spent',
  kindLike: 'Likes',
  kindRate: 'Ratings',
  kindBasket: 'Basket',
  kindOrder: 'Orders',
  kindHide: 'Not interested',
  kindReview: 'Reviews',

  // Strength
  strength: 'How much each thing counts',
  strengthNote:
    'A positive number speaks for a product, a negative one against it. The model takes the size as how sure it may be. At most {limit} events of one kind count for one product.',
  strengthWhat: 'What you do',
  strengthCounts: 'Counts',
  strengthRate: { one: 'Rate or review with {count} star', other: 'Rate or review with {count} stars' },
  strengthDwell: 'Stay {seconds} seconds or longer',
  strengthDwellValue: '{from}, growing slowly to {to}',

  // Orders
  orders: 'Orders',
  ordersNote: 'Simulated: nothing was bought and nobody was told.',
  ordersNone: 'No orders.',
  basket: 'In the basket',
  basketNone: 'The basket is empty.',
  basketLink: 'Open the basket',

  // Storage
  storage: 'Room on this device',
  storageNote: 'Sizes are estimated from the records themselves.',
  storageWhat: 'What',
  storageRecords: 'Records',
  storageBytes: 'Size',
  storageEvents: 'What you did',
  storageOrders: 'Orders',
  storageBasket: 'Basket',
  storagePacks: 'The shop itself',
  storageSnapshots: 'Trained models',
  storageCheckpoints: 'Unfinished training',
  storageExperiments: 'Compared models',
  storageSettings: 'Settings',
  storageQuarantine: 'Set aside',
  storageQuota: '{used} of the {quota} that the browser allows this site.',
  storagePersisted: 'The browser has promised to keep it.',
  storageNotPersisted: 'The browser may clear it when the device runs low on space.',
  storagePersistUnknown: 'This browser does not say whether it may clear it.',
  persist: 'Keep my data',
  persistDone: 'The browser will keep your data.',
  persistRefused:
    'The browser did not promise it. Installing the app or visiting more often can help; an export is safest.',
  storageFailed: 'The storage could not be read. {reason}',
  quarantine: {
    one: '{count} record could not be read and was set aside',
    other: '{count} records could not be read and were set aside',
  },
  quarantineNote: 'They count for nothing, and they are in your export. Nothing was deleted.',
  quarantineReason: '{store}: {reason}',
  quarantineRemove: 'Delete what was set aside',
  quarantineRemoved: 'Deleted.',

  // Take away and erase
  yours: 'Yours to take, yours to erase',
  exportNote:
    'One JSON file with everything you did, your orders, basket and settings. The shop and the models are not in it: both can be had again.',
  export: 'Export as JSON',
  exported: 'Exported {events} events.',
  eraseNote:
    'Events, orders, reviews, basket, settings, trained models, the kept shop and the offline copy: gone, at once, for good.',
  erase: 'Erase everything',
  eraseTitle: 'Erase everything?',
  eraseText: 'To be sure it is you: type {word} and press the button. This cannot be undone.',
  eraseWord: 'ERASE',
  eraseField: 'Type {word}',
  eraseConfirm: 'Erase everything',
  eraseKeep: 'Keep everything',
  eraseFailed: 'Not everything could be erased. {reason}',

  // Privacy
  privacy: 'What leaves this device',
  privacyNothing:
    'Nothing about you. The page only fetches its own files; it sends no events, ratings, searches or reviews.',
  privacyServer:
    'Like any website, the server that hosts this shop sees that a browser fetched those files, and from which address.',
  privacyPolicy:
    'The page forbids itself to talk to any other server, by a policy that the browser enforces.',
  privacyBrowsers:
    'Chromium 152 and later enforce that without a gap. Firefox and Safari do not yet block every way out, such as opening a link; the page uses none of them.',
  privacyDevice:
    'Anyone who can use this browser profile can open this page. On a shared device, erase when you leave.',
  privacyHistory:
    'Your browser’s own history keeps the addresses of product pages you opened. Only you can clear it, in the browser.',
  privacySimulated: 'The other shoppers here are simulated. They are not people.',

  // App
  app: 'The app',
  offlineReady: 'Ready offline: the shop and training work without a network.',
  offlineInstalling: 'Getting ready for offline use …',
  offlineNotReady: 'Not ready offline.',
  offlineUnsupported: 'This browser cannot keep the page for offline use.',
  install: 'Install the app',
  installed: 'Installed as an app.',
  installIos: 'To install it: tap Share, then “Add to Home Screen”.',
} as const;
