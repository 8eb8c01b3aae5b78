/** What arrives of an answer whose connection ends in its middle. */
export interface CutReply {
  readonly half: Uint8Array<ArrayBuffer>;
  /** As the headers announce it. */
  readonly wholeBytes: number;
}

const cutReplies: WeakMap<Response, CutReply> = new WeakMap();

/** The first half of an answer, and then the end of the connection: reading its body fails there, as a platform's own fetch does. */
export async function createCutReply(response: Response): Promise<Response> {
  const bytes = new Uint8Array(await response.arrayBuffer());
  const half = bytes.slice(0, Math.ceil(bytes.length / 2));
  let sent = false;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (sent) controller.error(new TypeError('terminated'));
      else controller.enqueue(half);
      sent = true;
    },
  });
  const { status, headers } = response;
  const cut = new Response(body, { status, headers });
  cutReplies.set(cut, { half, wholeBytes: bytes.length });
  return cut;
}

/** How an answer is cut, for what carries it over a socket; `undefined` for one that is whole. */
export function cutReplyOf(response: Response): CutReply | undefined {
  return cutReplies.get(response);
}
