// First paint and weight of pages in a real browser: node paint.mjs ROUNDS NAME=URL…
//
// Each round opens every page once in a fresh context, so with an empty cache, one after the other.
// Prints a line of JSON for each page: milliseconds to the first contentful paint in each round, and
// bytes as they came over the network, requests, and requests to other hosts of the first round.

import {createRequire} from 'node:module';
import path from 'node:path';

const load = createRequire(path.join(process.env.FREEHOLD_NODE_MODULES, 'x.js'));
const {chromium} = load('playwright-core');
const [rounds, ...pages] = process.argv.slice(2);
const browser = await chromium.launch({
  executablePath: process.env.FREEHOLD_CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
    '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});

async function open(url) {
  const context = await browser.newContext({viewport: {width: 1280, height: 900}});
  const page = await context.newPage();
  const network = await context.newCDPSession(page);
  await network.send('Network.enable');
  const seen = {bytes: 0, requests: 0, foreign: new Set()};
  network.on('Network.loadingFinished', (one) => { seen.bytes += one.encodedDataLength; });
  page.on('request', (request) => {
    const {protocol, host} = new URL(request.url());
    if (!/^https?:/.test(protocol)) return;
    seen.requests += 1;
    if (host !== new URL(url).host) seen.foreign.add(host);
  });
  await page.goto(url, {waitUntil: 'commit', timeout: 120_000});
  const paint = await page.evaluate(() => new Promise((done) => {
    new PerformanceObserver((list) => {
      const first = list.getEntriesByName('first-contentful-paint')[0];
      if (first) done(first.startTime);
    }).observe({type: 'paint', buffered: true});
  }));
  await page.waitForLoadState('networkidle', {timeout: 30_000}).catch(() => { /* it never rests */ });
  await context.close();
  return {paint, ...seen, foreign: [...seen.foreign]};
}

const found = new Map();
for (let round = 0; round < Number(rounds); round += 1) {
  for (const page of pages) {
    const [name, url] = [page.slice(0, page.indexOf('=')), page.slice(page.indexOf('=') + 1)];
    const {paint, bytes, requests, foreign} = await open(url);
    if (!found.has(name)) found.set(name, {name, paint: [], bytes, requests, foreign});
    found.get(name).paint.push(paint);
  }
}
await browser.close();
for (const one of found.values()) console.log(JSON.stringify(one));
