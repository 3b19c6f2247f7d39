"""Trains the tokenizer: byte-level BPE of 2,048 with Qwen2's way of splitting text.

Why Qwen2's: llama.cpp knows it by name, it takes digits one by one, and every
byte has a token, so nothing typed is unknown.
"""
import json

from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

from fixed import Fixed
from passages import Passages
from triage import Triage

SPLIT = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+")
SPECIAL = ['<|pad|>', '<|user|>', '<|assistant|>', '<|end|>', '<|system|>']
PAD, USER, ASSISTANT, END, SYSTEM = range(5)
VOCABULARY = 2048
TEMPLATE = ("{% for message in messages %}{% if message['role'] == 'assistant' %}<|assistant|>"
            "{% if message['content'][:1] not in ['{', ' '] %} {% endif %}{{ message['content'] }}<|end|>"
            "{% elif message['role'] == 'system' %}<|system|>{{ message['content'] }}<|end|>"
            "{% else %}<|user|>{{ message['content'] }}<|end|>{% endif %}{% endfor %}"
            "{% if add_generation_prompt %}<|assistant|>{% endif %}")


def corpus(seed, n=14000):
    g, t, f = Passages(seed), Triage(seed + 1), Fixed(seed + 2)
    for i in range(n):
        text, qa = g.passage(1, 6, asks=3)
        yield 'Passage: ' + text + '\n\nQuestion: ' + '\n\nQuestion: '.join(q + ' ' + a for q, a, _ in qa)
        if i % 4 == 0:
            message, category, urgency = t.message()
            yield t.prompt(message)
            yield t.answer(category, urgency)
        if i % 12 == 0:
            question, answer, _ = f.exchange()
            yield question + '\n ' + answer


def train(path, seed):
    tk = Tokenizer(models.BPE())
    tk.normalizer = normalizers.NFC()
    tk.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(SPLIT), 'isolated'), pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    # An answer begins with a space, as words inside a passage do; who decodes it takes that off.
    tk.decoder = decoders.Sequence([decoders.ByteLevel(), decoders.Strip(' ', 1, 0)])
    trainer = trainers.BpeTrainer(vocab_size=VOCABULARY, special_tokens=SPECIAL, show_progress=False,
                                  initial_alphabet=pre_tokenizers.ByteLevel.alphabet())
    tk.train_from_iterator(corpus(seed), trainer)
    tk.save(path)
    return tk


def tokenizer_config():
    return dict(tokenizer_class='PreTrainedTokenizerFast', eos_token='<|end|>', pad_token='<|pad|>', bos_token=None, add_bos_token=False,
                clean_up_tokenization_spaces=False, model_max_length=1024, chat_template=TEMPLATE)


if __name__ == '__main__':
    import sys
    tk = train(sys.argv[1], 1)
    g = Passages(5)
    size = [len(tk.encode(g.passage(1, 3)[0]).ids) for _ in range(500)]
    print(tk.get_vocab_size(), 'tokens per passage', sum(size) / len(size), max(size))
    print(tk.encode(Triage.answer('billing', 'high')).tokens, tk.encode('Passage: Hi Margaret Ellis. 14 May\n\nQuestion: Who? <|end|>').tokens)
    print(json.dumps(tokenizer_config())[:80])
