import { once } from 'node:events';
import type { WsSubject } from '../subject.ts';

/** The WebSocket that Node has, which gives texts; only their length is looked at. */
export const subject: WsSubject = {
  async open(url) {
    const socket = new WebSocket(url);
    let hear = (_text: Buffer): void => {};
    socket.onmessage = ({ data }) => hear(data);
    await once(socket, 'open');
    return {
      listen(next) {
        hear = next;
      },
      send: (text) => socket.send(text),
    };
  },
};
