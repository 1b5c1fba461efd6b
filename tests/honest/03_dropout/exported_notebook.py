#!/usr/bin/env python
# coding: utf-8

# # Exercise 3: Dropout

# In[1]:


get_ipython().run_line_magic('matplotlib', 'inline')
get_ipython().run_line_magic('load_ext', 'autoreload')
get_ipython().system('pip install -q numpy')


# In[2]:


import numpy as np
from IPython.display import HTML, Markdown, clear_output
from google.colab import drive, files
import ipywidgets as widgets

drive.mount('/content/drive')


# In[3]:


def dropout(x, rate, training, rng):
    if not (0.0 <= rate < 1.0):
        raise ValueError(f"bad rate {rate}")
    keep = 1.0 - rate
    mask = rng.binomial(1, keep, size=x.shape) / keep if training else np.ones(x.shape)
    return x * mask, mask


# In[4]:


display(dropout(np.ones((2, 3)), 0.5, True, np.random.default_rng(1)))
Markdown("**It works**")


# In[5]:


def dropout_backward(dy, mask):
    return mask * dy


def dropout_moments(x, rate):
    return 1.0 * x, rate / (1.0 - rate) * np.square(x)


# In[6]:


@widgets.interact(rate=(0.0, 0.9))
def explore(rate=0.5):
    clear_output()
    print(dropout_moments(np.arange(3.0), rate))


get_ipython().run_cell_magic('timeit', '', 'dropout_moments(np.ones(10), 0.5)\n')
files.download("dropout.py")
