"""Turns passages, messages and behaviours into rows of tokens for training.

Why: many questions share one passage, so a passage is written once as a prefix
and each question with its answer becomes a branch that sees the prefix and
itself but no other branch (the attention mask in model.py). Short documents are
packed side by side. This gives several times more answers per token.
"""
import numpy as np

from bpe import ASSISTANT, END, SYSTEM, USER
from fixed import Fixed
from passages import Passages
from triage import Triage

FIELDS = ('tok', 'pos', 'doc', 'br', 'use')
# use: 1 = predicts an answer token, 2 = sampled for the language loss, 3 = predicts the first token of an answer (the choice;
# the rest is copying), 4 = predicts a category or an urgency (the other tokens of the JSON are always the same)
ANSWER, LANGUAGE, FIRST, DECISIVE = 1, 2, 3, 4
SYSTEMS = ['You are a helpful assistant.', 'You are the Freehold house model.', 'Answer briefly.', 'You are a careful assistant. Answer from the passage.',
           'Be concise.', 'You are a triage assistant.', 'Reply in JSON when asked to triage.', 'You are an assistant for office staff.']


CLOSING = .07      # what the closing part adds to the training, as a share of it
LATER = .34         # share of the training after which the loss weighs the choices more
CHOOSE = .47       # ... and after which the passages are such that one must choose


def stage(p):
    """What the data looks like when the share p of the training is done.

    First single facts (copying and wording), then, for long, passages in which only the entity tells the right value from
    the wrong ones (`same`, `pairs`): choosing is the hardest thing to learn, and a mix that can mostly be answered by the kind
    of value does not teach it. Open questions come last, because learned early they become the safe answer.
    From 1 on is the closing part, with more triage in more words (`triage_closing.txt`).
    """
    if p < .05:
        return dict(pairs=.5, pair=(1, 2), low=1, high=1, long=0., absent=0., other=.05, same=.45)
    if p < .12:
        return dict(pairs=.25, pair=(1, 3), low=1, high=2, long=0., absent=0., other=.15, same=.45)
    if p < .25:
        return dict(pairs=.08, pair=(2, 4), low=1, high=3, long=0., absent=.02, other=.22, same=.45)
    if p < CHOOSE:
        return dict(pairs=.02, pair=(2, 5), low=1, high=3, long=.15 if p < LATER else .08, absent=.10 if p < .4 else .17,
                    other=.22 if p < LATER else .27, same=.45)
    if p < .53:
        return dict(pairs=.5, pair=(2, 2), low=2, high=2, long=0., absent=.0, other=.12, same=.95)
    if p < .66:
        return dict(pairs=.3, pair=(2, 4), low=2, high=3, long=0., absent=.04, other=.18, same=.9)
    if p < .78:
        return dict(pairs=.12, pair=(2, 4), low=1, high=3, long=.03, absent=.11, other=.4, same=.75, triage=.85)
    return dict(pairs=.03, pair=(2, 5), low=1, high=3, long=.08, absent=.15, other=.42 if p < 1 else .5, same=.55, triage=.85)


def weights(p):
    """What each use counts in the loss. Later the choices count more: by then the rest is mostly right."""
    return [0., 1., 0., 1., 1.] if p < LATER else [0., 1., 0., 2., 6.]


class Packer:
    def __init__(self, width, colon, space):
        self.width, self.colon, self.space, self.open, self.rows = width, colon, space, [], []

    def add(self, prefix, branches, language=()):
        """prefix: tokens; branches: (tokens, number of answer tokens at their end)."""
        n, keep = len(prefix), []
        for ids, answer in branches:
            if n + len(ids) <= self.width:
                keep.append((ids, answer))
                n += len(ids)
        if not keep:
            return
        row = next((x for x in self.open if x['n'] + n <= self.width), None)
        if row is None:
            row = {k: np.zeros(self.width, np.int16) for k in FIELDS} | dict(n=0, docs=0)
            self.open.append(row)
        row['docs'] += 1
        at, size = row['n'], len(prefix)

        def put(start, ids, first, branch):
            end = start + len(ids)
            row['tok'][start:end] = ids
            row['pos'][start:end] = np.arange(first, first + len(ids))
            row['doc'][start:end] = row['docs']
            row['br'][start:end] = branch
            return end
        end = put(at, prefix, 0, 0)
        for i in language:
            row['use'][at + i] = LANGUAGE
        for i, (ids, answer) in enumerate(keep):
            end = put(end, ids, size, i + 1)
            row['use'][end - 1 - answer:end - 1] = ANSWER
            decisive = [end - len(ids) + j for j in range(len(ids) - answer, len(ids)) if ids[j] == self.colon]
            choice = end - 1 - answer      # of a number the first token is a lone space
            row['use'][decisive or (choice + (ids[-answer] == self.space))] = DECISIVE if decisive else FIRST
        row['n'] = end
        if end > self.width - 24 or len(self.open) > 12:
            full = max(range(len(self.open)), key=lambda i: self.open[i]['n'])
            self.rows.append(self.open.pop(full))


def answer_ids(tk, text):
    """An answer starts with a space, as words inside a passage do; JSON does not."""
    return tk.encode(text if text.startswith('{') else ' ' + text).ids + [END]


class Source:
    """A seeded stream of packed rows."""

    def __init__(self, tk, seed, p):
        self.tk, self.how = tk, stage(p)
        self.g, self.t, self.f = Passages(seed), Triage(seed + 1, closing=p >= 1), Fixed(seed + 2)
        self.r = self.g.r
        self.g.same = self.how['same']

    def lead(self):
        """Now and then a system message or an earlier exchange comes first."""
        p = self.r.random()
        if p < .05:
            return [SYSTEM] + self.tk.encode(self.r.choice(SYSTEMS)).ids + [END]
        if p < .10:
            question, answer, _ = self.f.exchange()
            return [USER] + self.tk.encode(question).ids + [END, ASSISTANT] + answer_ids(self.tk, answer)
        return []

    def shape(self, text, question):
        p = self.form
        if p < .86:
            return f'Passage: {text}\n\nQuestion: {question}'
        if p < .91:
            return f'{text}\n\n{question}'
        if p < .95:
            return f'Passage:\n{text}\n\nQuestion:\n{question}'
        return f'{text}\n\nQuestion: {question}'

    def reading(self, text, qa):
        """Prefix and branches of one passage."""
        tk, r = self.tk, self.r
        self.form = r.random()
        lead = self.lead()
        if len(qa) > 1 and r.random() < .05:      # a later question in the same conversation
            q, a, _ = qa[0]
            prefix = lead + [USER] + tk.encode(self.shape(text, q)).ids + [END, ASSISTANT] + answer_ids(tk, a)
            return prefix, [self.branch([USER], r.choice(['Question: ', '']) + q, a) for q, a, _ in qa[1:]], len(lead)
        full = [e.ids for e in tk.encode_batch([self.shape(text, q) for q, _, _ in qa])]
        shared = min(len(x) for x in full) - 1
        if len(full) == 1:
            shared = max(1, min(shared, len(tk.encode(self.shape(text, '')).ids) - 3))
        for x in full[1:]:
            shared = next((i for i in range(shared) if x[i] != full[0][i]), shared)
        branches = []
        for ids, (_, answer, _) in zip(full, qa):
            end = answer_ids(tk, answer)
            branches.append((ids[shared:] + [END, ASSISTANT] + end, len(end)))
        return lead + [USER] + full[0][:shared], branches, len(lead)

    def branch(self, start, question, answer):
        end = answer_ids(self.tk, answer)
        return start + self.tk.encode(question).ids + [END, ASSISTANT] + end, len(end)

    def document(self):
        """-> prefix, branches, positions for the language loss"""
        r, how = self.r, self.how
        p = r.random()
        if p < how['other'] * how.get('triage', .62):
            message, category, urgency = self.t.message()
            return self.lead(), [self.branch([USER], self.t.prompt(message), self.t.answer(category, urgency))], []
        if p < how['other']:
            question, answer, _ = self.f.exchange()
            return self.lead(), [self.branch([USER], question, answer)], []
        if r.random() < how['pairs']:
            text, qa = self.g.pairs(r.randint(*how['pair']))
        elif r.random() < how['long']:
            text, qa = self.g.passage(4, 8, 8, how['absent'])
        else:
            n = r.randint(how['low'], how['high'])
            text, qa = self.g.passage(n, n, (0, 3, 5, 6)[n], how['absent'])
        if not qa:
            return None
        prefix, branches, skip = self.reading(text, qa)
        language = [i for i in range(skip + 1, len(prefix) - 1) if r.random() < .2]
        return prefix, branches, language


def rows(tk, seed, p, count, width):
    """`count` rows as arrays of shape (count, width)."""
    source, packer = Source(tk, seed, p), Packer(width, tk.token_to_id('":"'), tk.token_to_id('Ġ'))
    while len(packer.rows) < count:
        document = source.document()
        if document:
            packer.add(*document)
    return {k: np.stack([x[k] for x in packer.rows[:count]]) for k in FIELDS}
