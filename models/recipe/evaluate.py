"""Scores a model on the frozen sets of models/eval by greedy decoding.

Why its own code: training needs the scores while it runs. For greedy decoding
"all answer tokens are the most likely ones, given those before" is the same as
generating them, so one pass over a case is enough. `--check` repeats 40 cases
with transformers, token by token, on the exported files.
"""
import json
import os
import sys

import torch
from tokenizers import Tokenizer

from bpe import ASSISTANT, END, USER
from evalsets import PLACE, SETS, load
from packing import answer_ids
from triage import Triage

NAMES = SETS + ['triage-fresh', 'hand']


def expected(case):
    e = case['expect']
    return e['text'] if 'text' in e else Triage.answer(e['category'], e['urgency'])


def encode(tk, case):
    ids = []
    for m in case['messages']:
        ids += [USER] + tk.encode(m['content']).ids + [END]
    return ids + [ASSISTANT]


@torch.no_grad()
def right(model, tk, cases, group=32):
    """For each case whether greedy decoding gives exactly the expected answer."""
    device = next(model.parameters()).device
    rows = []
    for i, c in enumerate(cases):
        ask, answer = encode(tk, c), answer_ids(tk, expected(c))
        rows.append((i, ask + answer, len(answer)))
    good = [False] * len(rows)
    rows.sort(key=lambda r: len(r[1]))
    for at in range(0, len(rows), group):
        part = rows[at:at + group]
        width = max(len(ids) for _, ids, _ in part)
        tok = torch.tensor([ids + [0] * (width - len(ids)) for _, ids, _ in part], device=device)
        best = model.plain(tok).argmax(-1)
        for row, (i, ids, n) in enumerate(part):
            good[i] = best[row, len(ids) - n - 1:len(ids) - 1].tolist() == ids[-n:]
    return good


def percent(flags):
    return round(100 * sum(flags) / len(flags), 1) if flags else None


def scores(model, tk, names=tuple(SETS), detail=False):
    was = model.training
    model.eval()
    out = {}
    for name in names:
        cases = load(name)
        good = right(model, tk, cases)
        out[name] = percent(good)
        if detail:
            parts = {}
            for c, g in zip(cases, good):
                key = f"{c['task']}" + (f" {c['facts']} facts" if c['facts'] else '')
                parts.setdefault(key, []).append(g)
            out[name + ' parts'] = {k: [percent(v), len(v)] for k, v in sorted(parts.items())}
    model.train(was)
    return out


@torch.no_grad()
def generate(model, tk, ids, limit=48):
    out = []
    while len(out) < limit:
        best = model.plain(torch.tensor([ids + out]))[0, -1].argmax().item()
        if best == END:
            break
        out.append(best)
    return out


def check(place, size, n=40):
    """The exported files in transformers against this recipe's own model: same prompt tokens, same answer."""
    from transformers import PreTrainedTokenizerFast, Qwen2ForCausalLM

    from export import load as load_model
    model, tk = load_model(place, size), Tokenizer.from_file(os.path.join(place, 'tokenizer.json'))
    other = Qwen2ForCausalLM.from_pretrained(place, dtype=torch.float32).eval()
    other_tk = PreTrainedTokenizerFast.from_pretrained(place)
    cases = [c for name in NAMES for c in load(name)[:n // len(NAMES) + 1]][:n]
    same = 0
    for c in cases:
        ids = encode(tk, c)
        prompt = other_tk.apply_chat_template(c['messages'], add_generation_prompt=True, tokenize=False)
        theirs = other_tk(prompt, add_special_tokens=False).input_ids
        with torch.no_grad():
            out = other.generate(torch.tensor([theirs]), attention_mask=torch.ones(1, len(theirs), dtype=torch.long), max_new_tokens=48,
                                 do_sample=False)[0, len(theirs):].tolist()
        out = out[:out.index(END)] if END in out else out
        same += theirs == ids and out == generate(model, tk, ids)
    print(f'same prompt and answer tokens in transformers: {same} of {len(cases)}')
    return same == len(cases)


def show(place, size):
    from export import load as load_model
    model, tk = load_model(place, size), Tokenizer.from_file(os.path.join(place, 'tokenizer.json'))
    result = scores(model, tk, NAMES, detail=True)
    gates = json.load(open(os.path.join(PLACE, 'gates.json')))[size]
    for name in NAMES:
        gate = gates.get(name)
        print(f"{name:12} {result[name]:5} %" + ('' if gate is None else f"   gate {gate} %  {'reached' if result[name] >= gate else 'MISSED'}"))
        for part, (share, number) in result[name + ' parts'].items():
            print(f'    {part:18} {share:5} %  of {number}')
    return result


if __name__ == '__main__':
    folder, which = sys.argv[1], sys.argv[2]
    torch.set_num_threads(1)
    show(folder, which)
    if '--check' in sys.argv:
        sys.exit(0 if check(folder, which) else 1)
