import sys, pickle, io, gzip, warnings, importlib, inspect, traceback, os
warnings.simplefilter("ignore")
from pathlib import Path
out = Path(sys.argv[1]); made = {}
def put(kind, name, obj=None, data=None, protocols=(2, 4)):
    d = out / kind; d.mkdir(parents=True, exist_ok=True)
    if data is not None:
        (d / name).write_bytes(data() if callable(data) else data); return
    for p in protocols:
        try: (d / f"{name}-{p}.pkl").write_bytes(pickle.dumps(obj, p))
        except Exception as e: print(kind, name, p, type(e).__name__, str(e)[:80])
def part(f):
    try: f()
    except Exception: print(f.__name__); traceback.print_exc(limit=2)
@part
def plain():
    import datetime, decimal, collections, pathlib, re, uuid, fractions, enum, dataclasses, ipaddress, array, types, functools, operator, zoneinfo, random, itertools, string, argparse, logging, email.message, http, statistics, threading, queue, urllib.parse, time, typing, contextvars, difflib, graphlib, textwrap, json, csv, configparser, numbers, copy, calendar, heapq
    tz = datetime.timezone(datetime.timedelta(hours=2))
    things = dict(dt=datetime.datetime.now(tz), date=datetime.date.today(), td=datetime.timedelta(3), tz=datetime.timezone.utc, dec=decimal.Decimal("1.2"), decctx=decimal.getcontext().copy(), od=collections.OrderedDict(a=1), dd=collections.defaultdict(list, a=[1]), ddint=collections.defaultdict(int), ddlam=collections.defaultdict(dict), cnt=collections.Counter("abc"), dq=collections.deque([1], 3), cm=collections.ChainMap({}, {}), path=pathlib.Path("/tmp/x"), ppath=pathlib.PurePosixPath("a/b"), wpath=pathlib.PureWindowsPath("c:\\x"), rx=re.compile("a+", re.I), uu=uuid.uuid4(), fr=fractions.Fraction(1, 3), ip=ipaddress.ip_address("1.2.3.4"), ipn=ipaddress.ip_network("10.0.0.0/8"), ip6=ipaddress.ip_interface("::1/64"), arr=array.array("d", [1.0]), sns=types.SimpleNamespace(a=1), part=functools.partial(int, base=2), partsorted=functools.partial(sorted, reverse=True), ig=operator.itemgetter(1), ag=operator.attrgetter("name"), zi=zoneinfo.ZoneInfo("Europe/Berlin"), rnd=random.Random(1), chain=itertools.count(3), ns=argparse.Namespace(lr=0.1), parser=None, log=logging.getLogger("x"), level=logging.INFO, status=http.HTTPStatus.OK, nd=statistics.NormalDist(1, 2), exc=ValueError("x", 1), exc2=OSError(2, "no"), exc3=FileNotFoundError(2, "no", "f"), ke=KeyError("a"), st=time.struct_time(range(9)), lt=time.localtime(), rng=range(3), sl=slice(1, 2), cplx=1j, by=b"abc" * 90, ba=bytearray(b"x"), fs=frozenset([1]), ell=..., ni=NotImplemented, none=type(None), types=[int, str, list, dict, float, tuple, bytes], funcs=[len, sum, max, min, abs, sorted, print][:6], split=urllib.parse.urlparse("http://x/y"), quote=urllib.parse.urlsplit("http://x/y"), msg=email.message.EmailMessage(), cp=configparser.ConfigParser(), big=1 << 3000, txt="é" * 300, sm=difflib.SequenceMatcher(None, "a", "b"), opt=typing.Optional[int], lst=typing.List[int], ga=list[int], un=int | str, calm=calendar.TextCalendar(), bio=io.BytesIO(b"a"), sio=io.StringIO("a"), tmpl=string.Template("$a"), it=iter([1, 2]), dv=list({}.keys()), mth="abc".upper, bm=[].append, ver=sys.version_info[:], hexs=float("inf"), nan=float("nan"), srt=functools.cmp_to_key, tx=textwrap.TextWrapper(), jd=json.JSONDecoder and 1, csvd=csv.excel, enm=re.RegexFlag.I, sig=__import__("signal").SIGINT, fut=None)
    for k, v in things.items(): put("python", k, v, protocols=(0, 1, 2, 3, 4, 5))
    for p in range(6): put("python", f"all-{p}.pkl", data=pickle.dumps({k: v for k, v in things.items() if k not in ("cp", "csvd")}, p))
@part
def sk():
    import numpy as np
    from sklearn.utils import all_estimators
    rng = np.random.RandomState(0); X = rng.rand(40, 5); y = (X[:, 0] > .5).astype(int); Y = rng.rand(40)
    texts = ["a b c d", "b c d e", "c d e f", "x y z w"] * 10
    def fit(e):
        for args in ((X, y), (X, Y), (X,), (texts, y), (texts,), (X, np.c_[y, 1 - y]), (Y, y), (y,), ([{"a": 1, "b": 2}] * 3,), ([["a", "b"]] * 3,), (np.abs(X), np.c_[Y, Y])):
            try: return e.fit(*args)
            except Exception: pass
        return e
    from sklearn.linear_model import LogisticRegression, Ridge
    for name, cls in all_estimators():
        try:
            try: e = cls()
            except TypeError:
                e = None
                for a in ((LogisticRegression(),), ([("a", LogisticRegression()), ("b", LogisticRegression())],), (Ridge(),), (LogisticRegression(), {"C": [1, 2]})):
                    try: e = cls(*a); break
                    except Exception: pass
                if e is None: continue
            for k, v in (("n_estimators", 3), ("max_iter", 20)):
                if k in e.get_params(): 
                    try: e.set_params(**{k: v})
                    except Exception: pass
            put("sklearn", name, fit(e), protocols=(4,))
        except Exception as x: print("sk", name, x)
    from sklearn import metrics, model_selection, kernel_ridge, gaussian_process
    put("sklearn", "scorers", {s: metrics.get_scorer(s) for s in metrics.get_scorer_names()})
    for n, c in inspect.getmembers(model_selection, inspect.isclass):
        try: put("sklearn", "ms-" + n, c(), protocols=(4,))
        except Exception: pass
    from sklearn.gaussian_process import kernels as K
    put("sklearn", "kernels", [K.RBF() + K.WhiteKernel(), K.Matern() * K.ConstantKernel(), K.ExpSineSquared(), K.DotProduct(), K.RationalQuadratic(), K.PairwiseKernel()])
    from sklearn.preprocessing import FunctionTransformer
    put("sklearn", "ft", FunctionTransformer(np.log1p, inverse_func=np.expm1)); put("sklearn", "ft-plain", FunctionTransformer())
    from sklearn.feature_extraction.text import TfidfVectorizer
    put("sklearn", "tfidf-fn", TfidfVectorizer(tokenizer=str.split, preprocessor=str.lower, token_pattern=None).fit(texts))
    import joblib
    m = fit(LogisticRegression())
    for c in ("zlib", "gzip", "bz2", "lzma", "xz", 0, 3, ("zlib", 9)):
        joblib.dump({"m": m, "X": X, "o": np.array(["a", 1], object)}, str(out / "sklearn" / f"j-{c}.joblib".replace("'", "").replace(" ", "")), compress=c)
    for p in (2, 3, 4, 5): joblib.dump([m, X, X.astype("f4"), np.asfortranarray(X)], out / "sklearn" / f"jp-{p}.joblib", protocol=p)
@part
def nump():
    import numpy as np
    for i, t in enumerate("? i1 u2 <i4 >i8 f2 f4 f8 f16 c8 c16 S5 U7 M8[ns] m8[s] V3 O".split()): put("numpy", f"dt{i}", [np.zeros(3, t), np.dtype(t), np.zeros(1, t)[0]], protocols=(0, 1, 2, 3, 4, 5))
    put("numpy", "struct", np.zeros(2, [("a", "f4"), ("b", "S3", (2,))])); put("numpy", "rec", np.rec.array([(1, 2.0)], names="a,b")); put("numpy", "ma", np.ma.array([1, 2], mask=[0, 1])); put("numpy", "matrix", np.matrix([[1]])); put("numpy", "poly", np.poly1d([1, 2])); put("numpy", "Poly", [np.polynomial.Polynomial([1]), np.polynomial.Chebyshev([1, 2]), np.polynomial.Legendre([1])])
    put("numpy", "rs", np.random.RandomState(1)); put("numpy", "gens", [np.random.Generator(b(1)) for b in (np.random.PCG64, np.random.MT19937, np.random.Philox, np.random.SFC64, np.random.PCG64DXSM)]); put("numpy", "seed", np.random.SeedSequence(1)); put("numpy", "ufuncs", [np.add, np.sin, np.log1p, np.maximum, np.mean, np.median, np.linalg.norm, np.sum, np.std, np.percentile]); put("numpy", "finfo", [np.float32, np.int64, np.finfo, np.iinfo]); put("numpy", "vec", np.vectorize(float)); put("numpy", "strdt", np.array(["a", "bb"], dtype=np.dtypes.StringDType()))
    put("numpy", "busday", np.busdaycalendar(holidays=["2020-01-01"])); put("numpy", "mgrid", np.index_exp[1:2]); put("numpy", "nditer", np.ndindex and 1)
    b = io.BytesIO(); np.savez_compressed(b, a=np.zeros(3), o=np.array([{"a": 1}, None], object)); put("numpy", "x.npz", data=b.getvalue())
    b = io.BytesIO(); np.save(b, np.array([{"a": np.zeros(2)}, np.random.RandomState(2)], object), allow_pickle=True); put("numpy", "o.npy", data=b.getvalue())
@part
def pd_():
    import pandas as pd, numpy as np
    df = pd.DataFrame({"i": [1, 2], "f": [1.5, None], "s": ["a", "b"], "c": pd.Categorical(["x", "y"]), "d": pd.date_range("2020", periods=2, tz="Europe/Berlin"), "p": pd.period_range("2020", periods=2, freq="M"), "iv": pd.interval_range(0, 2), "td": pd.to_timedelta([1, 2]), "I": pd.array([1, None], "Int64"), "B": pd.array([True, None], "boolean"), "st": pd.array(["a", None], "string"), "sp": pd.arrays.SparseArray([0, 1]), "o": [{"a": 1}, [2]]})
    put("pandas", "df", df); put("pandas", "mi", df.set_index(["i", "s"])); [put("pandas", "col-" + str(c), df[c]) for c in df]
    for n, t in dict(ts=pd.Timestamp("2020", tz="UTC"), tsn=pd.Timestamp("2020"), td=pd.Timedelta(1), per=pd.Period("2020"), nat=pd.NaT, na=pd.NA, iv=pd.Interval(0, 1), off=[pd.offsets.MonthEnd(2), pd.offsets.BusinessDay(), pd.offsets.Hour(3), pd.offsets.CustomBusinessDay(), pd.DateOffset(months=1), pd.offsets.Week(weekday=1), pd.offsets.QuarterEnd(), pd.offsets.FY5253(startingMonth=1, weekday=1)], rix=pd.RangeIndex(3), ix=pd.Index(["a"]), mix=pd.MultiIndex.from_product([[1], ["a"]]), dti=pd.date_range("2020", periods=3, freq="h"), tdi=pd.timedelta_range(0, periods=2), pi=pd.period_range("2020", periods=2), ci=pd.CategoricalIndex(["a"]), ii=pd.interval_range(0, 2), cat=pd.CategoricalDtype(["a"], True), dts=[pd.Int64Dtype(), pd.StringDtype(), pd.BooleanDtype(), pd.DatetimeTZDtype(tz="UTC"), pd.PeriodDtype("D"), pd.IntervalDtype("int64"), pd.SparseDtype()], fl=pd.Flags and 1, gb=df.groupby("s"), roll=df["i"].rolling(2), flt=pd.array([1.0], "Float64"), arrow=pd.array(["a"], "string[pyarrow]"), adt=pd.Series([1, 2], dtype="int64[pyarrow]"), ats=pd.Series(pd.date_range("2020", periods=2), dtype="timestamp[ns][pyarrow]"), uniq=pd.Series(["a"]).unique()).items(): put("pandas", n, t, protocols=(2, 3, 4, 5))
    for c in ("gzip", "bz2", "zip", "xz", None, "tar"): df.to_pickle(str(out / "pandas" / f"df.pkl.{c}"), compression=c)
@part
def boosts():
    import numpy as np; X = np.random.rand(60, 4); y = (X[:, 0] > .5).astype(int)
    import lightgbm, xgboost
    for n, m in dict(lc=lightgbm.LGBMClassifier(n_estimators=3, verbose=-1), lr=lightgbm.LGBMRegressor(n_estimators=3, verbose=-1), lk=lightgbm.LGBMRegressor(n_estimators=2, verbose=-1, boosting_type="dart"), xc=xgboost.XGBClassifier(n_estimators=3), xr=xgboost.XGBRegressor(n_estimators=3), xrf=xgboost.XGBRFClassifier(n_estimators=3)).items(): put("boost", n, m.fit(X, y))
    put("boost", "lb", lightgbm.train({"verbose": -1}, lightgbm.Dataset(X, y), 3)); put("boost", "xb", xgboost.train({}, xgboost.DMatrix(X, y), 3))
    import catboost
    for n, m in dict(cc=catboost.CatBoostClassifier(iterations=3, verbose=0, allow_writing_files=False), cr=catboost.CatBoostRegressor(iterations=3, verbose=0, allow_writing_files=False)).items(): put("boost", n, m.fit(X, y))
@part
def others():
    import numpy as np
    def each(kind, name, f):
        try: put(kind, name, f())
        except Exception as e: print(kind, name, type(e).__name__, str(e)[:100])
    rng = np.random.RandomState(0); X = rng.rand(60, 3); y = X[:, 0] * 2 + rng.rand(60)
    def sm(): import statsmodels.api as s; return s.OLS(y, s.add_constant(X)).fit()
    def smf(): import statsmodels.formula.api as s, pandas as pd; return s.ols("y ~ a + np.log(b)", pd.DataFrame({"y": y, "a": X[:, 0], "b": X[:, 1]})).fit()
    def glm(): import statsmodels.api as s; return s.GLM((y > 1).astype(int), X, family=s.families.Binomial()).fit()
    def arima(): from statsmodels.tsa.arima.model import ARIMA; return ARIMA(y, order=(1, 0, 1)).fit()
    def ets(): from statsmodels.tsa.holtwinters import ExponentialSmoothing; return ExponentialSmoothing(y, trend="add").fit()
    def logit(): import statsmodels.api as s; return s.Logit((y > 1).astype(int), X).fit(disp=0)
    def kde(): import statsmodels.api as s; k = s.nonparametric.KDEUnivariate(y); k.fit(); return k
    def rlm(): import statsmodels.api as s; return s.RLM(y, X).fit()
    def var(): from statsmodels.tsa.api import VAR; return VAR(X).fit(1)
    for f in (sm, smf, glm, arima, ets, logit, kde, rlm, var): each("statsmodels", f.__name__, f)
    import scipy.sparse as sp, scipy.stats as st, scipy.interpolate as si, scipy.spatial as ss, scipy.optimize as so
    for n in "csr csc coo lil dok dia bsr".split():
        each("scipy", n, lambda: [getattr(sp, n + "_matrix")(np.eye(3)), getattr(sp, n + "_array")(np.eye(3))])
    each("scipy", "norm", lambda: [st.norm, st.norm(0, 1), st.gamma(2), st.poisson(3), st.uniform(0, 2), st.loguniform(1, 2), st.randint(1, 5), st.multivariate_normal([0, 0]), st.rv_histogram(np.histogram(y)), st.gaussian_kde(y), st.t(3), st.beta(1, 2)])
    each("scipy", "interp", lambda: [si.CubicSpline(range(5), range(5)), si.PchipInterpolator(range(5), range(5)), si.BSpline([0, 1, 2, 3], [1, 2], 1), si.RegularGridInterpolator((range(3),), range(3)), si.RBFInterpolator(X, y), si.UnivariateSpline(range(5), range(5)), si.Akima1DInterpolator(range(5), range(5)), si.interp1d(range(3), range(3)), si.NearestNDInterpolator(X, y)])
    each("scipy", "spatial", lambda: [ss.KDTree(X), ss.cKDTree(X), ss.transform.Rotation.from_quat([0, 0, 0, 1])]); each("scipy", "opt", lambda: so.minimize(lambda v: (v ** 2).sum(), [1, 2])); each("scipy", "optb", lambda: [so.Bounds(0, 1), so.LinearConstraint([1]), so.OptimizeResult(x=1)]); each("scipy", "test", lambda: [st.ttest_ind(X[:, 0], X[:, 1]), st.pearsonr(X[:, 0], y), st.linregress(X[:, 0], y), st.ks_2samp(y, y), st.describe(y)])
    def nx(): import networkx as n; return [n.karate_club_graph(), n.DiGraph([(1, 2)]), n.MultiGraph([(1, 2)])]
    each("other", "nx", nx)
    def nx2(): import networkx as n; g = n.karate_club_graph(); list(g.edges); g.degree; return [g, g.edges, g.nodes]
    each("other", "nx2", nx2)
    def imb(): from imblearn.over_sampling import SMOTE; from imblearn.pipeline import Pipeline; from imblearn.ensemble import BalancedRandomForestClassifier; from sklearn.linear_model import LogisticRegression; return [Pipeline([("s", SMOTE()), ("m", LogisticRegression())]).fit(X, (y > 1).astype(int)), BalancedRandomForestClassifier(3).fit(X, (y > 1).astype(int))]
    each("other", "imb", imb)
    def ce(): import category_encoders as c, pandas as pd; d = pd.DataFrame({"a": list("xyz") * 4}); t = np.arange(12) % 2; return [getattr(c, n)().fit(d, t) for n in ("OneHotEncoder", "TargetEncoder", "OrdinalEncoder", "BinaryEncoder", "HashingEncoder", "CatBoostEncoder", "WOEEncoder")]
    each("other", "ce", ce)
    def gen(): from gensim.models import Word2Vec; return Word2Vec([["a", "b", "c"]] * 5, vector_size=5, min_count=1)
    each("other", "w2v", gen)
    def gen2(): from gensim.corpora import Dictionary; from gensim.models import LdaModel, TfidfModel, FastText, Doc2Vec; d = Dictionary([["a", "b"]] * 3); c = [d.doc2bow(["a", "b"])] * 3; return [d, LdaModel(c, 2, d), TfidfModel(c), FastText([["a", "b"]] * 5, vector_size=4, min_count=1)]
    each("other", "gensim", gen2)
    def nl(): import nltk; from nltk.stem import PorterStemmer, SnowballStemmer; return [PorterStemmer(), nltk.FreqDist("abc"), nltk.NaiveBayesClassifier.train([({"a": 1}, "x"), ({"a": 2}, "y")]), nltk.RegexpTokenizer("a"), nltk.TreebankWordTokenizer(), nltk.UnigramTagger([[("a", "N")]]), nltk.BigramTagger([[("a", "N")]]), nltk.Tree("S", ["a"])]
    each("other", "nltk", nl)
    def spa(): import spacy; n = spacy.blank("en"); d = n("a b"); return [d, n.vocab]
    each("other", "spacy", spa)
    def spb(): import spacy; n = spacy.blank("en"); n.add_pipe("sentencizer"); return n
    each("other", "spacynlp", spb)
    def umap_(): import umap; return umap.UMAP(n_neighbors=5, n_epochs=5).fit(X)
    each("other", "umap", umap_)
    def hdb(): import hdbscan; return hdbscan.HDBSCAN(5).fit(X)
    each("other", "hdb", hdb)
    def xa(): import xarray as x; return [x.Dataset({"a": ("t", y)}), x.DataArray(X, dims=("a", "b"))]
    each("other", "xarray", xa)
    def pol(): import polars as p; return [p.DataFrame({"a": [1]}), p.Series([1]), p.col("a") + 1]
    each("other", "polars", pol)
    def pa(): import pyarrow as p; return [p.table({"a": [1, 2], "s": ["x", "y"]}), p.array([1.5]), p.schema([("a", p.int64())]), p.scalar(1)]
    each("other", "arrow", pa)
    def pil(): from PIL import Image; return Image.new("RGB", (4, 4))
    each("other", "pil", pil)
    def mpl(): import matplotlib; matplotlib.use("Agg"); import matplotlib.pyplot as p; f, a = p.subplots(); a.plot([1, 2]); return f
    each("other", "mpl", mpl)
    def cm(): import matplotlib; return [matplotlib.colormaps["viridis"], matplotlib.colors.Normalize(0, 1)]
    each("other", "cmap", cm)
    def plo(): import plotly.graph_objects as g; return g.Figure(g.Scatter(y=[1, 2]))
    each("other", "plotly", plo)
    def pyd():
        from pydantic import BaseModel
        from pydantic.dataclasses import dataclass
        from pydantic_core import Url
        return [Url("http://a/b")]
    each("other", "pydantic", pyd)
    def sko(): from skimage.transform import AffineTransform; return AffineTransform()
    each("other", "skimage", sko)
    def pats(): import patsy; return patsy.dmatrix("np.log(a)", {"a": y}).design_info
    each("other", "patsy", pats)
    def sts(): import torch
@part
def code():
    import cloudpickle, dill, numpy as np, json
    def f(x): return np.log(x) + json.loads("1")
    class Model:
        def __init__(self): self.w = np.zeros(3)
        def predict(self, x): return x @ self.w
    from sklearn.preprocessing import FunctionTransformer
    from sklearn.pipeline import make_pipeline
    things = dict(f=f, lam=lambda x: x + 1, cls=Model, obj=Model(), pipe=make_pipeline(FunctionTransformer(lambda x: x)), np=np.log, rng=range(3), data={"a": np.zeros(2)}, gen=[(lambda k: lambda x: x + k)(3)], mod=json)
    for n, t in things.items():
        for lib in (cloudpickle, dill):
            try: put("code-" + lib.__name__, n + ".pkl", data=lib.dumps(t))
            except Exception as e: print(lib.__name__, n, e)
