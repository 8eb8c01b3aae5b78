/** The processes that use the connector. */
export const clientNames: readonly string[] = ['alpha', 'beta'];

/** The markets of the venue. */
export const pairs: readonly string[] = ['BTC-USDT', 'ETH-USDT', 'SHIB-USDT'];
