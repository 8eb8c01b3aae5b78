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
  return length !== null || request.body === null ? serve(request) : serveWhole(request, serve);
}

async function serveWhole(
  request: Request,
  serve: (request: Request) => Response | Promise<Response>,
): Promise<Response> {
  let body: Uint8Array<ArrayBuffer> | undefined;
  try {
    body = await readWhole(request);
  } catch {
    return refuse(400, 'BROKEN_BODY', 'the body has broken off');
  }
  if (body === undefined) return refuseBody();
  const { url, method, headers, signal } = request;
  return serve(new Request(url, { method, headers, signal, body }));
}

/** The whole body; `undefined` if it is too long. */
async function readWhole({ body }: Request): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const reader = body?.getReader();
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for (let next = await reader?.read(); next?.value !== undefined; next = await reader?.read()) {
    bytes += next.value.byteLength;
    // The rest is left where it is: to give it up would end the connection before the answer is out.
    if (bytes > longestBody) return undefined;
    pieces.push(next.value);
  }
  return Buffer.concat(pieces);
}

function refuseBody(): Response {
  return refuse(413, 'PAYLOAD_TOO_LARGE', `expected a body of at most ${longestBody} bytes`);
}

function refuse(code: number, reason: string, message: string): Response {
  return Response.json({ code, reason, message }, { status: code });
}
