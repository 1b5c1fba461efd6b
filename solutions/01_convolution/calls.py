"""Provisional."""
import numpy as np
from grader.course import Aspect, CallFamily
def conv(rng, h=3, w=3, kh=2, kw=2, c=1, f=1, n=1, stride=1, padding="valid", bias=False, floats=False):
    size = n*h*w*c
    x = rng.permutation(np.arange(1, size+1)).astype(float).reshape(n,h,w,c)
    k = rng.permutation(np.arange(1, kh*kw*c*f+1)).astype(float).reshape(kh,kw,c,f)
    if floats: x = x/7-1; k = k/3-1
    b = rng.permutation(np.arange(1,f+1)).astype(float)*10 if bias else np.zeros(f)
    return x, k, b, stride, padding
A = Aspect
ASP = (A("the bias is not 0", {"bias": True}), A("there are several filters", {"f":3}), A("there are several channels", {"c":2}), A("there are several images", {"n":3}),
 A("the stride is larger than 1", {"stride":2,"h":5,"w":5}), A("the two strides differ", {"stride":(2,1),"h":5,"w":5}), A("the stride leaves a row over", {"stride":2,"h":6,"w":6,"kh":3,"kw":3}),
 A("the image is not square", {"w":5}), A("the kernel is not square", {"kw":3, "h":4,"w":4}), A('the padding is "same"', {"padding":"same","kh":3,"kw":3}), A('"same" even', {"padding":"same"}), A('"same" with a stride', {"padding":"same","stride":2,"h":6,"w":6,"kh":3,"kw":3}),
 A("padding 1", {"padding":1}), A("padding 2", {"padding":2}), A("padding 0", {"padding":0}), A("fractions", {"floats": True}))
CALLS = {"conv2d": CallFamily(conv, ASP), "conv2d_fast": CallFamily(conv, ASP)}
