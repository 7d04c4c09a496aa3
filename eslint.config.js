import svelte from 'eslint-plugin-svelte';
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import { importX } from 'eslint-plugin-import-x';
import globals from 'globals';
import tseslint from 'typescript-eslint';
import svelteConfig from './svelte.config.js';

/** Which layer may import which (DESIGN: the data flows one way). `target` must not import `from` but for `except`. */
const LAYERS = [
  { target: './src/lib/types.ts', from: './src' },
  { target: './src/lib/errors.ts', from: './src' },
  { target: './src/lib/checksum.ts', from: './src', except: ['./lib/types.ts', './lib/errors.ts'] },
  { target: './src/lib/safetensors.ts', from: './src', except: ['./lib/errors.ts'] },
  { target: './src/lib/rpc', from: './src/lib', except: ['./rpc', './types.ts', './errors.ts'] },
  {
    target: './src/lib/storage',
    from: './src/lib',
    except: ['./storage', './checksum.ts', './types.ts', './errors.ts'],
  },
  { target: './src/lib/pwa', from: './src/lib', except: ['./pwa', './rpc', './errors.ts'] },
  { target: './src/lib/text', from: './src/lib', except: ['./text', './types.ts', './errors.ts'] },
  {
    target: './src/lib/pack',
    from: './src/lib',
    except: ['./pack', './rpc', './checksum.ts', './safetensors.ts', './types.ts', './errors.ts'],
  },
  {
    target: './src/lib/import',
    from: './src/lib',
    except: [
      './import',
      './pack',
      './text',
      './rpc',
      // counted in the worker, where the columns are
      './model/matrix/item-statistics.ts',
      './checksum.ts',
      './types.ts',
      './errors.ts',
    ],
  },
  {
    target: './src/lib/model',
    from: './src/lib',
    except: ['./model', './text', './rpc', './checksum.ts', './safetensors.ts', './types.ts', './errors.ts'],
  },
  { target: './src/lib', from: './src/routes' },
  { target: './src/lib', from: './src/cli' },
  { target: './src/cli', from: './src/routes' },
  { target: './src/routes', from: './src/cli' },
  // Inside the model.
  { target: './src/lib/model/gpu', from: './src/lib/model', except: ['./gpu'] },
  { target: './src/lib/model/matrix', from: './src/lib/model', except: ['./matrix'] },
  { target: './src/lib/model/kernels', from: './src/lib/model', except: ['./kernels', './gpu'] },
  {
    target: './src/lib/model/backends',
    from: './src/lib/model',
    except: ['./backends', './kernels', './gpu', './matrix', './linear'],
  },
  { target: './src/lib/model/!(worker|backends|gpu|kernels)/**', from: './src/lib/model/worker' },
  {
    target:
      './src/lib/model/{ials,ease,explicit,classify,neighbours,filter,popularity,text-map,evaluate,recommend,contrastive}',
    from: './src/lib/model/{gpu,kernels}',
  },
  {
    target: './src/lib/model/contrastive',
    from: './src/lib/model/backends/!(pairwise|open-pairwise|slices).ts',
  },
  {
    target:
      './src/lib/model/{ials,ease,explicit,classify,neighbours,popularity,text-map,evaluate,recommend,gradient}',
    from: './src/lib/model/backends/!(backend|slices|shapes).ts',
  },
  { target: './src/lib/model/filter', from: './src/lib/model/backends/!(graph|open-graph|slices).ts' },
  // One door.
  { target: './src/routes', from: './src/lib/model', except: ['./index.ts'] },
  { target: './src/cli', from: './src/lib/model', except: ['./index.ts'] },
  { target: './src/main.ts', from: './src/lib/model', except: ['./index.ts'] },
];

const restrict = (group, message) => ({
  'no-restricted-imports': ['error', { patterns: [{ group, message }] }],
});

export default tseslint.config(
  // assembly: AssemblyScript, whose compiler checks it
  { ignores: ['dist', 'build', 'node_modules', 'test-results', 'public', '**/assembly'] },
  ...tseslint.configs.strictTypeChecked,
  ...svelte.configs.recommended,
  {
    languageOptions: {
      globals: { ...globals.browser, ...globals.node },
      parserOptions: {
        projectService: { allowDefaultProject: ['svelte.config.js'] },
        tsconfigRootDir: import.meta.dirname,
        extraFileExtensions: ['.svelte'],
      },
    },
    plugins: { 'import-x': importX },
    settings: { 'import-x/resolver-next': [createTypeScriptImportResolver()] },
    rules: {
      'import-x/no-restricted-paths': ['error', { zones: LAYERS }],
      'import-x/no-cycle': 'error',
      'import-x/no-default-export': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unnecessary-condition': ['error', { allowConstantLoopConditions: true }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      eqeqeq: 'error',
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: 'Seeded randomness only: pure-rand.' },
      ],
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: tseslint.parser, svelteConfig } },
    rules: { 'import-x/no-default-export': 'off', 'svelte/no-at-html-tags': 'error' },
  },
  {
    files: ['src/lib/model/**/*.ts'],
    rules: restrict(
      ['idb', 'svelte', 'svelte/*', '@tensorflow/*'],
      'The model knows no storage, no Svelte; tfjs only in backends, gpu and gradient.',
    ),
  },
  {
    files: ['src/lib/model/{backends,gpu,gradient}/**/*.ts'],
    rules: restrict(['idb', 'svelte', 'svelte/*'], 'The model knows no storage and no Svelte.'),
  },
  {
    files: ['src/lib/{pack,pwa,text,rpc,import}/**/*.ts', 'src/routes/**', 'src/cli/**/*.ts', 'src/main.ts'],
    rules: restrict(['idb', '@tensorflow/*'], 'IndexedDB through storage, tensors through the model.'),
  },
  {
    files: ['tests/**/*.ts'],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off', '@typescript-eslint/unbound-method': 'off' },
  },
  {
    files: ['**/*.mjs', '**/*.js', '*.config.ts', 'scripts/*.d.ts'],
    ...tseslint.configs.disableTypeChecked,
    rules: { ...tseslint.configs.disableTypeChecked.rules, 'import-x/no-default-export': 'off' },
  },
);
