/** Says in words why a file could not be read. */
export function whyUnreadable(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'there is no such file';
  if (code === 'EISDIR') return 'that is a folder';
  return code === 'EACCES' ? 'it may not be read' : String(error);
}
