/** `npm run hosting`: writes the servers' recipes to docs/hosting/. */
import { mkdir, writeFile } from 'node:fs/promises';
import { RECIPES } from './server/recipes.mjs';

await mkdir('docs/hosting', { recursive: true });
for (const [name, recipe] of Object.entries(RECIPES)) await writeFile(`docs/hosting/${name}`, recipe());
