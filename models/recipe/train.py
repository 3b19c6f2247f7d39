"""Trains one size from nothing, resumable and seeded.

Why these choices: AdamW at 1e-3 with a linear decay over the last third (the decay
alone brings about a third of the accuracy), then a short closing part at a low rate
with more triage (`packing.CLOSING`); small batches, because the number of steps
matters more than their size here; the output layer only where an answer is
predicted and at a sample of passage positions. The schedule runs on tokens, or
with --minutes on time, so that a busy machine still ends with decayed weights.
"""
import json
import multiprocessing as mp
import os
import time

import torch
import torch.nn.functional as F
from tokenizers import Tokenizer

from model import SIZES, Model, count, initialise
from packing import ANSWER, CLOSING, FIELDS, LANGUAGE, rows, weights

BUDGET = {'house': 56e6, 'small': 5e6}       # tokens, without the closing part
RATE, DECAY, CLOSING_RATE, WARM, LANGUAGE_LOSS, WIDTH = 1e-3, .34, 3e-4, 100, .1, 256
BATCH = {'house': 12, 'small': 8}
SAVE_EVERY = 120


def half_precision():
    """bfloat16 where the processor or the GPU multiplies it natively, more than twice as fast."""
    if torch.cuda.is_available():
        return True
    try:
        flags = open('/proc/cpuinfo').read()
    except OSError:
        return False
    return 'avx512_bf16' in flags or 'amx_bf16' in flags


def produce(path, seed, batch, wants, batches):
    """Another process: the rows of step i depend on the seed and i alone, and on the share done."""
    os.environ['TOKENIZERS_PARALLELISM'] = 'false'
    tk = Tokenizer.from_file(path)
    while True:
        step, p = wants.get()
        batches.put((step, rows(tk, seed * 10 ** 7 + step * 10 + 1, p, batch, WIDTH)))


class Trainer:
    def __init__(self, size, out, seed, minutes=None, threads=1, scores=None):
        self.size, self.out, self.seed, self.minutes, self.scores = size, out, seed, minutes, scores
        torch.set_num_threads(threads)
        self.device = 'cuda' if torch.cuda.is_available() else 'cpu'
        self.half = half_precision()
        self.tokenizer = os.path.join(out, 'tokenizer.json')
        self.state = os.path.join(out, 'checkpoint.pt')
        self.model = Model(**SIZES[size])
        initialise(self.model, seed)
        self.model.to(self.device)
        flat = [p for n, p in self.model.named_parameters() if p.ndim == 2 and 'embedding' not in n]
        rest = [p for n, p in self.model.named_parameters() if p.ndim != 2 or 'embedding' in n]
        self.optimizer = torch.optim.AdamW([dict(params=flat, weight_decay=.05), dict(params=rest, weight_decay=0.)],
                                           lr=RATE, betas=(.9, .98), fused=True)
        self.step, self.tokens, self.seconds, self.cpu = 0, 0, 0., 0.

    def log(self, **entry):
        with open(os.path.join(self.out, 'training-log.jsonl'), 'a') as out:
            out.write(json.dumps(entry) + '\n')
        print(json.dumps(entry), flush=True)

    # ---- state
    def save(self):
        torch.save(dict(model=self.model.state_dict(), optimizer=self.optimizer.state_dict(), step=self.step, tokens=self.tokens,
                        seconds=self.seconds, cpu=self.cpu, seed=self.seed, size=self.size), self.state + '.new')
        os.replace(self.state + '.new', self.state)

    def resume(self):
        s = torch.load(self.state, map_location=self.device, weights_only=True)
        if (s['size'], s['seed']) != (self.size, self.seed):
            raise SystemExit(f'{self.state} is of another size or seed')
        self.model.load_state_dict(s['model'])
        self.optimizer.load_state_dict(s['optimizer'])
        self.step, self.tokens, self.seconds, self.cpu = s['step'], s['tokens'], s['seconds'], s['cpu']

    def done(self):
        """Share of the main training that is done; the closing part follows, from 1 to 1 + CLOSING."""
        end = 1 + CLOSING
        return min(end, self.seconds / 60 / self.minutes * end if self.minutes else self.tokens / BUDGET[self.size])

    def rate(self, p):
        if p >= 1:
            return CLOSING_RATE * max(.01, (1 + CLOSING - p) / CLOSING)
        return RATE * min(1., (self.step + 1) / WARM) * (1. if p < 1 - DECAY else max(.01, (1 - p) / DECAY))

    # ---- one step
    def loss(self, body, batch):
        tok, pos, doc, br, use = (torch.from_numpy(batch[k]).long().to(self.device) for k in FIELDS)
        target = torch.roll(tok, -1, 1)
        with torch.autocast(self.device, dtype=torch.bfloat16, enabled=self.half):
            hidden = body(tok, *self.model.prepare(pos, doc, br))
            answer, language = (use >= ANSWER) & (use != LANGUAGE), use == LANGUAGE
            answers = self.model.logits(hidden[answer]).float()
            weight = torch.tensor(weights(self.done()), device=self.device)[use[answer]]
            each = F.cross_entropy(answers, target[answer], reduction='none')
            loss = each.mean()
            total = (each * weight).sum() / weight.sum()
            if language.any():
                total = total + LANGUAGE_LOSS * F.cross_entropy(self.model.logits(hidden[language]).float(), target[language])
        right = (answers.argmax(-1) == target[answer]).float().mean()
        return total, loss.item(), right.item(), int((doc > 0).sum())

    def run(self):
        wants, batches = mp.Queue(), mp.Queue()
        worker = mp.Process(target=produce, args=(self.tokenizer, self.seed, BATCH[self.size], wants, batches), daemon=True)
        worker.start()
        body = self.model.body
        if os.environ.get('HOUSE_COMPILE', '1') == '1':
            body = torch.compile(body, dynamic=False)
        self.log(event='start', size=self.size, seed=self.seed, parameters=count(self.model), minutes=self.minutes,
                 budget_tokens=None if self.minutes else BUDGET[self.size], device=self.device, bfloat16=self.half, step=self.step)
        for i in range(3):
            wants.put((self.step + i, self.done()))
        clock, cpu, saved, recent = time.time(), time.process_time(), time.time(), []
        marks = [x / 16 for x in range(1, 17)]
        first = self.step
        while self.done() < 1 + CLOSING:
            p = self.done()
            wants.put((self.step + 3, p))
            step, batch = batches.get()
            assert step == self.step
            for group in self.optimizer.param_groups:
                group['lr'] = self.rate(p)
            try:
                total, loss, right, tokens = self.loss(body, batch)
            except Exception as error:          # no C++ compiler: go on without compiling
                if body is self.model.body or self.step > first:
                    raise
                print('not compiled:', str(error)[:200], flush=True)
                body = self.model.body
                total, loss, right, tokens = self.loss(body, batch)
            total.backward()
            torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.)
            self.optimizer.step()
            self.optimizer.zero_grad(set_to_none=True)
            self.step += 1
            self.tokens += tokens
            recent.append((loss, right))
            now = time.time()
            if self.step > first + 1:           # compiling is not training
                self.seconds += now - clock
                self.cpu += time.process_time() - cpu
            clock, cpu = now, time.process_time()
            if self.step % 100 == 0:
                self.report(p, recent)
                recent = []
            if now - saved > SAVE_EVERY:
                self.save()
                saved = time.time()
            if self.scores and any(p < m <= self.done() for m in marks):
                self.save()
                self.log(event='scores', step=self.step, done=round(self.done(), 3), scores=self.scores(self.model))
                clock, cpu = time.time(), time.process_time()
        worker.terminate()
        self.save()
        self.report(self.done(), recent or [(0., 0.)])
        self.log(event='end', step=self.step, tokens=self.tokens, minutes=round(self.seconds / 60, 1), cpu_minutes=round(self.cpu / 60, 1))

    def report(self, p, recent):
        n = len(recent)
        self.log(event='step', step=self.step, done=round(p, 4), tokens=self.tokens, seconds=round(self.seconds), rate=round(self.rate(p), 7),
                 loss=round(sum(x for x, _ in recent) / n, 4), right=round(sum(x for _, x in recent) / n, 4))
