import { Agent, get } from 'node:http';
import type { RestSubject } from '../subject.ts';

export const subject: RestSubject = {
  open({ url }) {
    const agent = new Agent({ keepAlive: true });
    return () =>
      new Promise((resolve, reject) => {
        const sent = get(url, { agent }, (response) => {
          let text = '';
          response.setEncoding('utf8');
          response.on('data', (part: string) => {
            text += part;
          });
          response.on('end', () => resolve(text));
        });
        sent.on('error', reject);
      });
  },
};
