"""The whole recipe: data, tokenizer, training, export, evaluation.

    python models/recipe/run.py --size house|small [--resume] [--minutes N] [--threads N] [--out DIR] [--seed N]

Writes checkpoints and the exported model to DIR (default target/house-model/SIZE)
and prints the scores. Stop it at any time; --resume goes on from the last
checkpoint. Without --minutes the schedule runs on tokens and repeats exactly on
the same machine; with it, training takes that long and no longer.
"""
import argparse
import json
import os

import torch

HERE = os.path.dirname(os.path.abspath(__file__))


def arguments():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument('--size', choices=['house', 'small'], required=True)
    a.add_argument('--resume', action='store_true')
    a.add_argument('--minutes', type=float)
    a.add_argument('--threads', type=int, default=1)
    a.add_argument('--out')
    a.add_argument('--seed', type=int, default=1)
    return a.parse_args()


def main():
    a = arguments()
    out = a.out or os.path.join(HERE, '..', '..', 'target', 'house-model', a.size)
    os.makedirs(out, exist_ok=True)
    torch.set_num_threads(a.threads)
    import bpe
    from evaluate import check, scores, show
    from export import export
    from train import Trainer
    path = os.path.join(out, 'tokenizer.json')
    state = os.path.join(out, 'checkpoint.pt')
    resume = a.resume and os.path.exists(state)
    if not resume:
        for name in ('training-log.jsonl', 'checkpoint.pt'):
            if os.path.exists(os.path.join(out, name)):
                os.remove(os.path.join(out, name))
        bpe.train(path, 1)           # the tokenizer has its own fixed seed, so that all sizes share it
    tk = bpe.Tokenizer.from_file(path)

    def during(model):
        export(model, a.size, path, out)
        return scores(model, tk)
    trainer = Trainer(a.size, out, a.seed, a.minutes, a.threads, during)
    if resume:
        trainer.resume()
    trainer.run()
    export(trainer.model, a.size, path, out)
    result = show(out, a.size)
    trainer.log(event='final', scores=result)
    print(json.dumps(dict(size=a.size, **{k: v for k, v in result.items() if 'parts' not in k})))
    check(out, a.size)


if __name__ == '__main__':
    main()
