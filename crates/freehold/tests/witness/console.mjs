// The console in a real browser: node console.mjs URL TOKEN [FOLDER]
//
// URL is the console's address, TOKEN its one-time token or `-` for a console without an
// installation, FOLDER takes the pictures. The model must answer any message. Opens every page of
// the table below, and every page that the navigation leads to: in both colour schemes at 1280 and
// 320 px axe-core judges it, nothing scrolls sideways, everything on it is reached by Tab and shows
// its focus, it can be printed, and it says the same without JavaScript. Signs in, asks by keyboard
// alone, and compares the receipt with the response's header. Watches for requests to other hosts
// and for messages in the browser's console. Ends with 0 only if everything holds.
//
// The browser is FREEHOLD_CHROMIUM, else /usr/bin/chromium. Packages are found beside this file or
// in FREEHOLD_NODE_MODULES.

import assert from 'node:assert/strict';
import {mkdirSync, readFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import path from 'node:path';

const modules = process.env.FREEHOLD_NODE_MODULES;
const load = createRequire(modules ? path.join(modules, 'x.js') : import.meta.url);
const {chromium} = load('playwright-core');
const axe = readFileSync(load.resolve('axe-core/axe.min.js'), 'utf8');

const [url, token, folder] = process.argv.slice(2);
assert.ok(url && token, 'usage: node console.mjs URL TOKEN [FOLDER]');
const origin = new URL(url).origin;
if (folder) mkdirSync(folder, {recursive: true});

const deciding = token === '-';

// One line a page: its name, its address, and what must be on it. A page that needs an
// installation says so; `record` stands for a record that was just made.
const PAGES = [
  ['home', '/', /What is in force|Decide/],
  ['playground', '/playground', /Ask through the real gateway/, 'running'],
  ['models', '/models', /admitted, every byte checked at load/, 'running'],
  ['state', '/state', /measures in force|confinement/, 'running'],
  ['records', '/records', /answered/, 'running'],
  ['records-filtered', '/records?outcome=answered&principal=nobody&since=2026-01-01T00:00', /No record is like this|None among/, 'running'],
  ['one-record', '/records/{record}', /The proof, step by step/, 'running'],
  ['catalogue', '/catalogue', /meet it/],
  ['catalogue-asked', '/catalogue?text=llama-3&licence=osi&task=code&hardware=nvidia-h100-sxm-80gb&users=800M', /Excluded/],
  ['catalogue-model', '/catalogue/model?id=meta-llama/Llama-3.1-8B-Instruct', /What to watch in the weights licence/],
  ['catalogue-compare', '/catalogue/compare?id=openai/gpt-oss-120b&id=meta-llama/Llama-3.1-8B-Instruct', /differs/],
  ['not-found', '/nowhere', /There is no such page here/],
];

const ID = /^[0-9A-HJKMNP-TV-Z]{26}$/;
const QUESTION = 'When does the north gate open on Sundays?';
const PASSAGE = 'Visitors: weekdays 8:30 to 18:00. Sundays: north gate 9:40 to 17:00.';
const SIZES = [{width: 1280, height: 900}, {width: 320, height: 640}];
const SCHEMES = ['light', 'dark'];

const browser = await chromium.launch({
  executablePath: process.env.FREEHOLD_CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
    '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
const foreign = new Set();
const messages = [];
let checks = 0;

async function context(options) {
  const made = await browser.newContext(options);
  made.on('request', (request) => {
    const {protocol, origin: asked} = new URL(request.url());
    if (protocol !== 'data:' && asked !== origin) foreign.add(request.url());
  });
  made.on('console', (message) => {
    // A page that is not there is an error to the browser, too.
    const meant = message.location().url === origin + '/nowhere';
    if (!meant && ['error', 'warning'].includes(message.type())) messages.push(message.text());
  });
  made.on('weberror', (error) => messages.push(String(error.error())));
  return made;
}

async function picture(page, name) {
  if (folder) await page.screenshot({path: path.join(folder, name + '.png'), fullPage: true});
}

async function judged(page, name) {
  // An evaluation is not a script of the page: the policy need not be loosened for it.
  await page.evaluate(axe);
  const {violations} = await page.evaluate(() => globalThis.axe.run(document, {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  }));
  const found = violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join(' ')}`);
  assert.deepEqual(found, [], `axe-core on ${name}`);
  checks += 1;
}

async function fits(page, name) {
  const [content, window] = await page.evaluate(() =>
    [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
  assert.ok(content <= window, `${name} is ${content} px wide in a window of ${window} px`);
  checks += 1;
}

// Everything that can be used is reached by Tab, in the order of the page, and shows its focus.
async function byKeyboard(page, name) {
  await page.evaluate(() => { document.activeElement?.blur(); getSelection().removeAllRanges(); });
  const wanted = await page.evaluate(() => {
    const usable = 'a[href], button, input, select, textarea, summary, [tabindex="0"]';
    const seen = [...document.querySelectorAll(usable)].filter((one) =>
      !one.disabled && one.type !== 'hidden' && one.checkVisibility({visibilityProperty: true}));
    seen.forEach((one, place) => { one.dataset.place = place; });
    return seen.length;
  });
  const reached = new Set();
  for (let presses = 0; presses < 3 * wanted + 10 && reached.size < wanted; presses += 1) {
    await page.keyboard.press('Tab');
    const [place, outline] = await page.evaluate(() => {
      const one = document.activeElement;
      return [one?.dataset.place, one ? getComputedStyle(one).outlineStyle : 'none'];
    });
    if (place === undefined) continue;
    assert.notEqual(outline, 'none', `${name}: focus is seen`);
    reached.add(place);
  }
  const missed = await page.evaluate((found) => [...document.querySelectorAll('[data-place]')]
    .filter((one) => !found.includes(one.dataset.place)).map((one) => one.outerHTML.slice(0, 120)), [...reached]);
  assert.deepEqual(missed, [], `${name}: reached by Tab`);
  checks += 1;
}

// The words of a page, but for what a clock changes.
async function words(page) {
  const text = await page.evaluate(() => document.querySelector('main').innerText);
  return text.replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC|\d[\d,.]* \S+ (ago|free)|\bCopy(?:ied)?\b/g, '').replace(/\s+/g, ' ').trim();
}

async function tabTo(page, selector) {
  for (let presses = 0; presses < 40; presses += 1) {
    if (await page.evaluate((wanted) => document.activeElement?.matches(wanted), selector)) {
      const seen = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
      assert.notEqual(seen, 'none', `${selector} shows its focus`);
      return;
    }
    await page.keyboard.press('Tab');
  }
  assert.fail(`${selector} cannot be reached by Tab`);
}

// The pages of the table, and whatever the navigation leads to beside them.
async function all(page, record) {
  const table = PAGES.filter(([, , , needs]) => needs !== 'running' || !deciding)
    .map(([name, where, says]) => [name, where.replace('{record}', record), says]);
  await page.goto(origin + '/');
  const linked = await page.evaluate(() =>
    [...document.querySelectorAll('nav a')].map((one) => one.getAttribute('href')));
  for (const where of linked.filter((one) => !table.some(([, known]) => known === one))) {
    table.push([where.slice(1).replaceAll('/', '-'), where, /./]);
  }
  return table;
}

async function everyPage(session, record) {
  for (const colorScheme of SCHEMES) {
    for (const viewport of SIZES) {
      const each = await context({viewport, colorScheme, storageState: session});
      const tab = await each.newPage();
      for (const [name, where, says] of await all(tab, record)) {
        const label = `${name}-${colorScheme}-${viewport.width}`;
        await tab.goto(origin + where);
        if (name === 'playground') {
          await tab.fill('#message', QUESTION);
          await tab.keyboard.press('Control+Enter');
          await tab.waitForSelector('#receipt[data-proof=settled]', {timeout: 30_000});
        }
        assert.match(await tab.textContent('main'), says, `${label} says what it must`);
        await judged(tab, label);
        await fits(tab, label);
        await picture(tab, label);
        await byKeyboard(tab, label);
        // What unfolds is judged unfolded, too.
        if (await tab.evaluate(() => {
          const folded = [...document.querySelectorAll('details:not([open])')];
          for (const one of folded) one.open = true;
          return folded.length > 0;
        })) {
          await judged(tab, label + '-unfolded');
          await fits(tab, label + '-unfolded');
        }
      }
      await each.close();
    }
  }
}

// Without JavaScript each page says the same, and can be printed.
async function withoutScript(session, record) {
  const [scripted, plain] = await Promise.all([true, false].map((javaScriptEnabled) =>
    context({viewport: SIZES[0], javaScriptEnabled, storageState: session})));
  const [one, other] = await Promise.all([scripted.newPage(), plain.newPage()]);
  for (const [name, where] of await all(one, record)) {
    await one.goto(origin + where);
    await other.goto(origin + where);
    assert.equal(await words(other), await words(one), `${name} says the same without JavaScript`);
    const paper = await other.pdf({path: folder && path.join(folder, name + '.pdf'), format: 'A4'});
    assert.ok(paper.length > 1000, `${name} can be printed`);
    await other.emulateMedia({media: 'print'});
    const shown = await other.evaluate(() => [...document.querySelectorAll('nav, button, form.out')]
      .filter((node) => node.checkVisibility()).length);
    assert.equal(shown, 0, `${name} prints without what is only for the screen`);
    await other.emulateMedia({media: 'screen'});
    checks += 3;
  }
  await scripted.close();
  await plain.close();
}

let answer = 'none asked for';
let record = 'none';
if (deciding) {
  await everyPage(undefined, record);
  await withoutScript(undefined, record);
} else {
  await running();
}
assert.deepEqual([...foreign], [], 'no request to another host');
assert.deepEqual(messages, [], 'nothing in the browser’s console');
checks += 2;
await browser.close();
console.log(`${checks} checks passed; answer: ${JSON.stringify(answer)}; record ${record}`);

async function running() {
  // Signing in, by keyboard alone, with an address as the terminal prints it.
  const first = await context({viewport: SIZES[0]});
  const page = await first.newPage();
  await page.goto(`${origin}/playground`);
  assert.equal(new URL(page.url()).pathname, '/sign-in', 'nobody is let in without a session');
  await judged(page, 'sign-in');
  await picture(page, 'sign-in');
  await page.goto(`${origin}/sign-in?token=${encodeURIComponent(token)}`);
  await tabTo(page, 'button');
  await page.keyboard.press('Enter');
  await page.waitForURL(origin + '/');
  await page.goto(`${origin}/playground`);
  const cookie = (await first.cookies()).find((one) => one.name === 'freehold_session');
  assert.ok(cookie.httpOnly && cookie.sameSite === 'Strict', 'the cookie is closed to scripts and sites');
  const second = await context();
  const again = await second.newPage();
  await again.goto(`${origin}/sign-in?token=${encodeURIComponent(token)}`);
  const refused = again.waitForResponse((response) => response.request().method() === 'POST');
  await again.click('button');
  assert.equal((await refused).status(), 401, 'the token works once');
  await judged(again, 'sign-in refused');
  await second.close();
  messages.splice(0); // Browsers report that 401 as an error of their own.
  checks += 3;

  // Asking by keyboard alone: the answer streams in, the receipt stands beside it.
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.className), 'skip', 'the skip link is first');
  await tabTo(page, '#passage');
  await page.keyboard.type(PASSAGE);
  await tabTo(page, '#message');
  await page.keyboard.type(QUESTION);
  await tabTo(page, '#send');
  const asked = page.waitForResponse('**/ask');
  await page.keyboard.press('Enter');
  const response = await asked;
  assert.match(response.headers()['content-type'], /text\/event-stream/, 'the answer is streamed');
  record = response.headers()['x-freehold-record'];
  assert.match(record, ID);
  await page.waitForFunction(() => document.getElementById('progress').textContent.includes('complete'));
  answer = await page.textContent('#answer');
  assert.ok(answer.trim().length > 0, 'there is an answer');
  await page.waitForFunction((id) => {
    const receipt = document.getElementById('receipt');
    return receipt.dataset.record === id && receipt.textContent.includes('recorded before release');
  }, record);
  assert.equal(await page.textContent('#receipt .id code'), record, 'the receipt names the header’s record');
  for (const fact of ['Model', 'Route', 'Confidence', 'Tokens', 'The way', 'Proof', `freehold audit show ${record}`]) {
    assert.ok((await page.textContent('#receipt')).includes(fact), `the receipt shows: ${fact}`);
  }
  await page.waitForSelector('#receipt[data-proof=settled]', {timeout: 30_000});
  assert.match(await page.textContent('#receipt .proof'), /proven Entries [\d,]+ and [\d,]+ are in the checkpoint of [\d,]+ entries/);
  assert.equal(await page.evaluate(() => document.activeElement.id), 'send', 'focus did not jump');
  checks += 8;

  // What the page shows is what the record says.
  const json = await (await first.request.get(`${origin}/records/${record}.json`)).json();
  assert.deepEqual(json.entries.map((entry) => entry.kind), ['intent', 'outcome']);
  assert.ok(json.entries[0].body.content.includes(QUESTION));
  const state = await (await first.request.get(`${origin}/state.json`)).json();
  assert.ok(state.log.entries >= 2 && state.disk.free_bytes > 0);
  checks += 3;

  const session = await first.storageState();
  await everyPage(session, record);
  await withoutScript(session, record);

  // Asking without JavaScript.
  for (const viewport of SIZES) {
    const plain = await context({viewport, javaScriptEnabled: false, storageState: session});
    const tab = await plain.newPage();
    await tab.goto(`${origin}/playground`);
    await tab.fill('#message', QUESTION);
    await tab.click('#send');
    await tab.waitForSelector('#receipt .id code');
    assert.match(await tab.textContent('#receipt .id code'), ID);
    assert.ok((await tab.textContent('#answer')).trim().length > 0, 'there is an answer without JavaScript');
    assert.equal(await tab.inputValue('#message'), QUESTION, 'the form keeps what was asked');
    await picture(tab, `plain-${viewport.width}`);
    await plain.close();
    checks += 3;
  }

  // Leaving.
  await page.click('.out button');
  await page.waitForURL('**/sign-in');
  await page.goto(`${origin}/playground`);
  assert.equal(new URL(page.url()).pathname, '/sign-in', 'signed out');
  const dead = await (await context({storageState: session})).request.get(`${origin}/state.json`);
  assert.equal(dead.status(), 401, 'the session is dead on the server too');
  checks += 2;
}
