/**
 * Tells the browser to compile every function of the page's scripts with the script itself, on another thread: what
 * the page loads it runs at once, and compiling function by function was half of the time until it stood (on a phone's
 * processor). Browsers that do not know the comment ignore it. Workers are left alone: of TensorFlow.js little is run.
 * https://developer.chrome.com/blog/explicit-js-compile-hints
 */
const COMPILE_HINT = '//# allFunctionsCalledOnLoad\n';

/** @returns {import('vite').Plugin} */
export function compileEagerly() {
  return {
    name: 'compile-eagerly',
    apply: 'build',
    generateBundle: {
      // After everything that still writes into the scripts: the comment counts at their very top only.
      order: 'post',
      handler(_options, bundle) {
        for (const output of Object.values(bundle)) {
          if (output.type === 'chunk') output.code = COMPILE_HINT + output.code;
        }
      },
    },
  };
}
