/* The market map: walls are bright where the depth has them, the crosshair says the exact lots; WebGL2 and 2D. */
import { ask, brightness, check, done, drawn, holds, median, noFaults, open, pixels, read, say, serve, shot, until } from './rig.mjs';

const web = await serve('demo');
await read(web.url);
const symbol = 'RYA';
const COLUMNS = 1024; /* as many as the page asks for */

/** The depth as bytes: what stands at (column, tick). */
async function depthOf() {
  const bytes = Buffer.from(await (await ask(web.url, `depth?instrument=${symbol}&columns=${COLUMNS}`)).arrayBuffer());
  const columns = bytes.readUInt32LE(8);
  const levels = bytes.readUInt32LE(12);
  const tick = Number(bytes.readBigInt64LE(32));
  const at = (c) => 48 + c * (24 + 8 * levels);
  return {
    columns, levels, tick, scale: bytes.readUInt32LE(40),
    input: (c) => Number(bytes.readBigInt64LE(at(c))),
    ask: (c) => Number(bytes.readBigInt64LE(at(c) + 16)),
    asks: (c, level) => bytes.readUInt32LE(at(c) + 24 + 4 * (levels + level)),
  };
}

/** The wall that stands longest: ask lots four times their neighbours', 3 to 11 levels behind the best price. */
function wallOf(depth) {
  let best = { columns: 0 };
  for (let level = 3; level < 12; level++)
    for (let c = Math.floor(depth.columns * 0.05); c < depth.columns * 0.95; c++) {
      const price = depth.ask(c) + level * depth.tick;
      const lots = depth.asks(c, level);
      if (lots < 4 * Math.max(depth.asks(c, level - 1), depth.asks(c, level + 1), 1)) continue;
      let end = c;
      while (end < depth.columns && depth.asks(end, Math.round((price - depth.ask(end)) / depth.tick)) === lots) end++;
      if (end - c > best.columns) best = { columns: end - c, c: Math.floor((c + end) / 2), price, lots, level };
    }
  return best;
}

const depth = await depthOf();
const wall = wallOf(depth);
const words = (price) => (price / 10 ** depth.scale).toFixed(2);

for (const kind of ['WebGL2', 'canvas']) {
  const page = await open();
  const map = page.locator('.market-map');
  const says = page.locator('.map-says');

  /** What the crosshair says at a place. */
  const look = async (x, y) => {
    const box = await map.boundingBox();
    await page.mouse.move(box.x + x, box.y + y);
    const [, time, price, rest] = /^(\S+) {2}(\S+) {2}(.*)$/.exec(await says.textContent()) ?? [];
    return { time, price: Number(price), rest: rest ?? '', input: Number(/input ([\d,]+)/.exec(rest ?? '')?.[1]?.replaceAll(',', '')) };
  };
  /** Where a figure that grows with the pixel passes `wanted`. */
  const bisect = async (low, high, wanted, figure) => {
    while (high - low > 0.5) {
      const middle = (low + high) / 2;
      if ((await figure(middle)) < wanted) low = middle;
      else high = middle;
    }
    return high;
  };

  await check(`${kind}: the map is there`, async () => {
    await page.goto(`${web.url}/#/battle/current/market/${symbol}${kind === 'canvas' ? '?canvas=1' : ''}`);
    await drawn(page, 'market');
    holds((await map.getAttribute('data-painter')) === kind, `it is painted by ${await map.getAttribute('data-painter')}`);
    await shot(page, kind === 'canvas' ? 'market-canvas' : 'market');
  });

  let place;
  await check(`${kind}: the crosshair has the exact lots of a wall (${wall.lots} at ${words(wall.price)})`, async () => {
    holds(wall.columns > 8, 'the day has no wall to look at');
    const { width, height } = await map.boundingBox();
    const x = await bisect(0, width - 70, depth.input(wall.c), async (at) => (await look(at, height / 2)).input || Infinity);
    const y = await bisect(0, height - 25, -wall.price / 10 ** depth.scale, async (at) => -(await look(x, at)).price);
    place = { x: x + 1, y: y + 1 };
    const said = await look(place.x, place.y);
    holds(said.price === Number(words(wall.price)), `the price there is ${said.price}`);
    holds(said.rest.includes(`ask ${wall.lots.toLocaleString('en-US')},`), `it says ${said.rest}`);
  });

  await check(`${kind}: the wall is brighter than what stands around it`, async () => {
    await page.locator('body').press('b'); /* without trades */
    const { width, height } = await map.boundingBox();
    await page.mouse.move(0, 0);
    await until('no crosshair', async () => /Point at the map/.test(await says.textContent()));
    await drawn(page, 'market');
    const picture = await pixels(page, map);
    const rowPx = Math.max(1, await rowHeight(page, look, width, height));
    const row = (y) => median(Array.from({ length: 5 }, (_, n) => brightness(picture.at(place.x - 2 + n, y))));
    const middle = place.y + rowPx / 2 - 1;
    const [on, above, below] = [row(middle), row(middle - rowPx), row(middle + rowPx)];
    holds(on > above && on > below, `brightness ${on} between ${above} and ${below}, rows of ${rowPx} pixels`);
    await page.locator('body').press('b');
  });

  if (kind === 'WebGL2') {
    await check('a draw costs the same, whatever is shown', async () => {
      const box = await map.boundingBox();
      await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
      for (let n = 0; n < 60; n++) {
        await page.mouse.wheel(0, n % 2 === 0 ? -120 : 120);
        await page.waitForTimeout(20);
      }
      const of = (name) => page.evaluate((each) => performance.getEntriesByName(each).map(({ duration }) => duration).slice(-40), name);
      const [painted, over] = [await of('map-depth'), await of('map-over')];
      holds(painted.length >= 20, 'it did not draw');
      say(`CPU time of a draw (software GL): depth median ${median(painted).toFixed(2)} ms, longest ${Math.max(...painted).toFixed(2)} ms (0.5 are meant); over it median ${median(over).toFixed(2)} ms`);
    });

    await check('a zoom asks for finer columns', async () => {
      await page.keyboard.press('m');
      const asked = page.waitForResponse((answer) => /depth\?.*from_ns=\d+.*to_ns=\d+/.test(answer.url()));
      for (let n = 0; n < 6; n++) await page.keyboard.press('+');
      holds((await asked).ok(), `the answer is ${(await asked).status()}`);
      await page.locator('.market-map[aria-busy="false"]').waitFor();
      await shot(page, 'market-near');
      await page.keyboard.press('0');
    });

    await check('candles on demand', async () => {
      await page.keyboard.press('c');
      await page.locator('button[aria-pressed="true"]', { hasText: 'candles' }).waitFor();
      await shot(page, 'market-candles');
      await page.keyboard.press('c');
    });

    await check("an agent's orders and fills stand on it; each fill is a link that says why", async () => {
      await page.locator('.market-agent').selectOption('maker-tight');
      const link = page.locator('.market-links').nth(1).locator('a').first();
      await link.waitFor();
      await shot(page, 'market-agent');
      await link.click();
      await until('the panel says why', async () => /maker-tight/.test(await page.locator('.why[role="dialog"]').textContent()));
      await page.keyboard.press('Escape');
    });

    await check('a click on a trade says why', async () => {
      await page.keyboard.press('m');
      await page.keyboard.press('n');
      await page.keyboard.press('Enter');
      await page.locator('.why[role="dialog"]').waitFor();
      await page.keyboard.press('Escape');
    });
  }
  await check(`${kind}: the page does not complain`, () => noFaults(page));
  await page.context().close();
}

/** Pixels of a tick: how far apart two prices lie. */
async function rowHeight(page, look, width, height) {
  const high = await look(width / 2, 10);
  const low = await look(width / 2, height - 40);
  await page.mouse.move(0, 0);
  return (height - 50) / Math.round((high.price - low.price) / (depth.tick / 10 ** depth.scale));
}

await done();
