/** What an adapter says of itself: its description, else its parts, else just that it is WebGPU. */
export function adapterName({ description, vendor, architecture, device }: GPUAdapterInfo): string {
  if (description !== '') return description;
  const parts = [vendor, architecture, device].filter((part) => part !== '');
  return parts.length === 0 ? 'WebGPU' : parts.join(' ');
}
