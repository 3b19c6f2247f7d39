"""Writes ordinary files into a folder: what numpy, scipy, scikit-learn, pandas, joblib and pickle
themselves write. The files in testdata/vet/ordinary were made by it with the versions that README.md
there names."""
import sys, pickle, io, gzip, datetime, decimal, enum, pathlib, collections, uuid, argparse
from pathlib import Path
import numpy as np, pandas as pd, joblib, sklearn
from scipy import sparse, stats
from sklearn.ensemble import RandomForestClassifier, GradientBoostingRegressor, HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression, SGDClassifier, Ridge
from sklearn.pipeline import make_pipeline, Pipeline
from sklearn.preprocessing import StandardScaler, OneHotEncoder, FunctionTransformer
from sklearn.compose import ColumnTransformer
from sklearn.neighbors import KNeighborsClassifier
from sklearn.svm import SVC
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.cluster import KMeans
from sklearn.neural_network import MLPClassifier
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.model_selection import GridSearchCV
from sklearn.decomposition import PCA
out=Path(sys.argv[1]); out.mkdir(exist_ok=True,parents=True)
rng=np.random.RandomState(0); X=rng.rand(40,3); y=(X[:,0]>.5).astype(int)
models=dict(forest=RandomForestClassifier(2,max_depth=2,random_state=0).fit(X,y), boosting=GradientBoostingRegressor(n_estimators=2,random_state=0).fit(X,y),
 hist=HistGradientBoostingClassifier(max_iter=2).fit(X,y), logistic=LogisticRegression().fit(X,y), sgd=SGDClassifier(random_state=0).fit(X,y),
 pipeline=make_pipeline(FunctionTransformer(np.log1p),StandardScaler(),Ridge()).fit(X,y), neighbours=KNeighborsClassifier(algorithm='kd_tree').fit(X,y), ball=KNeighborsClassifier(algorithm='ball_tree').fit(X,y),
 svm=SVC().fit(X,y), text=TfidfVectorizer().fit(['a bee sees','the sea bees']), kmeans=KMeans(2,n_init=1,random_state=0).fit(X), mlp=MLPClassifier((3,),max_iter=5,random_state=0).fit(X,y),
 gp=GaussianProcessRegressor().fit(X,y), grid=GridSearchCV(LogisticRegression(),{'C':[1,2]},cv=2).fit(X,y), pca=PCA(2).fit(X),
 columns=ColumnTransformer([('a',OneHotEncoder(),[0])]).fit(X[:5]))
for n,m in models.items():
    joblib.dump(m,out/f'{n}.joblib'); 
    for p in (2,5): (out/f'{n}.p{p}.pkl').write_bytes(pickle.dumps(m,p))
for c in ('gz','bz2','xz','lzma','z'): joblib.dump(models['logistic'],out/f'logistic.joblib.{c}',compress=({'z':'zlib','gz':'gzip'}.get(c,c),3))
joblib.dump({'a':np.array([1,'x',None],dtype=object),'b':np.zeros((3,4)),'c':np.asfortranarray(np.ones((2,3),'f4')),'d':np.array(['ab','c']),'e':np.zeros(2,[('x','f4'),('y','i8')])},out/'arrays.joblib')
df=pd.DataFrame({'a':[1,2],'b':['x','y'],'c':pd.to_datetime(['2020-01-01','2021-01-01']),'d':pd.Categorical(['u','v']),'e':[1.5,None],'f':pd.array([1,None],dtype='Int64')})
df.to_pickle(out/'frame.pkl'); df.to_pickle(out/'frame.pkl.gz'); df.set_index('c').to_pickle(out/'frame_time.pkl'); df.set_index(['a','b']).to_pickle(out/'frame_multi.pkl')
pickle.dump([pd.Timestamp('2020-01-01',tz='UTC'),pd.Timedelta(1,'D'),pd.Period('2020','Y'),pd.Interval(1,2),pd.NaT,pd.NA,pd.Series([1],name='x'),pd.date_range('2020',periods=3),pd.offsets.MonthEnd(2)],open(out/'pandas_scalars.pkl','wb'))
np.save(out/'a.npy',X); np.savez(out/'a.npz',X=X,y=y); np.savez_compressed(out/'b.npz',X=X,o=np.array([{'a':1},None],dtype=object)); np.save(out/'o.npy',np.array([{'a':1},None],dtype=object),allow_pickle=True)
pickle.dump([sparse.csr_matrix(X),sparse.coo_array(X),sparse.csc_matrix(X),stats.norm(0,1),stats.norm],open(out/'scipy.pkl','wb'))
pickle.dump([np.float64(1),np.datetime64('2020-01-01'),np.random.RandomState(1),np.random.default_rng(1),np.ma.array([1,2],mask=[0,1]),np.add,np.dtype('f8'),np.matrix([[1]]),np.arange(3).view(np.recarray) if 0 else np.rec.array([(1,2.)],dtype=[('a','i4'),('b','f8')])],open(out/'numpy.pkl','wb'))
std=[collections.OrderedDict(a=1),collections.defaultdict(list,a=[1]),collections.Counter('ab'),collections.deque([1]),datetime.datetime(2020,1,1,tzinfo=datetime.timezone.utc),datetime.timedelta(1),decimal.Decimal('1.5'),pathlib.PurePosixPath('a/b'),pathlib.Path('/tmp'),uuid.UUID(int=1),argparse.Namespace(a=1),set([1]),frozenset([2]),b'abc',bytearray(b'x'),1<<80,-5,1.5,None,True,(1,2,3,4,5),complex(1,2),range(3),slice(1,2),int,dict,len,Exception('x')]
for p in range(6): (out/f'std.p{p}.pkl').write_bytes(pickle.dumps(std,p))
