/** What browsers have and jsdom has not: nothing matches, nothing is drawn. */
window.matchMedia ??= (query: string): MediaQueryList => ({
  matches: false, media: query, onchange: null,
  addEventListener() {}, removeEventListener() {}, addListener() {}, removeListener() {},
  dispatchEvent: () => false,
});
HTMLCanvasElement.prototype.getContext = (() => null) as HTMLCanvasElement['getContext'];
