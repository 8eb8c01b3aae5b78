/** A longer body of a request is refused, in bytes. */
const longestBody = 1 << 20;

/**
 * Serves a request whose body is not too long; else answers with 413 and reads no further. A body whose length nobody has said is read
 * before it is served.
 */
export function withinBodyLimit(
  request: Request,
  serve: (request: Request) => Response | Promise<Response>,
): Response | Promise<Response> {
  const length = request.headers.get('content-length');
  if (length !== null && Number(length) > longestBody) return refuseBody();
  return length !== null || hasNoBody(request) ? serve(request) : serveWhole(request, serve);
}

/**
 * A copy of a request that can be served when its client is gone. Of a body that is too long it has nothing if its length was said, else no
 * more than shows that it is.
 */
export async function detachedWithinLimit(request: Request): Promise<Request> {
  const { url, method, headers } = request;
  const isKnownTooLong = Number(headers.get('content-length')) > longestBody;
  if (isKnownTooLong || hasNoBody(request) || request.bodyUsed) return new Request(url, { method, headers });
  return new Request(url, { method, headers, body: Buffer.concat(await readPieces(request)) });
}

/** The method is asked first: over sockets, to look for a body costs more than many an answer. */
function hasNoBody(request: Request): boolean {
  const { method } = request;
  return method === 'GET' || method === 'HEAD' || request.body === null;
}

async function serveWhole(
  request: Request,
  serve: (request: Request) => Response | Promise<Response>,
): Promise<Response> {
  let body: Uint8Array<ArrayBuffer>;
  try {
    body = Buffer.concat(await readPieces(request));
  } catch {
    return refuse(400, 'BROKEN_BODY', 'the body has broken off');
  }
  if (body.byteLength > longestBody) return refuseBody();
  const { url, method, headers, signal } = request;
  return serve(new Request(url, { method, headers, signal, body }));
}

/** The whole body; of one that is too long, as much as shows that it is. */
async function readPieces({ body }: Request): Promise<readonly Uint8Array[]> {
  const reader = body?.getReader();
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  // The rest is left where it is: to give it up would end the connection before the answer is out.
  while (bytes <= longestBody) {
    const next = await reader?.read();
    if (next?.value === undefined) break;
    bytes += next.value.byteLength;
    pieces.push(next.value);
  }
  return pieces;
}

/** Does not announce the end of the connection: it would come at once, and whoever reads only when all is sent would miss the answer. */
function refuseBody(): Response {
  return refuse(413, 'PAYLOAD_TOO_LARGE', `expected a body of at most ${longestBody} bytes`);
}

function refuse(code: number, reason: string, message: string): Response {
  return Response.json({ code, reason, message }, { status: code });
}
