"""Says which globals CPython's own readers look up in streams that are made here, from a seed:
    find_class.py COUNT SEED
One JSON object a line: the stream as hex, and the names. Whatever is looked up is a thing that does
nothing, so nothing of a stream is run."""
import io, json, pickle, random, resource, struct, sys, warnings
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "testdata/vet"))
from hostile import spelt, text4

warnings.simplefilter("ignore")
sys.dont_write_bytecode = True
resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
count, seed = int(sys.argv[1]), int(sys.argv[2])
rng = random.Random(seed)


class Inert(dict):
    """Can be called, built, extended; does nothing."""

    def __new__(cls, *_, **__):
        return super().__new__(cls)

    def __init__(self, *_, **__):
        super().__init__()

    def __call__(self, *_, **__):
        return Inert()

    def __setstate__(self, _):
        pass

    def __setitem__(self, *_):
        pass

    def __hash__(self):
        return id(self)

    append = extend = add = update = lambda self, *_: None


def looked_up(base, stream, most=20):
    found = []

    class Reader(base):
        def find_class(self, module, name):
            found.append((module, name))
            return Inert if len(found) % 2 else Inert()

        def persistent_load(self, _):
            return Inert()

    file = io.BytesIO(stream)
    for _ in range(most):
        at = file.tell()
        try:
            Reader(file).load()
        except Exception:
            break
        if file.tell() in (at, len(stream)):
            break
    return found


def argument(kind):
    word = rng.choice(["os", "system", "a", "builtins", "eval", "x" * 300])
    data = word.encode()
    return {
        "line": data + b"\n", "number": b"%d\n" % rng.randrange(9), "u1": bytes([rng.randrange(6)]), "u2": struct.pack("<H", rng.randrange(9)),
        "u4": struct.pack("<I", rng.choice([0, 1, 2, 5, 300])), "quoted": b"'" + data + b"'\n", "s1": bytes([min(len(data), 255)]) + data[:255],
        "s4": struct.pack("<I", len(data)) + data, "s8": struct.pack("<Q", len(data)) + data, "names": b"os\nsystem\n", "f8": bytes(8),
        "frame": struct.pack("<Q", rng.choice([0, 1, 2, 5, 9, 40, 1 << 33])), "": b"",
    }[kind]


OPCODES = [
    (b"(", ""), (b".", ""), (b"0", ""), (b"1", ""), (b"2", ""), (b"F", "number"), (b"I", "number"), (b"J", "u4"), (b"K", "u1"), (b"L", "number"), (b"M", "u2"), (b"N", ""),
    (b"P", "line"), (b"Q", ""), (b"R", ""), (b"S", "quoted"), (b"T", "s4"), (b"U", "s1"), (b"V", "line"), (b"X", "s4"), (b"a", ""), (b"b", ""), (b"c", "names"), (b"d", ""),
    (b"}", ""), (b"e", ""), (b"g", "number"), (b"h", "u1"), (b"i", "names"), (b"j", "u4"), (b"l", ""), (b"]", ""), (b"o", ""), (b"p", "number"), (b"q", "u1"), (b"r", "u4"),
    (b"s", ""), (b"t", ""), (b")", ""), (b"u", ""), (b"G", "f8"), (b"\x80", "u1"), (b"\x81", ""), (b"\x82", "u1"), (b"\x85", ""), (b"\x86", ""), (b"\x87", ""), (b"\x88", ""),
    (b"\x89", ""), (b"\x8a", "u1"), (b"B", "s4"), (b"C", "s1"), (b"\x8c", "s1"), (b"\x8d", "s8"), (b"\x8e", "s8"), (b"\x8f", ""), (b"\x90", ""), (b"\x91", ""), (b"\x92", ""),
    (b"\x93", ""), (b"\x94", ""), (b"\x95", "frame"), (b"\x96", "s8"), (b"\x97", ""), (b"\x98", ""),
]
PUSHING = [(b"N", ""), (b"]", ""), (b"}", ""), (b"(", ""), (b")", ""), (b"\x8c", "s1"), (b"X", "s4"), (b"c", "names"), (b"\x8c\x02os\x8c\x06system\x93", ""), (b"K", "u1"), (b"\x94", "")]


def generated():
    parts = [b"\x80" + bytes([rng.randrange(6)])] if rng.random() < 0.7 else []
    for _ in range(rng.randrange(1, 40)):
        opcode, kind = rng.choice(PUSHING if rng.random() < 0.5 else OPCODES)
        parts.append(opcode + argument(kind))
    return b"".join(parts) + (b"." if rng.random() < 0.5 else b"")


def mutated(stream):
    stream = bytearray(stream[:4000])
    for _ in range(rng.randrange(1, 6)):
        at = rng.randrange(len(stream))
        how = rng.randrange(4)
        if how == 0:
            stream[at] = rng.randrange(256)
        elif how == 1:
            del stream[at:at + rng.randrange(1, 5)]
        elif how == 2:
            stream[at:at] = rng.choice(OPCODES)[0]
        else:
            other = rng.randrange(len(stream))
            stream[at:at] = stream[other:other + rng.randrange(1, 30)]
        if not stream:
            return b"."
    return bytes(stream)


whole = [stream for _, stream in spelt("os", "system", ("true",))]
payload = text4("os") + text4("system") + b"\x93"
whole += [b"\x80\x04\x95" + struct.pack("<Q", size) + b"\x8c" + bytes([len(payload) + size]) + b"x" * size + payload + b"0N." for size in range(1, 9)]
for number in range(count):
    if number < len(whole):
        stream = whole[number]
    else:
        stream = mutated(rng.choice(whole)) if number % 2 else generated()
    names = looked_up(pickle.Unpickler, stream) + looked_up(pickle._Unpickler, stream)
    print(json.dumps({"stream": stream.hex(), "names": sorted(set(names))}))
