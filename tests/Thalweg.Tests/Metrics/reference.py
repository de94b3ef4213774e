"""Writes reference.json: random cases and what scikit-learn and scipy make of them. python3 reference.py > reference.json"""
import json
import sys
import warnings
import numpy as np
import sklearn.metrics as M
from scipy import stats
warnings.simplefilter("ignore")
rng=np.random.default_rng(20261130)
classes=[];numbers=[]
for c in range(50):
    K=[2,3,5][c%3]; n=int(rng.integers(12,40))
    y=rng.integers(0,K,n); y[:K]=np.arange(K)
    p=rng.dirichlet(np.ones(K)*0.7,n)
    p=np.round(p,2)  # ties
    p=np.maximum(p,0.0); p[:,-1]=np.maximum(0,np.round(1-p[:,:-1].sum(1),10))
    p=p/p.sum(1,keepdims=True)
    # pull towards the truth
    for i in range(n):
        if rng.random()<0.5:
            j=int(np.argmax(p[i])); p[i,[j,y[i]]]=p[i,[y[i],j]]
    q=p.argmax(1)
    onehot=np.eye(K)[y]
    v={}
    v["accuracy"]=M.accuracy_score(y,q)
    v["balanced_accuracy"]=M.balanced_accuracy_score(y,q)
    for name,f in (("precision",M.precision_score),("recall",M.recall_score),("f1",M.f1_score)):
        for a in ("macro","micro","weighted"):
            v[f"{name}({a})"]=f(y,q,average=a,zero_division=0)
        v[f"{name}(class=1)"]=float(f(y,q,average=None,labels=[1],zero_division=0)[0])
    v["macro_f1"]=v["f1(macro)"]
    v["matthews"]=M.matthews_corrcoef(y,q)
    v["log_loss"]=M.log_loss(y,p,labels=range(K))
    v["perplexity"]=float(np.exp(v["log_loss"]))
    v["brier"]=M.brier_score_loss(y,p[:,1]) if K==2 else float(((p-onehot)**2).sum(1).mean())
    if K==2:
        v["roc_auc"]=M.roc_auc_score(y,p[:,1]); v["average_precision"]=M.average_precision_score(y,p[:,1])
    else:
        for a in ("macro","weighted"):
            v[f"roc_auc({a})"]=M.roc_auc_score(y,p,multi_class="ovr",average=a)
            v[f"average_precision({a})"]=M.average_precision_score(onehot,p,average=a)
    if K>2:
        s=rng.permutation(n*K).reshape(n,K)*1.0
        top=M.top_k_accuracy_score(y,s,k=2,labels=range(K))
        case_scores=s.tolist()
    else:
        case_scores=None; top=None
    r=int((y==q).sum())
    ci=stats.binomtest(r,n).proportion_ci(0.95,method="wilson")
    classes.append(dict(labels=y.tolist(),probabilities=p.ravel().tolist(),values={k:float(x) for k,x in v.items()},
        scores=None if case_scores is None else np.array(case_scores).ravel().tolist(), top2=top,
        confusion=M.confusion_matrix(y,q,labels=range(K)).tolist(),wilson=[float(ci.low),float(ci.high)]))
for c in range(50):
    n=int(rng.integers(5,40))
    y=rng.normal(rng.normal()*10,abs(rng.normal())*5+0.1,n); f=y+rng.normal(0,1,n)*rng.random()*4
    v={"r2":M.r2_score(y,f),"root_mean_squared_error":M.mean_squared_error(y,f,squared=False),"mean_absolute_error":M.mean_absolute_error(y,f),
       "mean_absolute_percentage_error":M.mean_absolute_percentage_error(y,f)}
    for q in (0.1,0.5,0.9): v[f"pinball({q})"]=M.mean_pinball_loss(y,f,alpha=q)
    numbers.append(dict(targets=y.tolist(),predicted=f.tolist(),values={k:float(x) for k,x in v.items()}))
quant=[[float(x),float(stats.norm.ppf(x))] for x in (1e-12,1e-6,0.001,0.025,0.05,0.2,0.4,0.5,0.6,0.9,0.975,0.995,0.999999)]
json.dump(dict(source="scikit-learn 1.2.1, scipy 1.10.1",classes=classes,numbers=numbers,normalQuantiles=quant),sys.stdout,separators=(",",":"))
