"""Spells calls as pickles: an assembler for the streams that make_hostile.py writes.

Nothing here runs what it spells, and what is spelt does nothing: `true`, `pass`, port 9 of this machine."""
import pickle, struct


def text0(t):
    return b"V" + t.encode("raw_unicode_escape") + b"\n"


def text2(t):
    b = t.encode()
    return b"X" + struct.pack("<I", len(b)) + b


def text4(t):
    b = t.encode()
    return b"\x8c" + bytes([len(b)]) + b if len(b) < 256 else text2(t)


def value(v, protocol):
    """A pickled value without its frame, header and STOP."""
    if isinstance(v, Code):
        return v.of(protocol)
    if isinstance(v, str):
        return (text0 if protocol == 0 else text2 if protocol < 4 else text4)(v)
    if isinstance(v, tuple):
        return tuple_of(v, protocol)
    if isinstance(v, list):
        return b"(" + b"".join(value(one, protocol) for one in v) + b"l"
    if isinstance(v, dict):
        return b"(" + b"".join(value(k, protocol) + value(w, protocol) for k, w in v.items()) + b"d"
    if v is None:
        return b"N"
    if v is True or v is False:
        return (b"I01\n" if v else b"I00\n") if protocol < 2 else (b"\x88" if v else b"\x89")
    if isinstance(v, int):
        return b"I%d\n" % v if protocol == 0 else b"J" + struct.pack("<i", v)
    if isinstance(v, bytes):
        if protocol < 3:
            return Call("_codecs", "encode", v.decode("latin1"), "latin1").of(protocol)
        return (b"C" + bytes([len(v)]) if len(v) < 256 else b"B" + struct.pack("<I", len(v))) + v
    raise TypeError(v)


def tuple_of(items, protocol):
    items_ = [value(one, protocol) for one in items]
    if protocol >= 2 and len(items) <= 3:
        return b"".join(items_) + b")\x85\x86\x87"[len(items):len(items) + 1]
    return b"(" + b"".join(items_) + b"t"


class Code:
    """A part of a stream that pushes one value."""

    def __init__(self, make):
        self.of = make if callable(make) else lambda protocol: make


class Name(Code):
    """A global, spelt by `style`."""

    def __init__(self, module, name, style=None):
        self.module, self.name, self.style = module, name, style

    def of(self, protocol):
        if protocol < 4 or self.style == "global":
            return b"c" + self.module.encode() + b"\n" + self.name.encode() + b"\n"
        return text4(self.module) + text4(self.name) + b"\x93"


class Call(Code):
    """A call of a global with arguments, by REDUCE."""

    def __init__(self, module, name, *arguments):
        self.module, self.name, self.arguments = module, name, arguments

    def of(self, protocol):
        return Name(self.module, self.name).of(protocol) + tuple_of(self.arguments, protocol) + b"R"


class Apply(Code):
    """A call of what another part pushes."""

    def __init__(self, callee, *arguments):
        self.callee, self.arguments = callee, arguments

    def of(self, protocol):
        return self.callee.of(protocol) + tuple_of(self.arguments, protocol) + b"R"


def header(protocol):
    return b"" if protocol < 2 else bytes([0x80, protocol])


def framed(body):
    return b"\x95" + struct.pack("<Q", len(body)) + body


def stream(code, protocol=4, frame=None):
    """A whole pickle."""
    body = (code if isinstance(code, bytes) else value(code, protocol)) + b"."
    if frame is None:
        frame = protocol >= 4
    return header(protocol) + (framed(body) if frame else body)


def spelt(module, name, arguments):
    """Every spelling of one call: (name of the spelling, stream)."""
    call = Call(module, name, *arguments)
    for protocol in range(6):
        yield f"p{protocol}", stream(call, protocol)
    m, n = module.encode(), name.encode()
    args0 = b"".join(value(a, 0) for a in arguments)
    args2 = b"".join(value(a, 2) for a in arguments)
    yield "inst", b"(" + args0 + b"i" + m + b"\n" + n + b"\n."
    yield "obj", b"(" + Name(module, name).of(0) + args0 + b"o."
    yield "obj_p2", b"\x80\x02(" + Name(module, name).of(2) + args2 + b"o."
    yield "noheader_stack_global", text4(module) + text4(name) + b"\x93" + tuple_of(arguments, 4) + b"R."
    yield "binunicode8", b"\x80\x04\x8d" + struct.pack("<Q", len(m)) + m + b"\x8d" + struct.pack("<Q", len(n)) + n + b"\x93" + tuple_of(arguments, 4) + b"R."
    yield "short_binstring", b"\x80\x04U" + bytes([len(m)]) + m + b"U" + bytes([len(n)]) + n + b"\x93" + tuple_of(arguments, 4) + b"R."
    yield "string_quotes", b"S'" + m + b"'\nS\"" + n + b"\"\n\x93" + tuple_of(arguments, 4) + b"R."
    escaped = "".join(f"\\x{c:02x}" for c in n)
    yield "string_escapes", b"S'" + m + b"'\nS'" + escaped.encode() + b"'\n\x93" + tuple_of(arguments, 4) + b"R."
    escaped = "".join(f"\\u{c:04x}" for c in m)
    yield "unicode_escapes", b"V" + escaped.encode() + b"\nV" + n + b"\n\x93" + tuple_of(arguments, 4) + b"R."
    yield "memo_swapped", b"\x80\x04" + text4(name) + b"\x940" + text4(module) + b"\x940h\x01h\x00\x93" + tuple_of(arguments, 4) + b"R."
    yield "memo_long", b"\x80\x04" + text4(module) + b"r\x00\x01\x00\x000" + text4(name) + b"r\x01\x01\x00\x000j\x00\x01\x00\x00j\x01\x01\x00\x00\x93" + tuple_of(arguments, 4) + b"R."
    yield "memo_overwritten", b"\x80\x04" + text4("collections") + b"q\x000" + text4(module) + b"q\x000" + text4("OrderedDict") + b"q\x010" + text4(name) + b"q\x010h\x00h\x01\x93" + tuple_of(arguments, 4) + b"R."
    yield "memo_text", text0(module) + b"p99\n0" + text0(name) + b"p7\n0g99\ng7\n\x93" + tuple_of(arguments, 2) + b"R."
    yield "memo_global", b"\x80\x02" + Name(module, name).of(2) + b"q\x050]q\x060h\x05" + tuple_of(arguments, 2) + b"R."
    yield "dup", b"\x80\x04" + text4(module) + b"2" + b"0" + text4(name) + b"2" + b"0\x93" + b"2" + tuple_of(arguments, 4) + b"R."
    yield "mark_pops", b"\x80\x04(K\x01K\x021(" + b"0" + text4(module) + b"(K\x011" + text4(name) + b"\x93" + tuple_of(arguments, 4) + b"R."
    yield "args_memo", b"\x80\x04" + tuple_of(arguments, 4) + b"\x940" + Name(module, name).of(4) + b"h\x00R."
    yield "discarded", b"\x80\x02" + call.of(2) + b"0}q\x00X\x01\x00\x00\x00wK\x01s."
    yield "under_stop", b"\x80\x02" + call.of(2) + b"}."
    yield "in_list", b"\x80\x02](K\x01" + call.of(2) + b"K\x02e."
    yield "as_key", b"\x80\x02}(" + call.of(2) + b"K\x01u."
    yield "as_state", b"\x80\x02ccollections\nOrderedDict\n)R}X\x01\x00\x00\x00a" + call.of(2) + b"sb."
    yield "as_argument", b"\x80\x02ccollections\nOrderedDict\n]" + call.of(2) + b"a\x85R."
    yield "persistent", b"\x80\x02" + call.of(2) + b"Q."
    yield "in_set", b"\x80\x04\x8f(" + call.of(4) + b"\x90."
    yield "frozenset", b"\x80\x04(" + call.of(4) + b"\x91."
    yield "cut_after", b"\x80\x02" + call.of(2) + b"0(lp0\nI1"
    yield "broken_after", b"\x80\x02" + call.of(2) + b"0\xff\xfe\xfdnot a pickle"
    yield "stack_underflow_after", b"\x80\x02" + call.of(2) + b"0000."
    yield "unknown_memo_after", b"\x80\x02" + call.of(2) + b"h\xee."
    yield "no_stop", b"\x80\x02" + call.of(2)
    yield "second", pickle.dumps({"a": [1, 2]}, 4) + stream(call, 4)
    yield "second_p0", pickle.dumps({"a": [1, 2]}, 2) + stream(call, 0)
    yield "third_after_none", b"N.N." + stream(call, 2)
    yield "frames_small", b"\x80\x04" + b"".join(framed(p) for p in (text4(module), text4(name), b"\x93", tuple_of(arguments, 4), b"R", b"."))
    yield "frame_empty", b"\x80\x04\x95" + bytes(8) + call.of(4) + b"."
    yield "protocol_late", b"K\x010\x80\x04" + call.of(4) + b"."
    yield "protocols_many", b"\x80\x02\x80\x03\x80\x05" + call.of(4) + b"."
    yield "long_padding", b"\x80\x04" + b"N0" * 40_000 + call.of(4) + b"."
    yield "many_texts", b"\x80\x04" + b"".join(text4(f"word{i}") + b"0" for i in range(20_000)) + call.of(4) + b"."
    big = pickle.dumps([{"id": i, "name": f"row {i}"} for i in range(300)], 4)[:-1]
    yield "in_real_data", big + b"0" + call.of(4) + b"."
    yield "nested_tuple", stream(((((call,),),), 1), 4)
    yield "bytes_before", b"\x80\x04" + value(b"\x00" * 300, 4) + b"0" + call.of(4) + b"."
    yield "bytearray8", b"\x80\x05\x96" + struct.pack("<Q", 5) + b"hello0" + call.of(5) + b"."
    yield "int_forms", b"\x80\x02\x8a\x01\x010L12L\n0F1.5\n0G" + bytes(8) + b"0\x8b\x01\x00\x00\x00\x010" + call.of(2) + b"."
