"""Asks two outside witnesses about the tiny models, and writes down what they say.

llama.cpp's own converter says which tensors and metadata a GGUF of each family has; transformers
says which tokens a text has and which logits (or embedding) follow. The Rust tests compare against
the files this writes, since the witnesses themselves take 5.6 GB to install. The models come from
seeds, bit for bit the same everywhere, so anyone can run this again:

    python3 -m venv venv && venv/bin/pip install -r crates/freehold-convert/witness/requirements.txt
    venv/bin/python crates/freehold-convert/witness/make.py

The converter and its gguf package come from the source archive of llama-cpp-python, which holds
llama.cpp whole; nothing of it is built.
"""

import argparse, hashlib, importlib.metadata, json, pathlib, struct, subprocess, sys, tarfile, tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent.parent
LLAMA_CPP_PYTHON = "0.3.36"
FAMILIES = ["llama", "mistral", "qwen2", "qwen2-sharded", "qwen3", "gemma2", "gemma3", "bert"]
# The converter knows vocabularies by a hash of what they make of a long text; for vocabularies
# that it has never seen it must be told the name of the rule.
PRE = {"llama": "llama-bpe", "qwen2": "qwen2", "qwen2-sharded": "qwen2", "qwen3": "qwen2", "bert": "default"}
TEXTS = [
    "The harbour office opens at seven and closes at five.",
    "I've read the contract, and I'm NOT sure we'll sign it; they'd rather wait...",
    "Größe 1234567 → 3,450.75 euros\n\n  two  spaces\tand a tab",
    "Вода поднимается 😀 où est la clé?",
    " leading space",
    "x",
]
TYPES = {"f32": "ALL_F32", "f16": "MOSTLY_F16", "bf16": "MOSTLY_BF16", "q8_0": "MOSTLY_Q8_0"}


def fetch_llama_cpp(folder):
    subprocess.check_call([sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--no-binary", ":all:",
                           "-d", folder, f"llama-cpp-python=={LLAMA_CPP_PYTHON}"])
    name = f"llama_cpp_python-{LLAMA_CPP_PYTHON}"
    with tarfile.open(next(pathlib.Path(folder).glob("*.tar.gz"))) as archive:
        wanted = [m for m in archive.getmembers() if "/vendor/llama.cpp/conversion/" in m.name
                  or "/vendor/llama.cpp/gguf-py/" in m.name]
        archive.extractall(folder, members=wanted, filter="data")
    return pathlib.Path(folder) / name / "vendor" / "llama.cpp"


def digest_of_list(kind, values):
    """SHA-256 over the values as GGUF stores them."""
    import gguf
    digest = hashlib.sha256()
    formats = {gguf.GGUFValueType.FLOAT32: "<f", gguf.GGUFValueType.INT32: "<i", gguf.GGUFValueType.UINT32: "<I"}
    for value in values:
        if kind == gguf.GGUFValueType.STRING:
            data = value.encode()
            digest.update(struct.pack("<Q", len(data)) + data)
        else:
            digest.update(struct.pack(formats[kind], value))
    return digest.hexdigest()


def converted(folder, family, kind):
    """What llama.cpp's converter makes of the model."""
    import conversion, gguf
    from conversion.base import ModelBase, TextModel
    from transformers import AutoTokenizer, PreTrainedTokenizerFast
    TextModel.get_vocab_base_pre = lambda self, tokenizer: PRE[family]
    # Transformers 5 picks the class by the model's type and adds that class's own special tokens
    # (`<|endoftext|>` to every Qwen 2), which these vocabularies have no row for.
    AutoTokenizer.from_pretrained = lambda folder, **_: PreTrainedTokenizerFast.from_pretrained(folder)
    hparams = ModelBase.load_hparams(folder, False)
    model_class = conversion.get_model_class(conversion.get_model_architecture(hparams, conversion.ModelType.TEXT))
    with tempfile.TemporaryDirectory() as out:
        path = pathlib.Path(out) / "model.gguf"
        model_class(folder, gguf.LlamaFileType[TYPES[kind]], path, eager=True).write()
        reader = gguf.GGUFReader(path)
        metadata = {}
        for key, field in reader.fields.items():
            if key.startswith("GGUF."):
                continue
            value = field.contents()
            if field.types[0] == gguf.GGUFValueType.ARRAY:
                value = {"count": len(value), "kind": field.types[1].name, "sha256": digest_of_list(field.types[1], value)}
            metadata[key] = {"kind": field.types[0].name, "value": value}
        tensors = {}
        for tensor in reader.tensors:
            tensors[tensor.name] = {"kind": tensor.tensor_type.name, "dimensions": [int(d) for d in tensor.shape],
                                    "sha256": hashlib.sha256(tensor.data.tobytes()).hexdigest()}
            if tensor.name == "rope_freqs.weight":  # computed, so equal up to rounding only
                del tensors[tensor.name]["sha256"]
                tensors[tensor.name]["values"] = [float(x) for x in tensor.data]
    return metadata, tensors


def answers(folder, family):
    """What transformers makes of the texts."""
    import torch
    from transformers import AutoModel, AutoModelForCausalLM, PreTrainedTokenizerFast
    tokenizer = PreTrainedTokenizerFast(tokenizer_file=str(folder / "tokenizer.json"))
    tokens = [{"text": text, "ids": tokenizer.encode(text)} for text in TEXTS]
    kind = AutoModel if family == "bert" else AutoModelForCausalLM
    model = kind.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager").eval()
    said = []
    with torch.no_grad():
        for entry in tokens[:3]:
            ids = torch.tensor([entry["ids"]])
            if family == "bert":
                mean = model(ids).last_hidden_state[0].mean(0)
                said.append({"text": entry["text"], "embedding": [round(x, 6) for x in mean.tolist()]})
            else:
                logits = model(ids).logits[0]
                said.append({"text": entry["text"], "argmax": logits.argmax(-1).tolist(),
                             "last": [round(x, 5) for x in logits[-1].tolist()]})
    return tokens, said


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--llama-cpp", help="a checkout of llama.cpp (default: fetched)")
    arguments.add_argument("--models", help="folder of tiny models (default: made with cargo)")
    arguments = arguments.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        llama_cpp = pathlib.Path(arguments.llama_cpp or fetch_llama_cpp(temporary))
        sys.path[:0] = [str(llama_cpp), str(llama_cpp / "gguf-py")]
        models = pathlib.Path(arguments.models or pathlib.Path(temporary) / "models")
        if not arguments.models:
            subprocess.check_call(["cargo", "run", "-q", "-p", "freehold-testkit", "--example", "tiny-models", "--",
                                   str(models)], cwd=ROOT)
        versions = {name: importlib.metadata.version(name) for name in ["torch", "transformers", "tokenizers"]}
        versions["llama-cpp-python"] = LLAMA_CPP_PYTHON
        out = ROOT / "testdata" / "convert"
        out.mkdir(parents=True, exist_ok=True)
        for family in FAMILIES:
            folder = models / family
            result = {"made_by": "crates/freehold-convert/witness/make.py", "versions": versions, "family": family, "seed": 1}
            result["metadata"], tensors = converted(folder, family, "f32")
            result["tensors"] = {"f32": tensors}
            for kind in ["f16", "bf16", "q8_0"]:
                result["tensors"][kind] = converted(folder, family, kind)[1]
            result["tokens"], result["answers"] = answers(folder, family)
            with open(out / f"{family}.json", "w") as file:
                json.dump(result, file, indent=1, ensure_ascii=False)
                file.write("\n")
            print(family, len(tensors), "tensors", len(result["metadata"]), "keys")


if __name__ == "__main__":
    main()
