import { defineConfig, minimal2023Preset } from '@vite-pwa/assets-generator/config';

/** The mark's own ground, so that padding continues it where a launcher cuts its own shape out. */
const GROUND = { background: '#12654b' };

/** `npm run icons` draws public/*.png and favicon.ico from the one logo; they are committed. */
export default defineConfig({
  images: ['public/logo.svg'],
  preset: {
    ...minimal2023Preset,
    transparent: { ...minimal2023Preset.transparent, padding: 0 },
    // Launchers may cut a circle of 80% out of a maskable icon: the mark stays inside it.
    maskable: { sizes: [512], padding: 0.16, resizeOptions: GROUND },
    apple: { sizes: [180], padding: 0.06, resizeOptions: GROUND },
  },
});
