import { VenueError } from '@venuekit/connector-core';

const longestExcerpt = 60;

/** The beginning of foreign text on one line; what cannot be shown is a `?`, what was cut is marked by `…`. */
export function shown(text: string): string {
  if (text === '') return 'nothing';
  const start = text.slice(0, longestExcerpt).replace(/\p{C}/gu, '?');
  return text.length > longestExcerpt ? `${start}…` : start;
}

/** Where a line stands. */
export interface LinePlace {
  /** What messages call the recording. */
  readonly fileName: string;
  /** From 1. */
  readonly line: number;
}

/** The error for a line that does not fit. */
export function lineRefusal({ fileName, line }: LinePlace, expected: string, got: string): VenueError {
  return recordingRefusal('readRecording', `${fileName}, line ${line}: expected ${expected}, got ${got}`);
}

/** The error for a recording, or what is to be done with one, that makes no sense. */
export function recordingRefusal(operation: string, message: string, cause?: unknown): VenueError {
  return new VenueError({
    code: 'invalid-options',
    operation,
    message,
    ...(cause !== undefined && { cause }),
  });
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  ENOTDIR: 'a part of the path is no folder',
  EISDIR: 'it is a folder',
  EACCES: 'access is denied',
  EPERM: 'access is denied',
  EEXIST: 'there is one already',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota of the disk is used up',
  EFBIG: 'it would be too long',
  EROFS: 'the disk takes no writes',
};

/** Why the system refused a file, in words. */
export function fileFault(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return Object.hasOwn(reasons, code) ? (reasons[code] ?? code) : String(error);
}
