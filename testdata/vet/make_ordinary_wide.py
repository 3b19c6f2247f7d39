"""Writes what many more libraries write into a folder, a folder a library; what is not installed is
left out. Too much to keep in the repository: `cargo xtask bench vet --peers` makes it anew."""
import collections, copy, datetime, enum, functools, gzip, io, json, pickle, sys, traceback, warnings
from pathlib import Path

warnings.simplefilter("ignore")
out = Path(sys.argv[1])
import numpy as np

rng = np.random.RandomState(0)
X, y = rng.rand(40, 3), (rng.rand(40) > 0.5).astype(int)


def save(family, name, thing, protocols=(0, 2, 4, 5)):
    folder = out / family
    folder.mkdir(parents=True, exist_ok=True)
    for p in protocols:
        try:
            (folder / f"{name}.p{p}.pkl").write_bytes(pickle.dumps(thing, p))
        except Exception as error:
            print("not saved", family, name, p, str(error)[:60])


def sklearn_all():
    import joblib
    from sklearn.utils import all_estimators
    folder = out / "sklearn"
    folder.mkdir(parents=True, exist_ok=True)
    for name, kind in all_estimators():
        try:
            model = kind()
            for options in ({"n_estimators": 3}, {"max_iter": 20}, {"n_components": 2}, {"random_state": 0}):
                if set(options) <= set(model.get_params()):
                    model.set_params(**options)
            data, target = X, y
            if name in ("MultiTaskLasso", "MultiTaskElasticNet", "MultiTaskLassoCV", "MultiTaskElasticNetCV"):
                target = np.c_[y, y].astype(float)
            if "Vectorizer" in name:
                data, target = ["a bee sees", "the sea bees"], None
            try:
                model.fit(data, target)
            except Exception:
                pass
            joblib.dump(model, folder / f"{name}.joblib")
            (folder / f"{name}.pkl").write_bytes(pickle.dumps(model, 4))
        except Exception:
            continue
    from sklearn.compose import ColumnTransformer, TransformedTargetRegressor
    from sklearn.ensemble import RandomForestClassifier, StackingClassifier, VotingClassifier
    from sklearn.linear_model import LogisticRegression, Ridge
    from sklearn.model_selection import GridSearchCV, RandomizedSearchCV
    from sklearn.pipeline import FeatureUnion, Pipeline
    from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, StandardScaler
    from scipy import stats
    parts = {
        "search": RandomizedSearchCV(LogisticRegression(), {"C": stats.uniform(0.1, 1)}, n_iter=2, cv=2, random_state=0).fit(X, y),
        "grid": GridSearchCV(Pipeline([("s", StandardScaler()), ("m", RandomForestClassifier(3))]), {"m__max_depth": [1, 2]}, cv=2).fit(X, y),
        "stack": StackingClassifier([("a", LogisticRegression()), ("b", RandomForestClassifier(2))], cv=2).fit(X, y),
        "vote": VotingClassifier([("a", LogisticRegression())]).fit(X, y),
        "union": FeatureUnion([("a", StandardScaler()), ("f", FunctionTransformer(np.log1p, np.expm1))]).fit(X),
        "target": TransformedTargetRegressor(Ridge(), func=np.log1p, inverse_func=np.expm1).fit(X, y),
        "columns": ColumnTransformer([("a", OneHotEncoder(handle_unknown="ignore"), [0]), ("b", StandardScaler(), [1, 2])]).fit(X),
    }
    for name, model in parts.items():
        save("sklearn", name, model)
        for suffix, how in (("gz", ("gzip", 3)), ("bz2", ("bz2", 3)), ("xz", ("xz", 3)), ("lzma", ("lzma", 3)), ("z", ("zlib", 9))):
            joblib.dump(model, folder / f"{name}.joblib.{suffix}", compress=how)


def numpy_all():
    folder = out / "numpy"
    folder.mkdir(parents=True, exist_ok=True)
    for code in "? i1 u1 i2 u2 i4 u4 i8 u8 f2 f4 f8 f16 c8 c16 S5 U5 V5 M8[ns] m8[D] O >i4 >f8".split():
        array = np.zeros((3, 2), dtype=code)
        name = code.replace(">", "big").replace("?", "bool").replace("[", "").replace("]", "")
        np.save(folder / f"{name}.npy", array, allow_pickle=True)
        save("numpy", name, array, (2, 4, 5))
    np.save(folder / "record.npy", np.zeros(3, dtype=[("a", "f4"), ("b", "S3"), ("c", "i4", (2, 2))]))
    np.save(folder / "fortran.npy", np.asfortranarray(X))
    np.savez(folder / "several.npz", X=X, y=y)
    np.savez_compressed(folder / "packed.npz", X=X, o=np.array([{"a": 1}, None], dtype=object))
    save("numpy", "many", [np.add, np.float64, np.float32(1), np.random.default_rng(0), np.random.RandomState(0), np.random.MT19937(1), np.random.SeedSequence(1), np.ma.masked_array([1, 2], [0, 1]), np.poly1d([1, 2]), np.dtype([("a", "f4")]), np.matrix([[1]]), np.datetime64("2020"), np.iinfo("i4"), np.vectorize(len), np.random.PCG64(3), np.polynomial.Polynomial([1, 2]), np.str_("x"), np.bytes_(b"x"), np.bool_(True), slice(1), np.s_[1:2], np.nan])


def pandas_all():
    import pandas as pd
    folder = out / "pandas"
    folder.mkdir(parents=True, exist_ok=True)
    frame = pd.DataFrame({"a": [1, 2], "b": ["x", None], "c": pd.to_datetime(["2020-01-01", "2021-01-01"]), "d": pd.Categorical(["u", "v"]), "e": [1.5, None], "f": pd.array([1, None], dtype="Int64"), "g": pd.array([True, None], dtype="boolean"), "h": pd.to_timedelta([1, 2]), "i": pd.period_range("2020", periods=2), "j": pd.arrays.SparseArray([0, 1]), "k": pd.to_datetime(["2020-01-01", "2021-01-01"]).tz_localize("Europe/Berlin"), "l": pd.interval_range(0, 2), "m": [[1], {"a": 1}], "n": pd.array([1.5, None], dtype="Float64")})
    things = {"frame": frame, "series": frame["a"], "index": frame.set_index(["a", "b"]), "time": frame.set_index("c"), "range": pd.RangeIndex(5), "scalars": [pd.Timestamp("2020-01-01", tz="UTC"), pd.NaT, pd.NA, pd.Timedelta(1), pd.Period("2020"), pd.Interval(0, 1), pd.offsets.BDay(2), pd.CategoricalDtype(["a"]), pd.DatetimeTZDtype("ns", "UTC"), pd.StringDtype(), pd.Int64Dtype()], "flags": frame.attrs, "grouped": frame.groupby("a").size(), "freq": pd.date_range("2020", periods=3, freq="MS"), "copy": copy.deepcopy(frame)}
    for name, thing in things.items():
        save("pandas", name, thing)
        if hasattr(thing, "to_pickle"):
            for suffix in ("gz", "bz2", "xz", "zip", "tar"):
                thing.to_pickle(folder / f"{name}.pkl.{suffix}")


def boosters():
    import joblib
    def lightgbm():
        import lightgbm as lib
        return {"classifier": lib.LGBMClassifier(n_estimators=2, verbose=-1).fit(X, y), "regressor": lib.LGBMRegressor(n_estimators=2, verbose=-1).fit(X, y), "booster": lib.train({"verbose": -1}, lib.Dataset(X, y), 2)}
    def xgboost():
        import xgboost as lib
        return {"classifier": lib.XGBClassifier(n_estimators=2).fit(X, y), "booster": lib.train({}, lib.DMatrix(X, y), 2), "ranker": lib.XGBRFRegressor(n_estimators=2).fit(X, y)}
    def catboost():
        import catboost as lib
        return {"classifier": lib.CatBoostClassifier(iterations=2, verbose=0, allow_writing_files=False).fit(X, y), "regressor": lib.CatBoostRegressor(iterations=2, verbose=0, allow_writing_files=False).fit(X, y)}
    for make in (lightgbm, xgboost, catboost):
        try:
            for name, model in make().items():
                save(make.__name__, name, model)
                joblib.dump(model, out / make.__name__ / f"{name}.joblib")
        except Exception as error:
            print(make.__name__, str(error)[:80])


def statsmodels():
    import statsmodels.api as sm
    save("statsmodels", "ols", sm.OLS(y, X).fit())
    save("statsmodels", "logit", sm.Logit(y, X).fit(disp=0))
    save("statsmodels", "glm", sm.GLM(y, X, family=sm.families.Binomial()).fit())
    from statsmodels.tsa.arima.model import ARIMA
    save("statsmodels", "arima", ARIMA(X[:, 0], order=(1, 0, 0)).fit(), (4,))
    import pandas as pd
    import statsmodels.formula.api as smf
    save("statsmodels", "formula", smf.ols("a ~ b", pd.DataFrame({"a": X[:, 0], "b": X[:, 1]})).fit(), (4,))


def scipy_all():
    from scipy import interpolate, optimize, sparse, spatial, stats
    things = {"sparse": [getattr(sparse, kind)(X) for kind in "csr_matrix csc_matrix coo_matrix lil_matrix dok_matrix bsr_matrix dia_matrix csr_array coo_array".split()], "stats": [stats.norm(0, 1), stats.norm, stats.gaussian_kde(X[:, 0]), stats.uniform(1, 2), stats.poisson(3), stats.multivariate_normal(np.zeros(2)), stats.ttest_ind(X[:, 0], X[:, 1])], "interpolate": [interpolate.interp1d([1, 2], [3, 4]), interpolate.CubicSpline([1, 2, 3], [3, 4, 1]), interpolate.UnivariateSpline(np.arange(9), np.arange(9)), interpolate.RegularGridInterpolator((np.arange(3),), np.arange(3.0))], "tree": [spatial.cKDTree(X), spatial.KDTree(X), spatial.transform.Rotation.identity()], "result": optimize.minimize(lambda v: (v ** 2).sum(), [1.0])}
    for name, thing in things.items():
        save("scipy", name, thing)


def torch_all():
    import torch
    from torch import nn
    folder = out / "torch"
    folder.mkdir(parents=True, exist_ok=True)
    model = nn.Sequential(nn.Conv1d(1, 2, 3), nn.BatchNorm1d(2), nn.ReLU(), nn.Dropout(), nn.LSTM(4, 4, 2), nn.TransformerEncoderLayer(4, 2), nn.Embedding(5, 4), nn.Linear(4, 4), nn.ModuleDict({"a": nn.GRU(3, 3)}), nn.ParameterList([torch.ones(2)]))
    optimizer = torch.optim.AdamW(model.parameters())
    things = {"state": model.state_dict(), "module": model, "checkpoint": {"model": model.state_dict(), "optimizer": optimizer.state_dict(), "epoch": 3, "args": {"lr": 0.1}, "rng": torch.get_rng_state(), "when": datetime.datetime.now(), "path": Path("a")}, "tensor": torch.ones(3), "dtypes": [torch.ones(2, dtype=d) for d in (torch.float16, torch.bfloat16, torch.float64, torch.int8, torch.int64, torch.bool, torch.complex64, torch.uint8, torch.float8_e4m3fn)], "quantised": torch.quantize_per_tensor(torch.ones(3), 0.1, 0, torch.qint8), "sparse": torch.eye(3).to_sparse(), "csr": torch.eye(3).to_sparse_csr(), "optimizer": optimizer, "scheduler": torch.optim.lr_scheduler.StepLR(optimizer, 1).state_dict(), "size": torch.Size([1, 2]), "device": torch.device("cpu"), "parameter": nn.Parameter(torch.ones(2)), "named": collections.OrderedDict(a=torch.ones(1)), "generator": torch.ones(2).requires_grad_(), "packed": nn.utils.rnn.pack_sequence([torch.ones(2)]), "dataset": torch.utils.data.TensorDataset(torch.ones(3)), "numpy": {"a": np.ones(3), "b": torch.ones(2)}}
    for name, thing in things.items():
        for label, options in (("zip", {}), ("legacy", {"_use_new_zipfile_serialization": False})):
            try:
                torch.save(thing, folder / f"{name}.{label}.pt", **options)
            except Exception as error:
                print("torch", name, label, str(error)[:60])
        save("torch", name, thing, (2, 4))
    scripted = {"script": torch.jit.script(nn.Sequential(nn.Linear(3, 3), nn.ReLU())), "trace": torch.jit.trace(nn.Linear(3, 3), torch.ones(1, 3))}
    for name, thing in scripted.items():
        torch.jit.save(thing, folder / f"{name}.jit.pt")


def transformers_all():
    import torch
    import transformers as t
    folder = out / "transformers"
    tiny = dict(vocab_size=50, hidden_size=8, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16, max_position_embeddings=32)
    for name, config, kind in [("bert", t.BertConfig, "BertModel"), ("llama", t.LlamaConfig, "LlamaForCausalLM"), ("qwen3", t.Qwen3Config, "Qwen3ForCausalLM"), ("roberta", t.RobertaConfig, "RobertaModel"), ("mistral", t.MistralConfig, "MistralForCausalLM"), ("distilbert", t.DistilBertConfig, "DistilBertModel"), ("gpt2", t.GPT2Config, "GPT2LMHeadModel"), ("t5", t.T5Config, "T5Model")]:
        try:
            own = {"n_embd": 8, "n_layer": 1, "n_head": 2, "vocab_size": 50, "d_model": 8, "d_ff": 16, "num_layers": 1, "num_heads": 2, "dim": 8, "hidden_dim": 16, "n_layers": 1, "n_heads": 2}
            made = config(**(tiny | {"num_key_value_heads": 2}) if name not in ("gpt2", "t5", "distilbert") else own)
            model = getattr(t, kind)(made)
            place = folder / name
            model.save_pretrained(place)
            torch.save(model.state_dict(), place / "pytorch_model.bin")
            torch.save(model, place / "whole.pt")
        except Exception as error:
            print("transformers", name, str(error)[:80])
    from tokenizers import Tokenizer, models, pre_tokenizers, trainers
    tokenizer = Tokenizer(models.BPE(unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.train_from_iterator(["a bee sees", "the sea bees"], trainers.BpeTrainer(special_tokens=["[UNK]", "[PAD]"], vocab_size=60))
    fast = t.PreTrainedTokenizerFast(tokenizer_object=tokenizer, unk_token="[UNK]", pad_token="[PAD]")
    fast.chat_template = "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\n' + message['content'] | trim + '<|im_end|>' + '\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
    fast.save_pretrained(folder / "tokenizer")
    save("transformers", "tokenizer", fast, (4,))
    save("transformers", "tokenizers", tokenizer, (4,))
    try:
        arguments = t.TrainingArguments(output_dir="x", report_to=[])
        torch.save(arguments, folder / "training_args.bin")
    except Exception as error:
        print("training_args", str(error)[:100])
    t.GenerationConfig(max_new_tokens=3).save_pretrained(folder / "generation")


def code_of_data():
    import cloudpickle, dill
    things = {"frame": {"a": X, "b": [1, 2]}, "when": [datetime.datetime.now(), range(3)], "nested": {"a": {"b": collections.Counter("abc")}}}
    for lib in (cloudpickle, dill):
        folder = out / lib.__name__
        folder.mkdir(parents=True, exist_ok=True)
        for name, thing in things.items():
            (folder / f"{name}.pkl").write_bytes(lib.dumps(thing))
        from sklearn.linear_model import LogisticRegression
        (folder / "model.pkl").write_bytes(lib.dumps(LogisticRegression().fit(X, y)))


def standard():
    import array, calendar, decimal, fractions, ipaddress, itertools, logging, random, re, string, time, types, uuid, zoneinfo, http
    from email.message import Message
    save("standard", "many", [collections.deque([1], 3), collections.ChainMap({}), decimal.Decimal("1"), fractions.Fraction(1, 2), uuid.uuid4(), ipaddress.ip_address("127.0.0.1"), re.compile("a+b", re.I), time.gmtime(0), random.Random(1), array.array("d", [1.0]), zoneinfo.ZoneInfo("UTC"), Path("a/b"), logging.getLogger("x"), http.HTTPStatus.OK, types.SimpleNamespace(a=1), iter([1, 2]), iter((1,)), iter({1: 2}), enumerate([1]), zip([1], [2]), reversed([1]), functools.partial(int, base=2), datetime.timezone(datetime.timedelta(hours=1)), memoryview, bytearray(b"x" * 9), Ellipsis, NotImplemented, type(None), complex(1), ValueError("x"), KeyError("a"), OSError(2, "x"), string.Template("$a"), frozenset([(1, 2)]), calendar.Calendar(), itertools.count(3), slice(1, 2, 3)])
    save("standard", "functions", [len, sorted, np.mean, functools.reduce if 0 else str.lower, "abc".upper, collections.OrderedDict.fromkeys, dict.fromkeys, datetime.datetime.fromtimestamp, max, min])
    save("standard", "big", [{"id": i, "word": f"w{i}", "t": (i, str(i)), "b": bytes([i % 256]) * 20} for i in range(30_000)], (0, 2, 4))
    save("standard", "bytes", {i: bytes(rng.bytes(50)) for i in range(3000)}, (2, 4))
    save("standard", "texts", ["import os", "https://example.org/a", "eval(1)", "cos\nsystem\n", "os", "system", "__class__", "{0.__class__}", b"\x80\x04 no pickle at all"])
    cycle = []
    cycle.append((cycle, {"a": cycle}))
    save("standard", "cycle", cycle)


def written():
    folder = out / "safetensors"
    folder.mkdir(parents=True, exist_ok=True)
    import safetensors.numpy, safetensors.torch, torch
    safetensors.numpy.save_file({"a": X, "b": y, "empty": np.zeros((0, 3)), "scalar": np.array(1, dtype=np.float32)}, folder / "numpy.safetensors", {"format": "pt"})
    safetensors.torch.save_file({"a": torch.ones(3, 2), "h": torch.ones(3, dtype=torch.bfloat16), "q": torch.ones(3, dtype=torch.float8_e5m2)}, folder / "torch.safetensors")
    import gguf
    folder = out / "gguf"
    folder.mkdir(parents=True, exist_ok=True)
    writer = gguf.GGUFWriter(folder / "model.gguf", "llama")
    writer.add_block_count(1); writer.add_context_length(8); writer.add_tokenizer_model("gpt2"); writer.add_token_list(["a", "b"]); writer.add_chat_template("{% for m in messages %}{{ m['role'] + ': ' + m['content'] }}{% endfor %}")
    writer.add_tensor("token_embd.weight", np.ones((4, 8), dtype=np.float32), raw_shape=(4, 8))
    writer.write_header_to_file(); writer.write_kv_data_to_file(); writer.write_tensors_to_file(); writer.close()


def words():
    def gensim():
        import gensim
        texts = [["a", "bee", "sees"], ["the", "sea", "bees"]] * 5
        model = gensim.models.Word2Vec(texts, vector_size=4, min_count=1, epochs=1)
        folder = out / "gensim"
        folder.mkdir(parents=True, exist_ok=True)
        model.save(str(folder / "w2v.model"))
        save("gensim", "dictionary", gensim.corpora.Dictionary(texts))
        save("gensim", "tfidf", gensim.models.TfidfModel([[(0, 1), (1, 2)]]))
        save("gensim", "lda", gensim.models.LdaModel([[(0, 1), (1, 2)]], num_topics=2, id2word={0: "a", 1: "b"}), (4,))
    def nltk():
        import nltk
        from nltk.classify import NaiveBayesClassifier
        save("nltk", "bayes", NaiveBayesClassifier.train([({"a": 1}, "x"), ({"a": 2}, "y")]))
        save("nltk", "freq", nltk.FreqDist("abc"))
        save("nltk", "stemmer", nltk.stem.PorterStemmer())
    def skops():
        import skops.io
        from sklearn.linear_model import LogisticRegression
        folder = out / "skops"
        folder.mkdir(parents=True, exist_ok=True)
        skops.io.dump(LogisticRegression().fit(X, y), folder / "model.skops")
    for make in (gensim, nltk, skops):
        try:
            make()
        except Exception as error:
            print(make.__name__, str(error)[:100])


for part in (standard, numpy_all, pandas_all, scipy_all, sklearn_all, boosters, statsmodels, torch_all, transformers_all, code_of_data, written, words):
    try:
        part()
    except Exception:
        traceback.print_exc(limit=1)
print(sum(1 for one in out.rglob("*") if one.is_file()), "files")
