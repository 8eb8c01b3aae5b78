import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { bind } from '../http-listener.ts';
import type { Admin } from './admin.ts';

/** An admin port that is open. */
export interface AdminListener {
  /** Base of its paths, without a slash at the end. */
  readonly url: string;
  /** Cuts all connections and gives the port back. */
  close(): Promise<void>;
}

/** Nobody but this machine may reach it. */
const host = '127.0.0.1';

/**
 * Opens the admin port, on the loopback interface and nowhere else.
 * @param port 0 takes any that is free.
 * @throws VenueError `invalid-options` if the port is taken.
 */
export async function listenAdmin(admin: Admin, port: number): Promise<AdminListener> {
  const answer = getRequestListener((request) => admin.fetch(request), { overrideGlobalObjects: false });
  const server = createServer((request, response) => void answer(request, response));
  await bind(server, host, port);
  return {
    url: `http://${host}:${(server.address() as AddressInfo).port}`,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}
