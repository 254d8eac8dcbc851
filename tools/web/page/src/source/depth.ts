/** The depth of a market as it comes: little-endian binary, "RYDEPTH1" (docs/API.md). */
import { SourceError } from './source';
import type { Depth } from './types';

const MAGIC = 'RYDEPTH1';
const HEAD_BYTES = 8 + 4 + 4 + 8 + 8 + 8 + 4 + 4;

export function readDepth(instrument: string, bytes: ArrayBuffer): Depth {
  const view = new DataView(bytes);
  const magic = String.fromCharCode(...new Uint8Array(bytes, 0, Math.min(8, bytes.byteLength)));
  if (bytes.byteLength < HEAD_BYTES || magic !== MAGIC)
    throw new SourceError('bad_answer', 'the depth is of another form than this page knows: reload the page');
  const columns = view.getUint32(8, true), levels = view.getUint32(12, true);
  const column = 24 + 8 * levels;
  if (bytes.byteLength !== HEAD_BYTES + columns * column)
    throw new SourceError('bad_answer', 'the depth is cut off: ask again');
  const depth: Depth = {
    instrument, columns, levels,
    from_ns: view.getBigInt64(16, true),
    step_ns: view.getBigInt64(24, true),
    tick: view.getBigInt64(32, true),
    price_scale: view.getUint32(40, true),
    input: new BigInt64Array(columns), bid: new BigInt64Array(columns), ask: new BigInt64Array(columns),
    bid_qty: new Uint32Array(columns * levels), ask_qty: new Uint32Array(columns * levels),
  };
  for (let i = 0, at = HEAD_BYTES; i < columns; i++, at += column) {
    depth.input[i] = view.getBigInt64(at, true);
    depth.bid[i] = view.getBigInt64(at + 8, true);
    depth.ask[i] = view.getBigInt64(at + 16, true);
    for (let level = 0; level < levels; level++) {
      depth.bid_qty[i * levels + level] = view.getUint32(at + 24 + 4 * level, true);
      depth.ask_qty[i * levels + level] = view.getUint32(at + 24 + 4 * (levels + level), true);
    }
  }
  return depth;
}
