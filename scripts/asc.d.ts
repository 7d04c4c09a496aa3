/**
 * What the build uses of AssemblyScript's compiler (tsconfig.json maps `assemblyscript/asc` here). Its own declarations
 * bring those of its standard library, whose global Array and String are not the page's.
 */
interface AssemblyScriptCompiler {
  createMemoryStream(): { toString(): string };
  main(
    args: readonly string[],
    options: {
      readonly stderr: unknown;
      readonly writeFile: (name: string, contents: Uint8Array) => void;
      readonly reportDiagnostic?: undefined;
    },
  ): Promise<{ readonly error: Error | null }>;
}
declare const asc: AssemblyScriptCompiler;
export default asc;
