"""Writes the frozen evaluation sets of models/eval from their own seeds.

Why frozen: the same cases hold the gates for every later training and for every
engine. Values come from the held-out sixth, wording from the `!` templates.
`python models/recipe/evalsets.py --check` says whether the files are unchanged
and whether any question or sentence of `wording` could come from training.
"""
import json
import os
import sys

from fixed import ANSWERS, Fixed
from passages import Passages
from triage import Triage, schema
from values import ABSENT

HERE = os.path.dirname(os.path.abspath(__file__))
PLACE = os.path.join(HERE, '..', 'eval')
SIZE = 200
SCHEMA = 'triage.schema.json'
SETS = ['values', 'wording', 'long', 'abstain', 'triage', 'fixed']


def case(name, i, task, content, expect, facts=None, response_format=None):
    return dict(id=f'{name}-{i:03d}', task=task, facts=facts, messages=[dict(role='user', content=content)],
                response_format=response_format, expect=expect)


def reading(name, seed, low, high, words, absent):
    """One question for each passage; the number of facts goes round from low to high."""
    g, out = Passages(seed, unseen=True, unseen_words=words), []
    while len(out) < SIZE:
        n = low + len(out) % (high - low + 1)
        text, qa = g.passage(n, n, 8, 1. if absent else 0.)
        qa = [(q, a) for q, a, _ in qa if (a == ABSENT) == absent]
        if qa:
            question, answer = qa[g.r.randrange(len(qa))]
            out.append(case(name, len(out) + 1, 'abstain' if absent else 'answer', f'Passage: {text}\n\nQuestion: {question}', dict(text=answer), n))
    return out


def triage_set():
    g, out, seen = Triage(7005, unseen=True, unseen_words=True), [], set()
    while len(out) < SIZE:
        message, category, urgency = g.message()
        if message not in seen:
            seen.add(message)
            out.append(case('triage', len(out) + 1, 'triage', g.prompt(message), dict(category=category, urgency=urgency), None, SCHEMA))
    return out


def fixed_set():
    g, out, seen, kinds = Fixed(7006, unseen=True, unseen_words=True), [], {}, list(ANSWERS)
    turn = 0
    while len(out) < SIZE and turn < 20000:
        kind = kinds[turn % len(kinds)]
        turn += 1
        message, answer, _ = g.exchange(kind)
        if message not in seen:
            seen[message] = kind
            out.append(case('fixed', len(out) + 1, 'fixed', message, dict(text=answer)))
    return out


def make():
    return dict(values=reading('values', 7001, 1, 3, False, False), wording=reading('wording', 7002, 1, 3, True, False),
                long=reading('long', 7003, 4, 8, False, False),
                abstain=reading('abstain', 7004, 1, 3, False, True)[:SIZE // 2] + reading('abstain-wording', 7014, 1, 3, True, True)[:SIZE // 2],
                triage=triage_set(), fixed=fixed_set())


def lines(cases):
    return ''.join(json.dumps(c, ensure_ascii=False) + '\n' for c in cases)


def load(name):
    return [json.loads(x) for x in open(os.path.join(PLACE, name + '.jsonl'), encoding='utf-8')]


def check():
    made = make()
    same = all(lines(made[n]) == open(os.path.join(PLACE, n + '.jsonl'), encoding='utf-8').read() for n in SETS)
    print('evaluation sets unchanged' if same else 'EVALUATION SETS DIFFER FROM THE GENERATOR')
    # nothing a long run of training data writes may occur in a set of unseen wording
    g, t, f = Passages(1), Triage(2), Fixed(3)
    trained = {q for _ in range(100000) for q, _, _ in g.passage(1, 3, 6)[1]}
    closing = Triage(4, closing=True)
    trained |= {x.message()[0] for x in (t, closing) for _ in range(30000)} | {f.exchange()[0] for _ in range(60000)}
    for n in SETS:
        asked = [c['messages'][-1]['content'].rsplit('Question: ', 1)[-1] for c in made[n]]
        print(n, 'questions also in training:', [q for q in asked if q in trained])
    return same


if __name__ == '__main__':
    if '--check' in sys.argv:
        sys.exit(0 if check() else 1)
    os.makedirs(PLACE, exist_ok=True)
    for name, cases in make().items():
        open(os.path.join(PLACE, name + '.jsonl'), 'w', encoding='utf-8').write(lines(cases))
    with open(os.path.join(PLACE, SCHEMA), 'w') as out:
        out.write(json.dumps(schema(), indent=2) + '\n')
