/*
 * What the tests of the page share: TAP, royale-web, the browser, axe, pixels, screenshots. $ROYALE_BIN has the
 * programs, $WEB_WORK a folder with a finished battle, `demo`.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { chromium } from 'playwright-core';

const bin = process.env.ROYALE_BIN;
export const work = process.env.WEB_WORK;
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** What a test waits for at most. */
export const PATIENCE_MS = 60_000;
const LOOK_MS = Number(process.env.WEB_LOOK_MS ?? 400);

// ---- TAP ----

let tests = 0;
let failures = 0;
const endings = [];

export async function check(name, does) {
  tests++;
  try {
    await does();
    console.log(`ok ${tests} - ${name}`);
  } catch (error) {
    failures++;
    console.log(`not ok ${tests} - ${name}`);
    console.log(`  ${String(error.stack ?? error).split('\n').slice(0, 12).join('\n  ')}`);
  }
}

export function say(text) {
  console.log(`# ${text}`);
}

export function holds(what, said) {
  if (!what) throw new Error(said);
}

export async function done() {
  for (const end of endings.reverse()) await end();
  console.log(`1..${tests}`);
  process.exitCode = failures === 0 ? 0 : 1;
}

/** Half of the values are smaller. */
export function median(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

export async function until(what, does) {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    const found = await does();
    if (found) return found;
    if (Date.now() > end) throw new Error(`waited ${PATIENCE_MS} ms for: ${what}`);
    await new Promise((next) => setTimeout(next, 25));
  }
}

// ---- programs ----

export function royale(...words) {
  const { status, stdout, stderr } = spawnSync(`${bin}/royale`, words, { cwd: work, encoding: 'utf8' });
  return { status, stdout, stderr };
}

/** A program that goes on; ended with the test. */
export function start(program, words, options = {}) {
  const child = spawn(`${bin}/${program}`, words, { cwd: work, stdio: ['ignore', 'pipe', 'pipe'], ...options });
  const said = { text: '' };
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (said.text += data));
  const gone = new Promise((resolve) => child.once('exit', resolve));
  const stop = async (signal = 'SIGTERM') => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    await gone;
  };
  endings.push(() => stop('SIGKILL'));
  return { child, said, stop, gone };
}

export function freePort() {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** royale-web over a battle's folder: {url, stop, child}. */
export async function serve(directory, { port = 0, words = [], env = {} } = {}) {
  const web = start('royale-web', ['--listen', `127.0.0.1:${port}`, ...words, directory], { env: { ...process.env, ...env } });
  const url = await until('royale-web says where it listens', () => /http:\/\/[0-9.]+:\d+/.exec(web.said.text)?.[0]);
  return { ...web, url };
}

export async function ask(url, path) {
  const answer = await fetch(`${url}/v1/battles/current/${path}`);
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer;
}

/** Until the server has read a finished battle to its end. */
export async function read(url) {
  await until('all of the battle is read', async () => (await (await ask(url, 'state')).json()).battle.state === 'ended');
}

// ---- the browser ----

let browserOnce;
export async function browser(words = []) {
  const open = () =>
    chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu-sandbox', ...words] });
  if (words.length > 0) {
    const own = await open();
    endings.push(() => own.close());
    return own;
  }
  if (browserOnce === undefined) {
    browserOnce = await open();
    endings.push(() => browserOnce.close());
  }
  return browserOnce;
}

/** A page; `faults` are what its console and scripts complained of. */
export async function open(options = {}, words = []) {
  const context = await (await browser(words)).newContext({ viewport: { width: 1400, height: 900 }, colorScheme: 'dark', ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  page.faults = [];
  page.on('pageerror', (error) => page.faults.push(String(error.stack ?? error)));
  page.on('console', (message) => {
    if (message.type() === 'error') page.faults.push(message.text());
  });
  return page;
}

export async function noFaults(page) {
  holds(page.faults.length === 0, `the page complains: ${page.faults.slice(0, 3).join(' | ')}`);
}

/** What axe finds wrong, at any level. */
export async function axe(page) {
  await page.evaluate(axeSource);
  const { violations } = await page.evaluate(() => axe.run(document, { resultTypes: ['violations'] }));
  holds(
    violations.length === 0,
    violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.slice(0, 3).map(({ target, failureSummary }) => `${target} ${failureSummary}`).join('; ')}`).join('\n'),
  );
}

export async function shot(page, name) {
  if (!process.env.WEB_SCREENSHOTS) return;
  await page.waitForTimeout(LOOK_MS);
  await page.screenshot({ path: `${process.env.WEB_SCREENSHOTS}/${name}.png` });
}

let decoder;
/** What an element looks like: {width, height, at(x, y): [r, g, b]}, in pixels of CSS. */
export async function pixels(page, element) {
  const png = await element.screenshot();
  decoder ??= await (await (await browser()).newContext()).newPage();
  const { width, height, data } = await decoder.evaluate(async (text) => {
    const picture = await createImageBitmap(await (await fetch(`data:image/png;base64,${text}`)).blob());
    const canvas = new OffscreenCanvas(picture.width, picture.height);
    const context = canvas.getContext('2d');
    context.drawImage(picture, 0, 0);
    const { data } = context.getImageData(0, 0, picture.width, picture.height);
    let letters = '';
    for (let n = 0; n < data.length; n += 8192) letters += String.fromCharCode(...data.subarray(n, n + 8192));
    return { width: picture.width, height: picture.height, data: btoa(letters) };
  }, png.toString('base64'));
  const bytes = Buffer.from(data, 'base64');
  return { width, height, at: (x, y) => [...bytes.subarray(4 * (Math.round(y) * width + Math.round(x)), 4 * (Math.round(y) * width + Math.round(x)) + 3)] };
}

export function brightness([r, g, b]) {
  return 0.299 * r + 0.587 * g + 0.114 * b;
}

/** What a page has when all of it is there. */
const WHOLE = {
  battle: '.panel.happened .events li',
  market: '.market-map[aria-busy="false"]',
  agent: '.panel.deeds .events li',
  box: '.panel.processes tbody tr, .box-page > .empty:not([hidden])',
};

/** Two frames behind it everything has been drawn. */
export async function drawn(page, name) {
  await page.locator(WHOLE[name]).first().waitFor();
  await page.evaluate(() => new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(next))));
}

/** Nothing lies beyond the right edge, nor would where a list is longer: what is placed absolutely in one stays in it. */
export async function fits(page) {
  const { loose, wide, width, what } = await page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    const beyond = [...document.querySelectorAll('body *')].filter((each) => {
      if (each.closest('.scroll, .why, dialog, canvas, [hidden]') !== null) return false;
      return each.getBoundingClientRect().right > width + 1 && getComputedStyle(each).position !== 'fixed';
    });
    const loose = [...document.querySelectorAll('.scroll')].filter((each) => getComputedStyle(each).position === 'static');
    beyond.push(...loose);
    return { loose: loose.length, wide: document.documentElement.scrollWidth, width, what: beyond.slice(0, 3).map((each) => `${each.tagName}.${each.className}`) };
  });
  holds(wide <= width && loose === 0, `${wide} pixels wide in ${width}: ${what.join(', ')}`);
}
