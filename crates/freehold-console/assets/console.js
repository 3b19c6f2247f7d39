// What the pages do beyond what they can do without a script: an answer comes word by word, a
// receipt and the measured states replace themselves, times show the local time, commands copy.
'use strict';

const byId = (id) => document.getElementById(id);

// Replaces an element by the same element as the server gives it now. Focus never jumps: a part
// that holds it, or is being selected, is left as it is.
async function replace(element, path, signal) {
  const response = await fetch(path, {headers: {accept: 'text/html'}, signal});
  if (response.status === 401) { location.assign('/sign-in'); return null; }
  if (!response.ok) return null;
  const parsed = new DOMParser().parseFromString(await response.text(), 'text/html');
  const fresh = parsed.body.firstElementChild;
  if (!fresh || element.contains(document.activeElement)) return null;
  for (const details of element.querySelectorAll('details')) {
    const same = [...fresh.querySelectorAll('details')]
      .find((other) => other.firstElementChild?.textContent === details.firstElementChild?.textContent);
    if (same) same.open = details.open;
  }
  if (element.outerHTML !== fresh.outerHTML) element.replaceWith(fresh);
  enliven(document.body);
  return fresh;
}

function enliven(root) {
  for (const time of root.querySelectorAll('time:not([data-local], [data-plain])')) {
    const moment = new Date(time.dateTime);
    if (Number.isNaN(moment.getTime())) continue;
    time.dataset.local = moment.toLocaleString([], {dateStyle: 'medium', timeStyle: 'medium'});
    time.title = time.dataset.local + ', local time';
    time.tabIndex = 0;
  }
  if (navigator.clipboard) {
    for (const button of root.querySelectorAll('button[data-copy][hidden]')) {
      button.hidden = false;
      button.addEventListener('click', async () => {
        await navigator.clipboard.writeText(byId(button.dataset.copy).textContent);
        button.textContent = 'Copied';
      });
    }
  }
}

// The receipt follows the record: it waits for the outcome and then for the checkpoint.
let following = null;
async function follow(record) {
  following?.abort();
  const {signal} = following = new AbortController();
  for (let attempt = 0; attempt < 40 && !signal.aborted; attempt += 1) {
    try { await replace(byId('receipt'), '/parts/receipt/' + encodeURIComponent(record), signal); }
    catch { /* the next attempt may succeed; the record is safe either way */ }
    if (byId('receipt').dataset.proof === 'settled') return;
    await new Promise((done) => setTimeout(done, attempt < 20 ? 500 : 3000));
  }
}

// The events of a stream, each as the value of its data lines (OpenAI's form).
async function* events(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const {done, value} = await reader.read();
    if (done) return;
    const blocks = (rest + value).split(/\r?\n\r?\n/);
    rest = blocks.pop();
    for (const block of blocks) {
      const lines = block.split(/\r?\n/).filter((line) => line.startsWith('data:'));
      if (lines.length) yield lines.map((line) => line.slice(5).trimStart()).join('\n');
    }
  }
}

async function ask(form, stop) {
  const sheet = byId('answer-sheet'), answer = byId('answer'), progress = byId('progress');
  const send = byId('send');
  const asked = new AbortController();
  const cancel = () => asked.abort();
  const body = new URLSearchParams(new FormData(form));
  const words = document.createElement('p');
  words.className = 'answer';
  answer.setAttribute('aria-busy', 'true');
  answer.replaceChildren(words);
  sheet.hidden = false;
  stop.hidden = false;
  send.setAttribute('aria-disabled', 'true');
  stop.addEventListener('click', cancel);
  progress.textContent = 'The model is answering.';
  let record = null;
  const problem = (why) => {
    const text = document.createElement('p');
    const mark = document.createElement('span');
    text.className = 'problem';
    mark.className = 'state no';
    mark.textContent = words.textContent ? 'cut off' : 'no answer';
    text.append(mark, ' ', why);
    answer.append(text);
    progress.textContent = '';
  };
  try {
    const response = await fetch(form.action, {
      method: 'POST', body, signal: asked.signal, headers: {accept: 'text/event-stream'},
    });
    record = response.headers.get('x-freehold-record');
    if (response.status === 401 && !record) { location.assign('/sign-in'); return null; }
    if (!response.ok) {
      problem((await response.json().catch(() => null))?.error?.message ?? 'The console refused it.');
    } else {
      if (record) void follow(record);
      let whole = false;
      for await (const data of events(response.body)) {
        if (data === '[DONE]') { whole = true; break; }
        const event = JSON.parse(data);
        if (event.error) { problem(event.error.message); whole = true; break; }
        const word = event.choices?.[0]?.delta?.content ?? '';
        words.append(words.textContent ? word : word.trimStart());
      }
      if (!whole) problem('The answer broke off.');
      else if (progress.textContent) {
        progress.textContent = words.textContent ? 'The answer is complete.' : 'The model said nothing.';
      }
    }
  } catch (error) {
    problem(error.name === 'AbortError' ? 'You stopped it.' : 'The console does not answer.');
  } finally {
    answer.removeAttribute('aria-busy');
    if (stop === document.activeElement) send.focus();
    stop.hidden = true;
    stop.removeEventListener('click', cancel);
    send.removeAttribute('aria-disabled');
  }
  return record;
}

function begin() {
  enliven(document.body);
  const form = byId('ask');
  if (form) {
    let busy = false;
    form.addEventListener('submit', async (event) => {
      event.preventDefault();
      if (busy) return;
      busy = true;
      const record = await ask(form, byId('stop'));
      // A new question may be asked now; the receipt may still wait for its checkpoint.
      busy = false;
      if (record) await follow(record);
    });
    byId('message').addEventListener('keydown', (event) => {
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) form.requestSubmit();
    });
  }
  const receipt = byId('receipt');
  if (receipt?.dataset.proof === 'waits') void follow(receipt.dataset.record);
  setInterval(() => {
    if (document.hidden) return;
    for (const part of document.querySelectorAll('[data-live]')) {
      replace(part, part.dataset.live).catch(() => { /* the console is gone; the page stays */ });
    }
  }, 5000);
}

begin();
