import {
  type DepthKind,
  decodeStreamFrame,
  encodePing,
  encodePong,
  encodeSubscribe,
  encodeUnsubscribe,
  type PublicChannel,
  type StreamMessage,
} from '@venuekit/ascendex-wire';
import type { StreamName } from '@venuekit/connector-core';
import type { StreamControl, StreamDialect } from '@venuekit/connector-kit/stream';

/** The venue's channel of a stream of the contract. */
export function channelOf(stream: StreamName, depth: DepthKind): PublicChannel {
  return stream === 'book' ? depth : otherChannels[stream];
}

const otherChannels = { trades: 'trades', ticker: 'bbo' } as const;

function toControl(message: StreamMessage): StreamControl | undefined {
  switch (message.type) {
    case 'connected':
      return { type: 'ready' };
    case 'disconnected':
      return { type: 'closing', reason: message.error.message };
    case 'ping':
    case 'pong':
      return { type: message.type };
    case 'auth':
      return { type: 'login', error: message.error };
    case 'sub-ack': {
      const { id, channel, error } = message;
      return { type: 'ack', id, topics: message.symbols.map((symbol) => ({ channel, symbol })), error };
    }
    case 'request-error':
      // A subscribe message may be refused as a whole, under its id and without a channel.
      return { type: 'ack', id: message.id, topics: [], error: message.error };
    default:
      return undefined;
  }
}

/**
 * How a stream session of the kit speaks AscendEX.
 * @param encodeLogin makes the message that logs in, of the moment; sessions stay without a login if left out.
 */
export function createStreamDialect(encodeLogin?: () => string): StreamDialect<StreamMessage> {
  const text = new TextDecoder('utf-8', { fatal: true });
  return {
    readyOn: 'greeting',
    decode: (bytes) => decodeStreamFrame(text.decode(bytes)),
    control: toControl,
    encodeSubscribe: (id, channel, symbols) => encodeSubscribe(id, channel as PublicChannel, symbols),
    encodeUnsubscribe: (id, channel, symbols) => encodeUnsubscribe(id, channel as PublicChannel, symbols),
    encodePing,
    encodePong,
    ...(encodeLogin === undefined ? {} : { encodeLogin }),
  };
}
