import type { HttpClientOptions } from '../../../packages/connector-kit/src/http/index.ts';
import { createHttpClient, type RequestLimit } from '../../../packages/connector-kit/src/http/index.ts';
import { createSystemRuntime } from '../../../packages/connector-kit/src/runtime/index.ts';
import type { RestSubject } from '../subject.ts';

const runtime = createSystemRuntime();

/** The client of connectors: a deadline, a bound, typed errors. */
export function clientSubject(limits?: HttpClientOptions['limits'], limit?: RequestLimit): RestSubject {
  return {
    open({ origin, path, query }) {
      const client = createHttpClient({
        ...{ runtime, venue: 'bench', baseUrl: origin },
        ...(limits !== undefined && { limits }),
      });
      return async () => {
        const asked = { operation: 'depth', method: 'GET', path, query } as const;
        const { text } = await client.request(limit === undefined ? asked : { ...asked, limit });
        return text;
      };
    },
  };
}

export const subject: RestSubject = clientSubject();
