import type { LoadSubject } from '../subject.ts';
import { answerPing, openStreams, subscribe } from './ws-streams.ts';

const depthStart = Buffer.from('{"m":"depth",');

/** Receives, and looks at no more than what kind of message it is. */
export const subject: LoadSubject = {
  async open(address) {
    let [received, closed] = [0, 0];
    for (const stream of await openStreams(address)) {
      const { socket } = stream;
      socket.on('close', () => {
        closed += 1;
      });
      socket.on('message', (data) => {
        const frame = data as Buffer;
        if (frame.compare(depthStart, 0, depthStart.length, 0, depthStart.length) === 0) received += 1;
        else answerPing(socket, frame.toString());
      });
      subscribe(stream);
    }
    return { read: () => ({ received, troubles: closed, ownAudits: 0 }), books: () => [], visit() {} };
  },
};
