"""The decoder (Qwen2's shape) and an initialisation that can already copy.

Why the special start: with the usual random start a model of this size needs
most of its training to discover copying. Here layer 0 looks one token back and
layer 1 finds earlier places where the current token came next and copies what
followed (an induction head), written directly into the weights; all of it stays
trainable. Qwen2's biases on q and k are what makes the first part possible.
"""
import math

import torch
import torch.nn as nn
import torch.nn.functional as F

SIZES = {'house': dict(vocab=2048, width=192, layers=4, heads=3, inner=512, theta=1e6),
         'small': dict(vocab=2048, width=96, layers=3, heads=2, inner=256, theta=1e6)}
EPS = 1e-6


class Norm(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))

    def forward(self, x):
        return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + EPS) * self.weight


class Layer(nn.Module):
    def __init__(self, width, heads, inner):
        super().__init__()
        self.heads = heads
        self.n1, self.n2 = Norm(width), Norm(width)
        self.q, self.k, self.v = (nn.Linear(width, width) for _ in range(3))
        self.o = nn.Linear(width, width, bias=False)
        self.gate, self.up = nn.Linear(width, inner, bias=False), nn.Linear(width, inner, bias=False)
        self.down = nn.Linear(inner, width, bias=False)

    def forward(self, x, cos, sin, bias):
        b, t, d = x.shape
        y = self.n1(x)
        q, k, v = (f(y).view(b, t, self.heads, d // self.heads).transpose(1, 2) for f in (self.q, self.k, self.v))

        def rotate(z):
            lo, hi = z.chunk(2, -1)
            return (z * cos + torch.cat((-hi, lo), -1) * sin).to(v.dtype)
        a = F.scaled_dot_product_attention(rotate(q), rotate(k), v, attn_mask=bias.to(v.dtype).expand(b, self.heads, t, t))
        x = x + self.o(a.transpose(1, 2).reshape(b, t, d))
        y = self.n2(x)
        return x + self.down(F.silu(self.gate(y)) * self.up(y))


class Model(nn.Module):
    def __init__(self, vocab, width, layers, heads, inner, theta):
        super().__init__()
        self.config = dict(vocab=vocab, width=width, layers=layers, heads=heads, inner=inner, theta=theta)
        self.embedding = nn.Embedding(vocab, width)
        self.layers = nn.ModuleList(Layer(width, heads, inner) for _ in range(layers))
        self.norm = Norm(width)
        half = width // heads
        angle = torch.arange(1024).float()[:, None] / theta ** (torch.arange(0, half, 2).float() / half)
        self.register_buffer('cos', torch.cat([angle.cos()] * 2, -1), persistent=False)
        self.register_buffer('sin', torch.cat([angle.sin()] * 2, -1), persistent=False)

    def body(self, tok, cos, sin, bias):
        x = self.embedding(tok)
        for layer in self.layers:
            x = layer(x, cos, sin, bias)
        return self.norm(x)

    def prepare(self, pos, doc, br):
        """Rotations, and the mask: same document, and the prefix or one's own branch."""
        t = pos.shape[1]
        see = (doc[:, :, None] == doc[:, None, :]) & ((br[:, None, :] == 0) | (br[:, :, None] == br[:, None, :]))
        see &= torch.ones(t, t, dtype=torch.bool, device=pos.device).tril()
        bias = torch.zeros(see.shape, device=pos.device).masked_fill_(~see, -1e4)[:, None]
        return self.cos[pos][:, None], self.sin[pos][:, None], bias

    def logits(self, hidden):
        return hidden @ self.embedding.weight.t()

    def plain(self, tok):
        """Logits of ordinary sequences (batch, time)."""
        zero = torch.zeros_like(tok)
        pos = torch.arange(tok.shape[1], device=tok.device)[None].expand(tok.shape)
        return self.logits(self.body(tok, *self.prepare(pos, zero, zero)))


@torch.no_grad()
def initialise(model, seed):
    """Random weights, then the previous-token layer and the induction layer."""
    torch.manual_seed(seed)
    c = model.config
    d, inner, n = c['width'], c['inner'], c['layers']
    nn.init.normal_(model.embedding.weight, std=.05)
    for layer in model.layers:
        for part in (layer.q, layer.k, layer.v, layer.gate, layer.up):
            nn.init.normal_(part.weight, std=d ** -.5)
        for part in (layer.q, layer.k, layer.v):
            nn.init.zeros_(part.bias)
        nn.init.normal_(layer.o.weight, std=d ** -.5 / math.sqrt(2 * n))
        nn.init.normal_(layer.down.weight, std=.05 * inner ** -.5 / math.sqrt(2 * n))
    for layer in model.layers[2:]:
        layer.o.weight.mul_(.05)
    looks_back(model)


def looks_back(model):
    c = model.config
    d, h = c['width'], c['heads']
    size, half = d // h, d // h // 2
    freq = 1 / c['theta'] ** (torch.arange(0, size, 2).float() / size)

    def rotation(n):
        return torch.linalg.qr(torch.randn(n, n))[0]
    source, turn, value = rotation(d), rotation(d), rotation(d)
    first, second = model.layers[0], model.layers[1]
    for i in range(h):       # layer 0: all heads but the last one token back, the last two back
        part, back = slice(i * size, (i + 1) * size), 1 if i < max(1, h - 1) else 2
        strength, fast = 7.7 / back ** .5, min(8, half)
        first.q.weight[part] *= .1
        first.k.weight[part] *= .1
        first.k.bias[part][:fast] = strength
        first.q.bias[part][:fast] = strength * torch.cos(back * freq[:fast])
        first.q.bias[part][half:half + fast] = -strength * torch.sin(back * freq[:fast])
        first.v.weight[part] = source[part]
        written = turn if back == 1 else turn.roll(7, 0)
        first.o.weight[:, part] = written @ source[part].t() * (.06 if back == 1 else .03)
    slow = torch.nonzero(freq < .004).flatten()
    dims = torch.cat([slow, slow + half])
    second.q.weight *= .1
    second.k.weight *= .1
    seen = source[:size * max(1, h - 1)]
    for i in range(h):       # layer 1: this token asks, the token before each place answers
        part = slice(i * size, (i + 1) * size)
        look = rotation(seen.shape[0])[:len(dims)] @ seen
        second.q.weight[i * size + dims] = look * 2.6
        second.k.weight[i * size + dims] = (look @ turn.t()) * 2.6
        second.v.weight[part] = value[part]
        second.o.weight[:, part] = value[part].t() * .15


def count(model):
    return sum(p.numel() for p in model.parameters())
