import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { WsSubject } from '../subject.ts';

/** As its documentation has it, without compression. */
export const subject: WsSubject = {
  async open(url) {
    const socket = new WebSocket(url, { perMessageDeflate: false });
    let hear = (_frame: Buffer): void => {};
    socket.on('message', (data) => hear(data as Buffer));
    await once(socket, 'open');
    return {
      listen(next) {
        hear = next;
      },
      send: (text) => socket.send(text),
    };
  },
};
