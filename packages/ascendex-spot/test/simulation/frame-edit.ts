/**
 * A frame as it looks after something on the way broke it. Each way is one that a client can notice: a digit that changes into
 * another one is not among them, because nothing in the venue's messages would show it.
 */
export function editFrame(text: string, how: string): string {
  if (how === 'half') return text.slice(0, text.length >> 1);
  if (how === 'words') return 'upstream connect error';
  if (how === 'html') return '<html><body>502 Bad Gateway</body></html>';
  return text.replace(/"(seqnum|code|m)":(?:"[^"]*"|-?\d+)/g, (_match, name) => `"${name}":[true]`);
}
