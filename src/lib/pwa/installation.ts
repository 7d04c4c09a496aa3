/** How this page can become an app on the device. */
export type InstallOption =
  /** It is one already: opened from the home screen or its own window. */
  | 'installed'
  /** The browser offers it: `install()` asks the visitor. */
  | 'prompt'
  /** Safari on iOS: through Share, then "Add to Home Screen"; there is no call for it. */
  | 'ios-share'
  /** Nothing to offer here. */
  | 'none';

/** The way to install the page, kept up to date. */
export interface Installation {
  readonly option: InstallOption;
  /** Calls back at once and after every change, until the returned function is called. */
  subscribe(listener: (option: InstallOption) => void): () => void;
  /** Shows the browser's question; true where the visitor accepted. False where there is no prompt to show. */
  install(): Promise<boolean>;
}

/** Chromium's event; it has no type in the DOM library. */
interface BeforeInstallPromptEvent extends Event {
  prompt(): Promise<{ readonly outcome: 'accepted' | 'dismissed' }>;
}

/** Watches for the browser's offer to install. Made early: the offer comes once, soon after loading. */
export function watchInstallation(): Installation {
  const listeners = new Set<(option: InstallOption) => void>();
  let offer: BeforeInstallPromptEvent | null = null;
  let option = optionWithoutOffer();

  const change = (next: InstallOption): void => {
    option = next;
    for (const listener of listeners) listener(option);
  };
  addEventListener('beforeinstallprompt', (event) => {
    // The page offers it where it fits, in its own words.
    event.preventDefault();
    offer = event as BeforeInstallPromptEvent;
    change('prompt');
  });
  addEventListener('appinstalled', () => {
    offer = null;
    change('installed');
  });

  return {
    get option() {
      return option;
    },
    subscribe(listener) {
      listeners.add(listener);
      listener(option);
      return () => listeners.delete(listener);
    },
    async install() {
      if (offer === null) return false;
      const asked = offer;
      // An offer can be used once.
      offer = null;
      const { outcome } = await asked.prompt();
      if (outcome === 'dismissed') change(optionWithoutOffer());
      return outcome === 'accepted';
    },
  };
}

function optionWithoutOffer(): InstallOption {
  // Only Safari on iOS has this property, true when opened from the home screen.
  const standalone = (navigator as { standalone?: boolean }).standalone;
  if (standalone === true || matchMedia('(display-mode: standalone)').matches) return 'installed';
  return standalone === false ? 'ios-share' : 'none';
}
