import { constants, createGzip } from 'node:zlib';

/** Turns lines into the bytes of a file, batch by batch, one at a time. */
export interface LineEncoder {
  /** Bytes from which, behind those before, all of `text` can be read. */
  encode(text: string): Promise<Uint8Array>;
  /** The last bytes. */
  end(): Promise<Uint8Array>;
}

/** Makes an encoder, with gzip or without. */
export function createLineEncoder(isCompressed: boolean): LineEncoder {
  if (isCompressed) return createGzipEncoder();
  return {
    encode: (text) => Promise.resolve(Buffer.from(text)),
    end: () => Promise.resolve(new Uint8Array()),
  };
}

/** One stream for the whole file, so that frames are compressed by what was in those before. */
function createGzipEncoder(): LineEncoder {
  const gzip = createGzip();
  let chunks: Buffer[] = [];
  let fail: (error: unknown) => void = () => {};
  gzip.on('data', (chunk: Buffer) => chunks.push(chunk));
  gzip.on('error', (error) => fail(error));
  const collect = (work: (done: () => void) => void): Promise<Uint8Array> =>
    new Promise((resolve, reject) => {
      fail = reject;
      work(() => {
        const data = Buffer.concat(chunks);
        chunks = [];
        resolve(data);
      });
    });
  return {
    encode: (text) =>
      collect((done) => {
        gzip.write(text);
        gzip.flush(constants.Z_SYNC_FLUSH, done);
      }),
    end: () =>
      collect((done) => {
        gzip.once('end', done);
        gzip.end();
      }),
  };
}
