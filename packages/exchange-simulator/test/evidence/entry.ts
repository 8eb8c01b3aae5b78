import type { Fields } from './field-types.ts';

/** Something in which a message differs from what a source says. */
export interface Difference {
  /** Such as `recorded`, or `documents 3.14`. */
  readonly from: string;
  readonly what: string;
  readonly why: string;
}

/** One form of a message or of an answer. */
export interface Entry {
  readonly name: string;
  readonly fields: Fields;
  /**
   * Fields by which it is told from others, such as `info.code`: their values have to be of their type. One that begins with `!` must be
   * absent.
   */
  readonly marks: readonly string[];
  readonly differences?: readonly Difference[];
  /** HTTP statuses of an answer; 200 if left out. */
  readonly statuses?: readonly number[];
}

/** Forms of answers that several endpoints share. */
export type RefusalForm = 'plain' | 'order' | 'batch' | 'crowd';

/** One endpoint of REST. */
export interface Endpoint {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** `~` stands for the account group. */
  readonly path: string;
  /** Paths that may be signed; none if nothing needs to be. */
  readonly signed: readonly string[];
  /** What supports the path itself. */
  readonly evidence: readonly string[];
  /** Forms of the answer when all is well. */
  readonly forms: readonly Entry[];
  readonly refusals: readonly RefusalForm[];
  /** In addition to those of its forms. */
  readonly differences?: readonly Difference[];
}

/** Something that a client sends, with examples as clients write it. */
export interface ClientEntry extends Entry {
  /** Name of the entry that answers each example. */
  readonly examples: readonly { readonly message: object; readonly answer: string | undefined }[];
}
