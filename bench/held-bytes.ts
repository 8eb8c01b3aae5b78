/** What is in use after two full collections: what the first one finalizes the second one frees. */
export function heldBytes(collectGarbage: () => void): number {
  collectGarbage();
  collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** Bytes that one of several books holds, of which each is opened anew. @throws Error if one of them is no book. */
export function bytesOfBooks(
  open: () => { bestBid(): number; bestAsk(): number },
  count: number,
  collectGarbage: () => void,
): number {
  const before = heldBytes(collectGarbage);
  const books = Array.from({ length: count }, open);
  const bytes = heldBytes(collectGarbage) - before;
  if (!books.every((book) => book.bestBid() < book.bestAsk())) throw new Error('expected books, got others');
  return bytes / count;
}
