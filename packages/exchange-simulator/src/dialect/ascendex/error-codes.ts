/** A refusal as the venue names it. */
export interface AscendexError {
  readonly code: number;
  readonly reason: string;
}

/** Refusals that public data knows. */
export const refusals: {
  readonly argument: AscendexError;
  readonly stream: AscendexError;
  readonly symbol: AscendexError;
  readonly authorization: AscendexError;
  readonly json: AscendexError;
  readonly authentication: AscendexError;
} = {
  argument: { code: 100004, reason: 'INVALID_REQUEST_DATA' },
  stream: { code: 100005, reason: 'INVALID_WS_REQUEST_DATA' },
  symbol: { code: 100008, reason: 'SYMBOL_ERROR' },
  authorization: { code: 100009, reason: 'AUTHORIZATION_NEEDED' },
  json: { code: 150001, reason: 'INVALID_JSON_FORMAT' },
  authentication: { code: 200001, reason: 'AUTHENTICATION_FAILED' },
};
