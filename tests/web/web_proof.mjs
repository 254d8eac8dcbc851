/* The proof page of this machine and of a large one that nobody has: opened from a folder, light, dark, on a phone. */
import { writeFileSync } from 'node:fs';
import { axe, check, done, fits, holds, noFaults, open, royale, say, shot, work } from './rig.mjs';

const here = `${work}/here.html`;
const large = `${work}/large.html`;

/** The report of this machine with many cores in place of its own, and figures made of their numbers. */
function enlarge(report, cores, quiet) {
  const numbers = Array.from({ length: cores }, (_, n) => n);
  const [cpu] = report.machine.cpus;
  const [gap] = report.gaps.cores;
  const halves = (n) => Math.floor(n / (cores / 2));
  const way = (a, b) => (a >> 3 === b >> 3 ? 25_000 : halves(a) === halves(b) ? 90_000 : 210_000) + ((a * 31 + b * 17) % 7) * 900;
  return {
    ...report,
    machine: {
      ...report.machine,
      name: 'a large machine',
      guest: false,
      cores,
      packages: 2,
      l3s: cores / 8,
      nodes: [0, 1].map((node) => ({ ...report.machine.nodes[0], node })),
      cpus: numbers.map((n) => ({ ...cpu, cpu: n, core: n, l3: n >> 3, node: halves(n), package: halves(n), isolated: n > 0 && n < 8 })),
    },
    uses: numbers.map((n) => ({ cpu: n, use: n > 0 && n < 8 ? 'hot' : 'house', process: n === 1 ? 'exec' : null })),
    meaning: [],
    gaps: {
      ...report.gaps,
      cores: numbers.map((n) => ({
        ...gap,
        cpu: n,
        bars: (quiet ? [600, 900] : [600, 900, 4000, 90_000, 1_200_000]).map((from) => ({ from_ns: String(from), to_ns: String(from + 40), count: 3 * n + 1 })),
      })),
    },
    pingpong: { cpus: numbers, rows: numbers.map((a) => numbers.map((b) => (a === b ? null : way(a, b)))) },
    applied: quiet ? ['thp'] : [],
    ablation: quiet ? [{ stage: 'thp', title: 'Transparent huge pages', why: null, figures: [{ name: 'longest gap', unit: 'ns', with: 8000, without: 90_000, again: 9000 }] }] : [],
  };
}

await check('royale tune report measures this machine, and makes pages', () => {
  const measured = royale('tune', 'report', '--seconds', '3', '--json');
  holds(measured.status === 0, measured.stderr);
  writeFileSync(`${work}/here.json`, measured.stdout);
  const first = royale('tune', 'report', '--from', 'here.json', '--out', here);
  holds(first.status === 0, first.stderr);
  const report = JSON.parse(measured.stdout);
  holds(report.gaps.cores.length > 0, 'no core was watched');
  writeFileSync(`${work}/before.json`, JSON.stringify(enlarge(report, 64, false)));
  writeFileSync(`${work}/now.json`, JSON.stringify(enlarge(report, 64, true)));
  const made = royale('tune', 'report', '--from', 'now.json', '--before', 'before.json', '--out', large);
  holds(made.status === 0, made.stderr);
});

async function opened(path, options) {
  const page = await open({ offline: true, ...options });
  page.requests = [];
  page.on('request', (request) => {
    if (!request.url().startsWith('file:')) page.requests.push(request.url());
  });
  const began = Date.now();
  await page.goto(`file://${path}`);
  page.took = Date.now() - began;
  return page;
}

const unfold = (page) => page.evaluate(() => document.querySelectorAll('details').forEach((each) => (each.open = true)));

for (const [name, path] of [['here', here], ['large', large]])
  for (const [how, options] of [
    ['light', { colorScheme: 'light' }],
    ['dark', { colorScheme: 'dark' }],
    ['phone', { colorScheme: 'light', viewport: { width: 360, height: 740 } }],
  ])
    await check(`${name}, ${how}: it fits, axe finds nothing, nothing is asked for`, async () => {
      const page = await opened(path, options);
      say(`${name}, ${how}: opened in ${page.took} ms`);
      await shot(page, `proof-${name}-${how}`);
      await fits(page);
      await unfold(page);
      await fits(page);
      await axe(page);
      holds(page.requests.length === 0, page.requests.join(' '));
      await noFaults(page);
      await page.context().close();
    });

await check('before lies under now in each picture, and the matrix has its figures', async () => {
  const page = await opened(large);
  await unfold(page);
  const { pictures, lines, cells, heats } = await page.evaluate(() => ({
    pictures: document.querySelectorAll('#gaps svg.chart').length,
    lines: document.querySelectorAll('#gaps svg.chart .before').length,
    cells: document.querySelectorAll('#distance table.heat')[0].querySelectorAll('td:not(.none)').length,
    heats: new Set([...document.querySelectorAll('#distance table.heat td')].map((each) => getComputedStyle(each).backgroundColor)).size,
  }));
  holds(pictures === 64 && lines === 64, `${pictures} pictures, ${lines} lines of before`);
  holds(cells === 64 * 63, `${cells} cells`);
  holds(heats >= 3, `${heats} shades`);
  await page.context().close();
});

await check('by the keyboard: to the figures, into a table that is folded, along it', async () => {
  const page = await opened(large, { viewport: { width: 360, height: 740 } });
  await page.keyboard.press('Tab');
  holds((await page.evaluate(() => document.activeElement.className)) === 'skip', 'the first is not the way to the figures');
  await page.keyboard.press('Enter');
  holds(page.url().endsWith('#main'), page.url());
  const folded = page.locator('#gaps > details > summary').first();
  await folded.focus();
  await page.keyboard.press('Enter');
  holds(await folded.evaluate((each) => each.parentElement.open), 'Enter does not unfold');
  const heat = page.locator('#distance .scroll').first();
  await heat.focus();
  for (let n = 0; n < 5; n++) await page.keyboard.press('ArrowRight');
  await page.waitForFunction(() => document.querySelector('#distance .scroll').scrollLeft > 0);
  await page.context().close();
});

await done();
