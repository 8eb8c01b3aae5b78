const reasons: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'there is no such folder'],
  ['ENOTDIR', 'there is no such folder'],
  ['EISDIR', 'that is a folder'],
  ['EACCES', 'it may not be written'],
  ['EPERM', 'it may not be written'],
  ['EROFS', 'it may not be written'],
  ['ENOSPC', 'the disk is full'],
  ['EDQUOT', 'the share of the disk is used up'],
  ['EFBIG', 'the file may not be longer'],
]);

/** Says in words why a file could not be written. */
export function whyUnwritable(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return reasons.get(code) ?? String(error);
}
